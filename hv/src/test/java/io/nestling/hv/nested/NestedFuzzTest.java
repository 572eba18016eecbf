package io.nestling.hv.nested;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.papr.Status;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.memory.Ram;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * A guest that is out to break level 0 through the nested hypercalls: random partition tables, trees that loop and point
 * anywhere, register images and arguments, most of them nearly right. What is asked: no exception, no hang, no access
 * outside the guest's memory (every access is checked by {@link Ram}, which throws), a status PAPR knows or a guest that is
 * left for an interrupt, bounded state, and a hypervisor whose own registers and memory are as it left them.
 *
 * <p>A failure names its seed. {@code -Dnestling.fuzz.seed=N} runs that one alone; {@code -Dnestling.fuzz.nested=1000000} makes
 * so many calls in all.
 */
class NestedFuzzTest {
    private static final long FIRST = 20261121;
    private static final int CALLS = Integer.getInteger("nestling.fuzz.nested", 20_000);
    private static final int CALLS_PER_SEED = 40;
    private static final int INSTRUCTIONS = 64;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int[] OPCODES = {0xf800, 0xf804, 0xf804, 0xf804, 0xf804, 0xf808, 0xf80c, 0x448};
    private static final Set<Long> STATUSES = Set.of(Status.SUCCESS, Status.FUNCTION, Status.PARAMETER, Status.P2,
            Status.P3, Status.P4, Status.P5, Status.NOT_AVAILABLE, Status.NOT_FOUND);
    /** What nested guests must have been left for. */
    private static final Set<Long> EXPECTED = Set.of(0x980L, 0xc00L, 0xe00L, 0xe20L, 0xe40L, 0xf80L);
    /** What a nested guest may be left for. */
    private static final Set<Integer> VECTORS = Set.of(Interrupts.SYSTEM_CALL, Interrupts.HYPERVISOR_DATA_STORAGE,
            Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, Interrupts.HYPERVISOR_EMULATION, Interrupts.HYPERVISOR_FACILITY_UNAVAILABLE, 0x980,
            0x500, 0xe80, 0xea0);
    /** Instructions that do something between a guest and its hypervisor. */
    private static final int[] WORDS = {
        0x44000022, // sc 1
        0x44000002, // sc
        0x60000000, // nop
        0x48000000, // b .
        0x4c000024, // rfid
        0x4c000224, // hrfid
        0x7c000264, // tlbie
        0x7c0002a4, // slbie
        0x7c7f03a6, // mtspr 31,r3
        0x7c7a03a6, // mtsrr0 r3
        0x7c7b03a6, // mtsrr1 r3
        0x7c7603a6, // mtdec r3
        0x7c600124, // mtmsr r3
        0x7c600164, // mtmsrd r3
        0xe8630000, // ld r3,0(r3)
        0xf8630000, // std r3,0(r3)
        0xf8840008, // std r4,8(r4)
        0x7c001fec, // dcbz 0,r3
        0x7c6018a8, // ldarx r3,0,r3
        0x7c6019ad, // stdcx. r3,0,r3
        0x7c0004ac, // sync
        0x4c00012c, // isync
        0x7c7042a6, // mfsprg0 r3
        0x7c6c42a6, // mftb r3
        0x7c6fcaa6, // mfspr r3,815 (TAR)
        0x7c6302a6, // mfspr r3,3 (DSCR)
        0x00dddd00, // illegal
    };

    private SplittableRandom random;
    private NestedFixture f;
    private final Map<Long, Integer> vectors = new TreeMap<>();

    @Test
    void randomHypervisor() {
        Long only = Long.getLong("nestling.fuzz.seed");
        int seeds = only != null ? 1 : Math.max(1, CALLS / CALLS_PER_SEED);
        for (int i = 0; i < seeds; i++) {
            long seed = only != null ? only : FIRST + i;
            try {
                Assertions.assertTimeoutPreemptively(LIMIT, () -> run(seed));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("-Dnestling.fuzz.seed=" + seed, e);
            }
        }
        // Otherwise the hypervisor has become too random to get anywhere.
        int entered = vectors.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(only != null || entered > CALLS / 8 && vectors.keySet().containsAll(EXPECTED), vectors.toString());
    }

    private void run(long seed) {
        random = new SplittableRandom(seed);
        try (var fixture = new NestedFixture()) {
            f = fixture;
            if (random.nextInt(4) == 0) {
                f.bigEndian();
            }
            f.prepare(1 + random.nextInt(2));
            code();
            for (int i = 0; i < CALLS_PER_SEED; i++) {
                for (int n = random.nextInt(4); n > 0; n--) {
                    disturb();
                }
                call();
            }
        }
    }

    // ---- values -------------------------------------------------------------------------------------------------

    private long number() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2, 3 -> random.nextInt(8);
            case 4 -> NestedFixture.SIZE - random.nextInt(512);
            case 5 -> 1L << random.nextInt(64);
            case 6 -> (1L << random.nextInt(64)) - 1;
            case 7 -> random.nextLong(NestedFixture.SIZE);
            case 8 -> random.nextInt(4097);
            default -> random.nextLong();
        };
    }

    /** A real address of the hypervisor, likely one where something is. */
    private long place() {
        long page = switch (random.nextInt(8)) {
            case 0 -> NestedFixture.PARTITION_TABLE;
            case 1 -> NestedFixture.STATE;
            case 2 -> NestedFixture.TREE;
            case 3 -> NestedFixture.TREE + 0x10000 + 0x1000L * random.nextInt(4);
            case 4 -> NestedFixture.MEMORY;
            case 5 -> NestedFixture.SIZE - 0x1000;
            case 6 -> random.nextLong(NestedFixture.SIZE) & -4096;
            default -> number();
        };
        return random.nextInt(3) == 0 ? page + 8 * random.nextInt(64) : page;
    }

    /** A doubleword of a tree or of the partition table: a pointer, a leaf, a root, or anything. */
    private long entry() {
        long target = place() & 0x0ffffffffffff000L;
        return switch (random.nextInt(6)) {
            case 0, 1 -> NestedFixture.VALID | target | random.nextInt(32);
            case 2, 3 -> NestedFixture.VALID | NestedFixture.LEAF | target | random.nextInt(512);
            case 4 -> NestedFixture.HOST_RADIX | (long) random.nextInt(4) << 61 | target | random.nextInt(256);
            default -> number();
        };
    }

    /** Changes something in memory that level 0 reads. */
    private void disturb() {
        long size = NestedFixture.SIZE;
        switch (random.nextInt(8)) {
            case 0 -> f.partition(random.nextInt(8), entry(), number());
            case 1 -> f.partition(NestedFixture.LPID, NestedFixture.HOST_RADIX | NestedFixture.GEOMETRY | NestedFixture.TREE,
                    random.nextBoolean() ? 0 : 1L << 63 | place() & -4096 | random.nextInt(32));
            case 2 -> f.ram.putDoubleBe((NestedFixture.TREE + random.nextLong(0x14000)) & -8, entry());
            case 3 -> f.state(random.nextInt(31), number());
            case 4 -> f.regs(random.nextInt(44), number());
            case 5 -> f.ram.putDoubleBe(place() & size - 8, random.nextBoolean() ? entry() : number());
            case 6 -> {
                long gra = random.nextLong(1L << 42) & -65536;
                try {
                    f.map(gra, place() & -65536 & size - 1, 16 + 5 * random.nextInt(2), random.nextInt(512));
                } catch (IndexOutOfBoundsException e) {
                    // The tree points anywhere by now.
                }
            }
            default -> {
                // Nearly right again.
                f.state(GuestState.STATE_VERSION, 1 + random.nextInt(2));
                f.names(random.nextInt(4) == 0 ? random.nextInt(5000) : NestedFixture.LPID, random.nextInt(4) == 0 ? random.nextInt(4096) : 0);
                f.state(GuestState.HDEC_EXPIRY, random.nextInt(4) == 0 ? number() : Long.MAX_VALUE >> 2);
                f.regs(GuestState.NIP, random.nextInt(4) == 0 ? number() : NestedFixture.CODE);
                f.regs(GuestState.MSR, random.nextInt(3) == 0 ? random.nextLong() : Msr.SF | (random.nextInt(3) == 0 ? Msr.IR | Msr.DR : 0)
                        | (f.big ? 0 : Msr.LE));
                code();
            }
        }
    }

    private void code() {
        int[] code = new int[INSTRUCTIONS / 4];
        for (int i = 0; i < code.length; i++) {
            code[i] = random.nextInt(8) == 0 ? random.nextInt() : WORDS[random.nextInt(WORDS.length)];
        }
        f.code(code);
    }

    // ---- calls --------------------------------------------------------------------------------------------------

    private void call() {
        int opcode = OPCODES[random.nextInt(OPCODES.length)];
        boolean enters = opcode == NestedHcalls.H_ENTER_NESTED;
        long[] args = new long[6];
        for (int i = 0; i < args.length; i++) {
            args[i] = random.nextBoolean() ? place() : number();
        }
        if (enters && random.nextInt(8) != 0) {
            args[0] = NestedFixture.STATE;
            args[1] = NestedFixture.REGS;
        } else if (opcode == 0xf800 && random.nextInt(4) != 0) {
            args[0] = NestedFixture.PARTITION_TABLE | random.nextInt(6);
        } else if (opcode == 0xf808) {
            args[0] = (long) random.nextInt(4) << 18 | (random.nextInt(8) == 0 ? 1L << 17 : 0) | 1L << 16;
            args[1] = random.nextInt(4) == 0 ? number() : NestedFixture.LPID;
        } else if (opcode != 0xf804) {
            args[0] = random.nextInt(4) == 0 ? number() : NestedFixture.LPID;
        }
        long[] registers = new long[32];
        for (int i = 13; i < 32; i++) {
            registers[i] = random.nextLong();
            f.c.setGpr(i, registers[i]);
        }
        long msr = f.c.msr;
        long nip = f.c.nip;
        long status = f.call(opcode, args);
        if (f.inside()) {
            assertTrue(enters, "only one call enters");
            long vector = execute();
            vectors.merge(vector, 1, Integer::sum);
            assertTrue(VECTORS.contains((int) vector), "left for 0x" + Long.toHexString(vector));
        } else {
            assertTrue(STATUSES.contains(status), "status " + status);
        }
        for (int i = 13; i < 32; i++) {
            assertEquals(registers[i], f.c.gpr(i), "r" + i + " of the hypervisor");
        }
        assertEquals(msr, f.c.msr);
        assertEquals(nip, f.c.nip);
    }

    /** Runs the guest until it is left, for a timer if for nothing else. */
    private long execute() {
        while (f.inside()) {
            f.c.runUntil(f.c.retired(f.c.nip) + INSTRUCTIONS);
            Exit exit = new Interpreter().run(f.c);
            if (exit == Exit.LIMIT) {
                // As level 0 does when the hypervisor's time has come.
                f.c.hdecExpiry = 0;
                f.c.runUntil(Long.MAX_VALUE);
                exit = new Interpreter().run(f.c);
            }
            assertTrue(f.entry.handled(f.cpu, exit), "left for " + exit);
        }
        f.c.runUntil(Long.MAX_VALUE);
        return f.c.gpr(3);
    }
}
