package io.nestling.runtime.time;

/**
 * Timebase from retired instructions: two instructions a tick unless said otherwise, idle time skipped. Runs repeat to the
 * instruction. With several vCPUs, which then run in turn, the instructions of all count.
 */
public final class VirtualClock implements Clock {
    private final long perTick;
    private long skipped;
    private long others;

    /** Two instructions a tick: 1,024 million a second. */
    public VirtualClock() {
        this(2);
    }

    /** So many instructions a tick, at least 1: the more, the faster the processor seems to its guest. */
    public VirtualClock(int perTick) {
        this.perTick = perTick;
    }

    /** Before a vCPU's turn: how many instructions all others have retired. */
    public void others(long retired) {
        others = retired;
    }

    @Override
    public long timebase(long retired) {
        return skipped + (retired + others) / perTick;
    }

    @Override
    public long retiredAt(long tb, long retired) {
        long wait = tb - timebase(retired);
        if (wait <= 0) {
            return retired;
        }
        long ticks = (retired + others) / perTick + wait;
        return wait > (Long.MAX_VALUE >> 2) / perTick ? Long.MAX_VALUE : ticks * perTick - others;
    }

    @Override
    public void idle(long tb, long retired) {
        long wait = tb - timebase(retired);
        if (wait > 0) {
            skipped += wait;
        }
    }

    @Override
    public boolean virtual() {
        return true;
    }
}
