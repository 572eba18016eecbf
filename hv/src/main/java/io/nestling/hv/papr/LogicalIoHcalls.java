package io.nestling.hv.papr;

import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import java.util.List;

/** Loads and stores by real address on a guest's behalf, and the cache calls that go with them. */
public final class LogicalIoHcalls implements HcallFamily {
    private final Lpar lpar;

    /** For one partition. */
    public LogicalIoHcalls(Lpar lpar) {
        this.lpar = lpar;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0x3c, "H_LOGICAL_CI_LOAD", this::load);
        table.register(0x40, "H_LOGICAL_CI_STORE", this::store);
        // Guest caches are not modelled, so there is nothing to flush or invalidate.
        table.register(0x4c, "H_LOGICAL_ICBI", cpu -> Status.SUCCESS);
        table.register(0x44, "H_LOGICAL_CACHE_LOAD", this::load);
        table.register(0x48, "H_LOGICAL_CACHE_STORE", this::store);
        table.register(0x50, "H_LOGICAL_DCBF", cpu -> Status.SUCCESS);
    }

    @Override
    public List<String> functionSets() {
        return List.of("hcall-debug");
    }

    private boolean valid(long size, long address) {
        return size > 0 && size <= 8 && Long.bitCount(size) == 1 && (address & size - 1) == 0
                && lpar.memory.contains(address, size);
    }

    /** Arguments: size in bytes, address. */
    private long load(Processor cpu) {
        if (!valid(cpu.arg(1), cpu.arg(2))) {
            return Status.PARAMETER;
        }
        cpu.result(1, lpar.memory.load(cpu.arg(2), (int) cpu.arg(1)));
        return Status.SUCCESS;
    }

    /** Arguments: size in bytes, address, value. */
    private long store(Processor cpu) {
        if (!valid(cpu.arg(1), cpu.arg(2))) {
            return Status.PARAMETER;
        }
        lpar.memory.store(cpu.arg(2), (int) cpu.arg(1), cpu.arg(3));
        return Status.SUCCESS;
    }
}
