package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Facility;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BranchTest {
    private static final long PC = 0x1000;

    private final TestCpu t = new TestCpu();
    private final Vcpu c = t.c;

    @AfterEach
    void close() {
        t.close();
    }

    private static int bc(int bo, int bi, int low) {
        return 16 << 26 | bo << 21 | bi << 16 | low;
    }

    private static int bclr(int bo, int bi, int link) {
        return 19 << 26 | bo << 21 | bi << 16 | 16 << 1 | link;
    }

    @Test
    void countAndConditionBothDecide() {
        c.ctr = 2;
        c.setCr(0x20000000);
        assertEquals(PC + 16, Branch.bc(c, bc(8, 2, 16), PC), "bdnzt");
        assertEquals(1, c.ctr);
        assertEquals(PC + 4, Branch.bc(c, bc(8, 2, 16), PC));
        assertEquals(0, c.ctr);
        c.ctr = 1;
        assertEquals(PC + 4, Branch.bc(c, bc(2, 2, 16), PC), "bdzf: CTR is zero but the bit is set");
        assertEquals(0, c.ctr, "CTR is decremented whatever the condition");
        assertEquals(PC - 8, Branch.bc(c, bc(20, 0, 0xfff8), PC));
        assertEquals(-8, Branch.bc(c, bc(20, 0, 0xfffa), PC), "absolute");
    }

    @Test
    void thirtyTwoBitModeTruncatesAddressesAndTestsTheLowCount() {
        t.mode32();
        c.ctr = 0x100000001L;
        assertEquals(PC + 4, Branch.bc(c, bc(16, 0, 16), PC));
        assertEquals(0x100000000L, c.ctr);
        assertEquals(0xfffffff8L, Branch.b(c, 18 << 26 | 0x3fffff8 | 2, PC));
        assertEquals(0, Branch.bc(c, bc(20, 0, 4), 0xfffffffcL));
        c.lr = 0x1234567800002003L;
        assertEquals(0x2000, Branch.bclr(c, bclr(20, 0, 1), PC));
        assertEquals(PC + 4, c.lr);
    }

    @Test
    void linkIsSetEvenWhenNotTakenAndUsesTheOldTarget() {
        c.lr = 0x4000;
        assertEquals(PC + 4, Branch.bclr(c, bclr(12, 0, 1), PC));
        assertEquals(PC + 4, c.lr);
        assertEquals(PC + 4, Branch.bclr(c, bclr(20, 0, 1), PC - 0x800));
        assertEquals(PC - 0x800 + 4, c.lr);
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> Branch.bcctr(c, 19 << 26 | 16 << 21 | 528 << 1, PC));
    }

    // ---- system calls and returns --------------------------------------------------------------------------------

    private static final int SC = 17 << 26 | 2;

    @Test
    void systemCallSavesTheNextInstruction() {
        c.setMsr(Msr.SF | Msr.PR | Msr.EE | Msr.IR | Msr.DR | Msr.LE | Msr.FP | Msr.ME);
        c.spr[Spr.LPCR] = Interrupts.LPCR_ILE | Interrupts.LPCR_AIL;
        long image = c.msr;
        long bias = c.retiredBias;
        assertEquals(0xc000000000004c00L, SystemCall.sc(c, SC, PC));
        assertEquals(PC + 4, c.spr[Spr.SRR0]);
        assertEquals(image, c.spr[Spr.SRR1]);
        assertEquals(Msr.SF | Msr.ME | Msr.IR | Msr.DR | Msr.LE, c.msr);
        assertEquals(bias, c.retiredBias, "the engine counts the move");
        assertEquals(PC + 4, SystemCall.rfid(c, 0, 0));
        assertEquals(image, c.msr);
    }

    @Test
    void hypercallsLeaveTheEngineFromPrivilegedStateOnly() {
        assertEquals(PC + 4, SystemCall.sc(c, SC | 1 << 5, PC));
        assertEquals(Exit.HCALL, c.pendingExit);
        c.pendingExit = null;
        t.problemState();
        t.assertProgram(Vcpu.PROGRAM_PRIVILEGED, () -> SystemCall.sc(c, SC | 1 << 5, PC));
        assertNull(c.pendingExit);
    }

    @Test
    void vectoredSystemCallKeepsInterruptsAsTheyWere() {
        c.setMsr(Msr.SF | Msr.PR | Msr.EE | Msr.RI | Msr.IR | Msr.DR | Msr.LE | Msr.ME);
        c.spr[Spr.LPCR] = Interrupts.LPCR_ILE | Interrupts.LPCR_AIL;
        long image = c.msr;
        int scv = 17 << 26 | 1 << 5 | 1;
        assertEquals(0xc000000000003020L, SystemCall.scv(c, scv, PC));
        assertEquals(PC + 4, c.lr);
        assertEquals(image, c.ctr);
        assertEquals(image & ~Msr.PR, c.msr);
        assertEquals(PC + 4, SystemCall.rfscv(c, 0, 0));
        assertEquals(image, c.msr);
        c.spr[Spr.LPCR] = Interrupts.LPCR_ILE;
        assertEquals(0x17020, SystemCall.scv(c, scv, PC));
        assertEquals(0, c.msr & (Msr.IR | Msr.DR));
    }

    @Test
    void returnsCannotGainHypervisorStateAndProblemStateIsTranslated() {
        c.spr[Spr.SRR0] = 0x2003;
        c.spr[Spr.SRR1] = Msr.SF | Msr.HV | Msr.PR | 1L << 32;
        c.setMsr(Msr.SF | Msr.ME);
        assertEquals(0x2000, SystemCall.rfid(c, 0, 0));
        assertEquals(Msr.SF | Msr.ME | Msr.PR | Msr.EE | Msr.IR | Msr.DR, c.msr, "no HV, no TM, ME kept");
        t.hypervisorState();
        c.spr[Spr.SRR1] = Msr.SF;
        SystemCall.rfid(c, 0, 0);
        assertEquals(Msr.SF, c.msr, "a hypervisor gives up HV and ME");
        c.spr[Spr.SRR0] = 0x1234567800002000L;
        c.spr[Spr.SRR1] = 0;
        assertEquals(0x2000, SystemCall.rfid(c, 0, 0), "to 32-bit mode");
    }

    @Test
    void moveToMsr() {
        int mtmsrd = TestCpu.word(0);
        c.setMsr(Msr.SF | Msr.LE | Msr.ME);
        c.setGpr(3, Msr.HV | Msr.EE | Msr.FP);
        assertEquals(PC + 4, SystemCall.mtmsrd(c, mtmsrd & ~0x10000, PC));
        assertEquals(Msr.LE | Msr.ME | Msr.EE | Msr.FP, c.msr, "HV, LE and ME do not change; SF does");
        c.setGpr(3, Msr.SF | Msr.RI);
        SystemCall.mtmsrd(c, mtmsrd | 0x10000, PC);
        assertEquals(Msr.LE | Msr.ME | Msr.RI | Msr.FP, c.msr, "L=1 changes EE and RI alone");
        c.setGpr(3, Msr.SF | Msr.PR);
        SystemCall.mtmsr(c, mtmsrd & ~0x10000, PC);
        assertEquals(Msr.LE | Msr.ME | Msr.PR | Msr.EE | Msr.IR | Msr.DR, c.msr, "mtmsr leaves the high word");
    }

    @Test
    void facilities() {
        t.problemState();
        c.spr[Spr.FSCR] = 0;
        t.assertFault(Interrupts.FACILITY_UNAVAILABLE, () -> c.needFacility(Facility.TAR));
        assertEquals((long) Facility.TAR << 56, c.spr[Spr.FSCR]);
        c.spr[Spr.FSCR] = 1L << Facility.TAR;
        c.needFacility(Facility.TAR);
        c.spr[Spr.HFSCR] = 0;
        t.assertFault(Interrupts.HYPERVISOR_FACILITY_UNAVAILABLE, () -> c.needFacility(Facility.TAR));
        assertEquals((long) Facility.TAR << 56, c.spr[Spr.HFSCR]);
        t.hypervisorState();
        c.needFacility(Facility.TAR);
    }
}
