package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ds;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.si;

import io.nestling.runtime.cpu.Vcpu;

/**
 * Fixed-point loads and stores of 1 to 8 bytes (Power ISA 3.0B, Book I, 3.3.2, 3.3.3 and 3.3.5). Update forms write RA
 * after the access, so that a fault leaves it alone; their invalid forms are illegal instructions.
 */
public final class LoadStore {
    private LoadStore() {}

    // ---- loads -----------------------------------------------------------------------------------------------------

    public static void lbz(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadByte(Ea.base(c, w, si(w))));
    }

    public static void lbzu(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, si(w));
        c.setGpr(rt(w), c.mmu.loadByte(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lbzx(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadByte(Ea.indexed(c, w)));
    }

    public static void lbzux(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, c.gpr(rb(w)));
        c.setGpr(rt(w), c.mmu.loadByte(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lhz(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadHalf(Ea.base(c, w, si(w))));
    }

    public static void lhzu(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, si(w));
        c.setGpr(rt(w), c.mmu.loadHalf(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lhzx(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadHalf(Ea.indexed(c, w)));
    }

    public static void lhzux(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, c.gpr(rb(w)));
        c.setGpr(rt(w), c.mmu.loadHalf(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lha(Vcpu c, int w) {
        c.setGpr(rt(w), (short) c.mmu.loadHalf(Ea.base(c, w, si(w))));
    }

    public static void lhau(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, si(w));
        c.setGpr(rt(w), (short) c.mmu.loadHalf(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lhax(Vcpu c, int w) {
        c.setGpr(rt(w), (short) c.mmu.loadHalf(Ea.indexed(c, w)));
    }

    public static void lhaux(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, c.gpr(rb(w)));
        c.setGpr(rt(w), (short) c.mmu.loadHalf(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lwz(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadWord(Ea.base(c, w, si(w))));
    }

    public static void lwzu(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, si(w));
        c.setGpr(rt(w), c.mmu.loadWord(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lwzx(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadWord(Ea.indexed(c, w)));
    }

    public static void lwzux(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, c.gpr(rb(w)));
        c.setGpr(rt(w), c.mmu.loadWord(ea));
        c.setGpr(ra(w), ea);
    }

    public static void lwa(Vcpu c, int w) {
        c.setGpr(rt(w), (int) c.mmu.loadWord(Ea.base(c, w, ds(w))));
    }

    public static void lwax(Vcpu c, int w) {
        c.setGpr(rt(w), (int) c.mmu.loadWord(Ea.indexed(c, w)));
    }

    public static void lwaux(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, c.gpr(rb(w)));
        c.setGpr(rt(w), (int) c.mmu.loadWord(ea));
        c.setGpr(ra(w), ea);
    }

    public static void ld(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadDouble(Ea.base(c, w, ds(w))));
    }

    public static void ldu(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, ds(w));
        c.setGpr(rt(w), c.mmu.loadDouble(ea));
        c.setGpr(ra(w), ea);
    }

    public static void ldx(Vcpu c, int w) {
        c.setGpr(rt(w), c.mmu.loadDouble(Ea.indexed(c, w)));
    }

    public static void ldux(Vcpu c, int w) {
        long ea = Ea.loadUpdate(c, w, c.gpr(rb(w)));
        c.setGpr(rt(w), c.mmu.loadDouble(ea));
        c.setGpr(ra(w), ea);
    }

    // ---- stores ----------------------------------------------------------------------------------------------------

    public static void stb(Vcpu c, int w) {
        c.mmu.storeByte(Ea.base(c, w, si(w)), c.gpr(rt(w)));
    }

    public static void stbu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        c.mmu.storeByte(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void stbx(Vcpu c, int w) {
        c.mmu.storeByte(Ea.indexed(c, w), c.gpr(rt(w)));
    }

    public static void stbux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        c.mmu.storeByte(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void sth(Vcpu c, int w) {
        c.mmu.storeHalf(Ea.base(c, w, si(w)), c.gpr(rt(w)));
    }

    public static void sthu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        c.mmu.storeHalf(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void sthx(Vcpu c, int w) {
        c.mmu.storeHalf(Ea.indexed(c, w), c.gpr(rt(w)));
    }

    public static void sthux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        c.mmu.storeHalf(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void stw(Vcpu c, int w) {
        c.mmu.storeWord(Ea.base(c, w, si(w)), c.gpr(rt(w)));
    }

    public static void stwu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, si(w));
        c.mmu.storeWord(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void stwx(Vcpu c, int w) {
        c.mmu.storeWord(Ea.indexed(c, w), c.gpr(rt(w)));
    }

    public static void stwux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        c.mmu.storeWord(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void std(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.base(c, w, ds(w)), c.gpr(rt(w)));
    }

    public static void stdu(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, ds(w));
        c.mmu.storeDouble(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    public static void stdx(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.indexed(c, w), c.gpr(rt(w)));
    }

    public static void stdux(Vcpu c, int w) {
        long ea = Ea.storeUpdate(c, w, c.gpr(rb(w)));
        c.mmu.storeDouble(ea, c.gpr(rt(w)));
        c.setGpr(ra(w), ea);
    }

    // ---- byte-reversed ------------------------------------------------------------------------------------------

    public static void lhbrx(Vcpu c, int w) {
        c.setGpr(rt(w), Short.reverseBytes((short) c.mmu.loadHalf(Ea.indexed(c, w))) & 0xffffL);
    }

    public static void lwbrx(Vcpu c, int w) {
        c.setGpr(rt(w), Integer.reverseBytes((int) c.mmu.loadWord(Ea.indexed(c, w))) & 0xffffffffL);
    }

    public static void ldbrx(Vcpu c, int w) {
        c.setGpr(rt(w), Long.reverseBytes(c.mmu.loadDouble(Ea.indexed(c, w))));
    }

    public static void sthbrx(Vcpu c, int w) {
        c.mmu.storeHalf(Ea.indexed(c, w), Short.reverseBytes((short) c.gpr(rt(w))));
    }

    public static void stwbrx(Vcpu c, int w) {
        c.mmu.storeWord(Ea.indexed(c, w), Integer.reverseBytes((int) c.gpr(rt(w))));
    }

    public static void stdbrx(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.indexed(c, w), Long.reverseBytes(c.gpr(rt(w))));
    }

    // ---- caching-inhibited forms for hypervisors in real mode: plain accesses here (Book III, 4.4.1) -------------

    public static void lbzcix(Vcpu c, int w) {
        lbzx(c, w);
    }

    public static void lhzcix(Vcpu c, int w) {
        lhzx(c, w);
    }

    public static void lwzcix(Vcpu c, int w) {
        lwzx(c, w);
    }

    public static void ldcix(Vcpu c, int w) {
        ldx(c, w);
    }

    public static void stbcix(Vcpu c, int w) {
        stbx(c, w);
    }

    public static void sthcix(Vcpu c, int w) {
        sthx(c, w);
    }

    public static void stwcix(Vcpu c, int w) {
        stwx(c, w);
    }

    public static void stdcix(Vcpu c, int w) {
        stdx(c, w);
    }
}
