package io.nestling.jit.fuzz;

import io.nestling.decoder.Assembler;
import io.nestling.jit.cache.Translator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    /** What most of the instructions are about: a seed's highest four bits. */
    enum Subject {
        /** A bit of everything. */
        ANYTHING,
        /** Half of the instructions are floating-point, vector or between the two. */
        NUMBERS,
        /** Half of them are loads and stores near each other; pages of data beside each other are in frames that are not. */
        STORAGE;

        static Subject of(long seed) {
            int n = (int) (seed >>> 60);
            return n < values().length ? values()[n] : ANYTHING;
        }

        long seed(long n) {
            return (long) ordinal() << 60 | n;
        }
    }

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

    private static final long MSR_64_LE_TRANSLATED = 0x800000000280b033L;

    /** A program that is not random: pages of source, with all facilities on. */
    static FuzzProgram of(Subject subject, long[] gpr, List<Event> events, long length, String... pages) {
        int words = FuzzMachine.PAGE / 4;
        int[] code = new int[words * FuzzMachine.CODE_PAGES];
        for (int i = 0; i < pages.length; i++) {
            byte[] bytes = Assembler.assemble(pages[i], FuzzMachine.CODE + (long) i * FuzzMachine.PAGE, ByteOrder.LITTLE_ENDIAN).code();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(code, i * words, bytes.length / 4);
        }
        return new FuzzProgram(subject.seed(1), 1, code, gpr, new long[128], new long[0], 0, FuzzMachine.CODE, MSR_64_LE_TRANSLATED, false,
                new int[FuzzMachine.DATA_PAGES], events, length, Translator.Settings.DEFAULT);
    }

    Subject subject() {
        return Subject.of(seed);
    }
}
