package io.nestling.runtime.time;

/**
 * Timebase from retired instructions: two instructions a tick, idle time skipped. Runs repeat to the instruction. With
 * several vCPUs, which then run in turn, the instructions of all count.
 */
public final class VirtualClock implements Clock {
    private long skipped;
    private long others;

    /** Before a vCPU's turn: how many instructions all others have retired. */
    public void others(long retired) {
        others = retired;
    }

    @Override
    public long timebase(long retired) {
        return skipped + (retired + others >>> 1);
    }

    @Override
    public long retiredAt(long tb, long retired) {
        long wait = tb - timebase(retired);
        return wait <= 0 ? retired : wait > Long.MAX_VALUE >> 2 ? Long.MAX_VALUE : (retired + others & ~1L) + 2 * wait - others;
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
