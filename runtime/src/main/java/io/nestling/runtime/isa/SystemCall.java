package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;

/**
 * System calls, returns from interrupts, and the machine state register (Power ISA 3.0B, Book III, 3.3.1, 3.3.2 and
 * 4.4.4). What SRR1 and its kin may do to the MSR differs from instruction to instruction in HV, ME and LE only.
 */
public final class SystemCall {
    private SystemCall() {}

    /** LEV 1 (only its low bit counts) calls the hypervisor, which problem state may not. */
    public static long sc(Vcpu c, int w, long pc) {
        long next = c.ea(pc + 4);
        if ((w >>> 5 & 1) == 0) {
            return Interrupts.enter(c, Interrupts.SYSTEM_CALL, next, 0);
        }
        c.needPrivilege();
        c.pendingExit = Exit.HCALL;
        return next;
    }

    public static long scv(Vcpu c, int w, long pc) {
        return Interrupts.enterVectored(c, w >>> 5 & 0x7f, c.ea(pc + 4));
    }

    public static long rfid(Vcpu c, int w, long pc) {
        long fixed = (c.msr & Msr.HV) != 0 ? 0 : Msr.HV | Msr.ME;
        return resume(c, c.spr[Spr.SRR0], c.spr[Spr.SRR1], fixed);
    }

    public static long rfscv(Vcpu c, int w, long pc) {
        return resume(c, c.lr, c.ctr, Msr.HV | Msr.ME);
    }

    public static long hrfid(Vcpu c, int w, long pc) {
        return resume(c, c.spr[Spr.HSRR0], c.spr[Spr.HSRR1], 0);
    }

    private static long resume(Vcpu c, long address, long image, long fixed) {
        setMsr(c, image, fixed);
        return c.ea(address & ~3L);
    }

    /** Sets the MSR from an image but for the {@code fixed} bits; problem state implies EE, IR and DR. */
    private static void setMsr(Vcpu c, long image, long fixed) {
        long v = image & Msr.IMPLEMENTED & ~fixed | c.msr & fixed;
        if ((v & Msr.PR) != 0) {
            v |= Msr.EE | Msr.IR | Msr.DR;
        }
        c.setMsr(v);
    }

    private static final long MTMSR_FIXED = 0xffffffff00000000L | Msr.ME | Msr.LE;
    private static final long MTMSRD_FIXED = Msr.HV | Msr.ME | Msr.LE;
    private static final long EE_AND_RI_ONLY = ~(Msr.EE | Msr.RI);

    public static long mtmsr(Vcpu c, int w, long pc) {
        return moveToMsr(c, w, pc, MTMSR_FIXED);
    }

    public static long mtmsrd(Vcpu c, int w, long pc) {
        return moveToMsr(c, w, pc, MTMSRD_FIXED);
    }

    /** With L (bit 15) only EE and RI change. */
    private static long moveToMsr(Vcpu c, int w, long pc, long fixed) {
        long v = c.gpr(w >>> 21 & 31);
        if ((w & 0x10000) != 0) {
            c.setMsr(c.msr & EE_AND_RI_ONLY | v & ~EE_AND_RI_ONLY);
        } else {
            setMsr(c, v, fixed);
        }
        return c.ea(pc + 4);
    }

    public static void mfmsr(Vcpu c, int w) {
        c.setGpr(w >>> 21 & 31, c.msr);
    }
}
