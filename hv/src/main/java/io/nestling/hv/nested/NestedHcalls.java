package io.nestling.hv.nested;

import io.nestling.hv.ledger.NestLedger;
import io.nestling.hv.papr.HcallFamily;
import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.papr.Status;
import io.nestling.hv.partition.Guest;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.mmu.Invalidator;
import java.util.List;

/**
 * The hypercalls by which a guest becomes a hypervisor: where its partition table is, running a guest, forgetting
 * translations, and reading a guest's memory.
 */
public final class NestedHcalls implements HcallFamily {
    static final int H_ENTER_NESTED = 0xf804;

    private static final int WALK_CACHE_ONLY = 1;
    private static final int ALL = 2;
    private static final int CLUSTER = 3;

    private static final int IS_ADDRESS = 0;
    private static final int IS_PROCESS = 1;
    private static final int IS_PARTITION = 2;

    private static final long TARGET_CORES = 1;
    private static final long TYPE_NESTED = 1;
    /** Translations, walk caches and table entries: everything. */
    private static final long TYPE_ALL = 0xe;
    private static final long TYPE_PROCESS_TABLE = 8;
    private static final int PID_LIMIT = 1 << 20;
    private static final int PAGE_SHIFT = 12;

    private final EnterNested entry;
    private final NestLedger ledger;
    private final QuadrantCopy copy;
    private final boolean rangeInvalidation;

    /**
     * For one machine.
     *
     * @param rangeInvalidation whether H_RPT_INVALIDATE is offered; Linux prefers it where it is
     */
    public NestedHcalls(EnterNested entry, NestLedger ledger, QuadrantCopy copy, boolean rangeInvalidation) {
        this.entry = entry;
        this.ledger = ledger;
        this.copy = copy;
        this.rangeInvalidation = rangeInvalidation;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0xf800, "H_SET_PARTITION_TABLE", this::setPartitionTable);
        table.register(H_ENTER_NESTED, "H_ENTER_NESTED", entry::enter);
        table.register(0xf808, "H_TLB_INVALIDATE", this::tlbInvalidate);
        table.register(0xf80c, "H_COPY_TOFROM_GUEST", this::copyToOrFromGuest);
        if (rangeInvalidation) {
            table.register(0x448, "H_RPT_INVALIDATE", this::rptInvalidate);
        }
    }

    @Override
    public List<String> functionSets() {
        return rangeInvalidation ? List.of("hcall-rpt-invalidate") : List.of();
    }

    /** Argument: what a hypervisor would put into the PTCR. */
    private long setPartitionTable(Processor cpu) {
        if (!cpu.guest.setPartitionTable(cpu.arg(1), cpu.vcpu.mmu.broadcast())) {
            return Status.PARAMETER;
        }
        cpu.vcpu.mailbox.settle();
        return Status.SUCCESS;
    }

    /** Arguments: a tlbie instruction's word, and the contents of its RS and RB. */
    private long tlbInvalidate(Processor cpu) {
        long word = cpu.arg(1);
        long lpid = cpu.arg(2) & 0xffffffffL;
        long rb = cpu.arg(3);
        int ric = (int) (word >>> 18) & 3;
        boolean processScoped = (word >>> 17 & 1) != 0;
        boolean radix = (word >>> 16 & 1) != 0;
        int is = (int) (rb >>> 10) & 3;
        if (!radix || processScoped || ric == CLUSTER || is == IS_PROCESS || is == IS_ADDRESS && ric != 0) {
            return Status.PARAMETER;
        }
        Invalidator tlbs = cpu.vcpu.mmu.broadcast();
        if (is == IS_ADDRESS) {
            int shift = pageShift((int) (rb >>> 5) & 7);
            if (shift == 0) {
                return Status.PARAMETER;
            }
            Guest guest = cpu.guest.known(lpid);
            if (guest != null) {
                guest.forget(rb & -1L << shift, 1L << shift, tlbs);
            }
        } else if (is == IS_PARTITION) {
            forget(cpu.guest.known(lpid), ric, tlbs);
        } else {
            for (int i = 1; i < Guest.MAX_GUESTS; i++) {
                forget(cpu.guest.known(i), ric, tlbs);
            }
        }
        cpu.vcpu.mailbox.settle();
        return Status.SUCCESS;
    }

    private void forget(Guest guest, int ric, Invalidator tlbs) {
        if (guest == null || ric == WALK_CACHE_ONLY) {
            return;
        }
        if (ric != ALL) {
            guest.forget(tlbs);
        } else if (!guest.reload(tlbs)) {
            ledger.ended(guest.partition.lpid);
        }
    }

    /** log2 of the page size for an AP value (ISA 3.0B, Book III, figure "Radix page size encodings"), 0 if not defined. */
    private static int pageShift(int ap) {
        return switch (ap) {
            case 0 -> 12;
            case 1 -> 21;
            case 2 -> 30;
            case 5 -> 16;
            default -> 0;
        };
    }

    /** Arguments: PID or LPID, target, type, page sizes, first address, last address or the one behind it. */
    private long rptInvalidate(Processor cpu) {
        long id = cpu.arg(1);
        long target = cpu.arg(2);
        long type = cpu.arg(3);
        long start = cpu.arg(5);
        long end = cpu.arg(6);
        if (Long.compareUnsigned(end, start) < 0) {
            return Status.P5;
        }
        Invalidator tlbs = cpu.vcpu.mmu.broadcast();
        long first = start & -1L << PAGE_SHIFT;
        if ((type & TYPE_NESTED) != 0) {
            if (target != TARGET_CORES) {
                return Status.P2;
            }
            Guest guest = cpu.guest.known(id);
            // Linux flushes a guest's translations before it first runs it, so an unknown guest is no error.
            if (guest != null) {
                if ((type & TYPE_ALL) == TYPE_ALL || start == 0 && end == -1) {
                    forget(guest, (type & TYPE_ALL) == TYPE_ALL ? ALL : 0, tlbs);
                } else {
                    guest.forget(first, end - first, tlbs);
                }
            }
            cpu.vcpu.mailbox.settle();
            return Status.SUCCESS;
        }
        if (id < 0 || id >= PID_LIMIT) {
            return Status.PARAMETER;
        }
        int lpid = cpu.guest.partition.lpid;
        if ((type & TYPE_PROCESS_TABLE) != 0 || end - first < 0) {
            tlbs.invalidateProcess(lpid, (int) id);
        } else {
            tlbs.invalidateRange(lpid, (int) id, first, end - first);
        }
        cpu.vcpu.mailbox.settle();
        return Status.SUCCESS;
    }

    /** Arguments: LPID, PID, effective address in quadrant 1, target or 0, source or 0, bytes. */
    private long copyToOrFromGuest(Processor cpu) {
        long address = cpu.arg(3);
        long to = cpu.arg(4);
        long from = cpu.arg(5);
        long length = cpu.arg(6);
        if (to != 0 && from != 0 || address >>> 52 != 0) {
            return Status.PARAMETER;
        }
        Guest guest = cpu.guest.known(cpu.arg(1));
        if (guest == null) {
            return Status.PARAMETER;
        }
        int pid = (int) cpu.arg(2) & PID_LIMIT - 1;
        boolean done = to != 0 ? copy.out(guest, pid, address, to, length) : copy.in(guest, pid, address, from, length);
        return done ? Status.SUCCESS : Status.NOT_FOUND;
    }
}
