package io.nestling.runtime.time;

/**
 * Where the timebase comes from. The timebase ticks at {@link #FREQUENCY} Hz in either mode. A vCPU tells the clock how
 * many instructions it has retired, so that the virtual clock can be a pure function of that.
 */
public interface Clock {
    /** Timebase frequency in Hz, as on every POWER9. */
    long FREQUENCY = 512_000_000;

    /** The timebase when a vCPU has retired that many instructions. */
    long timebase(long retired);

    /**
     * The instruction count at which a vCPU should look at the clock again when it waits for timebase {@code tb}: exact
     * for a virtual clock, a near guess for a real one.
     */
    long retiredAt(long tb, long retired);

    /**
     * Lets time pass while a vCPU idles, until timebase {@code tb} or until {@code wake} is unparked. A virtual clock
     * skips ahead and returns at once.
     */
    void idle(long tb, long retired);

    /** True when time is a function of instructions alone. */
    boolean virtual();
}
