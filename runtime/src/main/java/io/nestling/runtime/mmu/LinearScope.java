package io.nestling.runtime.mmu;

/** The partition scope of L1 under level 0: GRA equals HRA inside RAM, and nothing exists outside it. */
public final class LinearScope implements PartitionScope {
    private final long size;

    /** For a guest with {@code size} bytes of RAM from address 0. */
    public LinearScope(long size) {
        this.size = size;
    }

    @Override
    public boolean translate(long gra, Access access, Translation result) {
        if (gra < 0 || gra >= size) {
            result.fault = 0;
            result.hypervisor = true;
            result.gra = gra;
            result.hra = gra;
            return false;
        }
        result.hra = gra;
        result.shift = (gra | (1L << 30) - 1) < size ? 30 : (gra | (1L << 21) - 1) < size ? 21
                // RAM sizes are multiples of 64 KiB, so a 64 KiB page is wholly inside or outside.
                : 16;
        result.allow(true, true, true);
        return true;
    }
}
