package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ds;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.si;

import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.mmu.Access;

/**
 * Floating-point loads and stores (Power ISA 3.0B, Book I, 4.6.2 to 4.6.4). Singles are converted by moving bits, so
 * NaNs keep their payload and no status changes. A load clears doubleword 1 of the VSR.
 */
public final class FloatLoadStore {
    private FloatLoadStore() {}

    private static void set(Vcpu c, int w, long v) {
        FloatUnit.set(c, 2 * rt(w), v);
    }

    private static long single(Vcpu c, long ea) {
        return SingleFormat.toDouble((int) c.mmu.loadWord(ea));
    }

    private static long source(Vcpu c, int w) {
        return c.vsr[2 * rt(w)];
    }

    public static void lfs(Vcpu c, int w) {
        set(c, w, single(c, Ea.base(c, w, si(w))));
    }

    public static void lfsx(Vcpu c, int w) {
        set(c, w, single(c, Ea.indexed(c, w)));
    }

    public static void lfsu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        set(c, w, single(c, ea));
        c.setGpr(ra(w), ea);
    }

    public static void lfsux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        set(c, w, single(c, ea));
        c.setGpr(ra(w), ea);
    }

    public static void lfd(Vcpu c, int w) {
        set(c, w, c.mmu.loadDouble(Ea.base(c, w, si(w))));
    }

    public static void lfdx(Vcpu c, int w) {
        set(c, w, c.mmu.loadDouble(Ea.indexed(c, w)));
    }

    public static void lfdu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        set(c, w, c.mmu.loadDouble(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lfdux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        set(c, w, c.mmu.loadDouble(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lfiwax(Vcpu c, int w) {
        set(c, w, (int) c.mmu.loadWord(Ea.indexed(c, w)));
    }

    public static void lfiwzx(Vcpu c, int w) {
        set(c, w, c.mmu.loadWord(Ea.indexed(c, w)));
    }

    public static void stfs(Vcpu c, int w) {
        c.mmu.storeWord(Ea.base(c, w, si(w)), SingleFormat.fromDouble(source(c, w)));
    }

    public static void stfsx(Vcpu c, int w) {
        c.mmu.storeWord(Ea.indexed(c, w), SingleFormat.fromDouble(source(c, w)));
    }

    public static void stfsu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        c.mmu.storeWord(ea, SingleFormat.fromDouble(source(c, w)));
        c.setGpr(ra(w), ea);
    }

    public static void stfsux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        c.mmu.storeWord(ea, SingleFormat.fromDouble(source(c, w)));
        c.setGpr(ra(w), ea);
    }

    public static void stfd(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.base(c, w, si(w)), source(c, w));
    }

    public static void stfdx(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.indexed(c, w), source(c, w));
    }

    public static void stfdu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        c.mmu.storeDouble(ea, source(c, w));
        c.setGpr(ra(w), ea);
    }

    public static void stfdux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        c.mmu.storeDouble(ea, source(c, w));
        c.setGpr(ra(w), ea);
    }

    public static void stfiwx(Vcpu c, int w) {
        c.mmu.storeWord(Ea.indexed(c, w), (int) source(c, w));
    }

    /** The doubleword at the lower address goes to the even register, or to the odd one in little-endian mode. */
    private static void loadPair(Vcpu c, int w, long ea) {
        long first = c.mmu.loadDouble(ea);
        long second = c.mmu.loadDouble(c.ea(ea + 8));
        int even = evenRegister(c, w);
        boolean little = (c.msr & Msr.LE) != 0;
        FloatUnit.set(c, 2 * even, little ? second : first);
        FloatUnit.set(c, 2 * even + 2, little ? first : second);
    }

    private static void storePair(Vcpu c, int w, long ea) {
        int even = evenRegister(c, w);
        boolean little = (c.msr & Msr.LE) != 0;
        c.mmu.probe(ea, 16, Access.WRITE);
        c.mmu.storeDouble(ea, c.vsr[2 * even + (little ? 2 : 0)]);
        c.mmu.storeDouble(c.ea(ea + 8), c.vsr[2 * even + (little ? 0 : 2)]);
    }

    /** An odd register is an invalid form. */
    private static int evenRegister(Vcpu c, int w) {
        if ((rt(w) & 1) != 0) {
            throw c.illegal();
        }
        return rt(w);
    }

    public static void lfdp(Vcpu c, int w) {
        loadPair(c, w, Ea.base(c, w, ds(w)));
    }

    public static void stfdp(Vcpu c, int w) {
        storePair(c, w, Ea.base(c, w, ds(w)));
    }

    public static void lfdpx(Vcpu c, int w) {
        loadPair(c, w, Ea.indexed(c, w));
    }

    public static void stfdpx(Vcpu c, int w) {
        storePair(c, w, Ea.indexed(c, w));
    }
}
