package io.nestling.hv.partition;

import io.nestling.runtime.mmu.Access;
import io.nestling.runtime.mmu.PartitionScope;
import io.nestling.runtime.mmu.RadixWalker;
import io.nestling.runtime.mmu.Translation;

/**
 * The second stage of a nested guest: the tree that its hypervisor made, then the hypervisor's own second stage, collapsed
 * into one step that is remembered. Reference and change bits are set in the hypervisor's tree, which owns them.
 */
final class ShadowScope implements PartitionScope {
    private final RadixWalker walker;
    private final PartitionScope hypervisor;
    private final ShadowMap map;
    /** First doubleword of the partition table entry: where the tree is. */
    private volatile long root;
    private long walks;

    ShadowScope(RadixWalker walker, PartitionScope hypervisor, ShadowMap map) {
        this.walker = walker;
        this.hypervisor = hypervisor;
        this.map = map;
    }

    void setRoot(long doubleword) {
        root = doubleword;
    }

    /** Walks so far: translations that were not remembered; counted without care for other threads. */
    long walks() {
        return walks;
    }

    @Override
    public boolean translate(long gra, Access access, Translation result) {
        // A remembered page may lack a right for want of a change bit only; then the walk sets it.
        if (map.find(gra, result) && result.permits(access)) {
            result.gra = gra;
            return true;
        }
        walks++;
        long since = map.generation();
        if (!walker.translatePartition(hypervisor, root, gra, access, result)) {
            if (result.fault == 0 && result.hra == -1) {
                // The hypervisor's tables are not all in its memory.
                result.fault = RadixWalker.UNSUPPORTED;
            } else if (result.hypervisor && result.fault != 0) {
                // A level further out refused: to this guest's hypervisor there is no such page yet.
                result.fault = RadixWalker.NO_ENTRY;
            }
            result.hypervisor = true;
            result.gra = gra;
            return false;
        }
        result.gra = gra;
        map.enter(gra, result, since);
        return true;
    }
}
