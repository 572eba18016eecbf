package io.nestling.runtime.mmu;

/** The outcome of a translation step; reused, so that walking allocates nothing. */
public final class Translation {
    /**
     * Host real address of the very byte asked for. On failure with {@link #fault} 0, the real address that does not exist,
     * where a device may be; -1 when a table was to be read there.
     */
    public long hra;
    /** log2 of the page size over which the translation holds (the smallest of all levels walked). */
    public int shift;
    /** Loads permitted. */
    public boolean read;
    /** Stores permitted, and every change bit on the way is already set. */
    public boolean write;
    /** Fetches permitted. */
    public boolean execute;
    /** On failure: DSISR or HDSISR bits without the store bit; 0 means the real address does not exist at all. */
    public long fault;
    /** On failure: true when the partition-scoped step failed, so the interrupt belongs to the hypervisor. */
    public boolean hypervisor;
    /** The guest real address that the partition scope translated, or could not. */
    public long gra;
    /** On failure: the process table entry was invalid or unreachable, or the segment (quadrant) is not allowed. */
    public boolean segment;

    /** True when AMR or IAMR had a say: a page of problem state's, in privileged state. */
    public boolean keyed;

    private Translation inner;

    /** A translation for the next scope in, so that walking needs no state of its own. */
    Translation inner() {
        Translation t = inner;
        if (t == null) {
            t = new Translation();
            inner = t;
        }
        return t;
    }

    /** Sets the permissions. */
    public void allow(boolean r, boolean w, boolean x) {
        read = r;
        write = w;
        execute = x;
    }

    /** Does the permission set include this access? */
    public boolean permits(Access access) {
        return switch (access) {
            case READ -> read;
            case WRITE -> write;
            case EXECUTE -> execute;
        };
    }
}
