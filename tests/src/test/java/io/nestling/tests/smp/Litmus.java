package io.nestling.tests.smp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.decoder.Assembler;
import io.nestling.hv.machine.Machine;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Processor;
import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.time.RealClock;
import io.nestling.runtime.time.VirtualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A bare program on several vCPUs. Rounds begin and end at a barrier; in a round each vCPU runs its own body for each of
 * {@link #CELLS} cells, and then the first looks at all cells for outcomes that the memory model forbids.
 *
 * <p>Bodies find: r31 vCPU number, r30 rounds left (never 0, and the value to store: what a cell held before is another
 * round's), r29 shared area, r26 offset of the cell, r20..r22 arrays x, y, z, r19 and r23..r25 arrays of results; r7..r10
 * are scratch, r13..r18 the test's own. Checks set CR bit 31 for a forbidden outcome and bit 30 for one that shows
 * that vCPUs really met.
 */
final class Litmus {
    static final int CELLS = 2048;
    private static final int STRIDE = 128;
    private static final int ARRAY = CELLS * STRIDE;
    /** Guest real addresses: program, firmware call buffer, shared area, arrays, and what tests lay out themselves. */
    static final int PROGRAM = 0x20000;
    private static final int BUFFER = 0x10000;
    static final int SHARED = 0x400000;
    private static final int ARRAYS = 0x800000;
    static final int OWN = 0x600000;
    private static final int FORBIDDEN = 0x100;
    private static final int MET = 0x108;
    private static final int PROGRESS = SHARED + 0x8000;
    /** In the shared area, for tests that count epochs. */
    static final int EPOCH = 0x40;
    private static final int POWER_OFF = 0x2000;

    private static final String FRAME = """
            start:  mr %r31, %r3
                    mr %r30, %r4
                    mr %r29, %r5
                    mr %r28, %r6
                    li %r27, 0
            round:  bl barrier
                    li %r26, 0
            BODIES
            over:   bl barrier
                    cmpdi %r31, 0
                    bne next
                    li %r26, 0
            CHECK
            next:   addi %r30, %r30, -1
                    cmpdi %r30, 0
                    bne round
                    bl barrier
                    cmpdi %r31, 0
                    bne wait
                    li %r3, 0
                    ori %r3, %r3, 0xf000
                    lis %r4, 1
                    sc 1
            wait:   li %r3, 0xe0
                    sc 1
                    b wait

            # All vCPUs come here before any goes on.
            barrier:
                    hwsync
                    add %r27, %r27, %r28
            1:      ldarx %r9, 0, %r29
                    addi %r9, %r9, 1
                    stdcx. %r9, 0, %r29
                    bne 1b
            2:      li %r10, 256
                    mtctr %r10
            3:      ld %r9, 0(%r29)
                    cmpd %r9, %r27
                    bge 4f
                    bdnz 3b
                    li %r3, 0xe4
                    li %r4, -1
                    sc 1
                    b 2b
            4:      isync
                    hwsync
                    blr

            """;

    /**
     * Before each cell a vCPU waits a little for its neighbour to get there, so that they meet in it: not for ever, as the
     * host may not run both.
     */
    private static final String MEET = """
                    addi %r12, %r12, 1
                    std %r12, 0(%r1)
                    li %r10, 300
                    mtctr %r10
            1:      or %r1, %r1, %r1
                    ld %r9, 0(%r11)
                    cmpd %r9, %r12
                    bge 2f
                    bdnz 1b
            2:
            """;

    private static final String CHECK_FRAME = """
            look:
            CHECK
                    bns %cr7, 5f
                    ld %r9, 0x100(%r29)
                    addi %r9, %r9, 1
                    std %r9, 0x100(%r29)
            5:      bne %cr7, 6f
                    ld %r9, 0x108(%r29)
                    addi %r9, %r9, 1
                    std %r9, 0x108(%r29)
            6:      addi %r26, %r26, STRIDE
                    cmpld %r26, %r2
                    blt look
            """;

    private final String source;
    private final int cpus;
    private final Map<Integer, Long> registers = new HashMap<>();
    private final Assembler.Program program;
    private Setup setup = (ram, vcpus) -> {};

    /** Lays out memory and registers before the start. */
    interface Setup {
        void apply(Ram ram, Vcpu[] vcpus);
    }

    /** What a run found. */
    record Result(long forbidden, long met, Ram ram, long instructions, Map<String, Long> counters) {}

    /** A test of as many vCPUs as there are bodies. */
    Litmus(String check, String... bodies) {
        cpus = bodies.length;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cpus; i++) {
            text.append("        cmpdi %r31, ").append(i).append("\n        bne skip").append(i).append("\nbody").append(i)
                    .append(":\n").append(MEET).append(bodies[i]).append("\n        addi %r26, %r26, ").append(STRIDE)
                    .append("\n        cmpld %r26, %r2\n        blt body").append(i)
                    .append("\n        b over\nskip").append(i).append(":\n");
        }
        source = FRAME.replace("BODIES", text)
                .replace("CHECK\n", check.isEmpty() ? "" : CHECK_FRAME.replace("CHECK\n", check + "\n"))
                .replace("STRIDE", "" + STRIDE);
        program = Assembler.assemble(source, PROGRAM, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets a register of all vCPUs. */
    Litmus register(int number, long value) {
        registers.put(number, value);
        return this;
    }

    Litmus setup(Setup what) {
        setup = what;
        return this;
    }

    /** Address of a label. */
    long address(String label) {
        return program.symbols().get(label);
    }

    /** An engine that soon translates, and soon again for the optimizing compiler. */
    static Engine engine(String name) {
        return name.equals("jit") ? new JitEngine(new Translator.Settings(20, 100_000, 160, false)) : new Interpreter();
    }

    /** Runs to the end, and hands what is left to {@code look}. */
    Result run(Path directory, String engineName, boolean virtual, int rounds, java.util.function.Consumer<Result> look)
            throws Exception {
        try (Engine engine = engine(engineName);
                Machine m = new PSeries().memory(PSeries.MIN_MEMORY).kernel(kernel(directory)).engine(engine)
                        .processors(cpus, 1).clock(virtual ? new VirtualClock() : new RealClock()).build()) {
            m.console().endInput();
            Ram ram = m.cpu().mmu.ram();
            ram.write(PROGRAM, program.code(), 0, program.code().length);
            int[] call = {POWER_OFF, 2, 1, -1, -1, 0};
            for (int i = 0; i < call.length; i++) {
                ram.putWordBe(BUFFER + 4L * i, call[i]);
            }
            Vcpu[] vcpus = m.lpar().processors.stream().map(p -> p.vcpu).toArray(Vcpu[]::new);
            for (Processor p : m.lpar().processors) {
                Vcpu c = p.vcpu;
                c.setMsr(Msr.SF | Msr.ME | Msr.LE);
                c.moved(c.nip, PROGRAM);
                c.nip = PROGRAM;
                c.setGpr(1, PROGRESS + (long) STRIDE * c.id);
                c.setGpr(11, PROGRESS + (long) STRIDE * ((c.id + 1) % cpus));
                c.setGpr(2, ARRAY);
                c.setGpr(3, c.id);
                c.setGpr(4, rounds);
                c.setGpr(5, SHARED);
                c.setGpr(6, cpus);
                int[] arrays = {20, 21, 22, 19, 23, 24, 25};
                for (int k = 0; k < arrays.length; k++) {
                    c.setGpr(arrays[k], ARRAYS + (long) k * (ARRAY + STRIDE));
                }
                registers.forEach((n, v) -> c.setGpr(n, v));
                p.stopped = false;
            }
            setup.apply(ram, vcpus);
            var outcome = m.run();
            assertEquals(Ending.POWER_OFF, outcome.ending(), outcome.reason());
            Result result = new Result(littleDouble(ram, SHARED + FORBIDDEN), littleDouble(ram, SHARED + MET), ram,
                    outcome.instructions(), m.ledger().values());
            look.accept(result);
            return result;
        }
    }

    static long littleDouble(Ram ram, long address) {
        return Long.reverseBytes(ram.getDoubleBe(address));
    }

    /** A radix tree of process 1: 16 MiB one to one, and one 4 KiB page at {@code ea}. Gives the address of its entry. */
    static long mapOnePage(Ram ram, Vcpu[] vcpus, long ea, long frame) {
        long table = OWN + 0x10000;
        long root = OWN + 0x12000;
        long leaves = OWN + 0x14000;
        long rights = 0xc000000000000000L | 0x180 | 0xe;
        for (int i = 0; i < 8; i++) {
            ram.putDoubleBe(root + 8L * i, rights | (long) i << 21);
        }
        ram.putDoubleBe(root + 8 * (ea >>> 21), 1L << 63 | leaves | 9);
        long entry = leaves + 8 * (ea >>> 12 & 511);
        ram.putDoubleBe(entry, rights | frame);
        // 31 address bits, 10 of them in the root.
        ram.putDoubleBe(table + 16, root | 10);
        for (Vcpu c : vcpus) {
            c.mmu.partition().processTable = table;
            c.mmu.partition().processTableSize = 0x1000;
            c.spr[Spr.PIDR] = 1;
            c.mmu.contextChanged();
        }
        return entry;
    }

    /** A kernel of one instruction that is never run: the program is put behind it. */
    private static Path kernel(Path directory) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(124);
        b.putInt(0x7f454c46).put((byte) 2).put((byte) 2).put((byte) 1).position(16);
        b.putShort((short) 2).putShort((short) 21).putInt(1).putLong(0).putLong(64).putLong(0).putInt(2)
                .putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
        b.putInt(1).putInt(7).putLong(120).putLong(0).putLong(0).putLong(4).putLong(4).putLong(0x10000);
        return Files.write(directory.resolve("kernel"), b.array());
    }
}
