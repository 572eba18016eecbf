package io.nestling.runtime.cpu;

/**
 * An instruction-caused interrupt on its way to the guest: thrown by semantics methods, caught once per engine loop.
 * One instance per {@link Vcpu}, allocated in advance and without a stack trace, so throwing costs no allocation. NIP
 * still holds the address of the interrupted instruction; DAR, DSISR and kin are set by the thrower.
 */
public final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Interrupt vector offset, for example 0x300. */
    public int vector;
    /** Bits for SRR1 (or HSRR1) 33..36 and 42..47, for example the program-interrupt cause. */
    public long srr1;

    /** One per vCPU. */
    public GuestFault() {
        super(null, null, false, false);
    }
}
