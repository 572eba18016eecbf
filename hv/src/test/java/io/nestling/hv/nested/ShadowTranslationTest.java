package io.nestling.hv.nested;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.papr.Status;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Collapsed translations: bits set in the tables that own them, page sizes, and that invalidations find every copy. */
class ShadowTranslationTest {
    private static final int LD_R0 = 0xe8090000;
    private static final int STD_R0 = 0xf8090000;
    private static final long DATA = 0x200000;
    private static final long FRAME = NestedFixture.MEMORY + 0x100000;
    private static final long RW = 6;

    private final NestedFixture f = new NestedFixture();

    @AfterEach
    void close() {
        f.close();
    }

    private void start() {
        f.prepare(2);
        f.regs(9, DATA);
    }

    /** Runs one instruction and a call in the guest; gives why it came back. */
    private long run(int word) {
        f.code(word, NestedFixture.SC_1);
        f.regs(GuestState.NIP, NestedFixture.CODE);
        return f.run();
    }

    @Test
    void setsReferenceAndChangeInTheHypervisorsTable() {
        start();
        long at = f.map(DATA, FRAME, 16, RW);
        long entry = f.ram.getDoubleBe(at);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(entry | NestedFixture.R, f.ram.getDoubleBe(at));
        assertEquals(Interrupts.SYSTEM_CALL, run(STD_R0));
        assertEquals(entry | NestedFixture.R | NestedFixture.C, f.ram.getDoubleBe(at));
    }

    @Test
    void refusesAStoreToAReadOnlyPage() {
        start();
        f.map(DATA, FRAME, 16, 4);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(Interrupts.HYPERVISOR_DATA_STORAGE, run(STD_R0));
        assertEquals(0x0a000000L, f.state(GuestState.HDSISR));
    }

    @Test
    void keepsLargePagesLarge() {
        start();
        f.map(0x40000000L, 0, 30, RW | NestedFixture.R | NestedFixture.C);
        f.regs(9, 0x40000000L + FRAME + 0x5008);
        f.put(FRAME + 0x5008, 0x77);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(0x77, f.regs(0));
        long walks = f.walks();
        for (long page = 0; page < 0x100000; page += 0x1000) {
            f.regs(9, 0x40000000L + FRAME + page);
            assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        }
        // 16 MiB of memory: pages of 1 GiB collapse to what is inside it.
        assertTrue(f.walks() - walks <= 1, "walks for 256 pages of one large page");
    }

    @Test
    void aPageInvalidationFindsItWhereverItIs() {
        start();
        f.map(DATA, FRAME, 16, RW | NestedFixture.R | NestedFixture.C);
        f.map(DATA + 0x10000, FRAME + 0x10000, 16, RW | NestedFixture.R | NestedFixture.C);
        f.put(FRAME, 1);
        f.put(FRAME + 0x10000, 2);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(1, f.regs(0));
        f.regs(9, DATA + 0x10000);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        // The hypervisor exchanges one page and says so.
        f.map(DATA, FRAME + 0x20000, 16, RW | NestedFixture.R | NestedFixture.C);
        f.put(FRAME + 0x20000, 3);
        f.regs(9, DATA);
        long ap64k = 5 << 5;
        assertEquals(Status.SUCCESS, f.call(0xf808, 1 << 16, NestedFixture.LPID, DATA | ap64k));
        long walks = f.walks();
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(3, f.regs(0));
        f.regs(9, DATA + 0x10000);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(2, f.regs(0));
        assertEquals(1, f.walks() - walks, "the other page is still known");
        // The same by range.
        f.map(DATA, FRAME, 16, RW | NestedFixture.R | NestedFixture.C);
        f.regs(9, DATA);
        assertEquals(Status.SUCCESS, f.call(0x448, NestedFixture.LPID, 1, 3, -1, DATA, DATA + 0x10000));
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(1, f.regs(0));
    }

    @Test
    void invalidationsOfAllKindsAreHeeded() {
        start();
        long[][] calls = {{0xf808, 1 << 16, NestedFixture.LPID, 2 << 10}, {0xf808, 2 << 18 | 1 << 16, NestedFixture.LPID, 2 << 10},
            {0xf808, 2 << 18 | 1 << 16, 0, 3 << 10}, {0x448, NestedFixture.LPID, 1, 1 | 2, -1, 0, -1},
            {0x448, NestedFixture.LPID, 1, 15, -1, 0, -1}, {0xf800, NestedFixture.PARTITION_TABLE | 4}};
        for (int i = 0; i < calls.length; i++) {
            f.map(DATA, FRAME + 0x10000L * i, 16, RW | NestedFixture.R | NestedFixture.C);
            f.put(FRAME + 0x10000L * i, 100 + i);
            long[] args = Arrays.copyOfRange(calls[i], 1, calls[i].length);
            assertEquals(Status.SUCCESS, f.call((int) calls[i][0], args));
            assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
            assertEquals(100 + i, f.regs(0));
        }
    }

    @Test
    void refusesInvalidationsThatMeanNothing() {
        start();
        long lpid = NestedFixture.LPID;
        long radix = 1 << 16;
        assertEquals(Status.PARAMETER, f.call(0xf808, 0, lpid, 2 << 10), "hash");
        assertEquals(Status.PARAMETER, f.call(0xf808, radix | 1 << 17, lpid, 2 << 10), "process scoped");
        assertEquals(Status.PARAMETER, f.call(0xf808, radix | 3 << 18, lpid, 2 << 10), "clusters");
        assertEquals(Status.PARAMETER, f.call(0xf808, radix, lpid, 1 << 10), "by process");
        assertEquals(Status.PARAMETER, f.call(0xf808, radix | 1 << 18, lpid, 0), "walk cache by address");
        assertEquals(Status.PARAMETER, f.call(0xf808, radix | 2 << 18, lpid, 0), "all by address");
        assertEquals(Status.PARAMETER, f.call(0xf808, radix, lpid, 7 << 5), "no such page size");
        assertEquals(Status.SUCCESS, f.call(0xf808, radix, 4095, 0), "a guest that never ran");
        assertEquals(Status.SUCCESS, f.call(0xf808, radix, -1, 2 << 10));
        assertEquals(Status.P5, f.call(0x448, lpid, 1, 3, -1, 0x2000, 0x1000));
        assertEquals(Status.P2, f.call(0x448, lpid, 2, 3, -1, 0, -1));
        assertEquals(Status.SUCCESS, f.call(0x448, -5, 1, 3, -1, 0, -1));
        assertEquals(Status.PARAMETER, f.call(0x448, -5, 1, 2, -1, 0, -1), "no such process");
        assertEquals(Status.SUCCESS, f.call(0x448, 5, 1, 2, -1, 0x1000, 0x3000));
    }

    // ---- with a process-scoped tree -----------------------------------------------------------------------------

    private static final long PROCESS_TABLE = 0x20000;
    private static final long ROOT = 0x30000;

    /** The guest's own process 0 in quadrant 0: one page of 1 GiB at address 0. Returns where its entry is, as its own. */
    private long processTree(long bits) {
        f.prepare(2);
        f.partition(NestedFixture.LPID, NestedFixture.HOST_RADIX | NestedFixture.GEOMETRY | NestedFixture.TREE, PROCESS_TABLE);
        // 13 bits, then 9 with leaves of 1 GiB.
        f.ram.putDoubleBe(NestedFixture.MEMORY + PROCESS_TABLE, NestedFixture.GEOMETRY | ROOT);
        f.ram.putDoubleBe(NestedFixture.MEMORY + ROOT, NestedFixture.VALID | ROOT + 0x10000 | 9);
        f.ram.putDoubleBe(NestedFixture.MEMORY + ROOT + 0x10000, NestedFixture.VALID | NestedFixture.LEAF | bits);
        f.regs(GuestState.MSR, Msr.SF | Msr.LE | Msr.IR | Msr.DR);
        f.regs(9, 0x5000);
        return ROOT + 0x10000;
    }

    @Test
    void walksTheGuestsTreeThroughTheHypervisors() {
        long at = processTree(0xf);
        f.put(NestedFixture.MEMORY + 0x5000, 0x4242);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(0x4242, f.regs(0));
        assertEquals(NestedFixture.R, f.ram.getDoubleBe(NestedFixture.MEMORY + at) & 0x180);
        assertEquals(Interrupts.SYSTEM_CALL, run(STD_R0));
        assertEquals(NestedFixture.R | NestedFixture.C, f.ram.getDoubleBe(NestedFixture.MEMORY + at) & 0x180);
    }

    @Test
    void aTableOnAReadOnlyPageIsTheHypervisorsMatter() {
        long at = processTree(0xf | NestedFixture.R);
        // Its page may be read: then only what needs a bit set is stopped.
        f.map(at & -0x10000L, NestedFixture.MEMORY + at & -0x10000L, 16, 5 | NestedFixture.R);
        f.call(0xf808, 2 << 18 | 1 << 16, NestedFixture.LPID, 2 << 10);
        assertEquals(Interrupts.SYSTEM_CALL, run(LD_R0));
        assertEquals(Interrupts.HYPERVISOR_DATA_STORAGE, run(STD_R0));
        assertEquals(0x0a020000L, f.state(GuestState.HDSISR), "a table, and a store to it");
        assertEquals(at & -0x1000L, f.state(GuestState.ASDR));
        assertEquals(0, f.ram.getDoubleBe(NestedFixture.MEMORY + at) & NestedFixture.C);
    }

    @Test
    void aMissingTableIsSaidToBeOne() {
        processTree(0xf);
        f.ram.putDoubleBe(NestedFixture.MEMORY + ROOT, NestedFixture.VALID | 0x500000 | 9);
        assertEquals(Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, run(LD_R0));
        assertEquals(0x40020000L, f.regs(GuestState.MSR) & 0x783f0000L);
        assertEquals(0x500000, f.state(GuestState.ASDR));
    }

    // ---- copies -------------------------------------------------------------------------------------------------

    @Test
    void copiesBetweenAddressSpaces() {
        processTree(0xf);
        f.code(NestedFixture.SC_1);
        f.run();
        long buffer = NestedFixture.STATE + 0x4000;
        for (int i = 0; i < 0x3000; i += 8) {
            f.put(NestedFixture.MEMORY + 0x7010 + i, i);
        }
        assertEquals(Status.SUCCESS, f.call(0xf80c, NestedFixture.LPID, 0, 0x7010, buffer, 0, 0x3000));
        for (int i = 0; i < 0x3000; i += 8) {
            assertEquals(i, f.get(buffer + i));
        }
        f.put(buffer, 0x99);
        assertEquals(Status.SUCCESS, f.call(0xf80c, NestedFixture.LPID, 0, 0x9ff8, 0, buffer, 16));
        assertEquals(0x99, f.get(NestedFixture.MEMORY + 0x9ff8));
        assertEquals(8, f.get(NestedFixture.MEMORY + 0xa000));
    }

    @Test
    void refusesCopiesThatCannotBe() {
        processTree(0xf);
        f.code(NestedFixture.SC_1);
        f.run();
        long lpid = NestedFixture.LPID;
        long buffer = NestedFixture.STATE + 0x4000;
        assertEquals(Status.PARAMETER, f.call(0xf80c, lpid, 0, 0x7000, buffer, buffer, 8));
        assertEquals(Status.PARAMETER, f.call(0xf80c, lpid, 0, 1L << 60, buffer, 0, 8));
        assertEquals(Status.PARAMETER, f.call(0xf80c, lpid + 1, 0, 0x7000, buffer, 0, 8));
        assertEquals(Status.NOT_FOUND, f.call(0xf80c, lpid, 0, 0x7000, NestedFixture.SIZE, 0, 8));
        assertEquals(Status.NOT_FOUND, f.call(0xf80c, lpid, 0, 0x7000, buffer, 0, -1));
        assertEquals(Status.NOT_FOUND, f.call(0xf80c, lpid, 0, 0x7000, buffer, 0, NestedFixture.SIZE - buffer), "beyond its memory");
        assertEquals(Status.NOT_FOUND, f.call(0xf80c, lpid, 3, 0x7000, buffer, 0, 8), "no such process");
        assertEquals(Status.SUCCESS, f.call(0xf80c, lpid, 0, 0x7000, buffer, 0, 0));
    }
}
