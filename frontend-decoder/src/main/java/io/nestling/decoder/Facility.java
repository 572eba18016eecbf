package io.nestling.decoder;

/** What must be enabled (in MSR, FSCR or HFSCR) for an instruction to execute; Power ISA 3.0B, Book III, 6.5.10 and 6.5.26. */
public enum Facility {
    /** Nothing. */
    NONE,
    /** Floating point, also decimal: MSR[FP]. */
    FP,
    /** Vector: MSR[VEC]. */
    VEC,
    /** Vector-scalar: MSR[VSX]. */
    VSX,
    /** MSR[VSX] when the first operand is VSR 0 to 31, MSR[VEC] when it is VSR 32 to 63. */
    VSXVEC,
    /** MSR[FP] when the vector-scalar operand is VSR 0 to 31, MSR[VEC] when it is VSR 32 to 63. */
    FPVEC,
    /** Transactional memory: MSR[TM]. */
    TM,
    /** The target address register: FSCR[TAR]. */
    TAR,
    /** System call vectored: FSCR[SCV]. */
    SCV,
    /** Event-based branches: FSCR[EBB]. */
    EBB,
    /** The branch history rolling buffer: MMCR0 and HFSCR[BHRB]. */
    BHRB,
    /** Privileged doorbells: HFSCR[MSGP]. */
    MSGP
}
