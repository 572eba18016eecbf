package io.nestling.runtime.cpu;

/** Interrupt vectors and delivery (Power ISA 3.0B, Book III, chapter 6). */
public final class Interrupts {
    private Interrupts() {}

    public static final int SYSTEM_RESET = 0x100;
    public static final int MACHINE_CHECK = 0x200;
    public static final int DATA_STORAGE = 0x300;
    public static final int DATA_SEGMENT = 0x380;
    public static final int INSTRUCTION_STORAGE = 0x400;
    public static final int INSTRUCTION_SEGMENT = 0x480;
    public static final int EXTERNAL = 0x500;
    public static final int ALIGNMENT = 0x600;
    public static final int PROGRAM = 0x700;
    public static final int FP_UNAVAILABLE = 0x800;
    public static final int DECREMENTER = 0x900;
    public static final int HYPERVISOR_DECREMENTER = 0x980;
    public static final int DOORBELL = 0xa00;
    public static final int SYSTEM_CALL = 0xc00;
    public static final int TRACE = 0xd00;
    public static final int HYPERVISOR_DATA_STORAGE = 0xe00;
    public static final int HYPERVISOR_INSTRUCTION_STORAGE = 0xe20;
    public static final int HYPERVISOR_EMULATION = 0xe40;
    public static final int VECTOR_UNAVAILABLE = 0xf20;
    public static final int VSX_UNAVAILABLE = 0xf40;
    public static final int FACILITY_UNAVAILABLE = 0xf60;
    public static final int HYPERVISOR_FACILITY_UNAVAILABLE = 0xf80;
    /** Where {@code scv} goes: base of the 0x20-spaced vectors. */
    public static final int SYSTEM_CALL_VECTORED = 0x17000;

    /** LPCR[ILE]: interrupts are taken little-endian. */
    public static final long LPCR_ILE = 1L << 25;
    /** LPCR[AIL], two bits. */
    public static final long LPCR_AIL = 3L << 23;
    /** LPCR[MER]: mediated external exception request. */
    public static final long LPCR_MER = 1L << 11;
    private static final long AIL_3 = 3L << 23;
    private static final long AIL_3_BASE = 0xc000000000004000L;

    /**
     * SRR1 bits that come from the MSR: all but 33..36 and 42..47, which carry the cause, and the bits the MSR does not
     * have.
     */
    private static final long SRR1_MSR_MASK = ~0x783f0000L;

    /** What {@code scv} vectors to, less {@code lev * 0x20}, when AIL relocates interrupts. */
    private static final long AIL_3_VECTORED = 0xc000000000003000L;

    /**
     * Takes an interrupt: saves NIP and MSR, sets the MSR of the handler and moves NIP to the vector. The retired count
     * is kept.
     *
     * @param vector offset, 0x100..0xfff
     * @param srr1 cause bits to add
     */
    public static void deliver(Vcpu c, int vector, long srr1) {
        long from = c.nip;
        long target = enter(c, vector, from, srr1);
        c.moved(from, target);
        c.nip = target;
    }

    /**
     * The part of taking an interrupt that leaves NIP alone: saves {@code srr0} and the MSR, and sets the MSR of the
     * handler.
     *
     * @return the handler's address
     */
    public static long enter(Vcpu c, int vector, long srr0, long srr1) {
        c.interrupts[vector >>> 5 & Vcpu.VECTORS - 1]++;
        c.spr[Spr.SRR0] = srr0;
        c.spr[Spr.SRR1] = c.msr & SRR1_MSR_MASK | srr1;
        boolean relocated = relocated(c) && vector != SYSTEM_RESET && vector != MACHINE_CHECK;
        setHandlerMsr(c, relocated, 0);
        return relocated ? AIL_3_BASE | vector : vector;
    }

    /**
     * System call vectored: saves the return address in LR and the MSR in CTR, and keeps EE and RI.
     *
     * @param lev 0..127
     * @return the handler's address
     */
    public static long enterVectored(Vcpu c, int lev, long next) {
        c.lr = next;
        c.ctr = c.msr & SRR1_MSR_MASK;
        boolean relocated = relocated(c);
        setHandlerMsr(c, relocated, Msr.EE | Msr.RI);
        return (relocated ? AIL_3_VECTORED : SYSTEM_CALL_VECTORED) + 0x20L * lev;
    }

    private static boolean relocated(Vcpu c) {
        return (c.spr[Spr.LPCR] & LPCR_AIL) == AIL_3 && (c.msr & (Msr.IR | Msr.DR)) == (Msr.IR | Msr.DR);
    }

    private static void setHandlerMsr(Vcpu c, boolean relocated, long keep) {
        long msr = Msr.SF | c.msr & (Msr.ME | Msr.HV | keep);
        if ((c.spr[Spr.LPCR] & LPCR_ILE) != 0) {
            msr |= Msr.LE;
        }
        if (relocated) {
            msr |= Msr.IR | Msr.DR;
        }
        c.reserved = false;
        c.setMsr(msr);
    }
}
