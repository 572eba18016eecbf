package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.SoftFloat;

/**
 * VSX vector conversions and roundings (Power ISA 3.0B, Book I, 7.6.1.6 to 7.6.1.8). Where a result of one word stands
 * for a doubleword it goes to both words; the book leaves the second undefined.
 */
public final class VsxVectorConvert {
    private VsxVectorConvert() {}

    private static final long TWICE = 0x1_0000_0001L;

    private static int b(int w) {
        return 2 * xb(w);
    }

    private static int t(int w) {
        return 2 * xt(w);
    }

    private static void convert(Vcpu c, int w, int width, VectorUnit.Lane lane) {
        VectorUnit.lanes(c, width, t(w), b(w), lane);
    }

    // ---- between formats ------------------------------------------------------------------------------------------

    /** Rounds a number into a format. */
    private static long narrow(SoftFloat s, Num n, Format f) {
        return s.pack(s.round(s.quiet(n), f), f);
    }

    public static void xvcvdpsp(Vcpu c, int w) {
        convert(c, w, 64, (s, x, y, z) -> narrow(s, Num.dbl(x), Format.SINGLE) * TWICE);
    }

    public static void xvcvspdp(Vcpu c, int w) {
        convert(c, w, 64, (s, x, y, z) -> narrow(s, Num.single((int) (x >>> 32)), Format.DOUBLE));
    }

    public static void xvcvhpsp(Vcpu c, int w) {
        convert(c, w, 32, (s, x, y, z) -> narrow(s, Num.unpack(Format.HALF, x & 0xffff, 0), Format.SINGLE));
    }

    public static void xvcvsphp(Vcpu c, int w) {
        convert(c, w, 32, (s, x, y, z) -> narrow(s, Num.single((int) x), Format.HALF));
    }

    // ---- to integers ----------------------------------------------------------------------------------------------

    private static void doubleToInteger(Vcpu c, int w, int bits, boolean signed) {
        convert(c, w, 64, (s, x, y, z) -> {
            long r = toInteger(s, x, bits, signed);
            return bits == 32 ? (r & 0xffffffffL) * TWICE : r;
        });
    }

    private static void singleToInteger(Vcpu c, int w, int bits, boolean signed) {
        if (bits == 32) {
            convert(c, w, 32, (s, x, y, z) -> toInteger(s, SingleFormat.toDouble((int) x), bits, signed));
        } else {
            convert(c, w, 64, (s, x, y, z) -> toInteger(s, SingleFormat.toDouble((int) (x >>> 32)), bits, signed));
        }
    }

    /** Toward zero; small numbers go through the host's conversion. */
    private static long toInteger(SoftFloat s, long b, int bits, boolean signed) {
        double x = Double.longBitsToDouble(b);
        if (Math.abs(x) < 0x1p31 && (signed || x >= 0)) {
            long r = (long) x;
            s.flags |= r == x ? 0 : Fpscr.XX;
            return r;
        }
        return s.toInteger(Num.dbl(b), bits, signed, SoftFloat.TO_ZERO);
    }

    public static void xvcvdpsxds(Vcpu c, int w) {
        doubleToInteger(c, w, 64, true);
    }

    public static void xvcvspsxds(Vcpu c, int w) {
        singleToInteger(c, w, 64, true);
    }

    public static void xvcvdpuxds(Vcpu c, int w) {
        doubleToInteger(c, w, 64, false);
    }

    public static void xvcvspuxds(Vcpu c, int w) {
        singleToInteger(c, w, 64, false);
    }

    public static void xvcvdpsxws(Vcpu c, int w) {
        doubleToInteger(c, w, 32, true);
    }

    public static void xvcvspsxws(Vcpu c, int w) {
        singleToInteger(c, w, 32, true);
    }

    public static void xvcvdpuxws(Vcpu c, int w) {
        doubleToInteger(c, w, 32, false);
    }

    public static void xvcvspuxws(Vcpu c, int w) {
        singleToInteger(c, w, 32, false);
    }

    // ---- from integers --------------------------------------------------------------------------------------------

    /** Rounds an integer into a format; the host rounds to nearest what both hold exactly enough. */
    private static long fromLong(SoftFloat s, long v, Format f) {
        if (Math.abs(v) < 1L << 24) {
            return f == Format.SINGLE ? Float.floatToRawIntBits(v) & 0xffffffffL : Double.doubleToRawLongBits(v);
        }
        return s.pack(s.round(Num.of(Math.abs(v), v < 0), f), f);
    }

    private static long fromUnsignedLong(SoftFloat s, long v, Format f) {
        return v >= 0 ? fromLong(s, v, f) : s.pack(s.round(Num.of(v, false), f), f);
    }

    public static void xvcvsxddp(Vcpu c, int w) {
        convert(c, w, 64, (s, x, y, z) -> fromLong(s, x, Format.DOUBLE));
    }

    public static void xvcvuxddp(Vcpu c, int w) {
        convert(c, w, 64, (s, x, y, z) -> fromUnsignedLong(s, x, Format.DOUBLE));
    }

    public static void xvcvsxdsp(Vcpu c, int w) {
        convert(c, w, 64, (s, x, y, z) -> fromLong(s, x, Format.SINGLE) * TWICE);
    }

    public static void xvcvuxdsp(Vcpu c, int w) {
        convert(c, w, 64, (s, x, y, z) -> fromUnsignedLong(s, x, Format.SINGLE) * TWICE);
    }

    public static void xvcvsxwsp(Vcpu c, int w) {
        convert(c, w, 32, (s, x, y, z) -> fromLong(s, (int) x, Format.SINGLE));
    }

    public static void xvcvuxwsp(Vcpu c, int w) {
        convert(c, w, 32, (s, x, y, z) -> fromLong(s, x, Format.SINGLE));
    }

    /** Exact. */
    public static void xvcvsxwdp(Vcpu c, int w) {
        long[] v = c.vsr;
        VectorRegs.setX(c, w, Double.doubleToRawLongBits((int) (v[b(w)] >>> 32)),
                Double.doubleToRawLongBits((int) (v[b(w) + 1] >>> 32)));
    }

    /** Exact. */
    public static void xvcvuxwdp(Vcpu c, int w) {
        long[] v = c.vsr;
        VectorRegs.setX(c, w, Double.doubleToRawLongBits(v[b(w)] >>> 32),
                Double.doubleToRawLongBits(v[b(w) + 1] >>> 32));
    }

    // ---- to integers in the same format ---------------------------------------------------------------------------

    private static void roundDouble(Vcpu c, int w, int mode, boolean report) {
        convert(c, w, 64, (s, x, y, z) -> {
            double d = Double.longBitsToDouble(x);
            if (d != d) {
                return narrow(s, Num.dbl(x), Format.DOUBLE);
            }
            double r = FastFloat.toIntegral(d, mode);
            s.flags |= report && r != d ? Fpscr.XX : 0;
            return Double.doubleToRawLongBits(r);
        });
    }

    private static void roundSingle(Vcpu c, int w, int mode, boolean report) {
        convert(c, w, 32, (s, x, y, z) -> {
            float d = Float.intBitsToFloat((int) x);
            if (d != d) {
                return narrow(s, Num.single((int) x), Format.SINGLE);
            }
            float r = (float) FastFloat.toIntegral(d, mode);
            s.flags |= report && r != d ? Fpscr.XX : 0;
            return Float.floatToRawIntBits(r) & 0xffffffffL;
        });
    }

    private static int mode(Vcpu c) {
        return (int) (c.fpscr & Fpscr.RN);
    }

    public static void xvrdpi(Vcpu c, int w) {
        roundDouble(c, w, SoftFloat.NEAREST_AWAY, false);
    }

    public static void xvrdpim(Vcpu c, int w) {
        roundDouble(c, w, SoftFloat.TO_MINUS, false);
    }

    public static void xvrdpip(Vcpu c, int w) {
        roundDouble(c, w, SoftFloat.TO_PLUS, false);
    }

    public static void xvrdpiz(Vcpu c, int w) {
        roundDouble(c, w, SoftFloat.TO_ZERO, false);
    }

    public static void xvrdpic(Vcpu c, int w) {
        roundDouble(c, w, mode(c), true);
    }

    public static void xvrspi(Vcpu c, int w) {
        roundSingle(c, w, SoftFloat.NEAREST_AWAY, false);
    }

    public static void xvrspim(Vcpu c, int w) {
        roundSingle(c, w, SoftFloat.TO_MINUS, false);
    }

    public static void xvrspip(Vcpu c, int w) {
        roundSingle(c, w, SoftFloat.TO_PLUS, false);
    }

    public static void xvrspiz(Vcpu c, int w) {
        roundSingle(c, w, SoftFloat.TO_ZERO, false);
    }

    public static void xvrspic(Vcpu c, int w) {
        roundSingle(c, w, mode(c), true);
    }
}
