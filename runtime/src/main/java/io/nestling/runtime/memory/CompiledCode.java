package io.nestling.runtime.memory;

import io.nestling.runtime.cpu.GuestFault;
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

    /** What a translation is made for. */
    public enum Tier {
        /** Code that has been run some thousand times. */
        WARM,
        /** Code where much time is spent, and that is left soon after it was entered: what follows the place. */
        HOT,
        /** A place where much time is spent without leaving the loops around it. Others do not take these in. */
        LOOP;

        /** Is it one for the optimizing compiler? */
        public boolean optimized() {
            return this != WARM;
        }
    }

    /** Set before it is installed. */
    public Tier tier;
    /** Instructions retired in this code so far, counted by the interpreter loop; negative once nobody asks. */
    public long retired;
    /** How often it was run since that count was begun. */
    public long visits;
    /** Slot from which the region was formed. */
    public int start;

    /** Where the region goes on in another page, the translations of that page; else null. */
    public CompiledCode[] next;

    /** Generated subclasses are allocated without it. */
    protected CompiledCode() {}

    /**
     * Runs from one of the region's entries until it leaves the region; NIP, all registers and the retired count are
     * up to date then.
     *
     * @param base effective address of the page
     * @param slot entry, as an instruction number in the page
     * @return one of the results above
     * @throws GuestFault instead of returning {@link #FAULT}
     */
    public abstract int run(Vcpu c, long base, int slot);

    /**
     * Is another page the one that the region knows?
     *
     * @param ea effective address in that page
     */
    public final boolean goesOn(Vcpu c, long ea) {
        CodePage page = c.mmu.fetched(ea);
        return page != null && next != null && page.compiled == next;
    }
}
