package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.c0;
import static io.nestling.runtime.isa.VectorRegs.c1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.SoftFloat;

/**
 * VMX floating point (Power ISA 3.0B, Book I, 6.6 and 6.10): singles, always rounded to nearest, no status. With
 * VSCR[NJ] denormal operands and results are zeros of the same sign. Estimates are as exact as the host makes them; the
 * book asks for 2^-12 (reciprocals) and 2^-4 (power and logarithm).
 */
public final class VmxFloat {
    private VmxFloat() {}

    private static final int VSCR_NJ = 1 << 16;
    private static final int DEFAULT_NAN = 0x7fc00000;

    /** One element of the result from one of A, B and C each. */
    @FunctionalInterface
    private interface Lane {
        int apply(int a, int b, int c);
    }

    private static void lanes(Vcpu c, int w, Lane lane) {
        boolean nj = (c.vscr & VSCR_NJ) != 0;
        setT(c, w, doubleword(a0(c, w), b0(c, w), c0(c, w), nj, lane), doubleword(a1(c, w), b1(c, w), c1(c, w), nj, lane));
    }

    private static long doubleword(long a, long b, long c, boolean nj, Lane lane) {
        return (long) element((int) (a >>> 32), (int) (b >>> 32), (int) (c >>> 32), nj, lane) << 32
                | element((int) a, (int) b, (int) c, nj, lane) & 0xffffffffL;
    }

    private static int element(int a, int b, int c, boolean nj, Lane lane) {
        return nj ? lane.apply(flush(a), flush(b), flush(c)) : lane.apply(a, b, c);
    }

    /** A denormal becomes zero. */
    private static int flush(int x) {
        return (x & 0x7f800000) == 0 ? x & 0x80000000 : x;
    }

    private static boolean isNan(int x) {
        return (x & 0x7fffffff) > 0x7f800000;
    }

    /** The first NaN, quieted, or the default one. */
    private static int nan(int a, int b, int c) {
        int n = isNan(a) ? a : isNan(b) ? b : isNan(c) ? c : DEFAULT_NAN;
        return n | 0x400000;
    }

    /** The bits of a result, or where that is a NaN or may be tiny, the careful computation. */
    private static int result(Vcpu c, float r, Num exact, int a, int b, int m) {
        if (r != r) {
            return nan(a, b, m);
        }
        if ((c.vscr & VSCR_NJ) != 0 && exact.isBelow(Format.SINGLE)) {
            return exact.isNegative() ? 0x80000000 : 0;
        }
        return Float.floatToRawIntBits(r);
    }

    private static boolean risky(float r) {
        return !(Math.abs(r) > Float.MIN_NORMAL);
    }

    private static void binary(Vcpu c, int w, int op) {
        lanes(c, w, (a, b, m) -> {
            float r = FastFloat.applySingle(op, Float.intBitsToFloat(a), Float.intBitsToFloat(b));
            return risky(r) ? result(c, r, new SoftFloat(0).operate(op, Num.single(a), Num.single(b)), a, b, b)
                    : Float.floatToRawIntBits(r);
        });
    }

    public static void vaddfp(Vcpu c, int w) {
        binary(c, w, FastFloat.ADD);
    }

    public static void vsubfp(Vcpu c, int w) {
        binary(c, w, FastFloat.SUB);
    }

    public static void vmaddfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> {
            float r = Math.fma(Float.intBitsToFloat(a), Float.intBitsToFloat(m), Float.intBitsToFloat(b));
            return risky(r) ? result(c, r, new SoftFloat(0).fma(Num.single(a), Num.single(m), Num.single(b)), a, b, m)
                    : Float.floatToRawIntBits(r);
        });
    }

    /** -(A * C - B). */
    public static void vnmsubfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> {
            float r = -Math.fma(Float.intBitsToFloat(a), Float.intBitsToFloat(m), -Float.intBitsToFloat(b));
            return risky(r) ? result(c, r,
                    new SoftFloat(0).fma(Num.single(a), Num.single(m), Num.single(b).negated()).negated(), a, b, m)
                    : Float.floatToRawIntBits(r);
        });
    }

    public static void vmaxfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> isNan(a) || isNan(b) ? nan(a, b, b)
                : Float.floatToRawIntBits(Math.max(Float.intBitsToFloat(a), Float.intBitsToFloat(b))));
    }

    public static void vminfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> isNan(a) || isNan(b) ? nan(a, b, b)
                : Float.floatToRawIntBits(Math.min(Float.intBitsToFloat(a), Float.intBitsToFloat(b))));
    }

    // ---- estimates ------------------------------------------------------------------------------------------------

    /** Bits of a result of B only. */
    private static int estimate(Vcpu c, double r, int b) {
        if (r != r) {
            return nan(b, b, b);
        }
        int bits = Float.floatToRawIntBits((float) r);
        return (c.vscr & VSCR_NJ) != 0 && Math.abs(r) < Float.MIN_NORMAL ? bits & 0x80000000 : bits;
    }

    public static void vrefp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> estimate(c, 1.0 / Float.intBitsToFloat(b), b));
    }

    public static void vrsqrtefp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> estimate(c, 1.0 / (float) Math.sqrt(Float.intBitsToFloat(b)), b));
    }

    public static void vexptefp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> estimate(c, StrictMath.pow(2, Float.intBitsToFloat(b)), b));
    }

    public static void vlogefp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> estimate(c, StrictMath.log(Float.intBitsToFloat(b)) / StrictMath.log(2), b));
    }

    // ---- rounding and conversion ----------------------------------------------------------------------------------

    private static void round(Vcpu c, int w, int mode) {
        lanes(c, w, (a, b, m) -> isNan(b) ? nan(b, b, b)
                : Float.floatToRawIntBits((float) FastFloat.toIntegral(Float.intBitsToFloat(b), mode)));
    }

    public static void vrfin(Vcpu c, int w) {
        round(c, w, SoftFloat.NEAREST_EVEN);
    }

    public static void vrfiz(Vcpu c, int w) {
        round(c, w, SoftFloat.TO_ZERO);
    }

    public static void vrfip(Vcpu c, int w) {
        round(c, w, SoftFloat.TO_PLUS);
    }

    public static void vrfim(Vcpu c, int w) {
        round(c, w, SoftFloat.TO_MINUS);
    }

    /** 2 to the power of UIM, which scales conversions. */
    private static float scale(int w) {
        return Math.scalb(1f, ra(w));
    }

    public static void vcfsx(Vcpu c, int w) {
        float s = scale(w);
        setT(c, w, fromSigned(b0(c, w), s), fromSigned(b1(c, w), s));
    }

    private static long fromSigned(long b, float s) {
        return pair((int) (b >>> 32) / s, (int) b / s);
    }

    public static void vcfux(Vcpu c, int w) {
        float s = scale(w);
        setT(c, w, fromUnsigned(b0(c, w), s), fromUnsigned(b1(c, w), s));
    }

    private static long fromUnsigned(long b, float s) {
        return pair((b >>> 32) / s, (b & 0xffffffffL) / s);
    }

    private static long pair(float high, float low) {
        return (long) Float.floatToRawIntBits(high) << 32 | Float.floatToRawIntBits(low) & 0xffffffffL;
    }

    public static void vctsxs(Vcpu c, int w) {
        convert(c, w, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    public static void vctuxs(Vcpu c, int w) {
        convert(c, w, 0, 0xffffffffL);
    }

    /** Truncates and saturates; a NaN becomes 0. */
    private static void convert(Vcpu c, int w, long min, long max) {
        double s = scale(w);
        lanes(c, w, (a, b, m) -> {
            long v = (long) (Float.intBitsToFloat(b) * s);
            if (v < min || v > max) {
                c.vscr |= VectorRegs.SAT;
            }
            return (int) Math.clamp(v, min, max);
        });
    }

    // ---- comparisons ----------------------------------------------------------------------------------------------

    private static void record(Vcpu c, int w) {
        if ((w & 0x400) != 0) {
            long r0 = VectorRegs.t0(c, w);
            long r1 = VectorRegs.t1(c, w);
            c.setCr(6, (r0 & r1) == -1 ? 8 : (r0 | r1) == 0 ? 2 : 0);
        }
    }

    public static void vcmpeqfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> Float.intBitsToFloat(a) == Float.intBitsToFloat(b) ? -1 : 0);
        record(c, w);
    }

    public static void vcmpgefp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> Float.intBitsToFloat(a) >= Float.intBitsToFloat(b) ? -1 : 0);
        record(c, w);
    }

    public static void vcmpgtfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> Float.intBitsToFloat(a) > Float.intBitsToFloat(b) ? -1 : 0);
        record(c, w);
    }

    /** Bounds: bit 0 of an element tells that A is not at most B, bit 1 that it is not at least -B. */
    public static void vcmpbfp(Vcpu c, int w) {
        lanes(c, w, (a, b, m) -> {
            float x = Float.intBitsToFloat(a);
            float y = Float.intBitsToFloat(b);
            return (x <= y ? 0 : 0x80000000) | (x >= -y ? 0 : 0x40000000);
        });
        if ((w & 0x400) != 0) {
            c.setCr(6, (VectorRegs.t0(c, w) | VectorRegs.t1(c, w)) == 0 ? 2 : 0);
        }
    }
}
