package io.nestling.runtime.mmu;

/** Something that can be told to forget translations: one MMU, or all of a machine. Forgetting more is always allowed. */
public interface Invalidator {
    /** Forgets the translations of {@code length} bytes from an effective address of one process. */
    void invalidateRange(int lpid, int pid, long ea, long length);

    /** Forgets the translations of one partition that lead through {@code length} bytes from a guest real address. */
    void invalidateReal(int lpid, long gra, long length);

    /** Forgets all translations of one process. */
    void invalidateProcess(int lpid, int pid);

    /** Forgets all translations of one partition. */
    void invalidatePartition(int lpid);
}
