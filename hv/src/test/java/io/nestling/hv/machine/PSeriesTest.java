package io.nestling.hv.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.machine.TestMachines.Script;
import io.nestling.hv.partition.Ending;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.time.RealClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PSeriesTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path directory;
    private Path kernel;

    @BeforeEach
    void makeKernel() throws IOException {
        kernel = TestMachines.kernel(directory, 0x44000022);
    }

    private PSeries machine(Script script) {
        return new PSeries().memory(128 * MIB).kernel(kernel).engine(script);
    }

    private static Script idle() {
        return new Script(0, c -> {});
    }

    private static String complaint(String setting, PSeries builder) {
        ConfigurationException e = assertThrows(ConfigurationException.class, builder::build);
        assertEquals(setting, e.setting());
        return e.getMessage();
    }

    @Test
    void entersTheKernelAsABootLoaderDoes() throws Exception {
        try (Machine m = machine(idle()).append("console=hvc0").build()) {
            Vcpu c = m.cpu();
            assertEquals(0, c.nip);
            assertEquals(0, c.retired(c.nip));
            assertEquals(Msr.SF | Msr.ME, c.msr);
            assertEquals(0, c.gpr(4));
            assertEquals(0, c.gpr(5));
            assertEquals(0x004e1203, c.spr[Spr.PVR]);
            byte[] tree = m.deviceTree();
            assertTrue(m.lpar().memory.contains(c.gpr(3), tree.length));
            byte[] inMemory = new byte[tree.length];
            m.lpar().memory.read(c.gpr(3), inMemory, inMemory.length);
            assertArrayEquals(tree, inMemory);
            String text = new String(tree, StandardCharsets.ISO_8859_1);
            for (String needed : new String[] {"console=hvc0", "chrp", "hcall-set-mode", "linux,rtas-entry", "hvterm1",
                "IBM,ppc-xicp", "ibm,architecture-vec-5"}) {
                assertTrue(text.contains(needed), needed);
            }
        }
    }

    @Test
    void equalMachinesGetEqualTrees() throws Exception {
        try (Machine a = machine(idle()).build(); Machine b = machine(idle()).build()) {
            assertArrayEquals(a.deviceTree(), b.deviceTree());
        }
    }

    @Test
    void coresAndTheirThreads() throws Exception {
        try (Machine m = machine(idle()).processors(8, 4).build()) {
            assertEquals(8, m.lpar().processors.size());
            assertFalse(m.lpar().processors.getFirst().stopped);
            assertTrue(m.lpar().processors.stream().skip(1).allMatch(p -> p.stopped));
            String tree = new String(m.deviceTree(), StandardCharsets.ISO_8859_1);
            assertTrue(tree.contains("PowerPC,POWER9@0") && tree.contains("PowerPC,POWER9@4"));
            assertFalse(tree.contains("PowerPC,POWER9@1"));
            // The property of the second core: four servers.
            assertTrue(tree.contains("\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0\7"));
            assertEquals(1, m.lpar().processors.get(5).vcpu.threadInCore());
        }
        assertTrue(complaint("smp", machine(idle()).processors(17, 1)).contains("1 to 16"));
        assertTrue(complaint("smp", machine(idle()).processors(0, 1)).contains("1 to 16"));
        assertTrue(complaint("smp", machine(idle()).processors(6, 3)).contains("1, 2, 4 or 8"));
        assertTrue(complaint("smp", machine(idle()).processors(6, 4)).contains("multiple"));
    }

    @Test
    void loadsAnInitrd() throws Exception {
        byte[] bytes = "some archive".getBytes(StandardCharsets.US_ASCII);
        Path initrd = Files.write(directory.resolve("initrd"), bytes);
        try (Machine m = machine(idle()).initrd(initrd).build()) {
            String text = new String(m.deviceTree(), StandardCharsets.ISO_8859_1);
            assertTrue(text.contains("linux,initrd-start"));
            // Behind the kernel's 64 KiB and those of the firmware code.
            byte[] loaded = new byte[bytes.length];
            assertTrue(m.lpar().memory.read(0x20000, loaded, loaded.length));
            assertArrayEquals(bytes, loaded);
        }
    }

    @Test
    void complainsInOneLine() throws Exception {
        assertTrue(complaint("kernel", machine(idle()).kernel(directory.resolve("none"))).contains("does not exist"));
        assertTrue(complaint("kernel", machine(idle()).kernel(directory)).contains("directory"));
        Path text = Files.writeString(directory.resolve("text"), "hello, world");
        assertTrue(complaint("kernel", machine(idle()).kernel(text)).contains("not an ELF file"));
        assertTrue(complaint("initrd", machine(idle()).initrd(directory.resolve("none"))).contains("does not exist"));
        assertTrue(complaint("initrd", machine(idle()).initrd(directory)).contains("directory"));
        Path empty = Files.createFile(directory.resolve("empty"));
        assertTrue(complaint("initrd", machine(idle()).initrd(empty)).contains("empty"));
        assertTrue(complaint("memory", machine(idle()).memory(MIB)).contains("at least 128M"));
        assertTrue(complaint("memory", machine(idle()).memory(128 * MIB + 1)).contains("64K"));
        assertTrue(complaint("memory", machine(idle()).memory(1L << 58)).contains("give less"));
        assertTrue(complaint("append", machine(idle()).append("x".repeat(5000))).contains("2047"));
        Path big = directory.resolve("big");
        try (var channel = Files.newByteChannel(big, java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(120 * MIB).write(java.nio.ByteBuffer.allocate(1));
        }
        assertTrue(complaint("memory", machine(idle()).initrd(big)).contains("does not hold"));
    }

    /** Fills an argument buffer at 0x8000 and makes r3, r4 the firmware hypercall. */
    private static void rtas(Vcpu c, int token, int inputs, int outputs, long... in) {
        var ram = c.mmu.ram();
        ram.putWordBe(0x8000, token);
        ram.putWordBe(0x8004, inputs);
        ram.putWordBe(0x8008, outputs);
        for (int i = 0; i < in.length; i++) {
            ram.putWordBe(0x800c + 4L * i, (int) in[i]);
        }
        c.setGpr(3, 0xf000);
        c.setGpr(4, 0x8000);
    }

    /** The token of a firmware call, read from the device tree as a guest would. */
    private static int token(Machine m, String name) {
        java.nio.ByteBuffer b = java.nio.ByteBuffer.wrap(m.deviceTree());
        String text = new String(m.deviceTree(), StandardCharsets.ISO_8859_1);
        int strings = b.getInt(12);
        int offset = text.indexOf("\0" + name + "\0", strings) + 1 - strings;
        for (int at = b.getInt(8); at < strings; at += 4) {
            if (b.getInt(at) == 3 && b.getInt(at + 4) == 4 && b.getInt(at + 8) == offset) {
                return b.getInt(at + 12);
            }
        }
        throw new AssertionError(name);
    }

    private Outcome runOne(String call, long... in) throws Exception {
        Machine[] m = new Machine[1];
        try (Machine machine = machine(new Script(1, c -> rtas(c, token(m[0], call), in.length, 1, in))).build()) {
            m[0] = machine;
            byte[] words = "Oops: end".getBytes(StandardCharsets.US_ASCII);
            machine.lpar().memory.write(0x9000, words, words.length);
            return machine.run();
        }
    }

    @Test
    void endsAsTheGuestAsks() throws Exception {
        assertEquals(Ending.POWER_OFF, runOne("power-off", -1, -1).ending());
        assertEquals(Ending.REBOOT, runOne("system-reboot").ending());
        assertEquals(Ending.LIMIT, runOne("display-character", 'x').ending());
        assertEquals(Ending.DEAD, runOne("stop-self").ending());
        Outcome panic = runOne("ibm,os-term", 0x9000);
        assertEquals(Ending.PANIC, panic.ending());
        assertEquals("Oops: end", panic.reason());
        assertEquals("", runOne("ibm,os-term", -1).reason());
    }

    @Test
    void keepsTheDate() throws Exception {
        Machine[] m = new Machine[1];
        int[] step = new int[1];
        try (Machine machine = machine(new Script(4, c -> {
            switch (step[0]++) {
                case 0 -> rtas(c, token(m[0], "get-time-of-day"), 0, 8);
                case 1 -> {
                    assertEquals(2026, c.mmu.ram().getWordBe(0x8010));
                    assertEquals(1, c.mmu.ram().getWordBe(0x8014));
                    assertEquals(1, c.mmu.ram().getWordBe(0x8018));
                    rtas(c, token(m[0], "set-time-of-day"), 7, 1, 2031, 12, 31, 23, 59, 58, 7);
                }
                case 2 -> {
                    assertEquals(0, c.mmu.ram().getWordBe(0x800c + 28));
                    rtas(c, token(m[0], "get-time-of-day"), 0, 8);
                }
                default -> {
                    assertEquals(2031, c.mmu.ram().getWordBe(0x8010));
                    assertEquals(58, c.mmu.ram().getWordBe(0x8024));
                    assertEquals(7, c.mmu.ram().getWordBe(0x8028));
                    rtas(c, token(m[0], "set-time-of-day"), 7, 1, 2031, 2, 30, 0, 0, 0, 0);
                }
            }
        })).build()) {
            m[0] = machine;
            machine.run();
            assertEquals(-3, machine.cpu().mmu.ram().getWordBe(0x800c + 28));
        }
    }

    @Test
    void virtualIdleSkipsToTheDecrementer() throws Exception {
        try (Machine machine = machine(new Script(1, c -> {
            c.setDecrementer(512_000_000, c.nip);
            c.setGpr(3, 0xe0);
        })).build()) {
            assertEquals(Ending.LIMIT, machine.run().ending());
            Vcpu c = machine.cpu();
            assertEquals(512_000_001, c.timebase(c.nip));
            assertTrue(c.interruptPending());
            assertEquals(Msr.EE, c.msr & Msr.EE);
        }
    }

    @Test
    void idleForEverIsNoticed() throws Exception {
        for (boolean real : new boolean[] {false, true}) {
            PSeries builder = machine(new Script(1, c -> c.setGpr(3, 0xe0)));
            if (real) {
                builder.clock(new RealClock());
            }
            try (Machine machine = builder.build()) {
                machine.console().endInput();
                assertEquals(Ending.DEAD, machine.run().ending());
            }
        }
    }

    @Test
    void stopAndInputWakeAnIdleMachine() throws Exception {
        for (boolean real : new boolean[] {false, true}) {
            PSeries builder = machine(new Script(1, c -> c.setGpr(3, 0xe0)));
            if (real) {
                builder.clock(new RealClock());
            }
            try (Machine machine = builder.build()) {
                Thread stopper = Thread.ofPlatform().start(() -> {
                    try {
                        Thread.sleep(50);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    machine.stop();
                });
                assertEquals(Ending.STOPPED, machine.run().ending());
                stopper.join();
            }
        }
    }
}
