package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;
import static io.nestling.runtime.isa.FloatUnit.finish;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.SoftFloat;

/** VSX scalar conversions and roundings (Power ISA 3.0B, Book I, 7.6.1.6 to 7.6.1.8). */
public final class VsxScalarConvert {
    private VsxScalarConvert() {}

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * xb(w)];
    }

    private static int t(int w) {
        return 2 * xt(w);
    }

    public static void xscvdpsxds(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 64, true, SoftFloat.TO_ZERO, true);
        finish(c);
    }

    public static void xscvdpuxds(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 64, false, SoftFloat.TO_ZERO, true);
        finish(c);
    }

    public static void xscvdpsxws(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 32, true, SoftFloat.TO_ZERO, true);
        finish(c);
    }

    public static void xscvdpuxws(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 32, false, SoftFloat.TO_ZERO, true);
        finish(c);
    }

    public static void xscvsxddp(Vcpu c, int w) {
        ConvertUnit.fromLong(c, t(w), b(c, w), Format.DOUBLE);
        finish(c);
    }

    public static void xscvuxddp(Vcpu c, int w) {
        ConvertUnit.fromUnsignedLong(c, t(w), b(c, w), Format.DOUBLE);
        finish(c);
    }

    public static void xscvsxdsp(Vcpu c, int w) {
        ConvertUnit.fromLong(c, t(w), b(c, w), Format.SINGLE);
        finish(c);
    }

    public static void xscvuxdsp(Vcpu c, int w) {
        ConvertUnit.fromUnsignedLong(c, t(w), b(c, w), Format.SINGLE);
        finish(c);
    }

    public static void xsrsp(Vcpu c, int w) {
        ConvertUnit.roundToSingle(c, t(w), b(c, w));
        finish(c);
    }

    public static void xsrdpi(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.NEAREST_AWAY, false);
        finish(c);
    }

    public static void xsrdpim(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.TO_MINUS, false);
        finish(c);
    }

    public static void xsrdpip(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.TO_PLUS, false);
        finish(c);
    }

    public static void xsrdpiz(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.TO_ZERO, false);
        finish(c);
    }

    public static void xsrdpic(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), (int) (c.fpscr & Fpscr.RN), true);
        finish(c);
    }

    /** Rounds into another format, whose bits go to the low end of each {@code spread} of doubleword 0. */
    private static void narrow(Vcpu c, int w, Num n, Format f, long spread) {
        SoftFloat s = new SoftFloat(c.fpscr);
        Num r = s.round(s.quiet(n), f);
        if (Fpscr.commitScalar(c, s.flags, s.fprf(r, f))) {
            FloatUnit.set(c, t(w), s.pack(r, f) * spread);
        }
        finish(c);
    }

    /** The single goes to word 0, and to word 1, which the book leaves undefined. */
    public static void xscvdpsp(Vcpu c, int w) {
        narrow(c, w, Num.dbl(b(c, w)), Format.SINGLE, 0x1_0000_0001L);
    }

    public static void xscvdphp(Vcpu c, int w) {
        narrow(c, w, Num.dbl(b(c, w)), Format.HALF, 1);
    }

    public static void xscvspdp(Vcpu c, int w) {
        narrow(c, w, Num.single((int) (b(c, w) >>> 32)), Format.DOUBLE, 1);
    }

    public static void xscvhpdp(Vcpu c, int w) {
        narrow(c, w, Num.unpack(Format.HALF, b(c, w) & 0xffff, 0), Format.DOUBLE, 1);
    }

    public static void xscvdpspn(Vcpu c, int w) {
        FloatUnit.set(c, t(w), (SingleFormat.fromDouble(b(c, w)) & 0xffffffffL) * 0x1_0000_0001L);
    }

    public static void xscvspdpn(Vcpu c, int w) {
        FloatUnit.set(c, t(w), SingleFormat.toDouble((int) (b(c, w) >>> 32)));
    }
}
