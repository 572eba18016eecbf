package io.nestling.runtime.mmu;

/**
 * What the MMU must know of the logical partition a vCPU runs in: its identifier (LPID, or shadow LPID for nested
 * guests), its second stage, and where its process table is (guest real; ISA 3.0B, Book III, 5.7.6).
 */
public final class Partition {
    /** Unique per machine; tags the soft TLB. */
    public final int lpid;
    /** Second stage. */
    public final PartitionScope scope;
    /** Guest real address of the process table. */
    public volatile long processTable;
    /** Bytes of the process table; 0 when there is none. */
    public volatile long processTableSize;

    /** A partition without a process table yet. */
    public Partition(int lpid, PartitionScope scope) {
        this.lpid = lpid;
        this.scope = scope;
    }
}
