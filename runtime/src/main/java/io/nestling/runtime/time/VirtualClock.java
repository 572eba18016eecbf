package io.nestling.runtime.time;

/** Timebase from retired instructions: two instructions a tick, idle time skipped. Runs repeat to the instruction. */
public final class VirtualClock implements Clock {
    private long skipped;

    @Override
    public long timebase(long retired) {
        return skipped + (retired >>> 1);
    }

    @Override
    public long retiredAt(long tb, long retired) {
        long wait = tb - timebase(retired);
        return wait <= 0 ? retired : wait > Long.MAX_VALUE >> 2 ? Long.MAX_VALUE : (retired & ~1L) + 2 * wait;
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
