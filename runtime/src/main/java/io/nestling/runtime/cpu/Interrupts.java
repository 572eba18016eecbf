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
    private static final long AIL_3 = 3L << 23;
    private static final long AIL_3_BASE = 0xc000000000004000L;

    /**
     * SRR1 bits that come from the MSR: all but 33..36 and 42..47, which carry the cause, and the bits the MSR does not
     * have.
     */
    private static final long SRR1_MSR_MASK = ~0x783f0000L;

    /**
     * Takes an interrupt: saves NIP and MSR, sets the MSR of the handler and moves NIP to the vector. The retired count
     * is kept. System call vectors go through here too.
     *
     * @param vector offset, 0x100..0xfff
     * @param srr1 cause bits to add
     */
    public static void deliver(Vcpu c, int vector, long srr1) {
        c.spr[Spr.SRR0] = c.nip;
        c.spr[Spr.SRR1] = c.msr & SRR1_MSR_MASK | srr1;
        long lpcr = c.spr[Spr.LPCR];
        long old = c.msr;
        long msr = Msr.SF | old & (Msr.ME | Msr.HV);
        if ((lpcr & LPCR_ILE) != 0) {
            msr |= Msr.LE;
        }
        long target = vector;
        boolean relocated = (lpcr & LPCR_AIL) == AIL_3 && (old & (Msr.IR | Msr.DR)) == (Msr.IR | Msr.DR)
                && vector != SYSTEM_RESET && vector != MACHINE_CHECK;
        if (relocated) {
            msr |= Msr.IR | Msr.DR;
            target = AIL_3_BASE | vector;
        }
        c.reserved = false;
        c.moved(c.nip, target);
        c.nip = target;
        c.setMsr(msr);
    }
}
