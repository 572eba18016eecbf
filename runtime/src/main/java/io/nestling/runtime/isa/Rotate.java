package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.mb6;
import static io.nestling.decoder.Fields.me;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rc;
import static io.nestling.decoder.Fields.recordBit;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.sh6;

import io.nestling.runtime.cpu.Vcpu;

/** Fixed-point rotates and shifts (Power ISA 3.0B, Book I, 3.3.14): the source is RS (bits 6..10), the target RA. */
public final class Rotate {
    private Rotate() {}

    private static void result(Vcpu c, int w, long r) {
        c.setGpr(ra(w), r);
        if (recordBit(w)) {
            c.recordCr0(r);
        }
    }

    /** MASK(MB+32, ME+32): it wraps through the high word when MB is above ME. */
    private static long mask32(int mb, int me) {
        long from = 0xffffffffL >>> mb;
        long to = -1L << 31 - me;
        return mb <= me ? from & to : from | to;
    }

    /** ROTL32: the low word rotated, in both halves. */
    private static long rotl32(long v, int n) {
        long r = Integer.rotateLeft((int) v, n) & 0xffffffffL;
        return r << 32 | r;
    }

    public static void rlwinm(Vcpu c, int w) {
        result(c, w, rotl32(c.gpr(rt(w)), rb(w)) & mask32(rc(w), me(w)));
    }

    public static void rlwnm(Vcpu c, int w) {
        result(c, w, rotl32(c.gpr(rt(w)), (int) c.gpr(rb(w)) & 31) & mask32(rc(w), me(w)));
    }

    public static void rlwimi(Vcpu c, int w) {
        long mask = mask32(rc(w), me(w));
        result(c, w, rotl32(c.gpr(rt(w)), rb(w)) & mask | c.gpr(ra(w)) & ~mask);
    }

    public static void rldicl(Vcpu c, int w) {
        result(c, w, Long.rotateLeft(c.gpr(rt(w)), sh6(w)) & -1L >>> mb6(w));
    }

    public static void rldicr(Vcpu c, int w) {
        result(c, w, Long.rotateLeft(c.gpr(rt(w)), sh6(w)) & -1L << 63 - mb6(w));
    }

    /** MASK(MB, 63 - SH), which wraps. */
    private static long maskTo(int mb, int sh) {
        long from = -1L >>> mb;
        long to = -1L << sh;
        return mb <= 63 - sh ? from & to : from | to;
    }

    public static void rldic(Vcpu c, int w) {
        result(c, w, Long.rotateLeft(c.gpr(rt(w)), sh6(w)) & maskTo(mb6(w), sh6(w)));
    }

    public static void rldimi(Vcpu c, int w) {
        long mask = maskTo(mb6(w), sh6(w));
        result(c, w, Long.rotateLeft(c.gpr(rt(w)), sh6(w)) & mask | c.gpr(ra(w)) & ~mask);
    }

    public static void rldcl(Vcpu c, int w) {
        result(c, w, Long.rotateLeft(c.gpr(rt(w)), (int) c.gpr(rb(w))) & -1L >>> mb6(w));
    }

    public static void rldcr(Vcpu c, int w) {
        result(c, w, Long.rotateLeft(c.gpr(rt(w)), (int) c.gpr(rb(w))) & -1L << 63 - mb6(w));
    }

    public static void slw(Vcpu c, int w) {
        int n = (int) c.gpr(rb(w));
        result(c, w, (n & 32) != 0 ? 0 : (int) c.gpr(rt(w)) << n & 0xffffffffL);
    }

    public static void srw(Vcpu c, int w) {
        int n = (int) c.gpr(rb(w));
        result(c, w, (n & 32) != 0 ? 0 : (int) c.gpr(rt(w)) >>> n & 0xffffffffL);
    }

    public static void sld(Vcpu c, int w) {
        int n = (int) c.gpr(rb(w));
        result(c, w, (n & 64) != 0 ? 0 : c.gpr(rt(w)) << n);
    }

    public static void srd(Vcpu c, int w) {
        int n = (int) c.gpr(rb(w));
        result(c, w, (n & 64) != 0 ? 0 : c.gpr(rt(w)) >>> n);
    }

    /** Shifts right by 0..63; CA and CA32 tell whether a negative value lost ones. */
    private static void shiftAlgebraic(Vcpu c, int w, long v, int n) {
        long r = v >> n;
        carry(c, v < 0 && r << n != v);
        result(c, w, r);
    }

    private static void carry(Vcpu c, boolean carry) {
        c.ca = carry ? 1 : 0;
        c.carries = carry ? -1 : 0;
    }

    public static void sraw(Vcpu c, int w) {
        shiftAlgebraic(c, w, (int) c.gpr(rt(w)), (int) c.gpr(rb(w)) & 63);
    }

    public static void srawi(Vcpu c, int w) {
        shiftAlgebraic(c, w, (int) c.gpr(rt(w)), rb(w));
    }

    public static void srad(Vcpu c, int w) {
        int n = (int) c.gpr(rb(w)) & 127;
        long v = c.gpr(rt(w));
        if (n < 64) {
            shiftAlgebraic(c, w, v, n);
        } else {
            carry(c, v < 0);
            result(c, w, v >> 63);
        }
    }

    public static void sradi(Vcpu c, int w) {
        shiftAlgebraic(c, w, c.gpr(rt(w)), sh6(w));
    }

    public static void extswsli(Vcpu c, int w) {
        result(c, w, (long) (int) c.gpr(rt(w)) << sh6(w));
    }
}
