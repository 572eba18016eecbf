package io.nestling.runtime.mmu;

import static io.nestling.runtime.mmu.RadixFixture.ALL;
import static io.nestling.runtime.mmu.RadixFixture.FIRST_FRAME;
import static io.nestling.runtime.mmu.RadixFixture.PRIVILEGED;
import static io.nestling.runtime.mmu.RadixFixture.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.memory.CodePage;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the soft TLB keeps, what it must forget, and accesses that are not plain. */
class SoftTlbTest {
    private static final long PROTECTION_STORE = 0x0a000000L;
    private static final long NO_ENTRY = 0x40000000L;
    private static final long NO_ENTRY_STORE = 0x42000000L;
    private static final long EA = 0x7fff_1234_0000L;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE = 1 << PAGE_SHIFT;

    private final RadixFixture f = new RadixFixture();

    @AfterEach
    void close() {
        f.close();
    }

    /** Frames filled with their own number. */
    private long frame(int n) {
        long hra = FIRST_FRAME + (long) n * PAGE;
        for (int i = 0; i < PAGE; i += 8) {
            f.ram.putDoubleBe(hra + i, 0x0101010101010101L * n);
        }
        return hra;
    }

    @Test
    void processesSwitchWithoutWalkingAgain() {
        for (int pid = 1; pid <= 8; pid++) {
            f.map(pid, EA, frame(pid), 12, ALL);
        }
        for (int round = 0; round < 5; round++) {
            long before = f.mmu.misses();
            for (int pid = 1; pid <= 8; pid++) {
                f.pid(pid);
                assertEquals(pid, f.mmu.loadByte(EA + round));
            }
            assertEquals(round == 0 ? 8 : 0, f.mmu.misses() - before);
        }
    }

    @Test
    void statesAndKeysSwitchWithoutWalkingAgainAndWithoutLeaking() {
        f.pid(1);
        f.map(1, EA, frame(1), 12, ALL);
        f.map(1, EA + PAGE, frame(2), 12, ALL | PRIVILEGED);
        for (int round = 0; round < 4; round++) {
            f.mode(false, true);
            f.keys(0, false);
            assertEquals(1, f.mmu.loadByte(EA));
            assertEquals(2, f.mmu.loadByte(EA + PAGE));
            f.keys(3, false);
            f.fault(0x300, () -> f.mmu.loadByte(EA));
            assertEquals(2, f.mmu.loadByte(EA + PAGE), "keys do not apply to privileged pages");
            f.mode(true, true);
            assertEquals(1, f.mmu.loadByte(EA), "nor in problem state");
            f.fault(0x300, () -> f.mmu.loadByte(EA + PAGE));
        }
    }

    @Test
    void realModeAndRelocationAreApart() {
        f.pid(1);
        f.map(1, FIRST_FRAME, frame(5), 12, ALL);
        frame(0);
        assertEquals(5, f.mmu.loadByte(FIRST_FRAME));
        f.c.setMsr(Msr.SF | Msr.ME | Msr.LE);
        assertEquals(0, f.mmu.loadByte(FIRST_FRAME));
        assertEquals(0, f.mmu.loadByte(FIRST_FRAME | 0xc000000000000000L), "the high bits of real addresses do not count");
        f.mode(false, true);
        assertEquals(5, f.mmu.loadByte(FIRST_FRAME));
    }

    @Test
    void invalidationHitsExactlyWhatItNames() {
        for (int pid = 1; pid <= 2; pid++) {
            for (int i = 0; i < 4; i++) {
                f.map(pid, EA + (long) i * PAGE, frame(10 * pid + i), 12, ALL);
            }
        }
        warm();
        // Everything moves, but only what is invalidated may be seen to move.
        for (int pid = 1; pid <= 2; pid++) {
            for (int i = 0; i < 4; i++) {
                f.map(pid, EA + (long) i * PAGE, frame(100 + 10 * pid + i), 12, ALL);
            }
        }
        long before = f.mmu.misses();
        check(1, 10, 11, 12, 13);
        check(2, 20, 21, 22, 23);
        f.mmu.invalidateRange(1, 1, EA + PAGE, PAGE);
        check(1, 10, 111, 12, 13);
        check(2, 20, 21, 22, 23);
        assertEquals(1, f.mmu.misses() - before);
        f.mmu.invalidateRange(1, 2, EA + PAGE, 2 * PAGE);
        check(2, 20, 121, 122, 23);
        assertEquals(3, f.mmu.misses() - before);
        f.mmu.invalidateRange(2, 2, EA, 16 * PAGE);
        check(2, 20, 121, 122, 23);
        f.mmu.invalidateProcess(1, 1);
        check(1, 110, 111, 112, 113);
        check(2, 20, 121, 122, 23);
        f.mmu.invalidatePartition(2);
        check(2, 20, 121, 122, 23);
        f.mmu.invalidatePartition(1);
        check(2, 120, 121, 122, 123);
    }

    private void warm() {
        check(1, 10, 11, 12, 13);
        check(2, 20, 21, 22, 23);
    }

    private void check(int pid, int... want) {
        f.pid(pid);
        for (int i = 0; i < want.length; i++) {
            assertEquals(want[i], f.mmu.loadByte(EA + (long) i * PAGE), "process " + pid + " page " + i);
        }
    }

    @Test
    void invalidationReachesEveryModeAndFetches() {
        f.pid(1);
        long at = f.map(1, EA, frame(1), 12, ALL);
        f.mode(true, true);
        f.mmu.loadByte(EA);
        CodePage old = f.mmu.fetch(EA);
        f.mode(false, true);
        f.mmu.loadByte(EA);
        f.keys(2, true);
        f.mmu.loadByte(EA);
        f.ram.putDoubleBe(at, 0);
        f.mmu.invalidateRange(1, 1, EA, PAGE);
        f.dataFault(EA, NO_ENTRY, () -> f.mmu.loadByte(EA));
        f.keys(0, false);
        f.dataFault(EA, NO_ENTRY, () -> f.mmu.loadByte(EA));
        f.mode(true, true);
        f.dataFault(EA, NO_ENTRY, () -> f.mmu.loadByte(EA));
        f.fetchFault(NO_ENTRY, () -> f.mmu.fetch(EA));
        f.map(1, EA, frame(2), 12, ALL);
        assertNotSame(old, f.mmu.fetch(EA));
    }

    @Test
    void partitionsAreApart() {
        f.pid(1);
        f.map(1, EA, frame(1), 12, ALL);
        assertEquals(1, f.mmu.loadByte(EA));
        Partition other = new Partition(2, new LinearScope(RadixFixture.RAM));
        f.mmu.enter(other);
        f.fault(0x300, () -> f.mmu.loadByte(EA));
        f.mmu.enter(f.partition);
        long before = f.mmu.misses();
        assertEquals(1, f.mmu.loadByte(EA));
        assertEquals(before, f.mmu.misses());
    }

    @Test
    void moreContextsThanNumbersAreNotMixedUp() {
        for (int pid = 1; pid < 3000; pid++) {
            f.pid(pid);
            f.map(pid & 7, EA, FIRST_FRAME + (long) (pid & 7) * PAGE, 12, ALL);
        }
        for (int n = 0; n < 8; n++) {
            frame(n);
        }
        for (int round = 0; round < 2; round++) {
            for (int pid = 8; pid < 4000; pid++) {
                // Processes share a few trees.
                f.ram.putDoubleBe(RadixFixture.PROCESS_TABLE + 16L * pid,
                        f.ram.getDoubleBe(RadixFixture.PROCESS_TABLE + 16L * (pid & 7)));
                f.pid(pid);
                f.mode((pid & 8) != 0, true);
                assertEquals(pid & 7, f.mmu.loadByte(EA + pid % PAGE));
            }
        }
    }

    @Test
    void accessesThatCrossPagesUseBothFrames() {
        f.pid(1);
        SplittableRandom random = new SplittableRandom(5);
        int[] order = {3, 0, 2, 1};
        byte[] shadow = new byte[4 * PAGE];
        for (int i = 0; i < 4; i++) {
            f.map(1, EA + (long) i * PAGE, FIRST_FRAME + (long) order[i] * PAGE, 12, ALL);
        }
        for (int k = 0; k < 20_000; k++) {
            boolean little = random.nextBoolean();
            f.mode(false, little);
            int page = 1 + random.nextInt(3);
            int at = random.nextInt(4) == 0 ? random.nextInt(4 * PAGE - 8) : page * PAGE - random.nextInt(8);
            int size = 1 << random.nextInt(4);
            long v = random.nextLong();
            if (random.nextBoolean()) {
                switch (size) {
                    case 1 -> f.mmu.storeByte(EA + at, v);
                    case 2 -> f.mmu.storeHalf(EA + at, v);
                    case 4 -> f.mmu.storeWord(EA + at, v);
                    default -> f.mmu.storeDouble(EA + at, v);
                }
                for (int i = 0; i < size; i++) {
                    shadow[at + i] = (byte) (v >>> 8 * (little ? i : size - 1 - i));
                }
            } else {
                long got = switch (size) {
                    case 1 -> f.mmu.loadByte(EA + at);
                    case 2 -> f.mmu.loadHalf(EA + at);
                    case 4 -> f.mmu.loadWord(EA + at);
                    default -> f.mmu.loadDouble(EA + at);
                };
                long want = 0;
                for (int i = 0; i < size; i++) {
                    want |= (shadow[at + i] & 0xffL) << 8 * (little ? i : size - 1 - i);
                }
                assertEquals(want, got, "at " + at + " size " + size);
            }
        }
    }

    @Test
    void accessesThatCrossAlignedBoundariesNeverUseOnePagesEntryForTheOther() {
        f.pid(1);
        for (int shift = PAGE_SHIFT; shift < 52; shift++) {
            long second = 1L << shift;
            f.mmu.flushAll();
            f.map(1, second - PAGE, frame(1), 12, ALL);
            f.map(1, second, frame(2), 12, ALL);
            f.mmu.loadByte(second);
            f.mmu.storeByte(second, 2);
            assertEquals(0x0201, f.mmu.loadHalf(second - 1), "shift " + shift);
            f.mmu.storeHalf(second - 1, 0x0201);
            assertEquals(0x0202020202010101L, f.mmu.loadDouble(second - 3), "shift " + shift);
        }
        // Around the end of the address space, where real mode has one context for both ends.
        f.c.setMsr(Msr.SF | Msr.ME | Msr.LE);
        f.mmu.loadByte(0);
        f.fault(0x200, () -> f.mmu.loadDouble(-3));
        f.fault(0x200, () -> f.mmu.storeDouble(-3, 0));
    }

    @Test
    void aCrossingAccessThatFaultsNamesTheSecondPageAndStoresNothing() {
        f.pid(1);
        f.map(1, EA, frame(1), 12, ALL);
        f.map(1, EA + PAGE, frame(2), 12, READ);
        f.mmu.storeByte(EA, 1);
        f.dataFault(EA + PAGE, PROTECTION_STORE, () -> f.mmu.storeDouble(EA + PAGE - 3, -1));
        f.dataFault(EA + PAGE, PROTECTION_STORE, () -> f.mmu.probe(EA + PAGE - 3, 16, Access.WRITE));
        assertEquals(0x01, f.mmu.loadByte(EA + PAGE - 1));
        assertEquals(0x0202020202010101L, f.mmu.loadDouble(EA + PAGE - 3));
        f.dataFault(EA + 2 * PAGE, NO_ENTRY, () -> f.mmu.loadWord(EA + 2 * PAGE - 1));
        f.dataFault(EA + 3 * PAGE - 1, NO_ENTRY_STORE, () -> f.mmu.storeHalf(EA + 3 * PAGE - 1, 0));
    }

    @Test
    void addressesWrapIn32BitMode() {
        f.pid(1);
        f.map(1, 0xffff_f000L, frame(1), 12, ALL);
        f.map(1, 0, frame(2), 12, ALL);
        f.c.setMsr(Msr.ME | Msr.DR | Msr.IR | Msr.LE);
        assertEquals(0x02020101, f.mmu.loadWord(0xffff_fffeL));
    }

    @Test
    void storesToCodeAreSeenWhateverTheTlbHolds() {
        f.pid(1);
        f.map(1, EA, frame(1), 12, ALL);
        f.mmu.storeByte(EA, 7);
        CodePage page = f.mmu.fetch(EA);
        f.codePages.watch(page, f.c);
        f.codePages.room(page);
        page.ops[0] = 42;
        assertTrue(f.codePages.isWatched(FIRST_FRAME + PAGE));
        f.mmu.loadByte(EA);
        assertEquals(42, page.ops[0], "loads are no matter");
        f.mmu.storeByte(EA + 100, 8);
        assertEquals(0, page.ops[0], "the page was writable before it was watched");
        assertFalse(f.codePages.isWatched(FIRST_FRAME + PAGE));

        f.codePages.watch(page, f.c);
        f.codePages.room(page);
        page.ops[5] = 43;
        f.map(1, EA + PAGE, frame(2), 12, ALL);
        f.mmu.storeDouble(EA + PAGE + 4, 0);
        assertEquals(43, page.ops[5], "another page");
        f.mmu.storeDouble(EA + PAGE - 4, 0);
        assertEquals(0, page.ops[5], "the end of this one");
    }

    @Test
    void storesToCodeThroughAnAliasAreSeen() {
        f.pid(1);
        f.map(1, EA, frame(1), 12, ALL);
        f.map(1, EA + PAGE, frame(1), 12, ALL);
        f.map(2, EA, frame(1), 12, ALL);
        f.mmu.storeByte(EA + PAGE, 1);
        f.pid(2);
        f.mmu.storeByte(EA, 1);
        f.pid(1);
        CodePage page = f.mmu.fetch(EA);
        assertSame(page, f.mmu.fetch(EA + PAGE));
        for (int pid = 1; pid <= 2; pid++) {
            f.codePages.watch(page, f.c);
            f.codePages.room(page);
            page.ops[1] = 44;
            f.pid(pid);
            f.mmu.storeByte(pid == 1 ? EA + PAGE : EA, 1);
            assertEquals(0, page.ops[1]);
        }
    }

    @Test
    void bothByteOrdersOfAPageAreForgottenByAStore() {
        f.pid(1);
        f.map(1, EA, frame(1), 12, ALL);
        f.mode(false, true);
        CodePage little = f.mmu.fetch(EA);
        f.mode(false, false);
        CodePage big = f.mmu.fetch(EA);
        assertNotSame(little, big);
        f.codePages.watch(little, f.c);
        f.codePages.room(little);
        f.codePages.watch(big, f.c);
        f.codePages.room(big);
        little.ops[0] = 1;
        big.ops[0] = 1;
        f.mmu.storeWord(EA + 8, 0);
        assertEquals(0, little.ops[0] + big.ops[0]);
    }
}
