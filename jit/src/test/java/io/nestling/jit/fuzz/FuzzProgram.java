package io.nestling.jit.fuzz;

import io.nestling.jit.cache.Translator;
import java.util.List;

/**
 * A random program with everything around it: how the machine starts, what happens to it from outside on the way, and
 * how it is translated.
 *
 * @param seed makes the same program again
 * @param blocks basic blocks generated
 * @param code instruction words of the code pages, 0 where there is nothing
 * @param gpr general purpose registers at the start
 * @param vsr vector-scalar registers at the start
 * @param spr pairs of SPR number and value
 * @param fpscr floating-point status and control
 * @param entry first address
 * @param msr machine state at the start
 * @param ail interrupts are taken with relocation on
 * @param pages state of each data page, as an offset into {@link FuzzMachine#PAGE_STATES}
 * @param events what happens from outside, in order of time
 * @param length instructions to run
 * @param settings of the translator
 */
record FuzzProgram(long seed, int blocks, int[] code, long[] gpr, long[] vsr, long[] spr, long fpscr, long entry, long msr,
        boolean ail, int[] pages, List<Event> events, long length, Translator.Settings settings) {
    /** What can happen from outside. */
    enum Kind {
        /** Nothing, but the engine is left and entered again. */
        PAUSE,
        /** The external interrupt line is raised. */
        INTERRUPT,
        /** A device writes an instruction. */
        WRITE_CODE,
        /** An effective address of code gets another frame. */
        REMAP_CODE,
        /** A data page disappears or changes its rights. */
        REMAP_DATA,
        /** The process's whole address space is invalidated. */
        INVALIDATE
    }

    /**
     * An event.
     *
     * @param at retired instructions at which it happens, at the next check point
     * @param where which slot or page
     * @param value what to put there
     */
    record Event(long at, Kind kind, int where, long value) {}
}
