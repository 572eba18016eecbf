package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.mmu.Invalidator;
import java.lang.invoke.VarHandle;

/**
 * Lookaside buffer management (Power ISA 3.0B, Book III, 5.9.3). The soft TLB has a single congruence class and keeps
 * neither page walks nor process table entries. Partitions here are radix ones: SLB instructions have nothing to act on.
 */
public final class TlbControl {
    private TlbControl() {}

    /** LPCR[GTSE]: guests may broadcast. */
    private static final long LPCR_GTSE = 1L << 10;

    private static final int TLB_ONLY = 0;
    private static final int WALK_CACHE_ONLY = 1;

    private static final int BY_PROCESS = 1;

    /** Pages that a cluster invalidation (RIC=3) may name, rounded up. */
    private static final int CLUSTER = 16;

    public static void tlbie(Vcpu c, int w) {
        invalidate(c, w, c.mmu.broadcast(), false);
    }

    public static void tlbiel(Vcpu c, int w) {
        invalidate(c, w, c.mmu, true);
    }

    public static void tlbsync(Vcpu c, int w) {
        VarHandle.fullFence();
        c.mailbox.settle();
    }

    /**
     * Partition-scoped (PRS=0) and hash (R=0) forms are the hypervisor's. Invalid combinations of RIC and IS are taken as
     * the nearest one that invalidates more.
     */
    private static void invalidate(Vcpu c, int w, Invalidator target, boolean local) {
        boolean radix = (w & 0x10000) != 0;
        boolean processScoped = (w & 0x20000) != 0;
        int ric = w >>> 18 & 3;
        long operand = c.gpr(rb(w));
        int is = (int) (operand >>> 10) & 3;
        if (!radix || !processScoped || !local && (c.spr[Spr.LPCR] & LPCR_GTSE) == 0) {
            c.needHypervisor();
        }
        if (ric == WALK_CACHE_ONLY) {
            return;
        }
        int lpid = c.mmu.partition().lpid;
        if (!processScoped || is > BY_PROCESS) {
            // IS=3 reaches further than the partition only for a hypervisor's own guests.
            if (firstSet(operand, local)) {
                target.invalidatePartition(lpid);
            }
            return;
        }
        int pid = (int) (c.gpr(rt(w)) >>> 32) & 0xfffff;
        if (is == BY_PROCESS) {
            if (firstSet(operand, local)) {
                target.invalidateProcess(lpid, pid);
            }
            return;
        }
        int shift = pageShift((int) (operand >>> 5) & 7);
        if (shift == 0) {
            target.invalidateProcess(lpid, pid);
        } else {
            int pages = ric == TLB_ONLY ? 1 : CLUSTER;
            long length = (long) pages << shift;
            target.invalidateRange(lpid, pid, operand & -length, length);
        }
    }

    /**
     * A local invalidation goes set by set, number in bits 40..51; here all entries are in set 0, and the calls for the
     * others need do nothing.
     */
    private static boolean firstSet(long operand, boolean local) {
        return !local || (operand >>> 12 & 0xfff) == 0;
    }

    /** log2 of the page size for an AP value (figure "Radix page size encodings"), 0 when not defined. */
    private static int pageShift(int ap) {
        return switch (ap) {
            case 0 -> 12;
            case 1 -> 21;
            case 2 -> 30;
            case 5 -> 16;
            default -> 0;
        };
    }

    // ---- segment lookaside buffer --------------------------------------------------------------------------------

    public static void slbie(Vcpu c, int w) {}

    public static void slbieg(Vcpu c, int w) {}

    public static void slbia(Vcpu c, int w) {}

    public static void slbiag(Vcpu c, int w) {}

    public static void slbmte(Vcpu c, int w) {}

    public static void slbsync(Vcpu c, int w) {}

    /** An invalid entry reads as 0. */
    public static void slbmfev(Vcpu c, int w) {
        c.setGpr(rt(w), 0);
    }

    /** An invalid entry reads as 0. */
    public static void slbmfee(Vcpu c, int w) {
        c.setGpr(rt(w), 0);
    }

    /** Nothing is found: RT is 0 and CR0 is SO alone. */
    public static void slbfee_(Vcpu c, int w) {
        c.setGpr(rt(w), 0);
        c.setCr(0, c.so);
    }
}
