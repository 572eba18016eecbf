package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.SoftFloat;

/**
 * What VSX vector floating-point instructions share. Operands {@code t}, {@code a}, {@code b} are indices into
 * {@code vsr} (twice the register number). With XX already set the host's arithmetic is all there is to do: FR, FI and
 * FPRF do not change.
 */
final class VectorUnit {
    private VectorUnit() {}

    /** The work on one element in the exact arithmetic: operand bits to result bits, exceptions into the SoftFloat. */
    @FunctionalInterface
    interface Lane {
        /** Computes an element of the result. */
        long apply(SoftFloat s, long a, long b, long m);
    }

    /** Two doubles. */
    static void dp(Vcpu c, int op, int t, int a, int b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            long[] v = c.vsr;
            double x0 = Double.longBitsToDouble(v[a]);
            double y0 = Double.longBitsToDouble(v[b]);
            double r0 = FastFloat.apply(op, x0, y0);
            double x1 = Double.longBitsToDouble(v[a + 1]);
            double y1 = Double.longBitsToDouble(v[b + 1]);
            double r1 = FastFloat.apply(op, x1, y1);
            if (FastFloat.trusted(op, x0, y0, r0) && FastFloat.trusted(op, x1, y1, r1)) {
                if ((c.fpscr & Fpscr.XX) == 0
                        && (FastFloat.error(op, x0, y0, r0) != 0 || FastFloat.error(op, x1, y1, r1) != 0)) {
                    c.fpscr |= Fpscr.XX | Fpscr.FX;
                }
                v[t] = Double.doubleToRawLongBits(r0);
                v[t + 1] = Double.doubleToRawLongBits(r1);
                return;
            }
        }
        slow(c, op, Format.DOUBLE, t, a, b);
    }

    /** Four singles. */
    static void sp(Vcpu c, int op, int t, int a, int b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            long[] v = c.vsr;
            boolean seek = (c.fpscr & Fpscr.XX) == 0;
            boolean inexact = false;
            boolean trusted = true;
            long r0 = 0;
            long r1 = 0;
            for (int i = 0; i < 4; i++) {
                int shift = 32 * (i & 1);
                float x = Float.intBitsToFloat((int) (v[a + (i >> 1)] >>> shift));
                float y = Float.intBitsToFloat((int) (v[b + (i >> 1)] >>> shift));
                float r = FastFloat.applySingle(op, x, y);
                trusted &= FastFloat.trustedSingle(op, x, y, r);
                inexact |= seek && FastFloat.inexactSingle(op, x, y, r);
                long bits = (Float.floatToRawIntBits(r) & 0xffffffffL) << shift;
                r0 |= i < 2 ? bits : 0;
                r1 |= i < 2 ? 0 : bits;
            }
            if (trusted) {
                deliver(c, t, r0, r1, inexact);
                return;
            }
        }
        slow(c, op, Format.SINGLE, t, a, b);
    }

    private static void deliver(Vcpu c, int t, long r0, long r1, boolean inexact) {
        if (inexact) {
            c.fpscr |= Fpscr.XX | Fpscr.FX;
        }
        c.vsr[t] = r0;
        c.vsr[t + 1] = r1;
    }

    private static void slow(Vcpu c, int op, Format f, int t, int a, int b) {
        lanes(c, f.width(), t, a, b, a,
                (s, x, y, z) -> s.pack(s.round(s.operate(op, Num.unpack(f, x, 0), Num.unpack(f, y, 0)), f), f));
    }

    /** Two doubles of {@code a * m + b}, with the flags of {@link FloatUnit}. */
    static void fma(Vcpu c, int flags, int t, int a, int m, int b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            long[] v = c.vsr;
            double x0 = Double.longBitsToDouble(v[a]);
            double z0 = Double.longBitsToDouble(v[m]);
            double y0 = addend(flags, Double.longBitsToDouble(v[b]));
            double x1 = Double.longBitsToDouble(v[a + 1]);
            double z1 = Double.longBitsToDouble(v[m + 1]);
            double y1 = addend(flags, Double.longBitsToDouble(v[b + 1]));
            if (FastFloat.fmaTrusted(x0, z0, y0) && FastFloat.fmaTrusted(x1, z1, y1)) {
                double r0 = Math.fma(x0, z0, y0);
                double r1 = Math.fma(x1, z1, y1);
                boolean inexact = (c.fpscr & Fpscr.XX) == 0
                        && (FastFloat.fmaError(x0, z0, y0, r0) != 0 || FastFloat.fmaError(x1, z1, y1, r1) != 0);
                long sign = (flags & FloatUnit.NEGATE) != 0 ? 1L << 63 : 0;
                deliver(c, t, Double.doubleToRawLongBits(r0) ^ sign, Double.doubleToRawLongBits(r1) ^ sign, inexact);
                return;
            }
        }
        slowFma(c, flags, Format.DOUBLE, t, a, m, b);
    }

    private static double addend(int flags, double y) {
        return (flags & FloatUnit.SUBTRACT) != 0 ? -y : y;
    }

    /** Four singles of {@code a * m + b}. */
    static void fmaSingle(Vcpu c, int flags, int t, int a, int m, int b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            long[] v = c.vsr;
            boolean seek = (c.fpscr & Fpscr.XX) == 0;
            boolean inexact = false;
            boolean trusted = true;
            long r0 = 0;
            long r1 = 0;
            for (int i = 0; i < 4; i++) {
                int shift = 32 * (i & 1);
                float x = Float.intBitsToFloat((int) (v[a + (i >> 1)] >>> shift));
                float z = Float.intBitsToFloat((int) (v[m + (i >> 1)] >>> shift));
                float y = Float.intBitsToFloat((int) (v[b + (i >> 1)] >>> shift));
                y = (flags & FloatUnit.SUBTRACT) != 0 ? -y : y;
                float r = Math.fma(x, z, y);
                trusted &= FastFloat.fmaTrustedSingle(r);
                inexact |= seek && FastFloat.inexactFmaSingle(x, z, y, r);
                long bits = (Float.floatToRawIntBits(r) & 0xffffffffL) << shift;
                r0 |= i < 2 ? bits : 0;
                r1 |= i < 2 ? 0 : bits;
            }
            if (trusted) {
                long signs = (flags & FloatUnit.NEGATE) != 0 ? 0x8000_0000_8000_0000L : 0;
                deliver(c, t, r0 ^ signs, r1 ^ signs, inexact);
                return;
            }
        }
        slowFma(c, flags, Format.SINGLE, t, a, m, b);
    }

    private static void slowFma(Vcpu c, int flags, Format f, int t, int a, int m, int b) {
        lanes(c, f.width(), t, a, b, m, (s, x, y, z) -> {
            Num addend = Num.unpack(f, y, 0);
            Num r = s.fma(Num.unpack(f, x, 0), Num.unpack(f, z, 0),
                    (flags & FloatUnit.SUBTRACT) != 0 ? addend.negated() : addend);
            s.round(r, f);
            return s.pack((flags & FloatUnit.NEGATE) != 0 ? r.negated() : r, f);
        });
    }

    /** Applies an operation to all elements of {@code width} bits, 32 or 64, of up to three operands. */
    static void lanes(Vcpu c, int width, int t, int a, int b, int m, Lane lane) {
        SoftFloat s = new SoftFloat(c.fpscr);
        long r0 = doubleword(s, width, c.vsr[a], c.vsr[b], c.vsr[m], lane);
        long r1 = doubleword(s, width, c.vsr[a + 1], c.vsr[b + 1], c.vsr[m + 1], lane);
        if (Fpscr.commitVector(c, s.flags)) {
            c.vsr[t] = r0;
            c.vsr[t + 1] = r1;
        }
        FloatUnit.finish(c);
    }

    private static long doubleword(SoftFloat s, int width, long a, long b, long m, Lane lane) {
        if (width == 64) {
            return lane.apply(s, a, b, m);
        }
        long mask = 0xffffffffL;
        return lane.apply(s, a >>> 32, b >>> 32, m >>> 32) << 32 | lane.apply(s, a & mask, b & mask, m & mask) & mask;
    }

    /** Applies an operation to all elements of {@code width} bits of one operand. */
    static void lanes(Vcpu c, int width, int t, int b, Lane lane) {
        lanes(c, width, t, b, b, b, lane);
    }
}
