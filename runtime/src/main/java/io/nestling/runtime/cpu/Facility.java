package io.nestling.runtime.cpu;

/**
 * Facilities that FSCR and HFSCR control (Power ISA 3.0B, Book III, 6.2.10 and 6.2.11): the number is both the bit,
 * counted from the least significant, and the interrupt cause (IC).
 */
public final class Facility {
    private Facility() {}

    /** Data stream control register, problem-state number. */
    public static final int DSCR = 2;
    /** Performance monitor registers. */
    public static final int PM = 3;
    /** Branch history rolling buffer. */
    public static final int BHRB = 4;
    /** Transactional memory. */
    public static final int TM = 5;
    /** Event-based branches. */
    public static final int EBB = 7;
    /** Target address register. */
    public static final int TAR = 8;
    /** {@code msgsndp} and kin. */
    public static final int MSGP = 10;
    /** System call vectored. */
    public static final int SCV = 12;
}
