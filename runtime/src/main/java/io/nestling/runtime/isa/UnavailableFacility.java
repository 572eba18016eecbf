package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Facility;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;

/**
 * Transactional memory, which is never available since MSR[TM] cannot be set, the branch history buffer, which is always
 * empty, and the return from event-based branches (Power ISA 3.0B, Book II, chapters 5 to 7).
 */
public final class UnavailableFacility {
    private UnavailableFacility() {}

    private static final long BESCR_GE = 1L << 63;

    private static GuestFault transactional(Vcpu c) {
        return c.facilityUnavailable(Facility.TM);
    }

    public static void tbegin_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tend_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tabort_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tabortwc_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tabortwci_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tabortdc_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tabortdci_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tsr_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void tcheck(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void treclaim_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void trechkpt_(Vcpu c, int w) {
        throw transactional(c);
    }

    public static void clrbhrb(Vcpu c, int w) {
        needHistory(c);
    }

    public static void mfbhrbe(Vcpu c, int w) {
        needHistory(c);
        c.setGpr(rt(w), 0);
    }

    /** MMCR0[PMCC] opens the buffer to problem state. */
    private static void needHistory(Vcpu c) {
        c.needFacility(Facility.BHRB, false);
        if ((c.msr & Msr.PR) != 0 && (c.spr[Spr.MMCR0] >>> 18 & 2) == 0) {
            throw c.facilityUnavailable(Facility.BHRB);
        }
    }

    /** S (bit 20) becomes BESCR[GE]. */
    public static long rfebb(Vcpu c, int w, long pc) {
        c.spr[Spr.BESCR] = c.spr[Spr.BESCR] & ~BESCR_GE | ((w & 0x800) != 0 ? BESCR_GE : 0);
        return c.ea(c.spr[Spr.EBBRR] & ~3L);
    }
}
