package io.nestling.runtime.cpu;

/** Bits of the machine state register (Power ISA 3.0B, Book III, 4.2.1). */
public final class Msr {
    private Msr() {}

    /** 64-bit mode. */
    public static final long SF = 1L << 63;
    /** Hypervisor state. */
    public static final long HV = 1L << 60;
    /** Vector available. */
    public static final long VEC = 1L << 25;
    /** VSX available. */
    public static final long VSX = 1L << 23;
    /** External interrupts enabled. */
    public static final long EE = 1L << 15;
    /** Problem state. */
    public static final long PR = 1L << 14;
    /** Floating point available. */
    public static final long FP = 1L << 13;
    /** Machine check enabled. */
    public static final long ME = 1L << 12;
    /** Floating-point exception mode 0. */
    public static final long FE0 = 1L << 11;
    /** Single-step trace. */
    public static final long SE = 1L << 10;
    /** Branch trace. */
    public static final long BE = 1L << 9;
    /** Floating-point exception mode 1. */
    public static final long FE1 = 1L << 8;
    /** Instruction relocation. */
    public static final long IR = 1L << 5;
    /** Data relocation. */
    public static final long DR = 1L << 4;
    /** Performance monitor mark. */
    public static final long PMM = 1L << 2;
    /** Recoverable interrupt. */
    public static final long RI = 1L << 1;
    /** Little-endian mode. */
    public static final long LE = 1L;

    /** The bits that change what storage accesses do. */
    public static final long TRANSLATION = HV | PR | IR | DR | LE;

    /** The bits that exist here; all others read as 0. Transactional memory is not implemented. */
    public static final long IMPLEMENTED =
            SF | HV | VEC | VSX | EE | PR | FP | ME | FE0 | SE | BE | FE1 | IR | DR | PMM | RI | LE;
}
