package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;

import io.nestling.runtime.cpu.Vcpu;

/** VSX instructions on the fields of numbers: signs, exponents, significands and classes (Power ISA 3.0B, Book I, 7.6.1). */
public final class VsxFloatFields {
    private VsxFloatFields() {}

    private static final long SIGN = 1L << 63;
    private static final long SIGNS = 0x8000_0000_8000_0000L;
    private static final long FRACTION = (1L << 52) - 1;

    private static long a(Vcpu c, int w) {
        return c.vsr[2 * xa(w)];
    }

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * xb(w)];
    }

    private static int t(int w) {
        return 2 * xt(w);
    }

    private static long b1(Vcpu c, int w) {
        return c.vsr[2 * xb(w) + 1];
    }

    private static long a1(Vcpu c, int w) {
        return c.vsr[2 * xa(w) + 1];
    }

    private static void set(Vcpu c, int w, long v0, long v1) {
        VectorRegs.setX(c, w, v0, v1);
    }

    public static void xsabsdp(Vcpu c, int w) {
        FloatUnit.set(c, t(w), b(c, w) & ~SIGN);
    }

    public static void xvabsdp(Vcpu c, int w) {
        set(c, w, b(c, w) & ~SIGN, b1(c, w) & ~SIGN);
    }

    public static void xvabssp(Vcpu c, int w) {
        set(c, w, b(c, w) & ~SIGNS, b1(c, w) & ~SIGNS);
    }

    public static void xsnabsdp(Vcpu c, int w) {
        FloatUnit.set(c, t(w), b(c, w) | SIGN);
    }

    public static void xvnabsdp(Vcpu c, int w) {
        set(c, w, b(c, w) | SIGN, b1(c, w) | SIGN);
    }

    public static void xvnabssp(Vcpu c, int w) {
        set(c, w, b(c, w) | SIGNS, b1(c, w) | SIGNS);
    }

    public static void xsnegdp(Vcpu c, int w) {
        FloatUnit.set(c, t(w), b(c, w) ^ SIGN);
    }

    public static void xvnegdp(Vcpu c, int w) {
        set(c, w, b(c, w) ^ SIGN, b1(c, w) ^ SIGN);
    }

    public static void xvnegsp(Vcpu c, int w) {
        set(c, w, b(c, w) ^ SIGNS, b1(c, w) ^ SIGNS);
    }

    public static void xscpsgndp(Vcpu c, int w) {
        FloatUnit.set(c, t(w), b(c, w) & ~SIGN | a(c, w) & SIGN);
    }

    public static void xvcpsgndp(Vcpu c, int w) {
        set(c, w, b(c, w) & ~SIGN | a(c, w) & SIGN, b1(c, w) & ~SIGN | a1(c, w) & SIGN);
    }

    public static void xvcpsgnsp(Vcpu c, int w) {
        set(c, w, b(c, w) & ~SIGNS | a(c, w) & SIGNS, b1(c, w) & ~SIGNS | a1(c, w) & SIGNS);
    }

    private static long significand(long v) {
        int e = (int) (v >>> 52) & 0x7ff;
        return v & FRACTION | (e != 0 && e != 0x7ff ? 1L << 52 : 0);
    }

    private static long significandSingle(long v) {
        int e = (int) (v >>> 23) & 0xff;
        return v & 0x7fffff | (e != 0 && e != 0xff ? 1L << 23 : 0);
    }

    private static long significands(long v) {
        return significandSingle(v >>> 32) << 32 | significandSingle(v);
    }

    private static long insert(long v, long exponent) {
        return v & (SIGN | FRACTION) | (exponent & 0x7ff) << 52;
    }

    public static void xsxexpdp(Vcpu c, int w) {
        c.setGpr(rt(w), b(c, w) >>> 52 & 0x7ff);
    }

    public static void xsxsigdp(Vcpu c, int w) {
        c.setGpr(rt(w), significand(b(c, w)));
    }

    public static void xsiexpdp(Vcpu c, int w) {
        FloatUnit.set(c, t(w), insert(c.gpr(ra(w)), c.gpr(rb(w))));
    }

    public static void xvxexpdp(Vcpu c, int w) {
        set(c, w, b(c, w) >>> 52 & 0x7ff, b1(c, w) >>> 52 & 0x7ff);
    }

    public static void xvxexpsp(Vcpu c, int w) {
        set(c, w, b(c, w) >>> 23 & 0xff_0000_00ffL, b1(c, w) >>> 23 & 0xff_0000_00ffL);
    }

    public static void xvxsigdp(Vcpu c, int w) {
        set(c, w, significand(b(c, w)), significand(b1(c, w)));
    }

    public static void xvxsigsp(Vcpu c, int w) {
        set(c, w, significands(b(c, w)), significands(b1(c, w)));
    }

    public static void xviexpdp(Vcpu c, int w) {
        set(c, w, insert(a(c, w), b(c, w)), insert(a1(c, w), b1(c, w)));
    }

    public static void xviexpsp(Vcpu c, int w) {
        long field = 0x7f80_0000_7f80_0000L;
        set(c, w, a(c, w) & ~field | b(c, w) << 23 & field, a1(c, w) & ~field | b1(c, w) << 23 & field);
    }

    /** The DCMX bit (64 NaN, 32 and 16 infinity, 8 and 4 zero, 2 and 1 denormal, + before -) of a number, 0 if normal. */
    static int dataClass(boolean negative, boolean specialExponent, boolean smallExponent, boolean emptyFraction) {
        if (specialExponent) {
            return emptyFraction ? negative ? 16 : 32 : 64;
        }
        if (smallExponent) {
            return emptyFraction ? negative ? 4 : 8 : negative ? 1 : 2;
        }
        return 0;
    }

    private static int dataClass(long v) {
        int e = (int) (v >>> 52) & 0x7ff;
        return dataClass(v < 0, e == 0x7ff, e == 0, (v & FRACTION) == 0);
    }

    private static int dataClass(int v) {
        int e = v >>> 23 & 0xff;
        return dataClass(v < 0, e == 0xff, e == 0, (v & 0x7fffff) == 0);
    }

    static void testResult(Vcpu c, int w, boolean negative, boolean match, boolean wrongFormat) {
        ConvertUnit.result(c, bf(w), (negative ? 8 : 0) | (match ? 2 : 0) | (wrongFormat ? 1 : 0));
    }

    public static void xststdcdp(Vcpu c, int w) {
        long v = b(c, w);
        testResult(c, w, v < 0, (dataClass(v) & bits(w, 9, 15)) != 0, false);
    }

    /** Tests a single in double format; the last bit of the result tells that it is not one. */
    public static void xststdcsp(Vcpu c, int w) {
        long v = b(c, w);
        int e = (int) (v >>> 52) & 0x7ff;
        boolean empty = (v & Long.MAX_VALUE) == 0;
        boolean special = e == 0x7ff;
        int dc = dataClass(v < 0, special, e < 0x381, special ? (v & FRACTION) == 0 : empty);
        boolean wrong = SingleFormat.toDouble(SingleFormat.fromDouble(v)) != v;
        testResult(c, w, v < 0, (dc & bits(w, 9, 15)) != 0, wrong);
    }

    private static int dcmxs(int w) {
        return bits(w, 25, 25) << 6 | bits(w, 29, 29) << 5 | bits(w, 11, 15);
    }

    public static void xvtstdcdp(Vcpu c, int w) {
        int mask = dcmxs(w);
        set(c, w, (dataClass(b(c, w)) & mask) != 0 ? -1 : 0, (dataClass(b1(c, w)) & mask) != 0 ? -1 : 0);
    }

    public static void xvtstdcsp(Vcpu c, int w) {
        int mask = dcmxs(w);
        set(c, w, testSingles(b(c, w), mask), testSingles(b1(c, w), mask));
    }

    private static long testSingles(long v, int mask) {
        return ((dataClass((int) (v >>> 32)) & mask) != 0 ? 0xffffffff00000000L : 0)
                | ((dataClass((int) v) & mask) != 0 ? 0xffffffffL : 0);
    }

    public static void xstdivdp(Vcpu c, int w) {
        c.setCr(bf(w), FloatTests.divide(a(c, w), b(c, w)));
    }

    public static void xstsqrtdp(Vcpu c, int w) {
        c.setCr(bf(w), FloatTests.squareRoot(b(c, w)));
    }

    public static void xvtdivdp(Vcpu c, int w) {
        c.setCr(bf(w), FloatTests.divide(a(c, w), b(c, w)) | FloatTests.divide(a1(c, w), b1(c, w)));
    }

    public static void xvtsqrtdp(Vcpu c, int w) {
        c.setCr(bf(w), FloatTests.squareRoot(b(c, w)) | FloatTests.squareRoot(b1(c, w)));
    }

    public static void xvtdivsp(Vcpu c, int w) {
        c.setCr(bf(w), divideSingles(a(c, w), b(c, w)) | divideSingles(a1(c, w), b1(c, w)));
    }

    private static int divideSingles(long a, long b) {
        return FloatTests.divideSingle((int) (a >>> 32), (int) (b >>> 32)) | FloatTests.divideSingle((int) a, (int) b);
    }

    public static void xvtsqrtsp(Vcpu c, int w) {
        c.setCr(bf(w), rootSingles(b(c, w)) | rootSingles(b1(c, w)));
    }

    private static int rootSingles(long b) {
        return FloatTests.squareRootSingle((int) (b >>> 32)) | FloatTests.squareRootSingle((int) b);
    }
}
