package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.dq;
import static io.nestling.decoder.Fields.ds;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.xt;
import static io.nestling.decoder.Fields.xtDq;
import static io.nestling.runtime.isa.VectorMemory.element;
import static io.nestling.runtime.isa.VectorRegs.setX;
import static io.nestling.runtime.isa.VectorRegs.setX0;
import static io.nestling.runtime.isa.VectorRegs.xt0;
import static io.nestling.runtime.isa.VectorRegs.xt1;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.mmu.Access;

/**
 * VSX loads and stores (Power ISA 3.0B, Book I, 7.6.1.1). Any alignment. Indexed scalar loads leave
 * doubleword 1, which the book calls undefined, as it was.
 */
public final class VsxLoadStore {
    private VsxLoadStore() {}

    // ---- scalars ------------------------------------------------------------------------------------------------

    public static void lxsdx(Vcpu c, int w) {
        setX0(c, w, c.mmu.loadDouble(Ea.indexed(c, w)));
    }

    public static void lxsiwax(Vcpu c, int w) {
        setX0(c, w, (int) c.mmu.loadWord(Ea.indexed(c, w)));
    }

    public static void lxsiwzx(Vcpu c, int w) {
        setX0(c, w, c.mmu.loadWord(Ea.indexed(c, w)));
    }

    public static void lxsibzx(Vcpu c, int w) {
        setX0(c, w, c.mmu.loadByte(Ea.indexed(c, w)));
    }

    public static void lxsihzx(Vcpu c, int w) {
        setX0(c, w, c.mmu.loadHalf(Ea.indexed(c, w)));
    }

    public static void lxsspx(Vcpu c, int w) {
        setX0(c, w, SingleFormat.toDouble((int) c.mmu.loadWord(Ea.indexed(c, w))));
    }

    public static void lxsd(Vcpu c, int w) {
        VectorRegs.setT(c, w, c.mmu.loadDouble(Ea.base(c, w, ds(w))), 0);
    }

    public static void lxssp(Vcpu c, int w) {
        VectorRegs.setT(c, w, SingleFormat.toDouble((int) c.mmu.loadWord(Ea.base(c, w, ds(w)))), 0);
    }

    public static void stxsdx(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.indexed(c, w), xt0(c, w));
    }

    public static void stxsiwx(Vcpu c, int w) {
        c.mmu.storeWord(Ea.indexed(c, w), xt0(c, w));
    }

    public static void stxsibx(Vcpu c, int w) {
        c.mmu.storeByte(Ea.indexed(c, w), xt0(c, w));
    }

    public static void stxsihx(Vcpu c, int w) {
        c.mmu.storeHalf(Ea.indexed(c, w), xt0(c, w));
    }

    public static void stxsspx(Vcpu c, int w) {
        c.mmu.storeWord(Ea.indexed(c, w), SingleFormat.fromDouble(xt0(c, w)));
    }

    public static void stxsd(Vcpu c, int w) {
        c.mmu.storeDouble(Ea.base(c, w, ds(w)), VectorRegs.t0(c, w));
    }

    public static void stxssp(Vcpu c, int w) {
        c.mmu.storeWord(Ea.base(c, w, ds(w)), SingleFormat.fromDouble(VectorRegs.t0(c, w)));
    }

    // ---- vectors in storage order of their elements -------------------------------------------------------------

    public static void lxvd2x(Vcpu c, int w) {
        long ea = Ea.indexed(c, w);
        setX(c, w, c.mmu.loadDouble(ea), c.mmu.loadDouble(c.ea(ea + 8)));
    }

    public static void lxvw4x(Vcpu c, int w) {
        long ea = Ea.indexed(c, w);
        setX(c, w, words(c, c.mmu.loadDouble(ea)), words(c, c.mmu.loadDouble(c.ea(ea + 8))));
    }

    public static void lxvh8x(Vcpu c, int w) {
        long ea = Ea.indexed(c, w);
        setX(c, w, halfwords(c, c.mmu.loadDouble(ea)), halfwords(c, c.mmu.loadDouble(c.ea(ea + 8))));
    }

    public static void lxvb16x(Vcpu c, int w) {
        long ea = Ea.indexed(c, w);
        setX(c, w, bytes(c, c.mmu.loadDouble(ea)), bytes(c, c.mmu.loadDouble(c.ea(ea + 8))));
    }

    public static void lxvdsx(Vcpu c, int w) {
        long v = c.mmu.loadDouble(Ea.indexed(c, w));
        setX(c, w, v, v);
    }

    public static void lxvwsx(Vcpu c, int w) {
        long v = Lanes.splat(c.mmu.loadWord(Ea.indexed(c, w)), 32);
        setX(c, w, v, v);
    }

    public static void stxvd2x(Vcpu c, int w) {
        VectorMemory.storeDoubles(c, Ea.indexed(c, w), xt0(c, w), xt1(c, w));
    }

    public static void stxvw4x(Vcpu c, int w) {
        VectorMemory.storeDoubles(c, Ea.indexed(c, w), words(c, xt0(c, w)), words(c, xt1(c, w)));
    }

    public static void stxvh8x(Vcpu c, int w) {
        VectorMemory.storeDoubles(c, Ea.indexed(c, w), halfwords(c, xt0(c, w)), halfwords(c, xt1(c, w)));
    }

    public static void stxvb16x(Vcpu c, int w) {
        VectorMemory.storeDoubles(c, Ea.indexed(c, w), bytes(c, xt0(c, w)), bytes(c, xt1(c, w)));
    }

    // A doubleword access in little-endian mode reverses the elements in it too; these put them back. Each is its own
    // inverse.

    private static long words(Vcpu c, long v) {
        return c.mmu.bigEndian() ? v : Long.rotateLeft(v, 32);
    }

    private static long halfwords(Vcpu c, long v) {
        return c.mmu.bigEndian() ? v : VsxPermute.reverseBytes(Long.reverseBytes(v), 16);
    }

    private static long bytes(Vcpu c, long v) {
        return c.mmu.bigEndian() ? v : Long.reverseBytes(v);
    }

    // ---- whole quadwords ----------------------------------------------------------------------------------------

    public static void lxvx(Vcpu c, int w) {
        VectorMemory.loadQuad(c, xt(w), Ea.indexed(c, w));
    }

    public static void lxv(Vcpu c, int w) {
        VectorMemory.loadQuad(c, xtDq(w), Ea.base(c, w, dq(w)));
    }

    public static void stxvx(Vcpu c, int w) {
        VectorMemory.storeQuad(c, xt(w), Ea.indexed(c, w));
    }

    public static void stxv(Vcpu c, int w) {
        VectorMemory.storeQuad(c, xtDq(w), Ea.base(c, w, dq(w)));
    }

    // ---- with a length in bits 0..7 of RB -----------------------------------------------------------------------

    public static void lxvl(Vcpu c, int w) {
        loadBytes(c, w, !c.mmu.bigEndian());
    }

    public static void lxvll(Vcpu c, int w) {
        loadBytes(c, w, false);
    }

    public static void stxvl(Vcpu c, int w) {
        storeBytes(c, w, !c.mmu.bigEndian());
    }

    public static void stxvll(Vcpu c, int w) {
        storeBytes(c, w, false);
    }

    private static int length(Vcpu c, int w) {
        return (int) Math.min(c.gpr(rb(w)) >>> 56, 16);
    }

    /** Byte k in storage becomes byte k of the register, or byte 15-k when {@code reversed}; the others become 0. */
    private static void loadBytes(Vcpu c, int w, boolean reversed) {
        int n = length(c, w);
        long ea = Ea.base(c, w, 0);
        long v0 = 0;
        long v1 = 0;
        for (int k = 0; k < n; k++) {
            int p = reversed ? 15 - k : k;
            long b = c.mmu.loadByte(c.ea(ea + k)) << 8 * (7 - (p & 7));
            v0 |= p < 8 ? b : 0;
            v1 |= p < 8 ? 0 : b;
        }
        setX(c, w, v0, v1);
    }

    private static void storeBytes(Vcpu c, int w, boolean reversed) {
        int n = length(c, w);
        if (n == 0) {
            return;
        }
        long ea = Ea.base(c, w, 0);
        long v0 = xt0(c, w);
        long v1 = xt1(c, w);
        c.mmu.probe(ea, n, Access.WRITE);
        for (int k = 0; k < n; k++) {
            c.mmu.storeByte(c.ea(ea + k), element(v0, v1, reversed ? 15 - k : k, 1));
        }
    }
}
