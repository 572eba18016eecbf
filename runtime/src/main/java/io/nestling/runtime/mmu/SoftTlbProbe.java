package io.nestling.runtime.mmu;

import io.nestling.runtime.memory.HostMemory;

/** The soft TLB's lookup for emitted code, with what it needs as arguments; must agree with {@link Mmu}'s own. */
public final class SoftTlbProbe {
    private SoftTlbProbe() {}

    private static final long PAGE_MASK = -1L << Mmu.PAGE_SHIFT;

    /**
     * The entry for a load.
     *
     * @param tlb {@link Mmu#entries}
     * @param low {@link Mmu#lowContext}
     * @param mix that exclusive-or {@link Mmu#highContext}
     * @param ea effective address
     * @param size bytes accessed
     * @return host address of the entry, 0 on a miss
     */
    public static long load(long tlb, long low, long mix, long ea, int size) {
        long context = ea >> 63 & mix ^ low;
        long i = tlb + ((ea >>> Mmu.PAGE_SHIFT - Mmu.ENTRY_SHIFT ^ context << Mmu.CONTEXT_SHIFT) & Mmu.ENTRY_MASK);
        return HostMemory.getDouble(i) == (ea + size - 1 & PAGE_MASK | context) ? i : 0;
    }

    /** The same for a store. */
    public static long store(long tlb, long low, long mix, long ea, int size) {
        long context = ea >> 63 & mix ^ low;
        long i = tlb + ((ea >>> Mmu.PAGE_SHIFT - Mmu.ENTRY_SHIFT ^ context << Mmu.CONTEXT_SHIFT) & Mmu.ENTRY_MASK);
        return HostMemory.getDouble(i + Mmu.STORE_TAG) == (ea + size - 1 & PAGE_MASK | context) ? i : 0;
    }
}
