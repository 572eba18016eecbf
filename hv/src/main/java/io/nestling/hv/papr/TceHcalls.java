package io.nestling.hv.papr;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.image.DeviceTree;
import io.nestling.runtime.memory.GuestMemory;
import java.util.Arrays;
import java.util.List;

/**
 * The translation table of the PCI bus's DMA window (PAPR, "TCE hypervisor calls"). Linux insists on a window, so there
 * is a small one; its entries are kept, but virtio devices without {@code VIRTIO_F_ACCESS_PLATFORM} use guest real
 * addresses and do not pass through it.
 */
public final class TceHcalls implements HcallFamily {
    private static final int LIOBN = 0x8000_0000;
    private static final int PAGE_SHIFT = 12;
    private static final int ENTRIES = 4096;
    private static final int MOST_INDIRECT = 512;

    private final GuestMemory memory;
    private final long[] table = new long[ENTRIES];

    /** For one partition's memory, where lists of entries lie. */
    public TceHcalls(GuestMemory memory) {
        this.memory = memory;
    }

    @Override
    public void register(HcallTable hcalls) {
        hcalls.register(0x1c, "H_GET_TCE", this::get);
        hcalls.register(0x20, "H_PUT_TCE", this::put);
        hcalls.register(0x138, "H_STUFF_TCE", this::stuff);
        hcalls.register(0x13c, "H_PUT_TCE_INDIRECT", this::putIndirect);
    }

    @Override
    public List<String> functionSets() {
        return List.of("hcall-tce", "hcall-multi-tce");
    }

    /** The window, as property of a bus. */
    public static void describe(DeviceTree.Node bus) {
        bus.cells("ibm,#dma-address-cells", 2).cells("ibm,#dma-size-cells", 2)
                .cells("ibm,dma-window", LIOBN, 0, 0, 0, ENTRIES << PAGE_SHIFT);
    }

    /** Arguments of all calls begin with the table's number and a bus address; the result is an index or -1. */
    private static int first(Processor cpu, long count) {
        long page = cpu.arg(2) >>> PAGE_SHIFT;
        return cpu.arg(1) == (LIOBN & 0xffffffffL) && count >= 0 && count <= ENTRIES && page <= ENTRIES - count ? (int) page : -1;
    }

    private synchronized long get(Processor cpu) {
        int i = first(cpu, 1);
        if (i < 0) {
            return Status.PARAMETER;
        }
        cpu.result(1, table[i]);
        return Status.SUCCESS;
    }

    /** Argument: entry. */
    private synchronized long put(Processor cpu) {
        int i = first(cpu, 1);
        if (i < 0) {
            return Status.PARAMETER;
        }
        table[i] = cpu.arg(3);
        return Status.SUCCESS;
    }

    /** Arguments: entry, how many times. */
    private synchronized long stuff(Processor cpu) {
        int i = first(cpu, cpu.arg(4));
        if (i < 0) {
            return Status.PARAMETER;
        }
        Arrays.fill(table, i, i + (int) cpu.arg(4), cpu.arg(3));
        return Status.SUCCESS;
    }

    /** Arguments: real address of a page of entries, how many. */
    private synchronized long putIndirect(Processor cpu) {
        long list = cpu.arg(3);
        int i = cpu.arg(4) <= MOST_INDIRECT ? first(cpu, cpu.arg(4)) : -1;
        if (i < 0 || (list & (1 << PAGE_SHIFT) - 1) != 0 || !memory.contains(list, 8 * cpu.arg(4))) {
            return Status.PARAMETER;
        }
        for (int k = 0; k < cpu.arg(4); k++) {
            table[i + k] = memory.load(list + 8L * k, 8);
        }
        return Status.SUCCESS;
    }
}
