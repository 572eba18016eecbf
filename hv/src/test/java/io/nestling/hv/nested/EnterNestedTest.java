package io.nestling.hv.nested;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.papr.Status;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** H_ENTER_NESTED: its status codes, what is handed over and back, what is filtered, and what brings the guest out. */
class EnterNestedTest {
    private static final int NOP = 0x60000000;
    private static final int LOOP = 0x48000000;
    private static final long SIZE = NestedFixture.SIZE;

    private final NestedFixture f = new NestedFixture();

    @AfterEach
    void close() {
        f.close();
    }

    // ---- status codes -------------------------------------------------------------------------------------------

    @Test
    void needsAPartitionTable() {
        assertEquals(Status.NOT_AVAILABLE, f.enter());
        assertEquals(Status.SUCCESS, f.call(0xf800, 0));
        assertEquals(Status.NOT_AVAILABLE, f.enter());
    }

    @Test
    void refusesPartitionTablesThatCannotBe() {
        assertEquals(Status.PARAMETER, f.call(0xf800, NestedFixture.PARTITION_TABLE | 5));
        assertEquals(Status.PARAMETER, f.call(0xf800, SIZE));
        assertEquals(Status.PARAMETER, f.call(0xf800, SIZE - 0x1000 | 4));
        assertEquals(Status.SUCCESS, f.call(0xf800, SIZE - 0x10000 | 4));
        assertEquals(Status.SUCCESS, f.call(0xf800, SIZE - 0x1000));
    }

    @Test
    void refusesPointersOutsideMemory() {
        f.prepare(2);
        long regs = NestedFixture.REGS;
        for (long bad : new long[] {-1, -8, Long.MIN_VALUE, Long.MAX_VALUE, SIZE, SIZE - 4}) {
            assertEquals(Status.PARAMETER, f.call(NestedHcalls.H_ENTER_NESTED, bad, regs), Long.toHexString(bad));
            assertEquals(Status.PARAMETER, f.call(NestedHcalls.H_ENTER_NESTED, NestedFixture.STATE, bad), Long.toHexString(bad));
        }
        // The version is still inside.
        f.put(SIZE - 8, 2);
        assertEquals(Status.PARAMETER, f.call(NestedHcalls.H_ENTER_NESTED, SIZE - 8, regs));
        assertEquals(Status.PARAMETER, f.call(NestedHcalls.H_ENTER_NESTED, NestedFixture.STATE, SIZE - 351));
        assertFalse(f.inside());
    }

    @Test
    void refusesVersionsAndNamesThatAreNot() {
        f.prepare(2);
        f.state(GuestState.STATE_VERSION, 0);
        assertEquals(Status.PARAMETER, f.enter());
        f.state(GuestState.STATE_VERSION, 3);
        assertEquals(Status.P2, f.enter());
        f.state(GuestState.STATE_VERSION, 2);
        f.names(0, 0);
        assertEquals(Status.PARAMETER, f.enter());
        f.names(4096, 0);
        assertEquals(Status.PARAMETER, f.enter());
        f.names(NestedFixture.LPID, 2048);
        assertEquals(Status.PARAMETER, f.enter());
        f.call(0xf800, NestedFixture.PARTITION_TABLE);
        f.names(256, 0);
        assertEquals(Status.PARAMETER, f.enter(), "a table of one page has 256 entries");
        assertFalse(f.inside());
        f.names(255, 2047);
        f.enter();
        assertTrue(f.inside());
    }

    // ---- handing over -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    void exchangesAllRegistersAndGivesThemBack(int version, boolean big) {
        if (big) {
            f.bigEndian();
        }
        f.prepare(version);
        f.code(NestedFixture.SC_1);
        for (int i = 0; i < 32; i++) {
            f.regs(i, 0x1111_0000_0000_0000L + i);
            f.c.setGpr(i, 0x2222_0000_0000_0000L + i);
        }
        f.regs(GuestState.CTR, 0xc1);
        f.regs(GuestState.LINK, 0x11);
        f.regs(GuestState.XER, 0xe000_0005L);
        f.regs(GuestState.CCR, 0x9abc_def0L);
        f.state(GuestState.PIDR, 77);
        for (int i = 0; i < GuestState.PLAIN.length; i++) {
            f.state(GuestState.PLAIN[i], 0x0030_0000_0000_0000L + i);
            f.c.spr[GuestState.PLAIN_SPRS[i]] = 0x4444_0000_0000_0000L + i;
        }
        f.c.spr[Spr.PIDR] = 9;
        f.c.lr = 0x5555;
        f.c.ctr = 0x6666;
        f.c.setXer(0x2000_0000L);
        f.c.setCr(0x7777_7777);
        f.c.vsr[3] = 0x8888;
        f.c.spr[Spr.DSCR] = 0x9999;
        long nip = f.c.nip;
        long msr = f.c.msr;
        long lpcr = f.c.spr[Spr.LPCR];
        long retired = f.c.retired(nip);

        assertEquals(0x1111_0000_0000_0003L, f.enter());
        assertTrue(f.inside());
        assertEquals(NestedFixture.CODE, f.c.nip);
        assertEquals(0xc1, f.c.ctr);
        assertEquals(0x11, f.c.lr);
        assertEquals(0xe000_0005L, f.c.xer());
        assertEquals(0x9abc_def0, f.c.cr());
        assertEquals(77, f.spr(Spr.PIDR));
        for (int i = 0; i < GuestState.PLAIN.length; i++) {
            assertEquals(0x0030_0000_0000_0000L + i, f.spr(GuestState.PLAIN_SPRS[i]));
        }
        assertEquals(0x8888, f.c.vsr[3], "not part of the state");
        assertEquals(0x9999, f.spr(Spr.DSCR));

        long[] gpr = new long[32];
        f.c.getGprs(gpr, 0);
        gpr[3] = 0x1234;
        f.c.setGpr(3, 0x1234);
        f.c.setCr(0x1357_9bdf);
        f.c.spr[Spr.SPRG0] = 0xfeed;
        f.finish();
        assertEquals(Interrupts.SYSTEM_CALL, f.c.gpr(3));
        assertFalse(f.inside());
        for (int i = 0; i < 32; i++) {
            assertEquals(gpr[i], f.regs(i), "r" + i);
            long expected = i == 3 ? Interrupts.SYSTEM_CALL : i == 4 ? NestedFixture.STATE : i == 5 ? NestedFixture.REGS
                    : 0x2222_0000_0000_0000L + i;
            assertEquals(expected, f.c.gpr(i), "r" + i);
        }
        assertEquals(NestedFixture.CODE + 4, f.regs(GuestState.NIP), "behind the call");
        assertEquals(0x1357_9bdf, f.regs(GuestState.CCR));
        assertEquals(0xc1, f.regs(GuestState.CTR));
        assertEquals(0xfeed, f.state(GuestState.index(Spr.SPRG0)));
        assertEquals(77, f.state(GuestState.PIDR));
        assertEquals(nip, f.c.nip);
        assertEquals(msr, f.c.msr);
        assertEquals(lpcr, f.spr(Spr.LPCR));
        assertEquals(9, f.spr(Spr.PIDR));
        assertEquals(0x5555, f.c.lr);
        assertEquals(0x6666, f.c.ctr);
        assertEquals(0x2000_0000L, f.c.xer());
        assertEquals(0x7777_7777, f.c.cr());
        for (int i = 0; i < GuestState.PLAIN.length; i++) {
            assertEquals(0x4444_0000_0000_0000L + i, f.spr(GuestState.PLAIN_SPRS[i]));
        }
        assertEquals(retired + 1, f.c.retired(f.c.nip), "one instruction ran in between");
    }

    @Test
    void versionOneEndsBeforeTheSecondWatchpoint() {
        f.prepare(1);
        f.code(NestedFixture.SC_1);
        f.state(29, 0xabcd);
        f.state(30, 0xef01);
        f.run();
        assertEquals(0xabcd, f.state(29));
        assertEquals(0xef01, f.state(30));
    }

    // ---- filters ------------------------------------------------------------------------------------------------

    @Test
    void filtersWhatAHypervisorMayNotChoose() {
        f.prepare(2);
        f.c.spr[Spr.HFSCR] = 0x18f;
        f.c.spr[Spr.LPCR] = 1L << 22 | 1L << 20 | 1L << 10;
        f.state(GuestState.LPCR, -1);
        f.state(GuestState.HFSCR, -1);
        f.state(GuestState.DAWRX0, -1);
        f.state(GuestState.CIABR, 0x1003);
        f.regs(GuestState.MSR, -1L & ~Msr.PR);
        f.enter();
        assertEquals(1L << 22 | 1L << 20 | 1L << 10 | 7L << 52 | 3L << 23 | 1L << 25 | 1L << 17 | 1L << 11 | 1L << 9,
                f.spr(Spr.LPCR));
        assertEquals(0xff00_0000_0000_018fL, f.spr(Spr.HFSCR));
        assertEquals(0xffff_fffbL, f.spr(Spr.DAWRX0));
        assertEquals(0x1000, f.spr(Spr.CIABR));
        assertEquals(Msr.IMPLEMENTED & ~Msr.HV & ~Msr.PR, f.c.msr);
        f.c.nip = 0;
    }

    @Test
    void machineCheckEnableIsForced() {
        f.prepare(2);
        f.regs(GuestState.MSR, Msr.SF | Msr.LE | Msr.HV);
        f.enter();
        assertEquals(Msr.SF | Msr.LE | Msr.ME, f.c.msr);
    }

    // ---- time ---------------------------------------------------------------------------------------------------

    @Test
    void theTimebaseMovesAndTheDecrementerStays() {
        f.prepare(2);
        f.code(NestedFixture.SC_1);
        f.state(GuestState.TB_OFFSET, 0x1000_0000);
        long tb = f.c.timebase(f.c.nip);
        f.c.setDecrementer(5000, f.c.nip);
        f.enter();
        assertEquals(tb + 0x1000_0000, f.c.timebase(f.c.nip));
        assertEquals(5000, f.c.decrementer(f.c.nip));
        f.c.setDecrementer(700, f.c.nip);
        f.finish();
        assertEquals(tb, f.c.timebase(f.c.nip) & -2L);
        assertEquals(700, f.c.decrementer(f.c.nip));
    }

    @Test
    void countersGoOnInBothWorlds() {
        f.prepare(2);
        f.code(NOP, NOP, NOP, NestedFixture.SC_1);
        f.state(GuestState.IC, 1000);
        f.state(GuestState.PURR, 2000);
        f.state(GuestState.VTB, 3000);
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(1004, f.state(GuestState.IC));
        assertEquals(2002, f.state(GuestState.PURR));
        assertEquals(3002, f.state(GuestState.VTB));
    }

    @Test
    void aPastExpiryComesBackAtOnce() {
        f.prepare(2);
        f.code(LOOP);
        f.state(GuestState.HDEC_EXPIRY, f.c.timebase(f.c.nip));
        long retired = f.c.retired(f.c.nip);
        assertEquals(Interrupts.HYPERVISOR_DECREMENTER, f.run());
        assertEquals(retired, f.c.retired(f.c.nip));
        assertEquals(NestedFixture.CODE, f.regs(GuestState.NIP));
    }

    @Test
    void theHypervisorsTimerEndsALoopWithInterruptsOff() {
        f.prepare(2);
        f.code(LOOP);
        long retired = f.c.retired(f.c.nip);
        f.state(GuestState.HDEC_EXPIRY, f.c.timebase(f.c.nip) + 500);
        assertEquals(Interrupts.HYPERVISOR_DECREMENTER, f.run());
        assertEquals(1000, f.c.retired(f.c.nip) - retired, 1);
    }

    // ---- interrupts ---------------------------------------------------------------------------------------------

    @Test
    void anExternalInterruptIsTheHypervisors() {
        f.prepare(2);
        f.code(LOOP);
        f.enter();
        f.c.setExternalInterrupt(true);
        f.finish();
        assertEquals(Interrupts.EXTERNAL, f.c.gpr(3));
        assertFalse(f.c.nested);
    }

    @Test
    void aDoorbellOfTheHypervisorWaitsForIt() {
        f.prepare(2);
        f.code(LOOP);
        f.enter();
        f.c.ringDoorbell(0);
        f.finish();
        assertEquals(Interrupts.EXTERNAL, f.c.gpr(3));
        assertEquals(0, f.state(GuestState.DPDES));
        assertTrue(f.c.interruptPending());
    }

    @Test
    void interruptsSetToAnotherModeMeanwhileAreTheHypervisors() {
        f.prepare(2);
        f.code(NestedFixture.SC_1);
        f.enter();
        f.lpar.setLpcr(f.cpu, Interrupts.LPCR_AIL, Interrupts.LPCR_AIL);
        assertEquals(0, f.spr(Spr.LPCR) & Interrupts.LPCR_AIL);
        f.finish();
        assertEquals(Interrupts.LPCR_AIL, f.spr(Spr.LPCR) & Interrupts.LPCR_AIL);
    }

    @Test
    void aMediatedInterruptWaitsForTheGuestToEnableIt() {
        f.prepare(2);
        f.state(GuestState.LPCR, Interrupts.LPCR_MER | Interrupts.LPCR_ILE);
        // mtmsrd r9,1 turns EE on; the handler at 0x500 calls the hypervisor.
        f.code(NOP, NOP, 0x7d210164, LOOP);
        f.regs(9, Msr.EE | Msr.RI);
        f.ram.putWordBe(NestedFixture.MEMORY + Interrupts.EXTERNAL, Integer.reverseBytes(NestedFixture.SC_1));
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(Interrupts.EXTERNAL + 4, f.regs(GuestState.NIP));
        assertEquals(NestedFixture.CODE + 12, f.state(GuestState.index(Spr.SRR0)));
    }

    @Test
    void theGuestTakesItsOwnTimerAndDoorbells() {
        f.prepare(2);
        f.code(LOOP);
        f.regs(GuestState.MSR, Msr.SF | Msr.LE | Msr.EE);
        f.ram.putWordBe(NestedFixture.MEMORY + Interrupts.DECREMENTER, Integer.reverseBytes(NestedFixture.SC_1));
        f.ram.putWordBe(NestedFixture.MEMORY + Interrupts.DOORBELL, Integer.reverseBytes(NestedFixture.SC_1));
        f.c.setDecrementer(100, f.c.nip);
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(Interrupts.DECREMENTER + 4, f.regs(GuestState.NIP));
        f.c.setDecrementer(1 << 30, f.c.nip);
        f.regs(GuestState.NIP, NestedFixture.CODE);
        f.regs(GuestState.MSR, Msr.SF | Msr.LE | Msr.EE);
        f.state(GuestState.DPDES, 1);
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(Interrupts.DOORBELL + 4, f.regs(GuestState.NIP));
        assertEquals(0, f.state(GuestState.DPDES));
    }

    @Test
    void aPendingDoorbellIsHandedBack() {
        f.prepare(2);
        f.code(NestedFixture.SC_1);
        f.state(GuestState.DPDES, 1);
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(1, f.state(GuestState.DPDES));
        assertEquals(0, f.spr(Spr.DPDES));
    }

    // ---- faults that are the hypervisor's -----------------------------------------------------------------------

    @Test
    void aMissingPageIsAHypervisorDataStorageInterrupt() {
        f.prepare(2);
        // stw r0,8(r9), ld r0,8(r9)
        f.code(0x90090008, 0xe8090008);
        f.regs(9, 0x200000);
        assertEquals(Interrupts.HYPERVISOR_DATA_STORAGE, f.run());
        assertEquals(NestedFixture.CODE, f.regs(GuestState.NIP));
        assertEquals(0x200008, f.state(GuestState.HDAR));
        assertEquals(0x42000000L, f.state(GuestState.HDSISR));
        assertEquals(0x200000, f.state(GuestState.ASDR));
        f.regs(GuestState.NIP, NestedFixture.CODE + 4);
        assertEquals(Interrupts.HYPERVISOR_DATA_STORAGE, f.run());
        assertEquals(0x40000000L, f.state(GuestState.HDSISR));
        // The hypervisor maps it, and the guest goes on.
        f.map(0x200000, NestedFixture.MEMORY + 0x20000, 16, NestedFixture.RWX);
        f.put(NestedFixture.MEMORY + 0x20008, 0x1234);
        f.code(0xe8090008, 0xe8090008, NestedFixture.SC_1);
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(0x1234, f.regs(0));
    }

    @Test
    void aMissingCodePageIsAHypervisorInstructionStorageInterrupt() {
        f.prepare(2);
        f.regs(GuestState.NIP, 0x300000);
        assertEquals(Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, f.run());
        assertEquals(0x300000, f.state(GuestState.ASDR));
        assertEquals(0x40000000L, f.regs(GuestState.MSR) & 0x78000000L);
        f.map(0x300000, NestedFixture.MEMORY, 16, 6 | NestedFixture.R);
        assertEquals(Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, f.run());
        assertEquals(0x10000000L, f.regs(GuestState.MSR) & 0x78000000L, "no execute");
    }

    @Test
    void anIllegalInstructionIsTheHypervisorsToEmulate() {
        for (boolean big : new boolean[] {false, true}) {
            if (big) {
                f.bigEndian();
            }
            f.prepare(2);
            f.code(NOP, 0x00dddd00);
            assertEquals(Interrupts.HYPERVISOR_EMULATION, f.run());
            assertEquals(0x00dddd00, f.state(GuestState.HEIR));
            assertEquals(NestedFixture.CODE + 4, f.regs(GuestState.NIP));
            assertEquals(0, f.regs(GuestState.MSR) & 0x783f0000L);
        }
    }

    @Test
    void aWithheldFacilityIsAHypervisorFacilityUnavailableInterrupt() {
        f.prepare(2);
        f.state(GuestState.HFSCR, 0x80);
        // mfspr r0,815 (TAR)
        f.code(0x7c0fcaa6);
        assertEquals(Interrupts.HYPERVISOR_FACILITY_UNAVAILABLE, f.run());
        assertEquals(8L << 56 | 0x80, f.state(GuestState.HFSCR));
        assertEquals(NestedFixture.CODE, f.regs(GuestState.NIP));
    }

    @Test
    void tablesOutsideMemoryAreAFaultOfTheGuest() {
        f.prepare(2);
        for (long root : new long[] {0, -1, NestedFixture.HOST_RADIX, NestedFixture.HOST_RADIX | NestedFixture.GEOMETRY | SIZE,
            NestedFixture.HOST_RADIX | NestedFixture.GEOMETRY | 0x0ffffffffffff000L, NestedFixture.HOST_RADIX | 31L << 5 | 31}) {
            f.partition(NestedFixture.LPID, root, -1);
            assertEquals(Status.SUCCESS, f.call(0xf808, 2 << 18 | 1 << 16, NestedFixture.LPID, 2 << 10));
            assertEquals(Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, f.run(), Long.toHexString(root));
        }
    }

    @Test
    void aTreeThatPointsToItselfEnds() {
        f.prepare(2);
        f.ram.putDoubleBe(NestedFixture.TREE, NestedFixture.VALID | NestedFixture.TREE | 13);
        f.call(0xf808, 2 << 18 | 1 << 16, NestedFixture.LPID, 2 << 10);
        assertEquals(Interrupts.HYPERVISOR_INSTRUCTION_STORAGE, f.run());
    }

    @Test
    void aPageBehindTheEndOfMemoryIsAMachineCheckOfTheGuest() {
        f.prepare(2);
        f.map(0x400000, 1L << 40, 16, NestedFixture.RWX | NestedFixture.R | NestedFixture.C);
        f.code(0xe8090000);
        f.regs(9, 0x400000);
        f.ram.putWordBe(NestedFixture.MEMORY + Interrupts.MACHINE_CHECK, Integer.reverseBytes(NestedFixture.SC_1));
        assertEquals(Interrupts.SYSTEM_CALL, f.run());
        assertEquals(Interrupts.MACHINE_CHECK + 4, f.regs(GuestState.NIP));
    }

    @Test
    void structuresMayOverlapEachOther() {
        f.prepare(2);
        f.code(NestedFixture.SC_1);
        // As general registers the state means: NIP 0.
        f.call(NestedHcalls.H_ENTER_NESTED, NestedFixture.STATE, NestedFixture.STATE);
        assertTrue(f.inside());
        assertEquals(0, f.c.nip);
        f.memory.store(NestedFixture.MEMORY, 4, Integer.reverseBytes(NestedFixture.SC_1));
        f.c.setMsr(f.c.msr | Msr.LE);
        f.finish();
        assertEquals(Interrupts.SYSTEM_CALL, f.c.gpr(3));
    }
}
