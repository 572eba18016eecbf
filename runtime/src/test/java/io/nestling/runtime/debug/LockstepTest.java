package io.nestling.runtime.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.interp.Stepper;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockstepTest {
    private static final long START = 0x1000;
    /** Adds 1..n in r4, n in r3, by a loop with an inner forward branch and a call; hcalls once per round. */
    private static final int[] PROGRAM = {
        0x38600400, // 00 li r3,1024
        0x38800000, // 04 li r4,0
        0x60000000, // 08 nop
        0x7c841a14, // 0c add r4,r4,r3
        0x70650001, // 10 andi. r5,r3,1
        0x41820008, // 14 beq +8
        0x38c60001, // 18 addi r6,r6,1
        0x4800001d, // 1c bl 38
        0x44000022, // 20 sc 1
        0x3463ffff, // 24 addic. r3,r3,-1
        0x4082ffe4, // 28 bne 0c
        0x38600000, // 2c li r3,0
        0x44000022, // 30 sc 1
        0x48000000, // 34 b .
        0x7c873278, // 38 xor r7,r4,r6
        0x4e800020, // 3c blr
    };
    private static final int CALLEE = 14;

    @TempDir
    Path directory;

    /** A machine that runs the program in big-endian real mode, and ends when r3 is 0 at a hypercall. */
    private static final class Machine implements DebugTarget {
        private final Ram ram = new Ram(1 << 16);
        private final Vcpu cpu;
        private final Engine engine;

        Machine(Engine engine) {
            this.engine = engine;
            for (int i = 0; i < PROGRAM.length; i++) {
                ram.putWordBe(START + 4 * i, PROGRAM[i]);
            }
            cpu = new Vcpu(0, new Mmu(ram, new CodePages(ram)), new VirtualClock());
            cpu.mmu.enter(new Partition(1, new LinearScope(1 << 16)));
            cpu.setMsr(Msr.SF | Msr.ME);
            cpu.moved(0, START);
            cpu.nip = START;
        }

        @Override
        public Vcpu cpu() {
            return cpu;
        }

        @Override
        public Engine engine() {
            return engine;
        }

        @Override
        public boolean serve(Exit exit) {
            cpu.setGpr(8, cpu.gpr(8) + (cpu.gpr(4)));
            return exit == Exit.HCALL && cpu.gpr(3) != 0;
        }

        @Override
        public void close() {
            ram.close();
        }
    }

    /** An engine that gets one instruction wrong, from its n-th execution on. */
    private static final class Faulty implements Engine {
        private final long address;
        private final int register;
        private int healthy;

        Faulty(long address, int register, int healthy) {
            this.address = address;
            this.register = register;
            this.healthy = healthy;
        }

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Exit run(Vcpu c) {
            Stepper stepper = new Stepper();
            boolean check = true;
            while (true) {
                if (check && c.due(c.nip)) {
                    Exit exit = c.checkEvents();
                    if (exit != null) {
                        return exit;
                    }
                }
                long pc = c.nip;
                Stepper.Step step = stepper.step(c);
                if (pc == address && healthy-- <= 0) {
                    c.setGpr(register, c.gpr(register) + (1L << 40));
                }
                if (step == Stepper.Step.EXIT) {
                    return c.takePendingExit();
                }
                check = step == Stepper.Step.CHECK;
            }
        }
    }

    private static Supplier<DebugTarget> interpreted() {
        return () -> new Machine(new Interpreter());
    }

    @Test
    void interpreterAndStepperAgree() {
        assertNull(new Lockstep(interpreted(), () -> new Machine(new Stepper()), 1000).run(1_000_000));
        assertNull(new Lockstep(interpreted(), () -> new Machine(new Stepper()), 1).run(1_000_000));
    }

    @Test
    void aFaultIsFoundAtItsInstruction() {
        for (int i : new int[] {3, 4, 6, 9, CALLEE}) {
            long address = START + 4 * i;
            int register = new int[] {0, 0, 0, 4, 5, 0, 6, 0, 0, 3, 0, 0, 0, 0, 7}[i];
            Lockstep.Divergence d = new Lockstep(interpreted(), () -> new Machine(new Faulty(address, register, 300)), 777)
                    .run(1_000_000);
            assertNotNull(d, "fault at instruction " + i);
            assertEquals(address, d.address(), d::report);
            assertEquals(PROGRAM[i], d.word());
            assertTrue(d.report().contains("* r" + register), d::report);
        }
    }

    @Test
    void aRunAgreesWithItsOwnTraceAndNotWithAFaultyOne() throws IOException {
        Path file = directory.resolve("trace");
        try (Machine m = new Machine(new Interpreter())) {
            assertTrue(Trace.record(m, file, 100, 1_000_000) > 50);
        }
        try (Machine m = new Machine(new Stepper())) {
            assertNull(Trace.compare(m, file));
        }
        try (Machine m = new Machine(new Faulty(START + 12, 4, 500))) {
            String report = Trace.compare(m, file);
            assertNotNull(report);
            assertTrue(report.contains("* r4"), report);
        }
    }

    @Test
    void whatIsNoTraceIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "not a trace at all");
        try (Machine m = new Machine(new Interpreter())) {
            assertThrows(IOException.class, () -> Trace.compare(m, file));
        }
    }
}
