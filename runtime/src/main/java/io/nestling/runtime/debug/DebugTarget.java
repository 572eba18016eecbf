package io.nestling.runtime.debug;

import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Vcpu;

/**
 * A machine with one thread that can be run a little at a time. Runs of two targets from the same recipe must be alike,
 * so time has to be virtual.
 */
public interface DebugTarget extends AutoCloseable {
    /** The thread. */
    Vcpu cpu();

    /** What runs it. */
    Engine engine();

    /** Does what level 0 does on an exit; false when the machine has ended. */
    boolean serve(Exit exit);

    @Override
    void close();

    /**
     * Runs to the first check point with at least this many instructions retired.
     *
     * @return false when the machine ended before
     */
    default boolean advance(long retired) {
        while (true) {
            cpu().runUntil(retired);
            Exit exit = engine().run(cpu());
            if (exit == Exit.LIMIT) {
                return true;
            }
            if (!serve(exit)) {
                return false;
            }
        }
    }

    /** Instructions retired so far. */
    default long retired() {
        return cpu().retired(cpu().nip);
    }
}
