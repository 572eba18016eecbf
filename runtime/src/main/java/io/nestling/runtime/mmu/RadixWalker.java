package io.nestling.runtime.mmu;

import io.nestling.runtime.memory.Ram;

/**
 * Walks radix trees (Power ISA 3.0B, Book III, 5.7.10): process-scoped ones, whose tables lie at guest real addresses,
 * and partition-scoped ones. Reference and change bits are set atomically, before the translation is used. Nothing here
 * trusts the tables: sizes are checked at each step and every access stays inside RAM.
 */
public final class RadixWalker {
    /** DSISR: no valid entry. */
    public static final long NO_ENTRY = 0x40000000L;
    /** SRR1 on an instruction storage interrupt: no-execute. */
    public static final long NO_EXECUTE = 0x10000000L;
    /** DSISR: protection. */
    public static final long PROTECTION = 0x08000000L;
    /** DSISR: the access was a store. */
    public static final long STORE = 0x02000000L;
    /** DSISR: unsupported radix tree configuration. */
    public static final long UNSUPPORTED = 0x00080000L;
    /** DSISR: the process table entry is not reachable. HDSISR: it was an access to a process-scoped table that failed. */
    public static final long PROCESS_TABLE = 0x00020000L;
    /** HSRR1 on a hypervisor instruction storage interrupt: a table could not be stored to. */
    public static final long TABLE_STORE = 0x00010000L;

    private static final long VALID = 1L << 63;
    private static final long LEAF = 1L << 62;
    private static final long REFERENCED = 0x100;
    private static final long CHANGED = 0x80;
    private static final long EAA_PRIVILEGED = 8;
    private static final long EAA_READ = 4;
    private static final long EAA_WRITE = 2;
    private static final long EAA_EXECUTE = 1;
    private static final long NEXT_BASE = 0x0fffffffffffff00L;
    private static final long REAL_PAGE = 0x01fffffffffff000L;

    private final Ram ram;

    /** A walker over this RAM; it has no state, so that all threads may share it. */
    public RadixWalker(Ram ram) {
        this.ram = ram;
    }

    /**
     * Translates an effective address through a process-scoped tree and then the partition scope.
     *
     * @param ea effective address, any value
     * @param pid process identifier of the address's quadrant
     * @param problem true when MSR[PR] is set
     * @param amr AMR bits 0..1 (2: stores denied, 1: loads denied), which apply to privileged accesses to problem-state
     *     pages
     * @param iamrExecuteDenied IAMR bit 1: privileged fetches from problem-state pages denied
     * @return true when translated and permitted; else {@code out} says why not
     */
    public boolean translate(Partition p, long ea, int pid, boolean problem, int amr, boolean iamrExecuteDenied,
            Access access, Translation out) {
        out.hypervisor = false;
        out.segment = false;
        long entry = 16L * pid;
        if (entry + 16 > p.processTableSize) {
            return fail(out, PROCESS_TABLE);
        }
        if (!table(p.scope, p.processTable + entry, Access.READ, out)) {
            return false;
        }
        long root = ram.getDoubleBe(out.hra);
        int rts = (int) (root >>> 58 & 0x18 | root >>> 5 & 7);
        int eaBits = rts + 31;
        // Quadrant bits are not translated; what lies between them and the tree's size must be zero.
        long offset = ea & 0x3fffffffffffffffL;
        if (eaBits > 62 || offset >>> eaBits != 0) {
            out.segment = true;
            return fail(out, 0);
        }
        return walk(root, eaBits, offset, p.scope, problem, amr, iamrExecuteDenied, access, out)
                && finish(p.scope, access, out);
    }

    /**
     * Translates a guest real address through a partition-scoped tree, whose tables lie at addresses of {@code scope}
     * (the hypervisor's own second stage). The privilege bit means nothing there.
     *
     * @param root first doubleword of the partition table entry
     */
    public boolean translatePartition(PartitionScope scope, long root, long gra, Access access, Translation out) {
        out.hypervisor = false;
        out.segment = false;
        int rts = (int) (root >>> 58 & 0x18 | root >>> 5 & 7);
        int bits = rts + 31;
        if (gra < 0 || bits > 62 || gra >>> bits != 0) {
            return fail(out, NO_ENTRY);
        }
        return walk(root, bits, gra, scope, false, 0, false, access, out) && finish(scope, access, out);
    }

    /** On success {@code out} holds the leaf's guest real address in {@code hra}, its page size and permissions. */
    private boolean walk(long root, int addressBits, long offset, PartitionScope scope, boolean problem, int amr,
            boolean iamrExecuteDenied, Access access, Translation out) {
        long base = root & NEXT_BASE;
        int size = (int) root & 0x1f;
        int left = addressBits;
        while (true) {
            if (size < 5 || size > left - 12 || size > 16) {
                return fail(out, UNSUPPORTED);
            }
            left -= size;
            long index = offset >>> left & (1L << size) - 1;
            if (!table(scope, base + 8 * index, Access.READ, out)) {
                return false;
            }
            long at = out.hra;
            long pte = ram.getDoubleBe(at);
            if (pte >= 0) {
                return fail(out, NO_ENTRY);
            }
            if ((pte & LEAF) != 0) {
                return leaf(base + 8 * index, at, pte, left, offset, scope, problem, amr, iamrExecuteDenied, access, out);
            }
            base = pte & NEXT_BASE;
            size = (int) pte & 0x1f;
        }
    }

    private boolean leaf(long gra, long found, long first, int shift, long offset, PartitionScope scope, boolean problem,
            int amr, boolean iamrExecuteDenied, Access access, Translation out) {
        long pte = first;
        long at = found;
        boolean writable = false;
        while (true) {
            boolean privileged = (pte & EAA_PRIVILEGED) != 0;
            boolean r = (pte & (EAA_READ | EAA_WRITE)) != 0;
            boolean w = (pte & EAA_WRITE) != 0;
            boolean x = (pte & EAA_EXECUTE) != 0;
            out.keyed = !problem && !privileged;
            if (problem && privileged) {
                r = false;
                w = false;
                x = false;
            } else if (!problem && !privileged) {
                r &= (amr & 1) == 0;
                w &= (amr & 2) == 0;
                x &= !iamrExecuteDenied;
            }
            boolean allowed = access == Access.READ ? r : access == Access.WRITE ? w : x;
            if (!allowed) {
                return fail(out, access == Access.EXECUTE && (pte & EAA_EXECUTE) == 0 ? NO_EXECUTE : PROTECTION);
            }
            long wanted = pte | REFERENCED | (access == Access.WRITE ? CHANGED : 0);
            if (wanted != pte && !writable) {
                // The hypervisor may have mapped the table's page for reading only.
                if (!table(scope, gra, Access.WRITE, out)) {
                    return false;
                }
                at = out.hra;
                writable = true;
            }
            if (wanted != pte && !ram.casDoubleBe(at, pte, wanted)) {
                pte = ram.getDoubleBe(at);
                if ((pte & (VALID | LEAF)) != (VALID | LEAF)) {
                    return fail(out, NO_ENTRY);
                }
                continue;
            }
            long mask = (1L << shift) - 1;
            out.hra = pte & REAL_PAGE & ~mask | offset & mask;
            out.shift = shift;
            out.allow(r, w && (wanted & CHANGED) != 0, x);
            return true;
        }
    }

    private boolean finish(PartitionScope scope, Access access, Translation out) {
        long gra = out.hra;
        Translation step = out.inner();
        step.hypervisor = false;
        if (!scope.translate(gra, access, step)) {
            out.hra = step.hra;
            return hypervisorFail(out, gra, step.fault);
        }
        out.gra = gra;
        out.hra = step.hra;
        out.shift = Math.min(out.shift, step.shift);
        // A page not yet written to needs no change bit at the second stage either.
        out.allow(out.read && step.read, out.write && step.write, out.execute && step.execute);
        return true;
    }

    /** Finds a doubleword of a table; {@code access} says what is to be done to it. */
    private static boolean table(PartitionScope scope, long gra, Access access, Translation out) {
        Translation step = out.inner();
        if (!scope.translate(gra & ~7L, access, step)) {
            out.hra = -1;
            return hypervisorFail(out, gra, step.fault == 0 ? 0
                    : step.fault | PROCESS_TABLE | (access == Access.WRITE ? STORE : 0));
        }
        out.hra = step.hra;
        return true;
    }

    private static boolean hypervisorFail(Translation out, long gra, long fault) {
        out.hypervisor = true;
        out.gra = gra;
        out.fault = fault;
        return false;
    }

    private static boolean fail(Translation out, long fault) {
        out.fault = fault;
        return false;
    }
}
