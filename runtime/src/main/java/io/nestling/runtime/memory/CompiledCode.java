package io.nestling.runtime.memory;

import io.nestling.runtime.cpu.Vcpu;

/**
 * Translated code of one region inside a code page. It knows nothing of where the page lies: the effective address of
 * the page is an argument, so one translation serves every place where the same bytes are found.
 */
public abstract class CompiledCode {
    /** Result: NIP is where to go on. */
    public static final int CONTINUE = 0;
    /** Result: NIP is a check point. */
    public static final int CHECK = 1;
    /** Result: NIP is a check point, and where its code is must be looked up anew. */
    public static final int CONTEXT = 2;
    /** Result: the instruction at NIP must be interpreted. */
    public static final int INTERPRET = 3;
    /** Result: the instruction at NIP raised the fault in {@link Vcpu#fault}. */
    public static final int FAULT = 4;

    /** Instructions retired in this code so far, counted by the interpreter loop; negative once nobody asks. */
    public long retired;
    /** How often it was run since that count was begun. */
    public long visits;
    /** Slot from which the region was formed. */
    public int start;

    /** For generated subclasses. */
    protected CompiledCode() {}

    /**
     * Runs from one of the region's entries until it leaves the region; NIP, all registers and the retired count are
     * up to date on return. Nothing is thrown.
     *
     * @param base effective address of the page
     * @param slot entry, as an instruction number in the page
     * @return one of the results above
     */
    public abstract int run(Vcpu c, long base, int slot);
}
