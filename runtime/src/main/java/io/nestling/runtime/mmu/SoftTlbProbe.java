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

    /**
     * The same for a store, in other words: where a load and a store have the same address, the optimizing compiler would
     * do what they have in common before both, though mostly neither of them comes here.
     */
    public static long store(long tlb, long low, long mix, long ea, int size) {
        long context = ea < 0 ? low ^ mix : low;
        long i = tlb + ((ea >> Mmu.PAGE_SHIFT - Mmu.ENTRY_SHIFT ^ context << Mmu.CONTEXT_SHIFT) & Mmu.ENTRY_MASK);
        long last = ea + size - 1;
        return HostMemory.getDouble(i + Mmu.STORE_TAG) == (last - (last & ~PAGE_MASK) | context) ? i : 0;
    }
}
