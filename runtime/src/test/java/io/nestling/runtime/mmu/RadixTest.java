package io.nestling.runtime.mmu;

import static io.nestling.runtime.mmu.RadixFixture.ALL;
import static io.nestling.runtime.mmu.RadixFixture.CHANGED;
import static io.nestling.runtime.mmu.RadixFixture.EXECUTE;
import static io.nestling.runtime.mmu.RadixFixture.FIRST_FRAME;
import static io.nestling.runtime.mmu.RadixFixture.PRIVILEGED;
import static io.nestling.runtime.mmu.RadixFixture.READ;
import static io.nestling.runtime.mmu.RadixFixture.REFERENCED;
import static io.nestling.runtime.mmu.RadixFixture.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Spr;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the walker finds, allows, records and reports (Power ISA 3.0B, Book III, 5.7.10 to 5.7.12 and 6.5.3 to 6.5.5). */
class RadixTest {
    private static final long NO_ENTRY = 0x40000000L;
    private static final long NO_EXECUTE = 0x10000000L;
    private static final long PROTECTION = 0x08000000L;
    private static final long STORE = 0x02000000L;
    private static final long UNSUPPORTED = 0x00080000L;
    private static final long BAD_PROCESS_ENTRY = 0x00020000L;
    private static final int PID = 7;
    private static final long EA = 0x0000_1234_4000_0000L;

    private final RadixFixture f = new RadixFixture();

    {
        f.pid(PID);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 16, 21})
    void pagesOfEverySizeTranslateEveryByte(int shift) {
        long hra = FIRST_FRAME;
        f.map(PID, EA, hra, shift, ALL);
        SplittableRandom random = new SplittableRandom(shift);
        for (int i = 0; i < 200; i++) {
            long offset = random.nextLong(1L << shift) & -8;
            long v = random.nextLong();
            f.mmu.storeDouble(EA + offset, v);
            assertEquals(v, Long.reverseBytes(f.ram.getDoubleBe(hra + offset)));
            assertEquals(v, f.mmu.loadDouble(EA + offset));
        }
        f.dataFault(EA + (1L << shift), NO_ENTRY, () -> f.mmu.loadByte(EA + (1L << shift)));
        f.dataFault(EA - 1, NO_ENTRY | STORE, () -> f.mmu.storeByte(EA - 1, 0));
    }

    @Test
    void aGigabytePageIsMappedAsFarAsRamGoes() {
        f.map(PID, EA, 0, 30, ALL);
        f.mmu.storeWord(EA + FIRST_FRAME + 4, 0x12345678);
        assertEquals(0x78563412, f.ram.getWordBe(FIRST_FRAME + 4));
        f.fault(0x200, () -> f.mmu.loadByte(EA + RadixFixture.RAM));
        f.fault(0x200, () -> f.mmu.storeByte(EA + RadixFixture.RAM, 1));
        f.fault(0x200, () -> f.mmu.fetch(EA + RadixFixture.RAM));
        assertEquals(0, f.mmu.loadByte(EA + RadixFixture.RAM - 1));
    }

    @Test
    void theUpperQuadrantBelongsToProcessZero() {
        f.map(PID, EA, FIRST_FRAME, 16, ALL);
        f.map(0, 0xc000_0000_0001_0000L, FIRST_FRAME + 0x10000, 16, ALL);
        f.mmu.storeByte(EA, 1);
        f.mmu.storeByte(0xc000_0000_0001_0000L, 2);
        assertEquals(1, f.ram.getByte(FIRST_FRAME));
        assertEquals(2, f.ram.getByte(FIRST_FRAME + 0x10000));
        f.dataFault(0xc000_0000_0000_0000L | EA, NO_ENTRY, () -> f.mmu.loadByte(0xc000_0000_0000_0000L | EA));
    }

    @ParameterizedTest
    @ValueSource(longs = {0x4000_0000_0000_0000L, 0x8000_0000_0000_0000L, 0x0010_0000_0000_0000L, 0x3fff_0000_0000_0000L,
        0xc010_0000_0000_0000L})
    void addressesOutsideTheTreesAreSegmentFaults(long ea) {
        f.process(PID);
        f.process(0);
        f.c.spr[Spr.DAR] = 0;
        f.fault(0x380, () -> f.mmu.loadByte(ea));
        assertEquals(ea, f.c.spr[Spr.DAR]);
        f.fault(0x380, () -> f.mmu.storeDouble(ea, 0));
        f.fault(0x480, () -> f.mmu.fetch(ea));
    }

    @Test
    void referenceAndChangeAreRecordedWhenDue() {
        long at = f.map(PID, EA, FIRST_FRAME, 16, ALL);
        long pte = f.ram.getDoubleBe(at);
        f.mmu.loadByte(EA);
        assertEquals(pte | REFERENCED, f.ram.getDoubleBe(at));
        // The translation is cached now, but not for stores.
        f.mmu.storeByte(EA, 1);
        assertEquals(pte | REFERENCED | CHANGED, f.ram.getDoubleBe(at));

        long code = f.map(PID, EA + 0x10000, FIRST_FRAME + 0x10000, 16, ALL);
        f.mmu.fetch(EA + 0x10000);
        assertEquals(REFERENCED, f.ram.getDoubleBe(code) & (REFERENCED | CHANGED));
    }

    @Test
    void aStoreThatFaultsRecordsNothing() {
        long at = f.map(PID, EA, FIRST_FRAME, 16, READ);
        f.dataFault(EA, PROTECTION | STORE, () -> f.mmu.storeByte(EA, 1));
        assertEquals(0, f.ram.getDoubleBe(at) & (REFERENCED | CHANGED));
        assertEquals(0, f.ram.getByte(FIRST_FRAME));
    }

    @Test
    void changeIsRecordedAgainAfterAnInvalidation() {
        long at = f.map(PID, EA, FIRST_FRAME, 12, ALL);
        f.mmu.storeByte(EA, 1);
        f.ram.putDoubleBe(at, f.ram.getDoubleBe(at) & ~CHANGED);
        f.mmu.invalidateRange(1, PID, EA, 0x1000);
        f.mmu.loadByte(EA);
        assertEquals(0, f.ram.getDoubleBe(at) & CHANGED);
        f.mmu.storeByte(EA, 1);
        assertEquals(CHANGED, f.ram.getDoubleBe(at) & CHANGED);
    }

    /** All sixteen EAA values, both states, all keys, all accesses, from a cold and from a warm soft TLB. */
    @Test
    void permissionsAreWhatTheEntryAndTheKeysSay() {
        for (int eaa = 0; eaa < 16; eaa++) {
            f.map(PID, EA + eaa * 0x10000L, FIRST_FRAME + eaa * 0x10000L, 16, eaa);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            int eaa = random.nextInt(16);
            long ea = EA + eaa * 0x10000L + random.nextInt(16) * 0x1000L;
            boolean problem = random.nextBoolean();
            int amr = random.nextInt(4);
            boolean iamr = random.nextBoolean();
            f.mode(problem, true);
            f.keys(amr, iamr);
            if (random.nextInt(50) == 0) {
                f.mmu.flushAll();
            }
            boolean page = !problem || (eaa & PRIVILEGED) == 0;
            boolean keyed = !problem && (eaa & PRIVILEGED) == 0;
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (page && (eaa & (READ | WRITE)) != 0 && !(keyed && (amr & 1) != 0)) {
                        f.mmu.loadByte(ea);
                    } else {
                        f.dataFault(ea, PROTECTION, () -> f.mmu.loadByte(ea));
                    }
                }
                case 1 -> {
                    if (page && (eaa & WRITE) != 0 && !(keyed && (amr & 2) != 0)) {
                        f.mmu.storeByte(ea, 0);
                    } else {
                        f.dataFault(ea, PROTECTION | STORE, () -> f.mmu.storeByte(ea, 0));
                    }
                }
                default -> {
                    if (page && (eaa & EXECUTE) != 0 && !(keyed && iamr)) {
                        assertNotNull(f.mmu.fetch(ea));
                    } else {
                        f.fetchFault((eaa & EXECUTE) == 0 ? NO_EXECUTE : PROTECTION, () -> f.mmu.fetch(ea));
                    }
                }
            }
        }
    }

    @Test
    void badTreesAreReportedAsSuch() {
        f.map(PID, EA, FIRST_FRAME, 12, ALL);
        long root = RadixFixture.PROCESS_TABLE + 16 * PID;
        long good = f.ram.getDoubleBe(root);
        f.ram.putDoubleBe(root, good & ~31L | 3);
        f.dataFault(EA, UNSUPPORTED, () -> f.mmu.loadByte(EA));
        f.fetchFault(UNSUPPORTED, () -> f.mmu.fetch(EA));
        f.pid(RadixFixture.PIDS);
        f.dataFault(EA, BAD_PROCESS_ENTRY | STORE, () -> f.mmu.storeByte(EA, 0));
        f.pid(PID);
        f.ram.putDoubleBe(root, good);
        f.mmu.loadByte(EA);
    }

    /** Random bytes for tables: every access ends in a value or a guest's interrupt, and never outside RAM. */
    @Test
    void garbageForTablesIsHarmless() {
        SplittableRandom random = new SplittableRandom(3);
        for (long a = 0; a < 16 << 20; a += 8) {
            long v = random.nextLong();
            // Mostly valid entries that point into RAM.
            f.ram.putDoubleBe(a, random.nextInt(8) == 0 ? v : v & 0xc000_0000_0aff_ffffL | Long.MIN_VALUE);
        }
        int done = 0;
        for (int i = 0; i < 100_000; i++) {
            long ea = random.nextLong() >>> random.nextInt(52) | (random.nextInt(4) == 0 ? 0xc000_0000_0000_0000L : 0);
            f.mode(random.nextBoolean(), random.nextBoolean());
            f.pid(random.nextInt(RadixFixture.PIDS + 2));
            try {
                switch (random.nextInt(4)) {
                    case 0 -> f.mmu.loadDouble(ea);
                    case 1 -> f.mmu.storeDouble(ea, v(random));
                    case 2 -> f.mmu.fetch(ea & ~3);
                    default -> f.mmu.probe(ea, 16, Access.WRITE);
                }
                done++;
            } catch (GuestFault expected) {
                assertTrue(expected.vector >= 0x200 && expected.vector <= 0x480, () -> "vector " + expected.vector);
            }
        }
        assertTrue(done > 100, done + " accesses went through");
    }

    private static long v(SplittableRandom random) {
        return random.nextLong() & 0xc000_0000_0aff_ffffL;
    }

    @Test
    void faultsOfTheSecondStageBelongToTheHypervisor() {
        long hole = FIRST_FRAME + 0x20000;
        PartitionScope scope = new PartitionScope() {
            private final LinearScope linear = new LinearScope(RadixFixture.RAM);

            @Override
            public boolean translate(long gra, Access access, Translation result) {
                if (gra >= hole && gra < hole + 0x10000 && access == Access.WRITE) {
                    result.fault = PROTECTION;
                    result.hypervisor = true;
                    result.gra = gra;
                    return false;
                }
                return linear.translate(gra, access, result);
            }
        };
        try (RadixFixture g = new RadixFixture(scope)) {
            g.pid(PID);
            g.map(PID, EA, hole, 16, ALL);
            assertEquals(0, g.mmu.loadByte(EA + 0x5678));
            g.fault(0xe00, () -> g.mmu.storeByte(EA + 0x5678, 1));
            assertEquals(EA + 0x5678, g.c.spr[Spr.HDAR]);
            assertEquals(PROTECTION | STORE, g.c.spr[Spr.HDSISR]);
            assertEquals(hole + 0x5000, g.c.spr[Spr.ASDR]);
        }
    }

    @Test
    void aPartitionsOwnTreeIsWalkedLikeAProcess() {
        long at = f.map(PID, EA, FIRST_FRAME, 16, ALL);
        long root = f.ram.getDoubleBe(RadixFixture.PROCESS_TABLE + 16 * PID);
        RadixWalker walker = new RadixWalker(f.ram);
        Translation t = new Translation();
        LinearScope scope = new LinearScope(RadixFixture.RAM);
        assertTrue(walker.translatePartition(scope, root, EA + 0x1234, Access.READ, t));
        assertEquals(FIRST_FRAME + 0x1234, t.hra);
        assertEquals(16, t.shift);
        assertTrue(t.read && t.execute);
        assertFalse(t.write, "the change bit is not set yet");
        assertEquals(REFERENCED, f.ram.getDoubleBe(at) & (REFERENCED | CHANGED));
        assertFalse(walker.translatePartition(scope, root, EA + 0x10000, Access.READ, t));
        assertEquals(NO_ENTRY, t.fault);
        assertFalse(walker.translatePartition(scope, root, -1, Access.READ, t));
    }
}
