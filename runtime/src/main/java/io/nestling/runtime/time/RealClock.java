package io.nestling.runtime.time;

import java.util.concurrent.locks.LockSupport;

/** Timebase from the host's monotonic clock. */
public final class RealClock implements Clock {
    /** Instructions between two looks at the host clock: about 0.1 ms at interpreter speed. */
    private static final long POLL = 20_000;

    private final long start = System.nanoTime();

    @Override
    public long timebase(long retired) {
        long ns = System.nanoTime() - start;
        // ns * 0.512, split so that it does not overflow for centuries.
        return (ns / 125) * 64 + (ns % 125) * 64 / 125;
    }

    @Override
    public long retiredAt(long tb, long retired) {
        return retired + POLL;
    }

    @Override
    public void idle(long tb, long retired) {
        long wait = tb - timebase(retired);
        if (wait > 0) {
            LockSupport.parkNanos(Math.min(wait, FREQUENCY) * 125 / 64);
        }
    }

    @Override
    public boolean virtual() {
        return false;
    }
}
