package io.nestling.hv.papr;

import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;

/** The process table of a radix guest. No hash page table is offered, so neither are the calls that manage one. */
public final class MmuHcalls implements HcallFamily {
    private static final long CHANGE = 0x10;
    private static final long REGISTER = 0x08;
    private static final long RADIX = 0x04;
    private static final long GTSE = 0x01;
    private static final long ALL = 0x1f;
    private static final int MIN_SHIFT = 12;
    private static final int MAX_SIZE = 24;

    private final Lpar lpar;

    /** For one partition. */
    public MmuHcalls(Lpar lpar) {
        this.lpar = lpar;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0x37c, "H_REGISTER_PROC_TBL", this::registerProcessTable);
    }

    /** Arguments: flags, guest real address, page size (hash only), log2 of the size in bytes minus 12. */
    private long registerProcessTable(Processor cpu) {
        long flags = cpu.arg(1);
        long base = cpu.arg(2);
        long pageSize = cpu.arg(3);
        long size = cpu.arg(4);
        if ((flags & ~ALL) != 0) {
            return Status.PARAMETER;
        }
        if ((flags & CHANGE) == 0) {
            // Keeps what is registered; only the translation mode could change, and only radix with GTSE is offered.
            return (flags & (RADIX | GTSE)) == (RADIX | GTSE) ? Status.SUCCESS : Status.PARAMETER;
        }
        if ((flags & REGISTER) == 0) {
            setProcessTable(cpu, 0, 0);
            return Status.SUCCESS;
        }
        if ((flags & (RADIX | GTSE)) != (RADIX | GTSE)) {
            return Status.PARAMETER;
        }
        if ((base & (1L << MIN_SHIFT) - 1) != 0 || base < 0) {
            return Status.P2;
        }
        if (pageSize != 0) {
            return Status.P3;
        }
        if (size < 0 || size > MAX_SIZE) {
            return Status.P4;
        }
        long bytes = 1L << size + MIN_SHIFT;
        if (!lpar.memory.contains(base, bytes)) {
            return Status.P2;
        }
        setProcessTable(cpu, base, bytes);
        return Status.SUCCESS;
    }

    private void setProcessTable(Processor cpu, long base, long bytes) {
        lpar.partition.processTableSize = 0;
        lpar.partition.processTable = base;
        lpar.partition.processTableSize = bytes;
        cpu.vcpu.mmu.broadcast().invalidatePartition(lpar.partition.lpid);
    }
}
