package io.nestling.runtime.mmu;

/** Kinds of storage access. */
public enum Access {
    /** Data load. */
    READ,
    /** Data store. */
    WRITE,
    /** Instruction fetch. */
    EXECUTE
}
