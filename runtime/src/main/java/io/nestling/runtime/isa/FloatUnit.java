package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.PendingStatus;
import io.nestling.runtime.fp.SoftFloat;

/**
 * What scalar floating-point instructions share: compute, set the FPSCR, write the target, trap. Targets {@code t} are
 * indices into {@code vsr} (twice the register number); a scalar result clears doubleword 1, which ISA 3.0B leaves
 * undefined and POWER9 clears.
 */
final class FloatUnit {
    private FloatUnit() {}

    /** Flags of a multiply-add: subtract the addend, negate the result. */
    static final int SUBTRACT = PendingStatus.SUBTRACT;
    static final int NEGATE = PendingStatus.NEGATE;

    /** Ends an instruction with an Rc bit: CR1, then the enabled exception if there is one. */
    static void finish(Vcpu c, int w) {
        if ((w & 1 | c.fpscr & Fpscr.FEX) != 0) {
            if ((w & 1) != 0) {
                c.setCr(1, (int) (c.fpscr >>> 28) & 15);
            }
            finish(c);
        }
    }

    /** Ends an instruction: a program interrupt if an enabled exception has occurred and MSR[FE0,FE1] ask for it. */
    static void finish(Vcpu c) {
        if ((c.fpscr & Fpscr.FEX) != 0 && (c.msr & (Msr.FE0 | Msr.FE1)) != 0) {
            throw c.program(Vcpu.PROGRAM_FP);
        }
    }

    /** Writes doubleword 0 and clears doubleword 1. */
    static void set(Vcpu c, int t, long v) {
        c.vsr[t] = v;
        c.vsr[t + 1] = 0;
    }

    /** Double-precision operation of {@link FastFloat}. */
    static void dp(Vcpu c, int op, int t, long a, long b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            double x = Double.longBitsToDouble(a);
            double y = Double.longBitsToDouble(b);
            double r = FastFloat.apply(op, x, y);
            if (FastFloat.trusted(op, x, y, r)) {
                if ((c.fpscr & Fpscr.XX) == 0 && FastFloat.error(op, x, y, r) != 0) {
                    c.fpscr |= Fpscr.XX | Fpscr.FX;
                }
                PendingStatus.set(c, op + 1, x, y, 0);
                set(c, t, Double.doubleToRawLongBits(r));
                return;
            }
        }
        slow(c, op, Format.DOUBLE, t, a, b);
    }

    /** Single-precision operation on operands in double format. */
    static void sp(Vcpu c, int op, int t, long a, long b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            double x = Double.longBitsToDouble(a);
            double y = Double.longBitsToDouble(b);
            double r = FastFloat.apply(op, x, y);
            if (FastFloat.trusted(op, x, y, r) && PendingStatus.fitsSingle(r)) {
                PendingStatus.set(c, op + 1 | PendingStatus.SINGLE, x, y, 0);
                deliverSingle(c, t, r, FastFloat.error(op, x, y, r));
                return;
            }
        }
        slow(c, op, Format.SINGLE, t, a, b);
    }

    private static void slow(Vcpu c, int op, Format f, int t, long a, long b) {
        SoftFloat s = new SoftFloat(c.fpscr);
        deliver(c, s, s.operate(op, Num.dbl(a), Num.dbl(b)), f, t);
    }

    /** Double-precision {@code a * m + b}. */
    static void fma(Vcpu c, int flags, int t, long a, long m, long b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            double x = Double.longBitsToDouble(a);
            double z = Double.longBitsToDouble(m);
            double y = Double.longBitsToDouble(b);
            if (FastFloat.fmaTrusted(x, z, y)) {
                y = (flags & SUBTRACT) != 0 ? -y : y;
                double r = Math.fma(x, z, y);
                if ((c.fpscr & Fpscr.XX) == 0 && FastFloat.fmaError(x, z, y, r) != 0) {
                    c.fpscr |= Fpscr.XX | Fpscr.FX;
                }
                PendingStatus.set(c, PendingStatus.FMA | flags, x, y, z);
                set(c, t, Double.doubleToRawLongBits((flags & NEGATE) != 0 ? -r : r));
                return;
            }
        }
        slowFma(c, flags, Format.DOUBLE, t, a, m, b);
    }

    /** Single-precision {@code a * m + b} on operands in double format. */
    static void fmaSingle(Vcpu c, int flags, int t, long a, long m, long b) {
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0) {
            double x = Double.longBitsToDouble(a);
            double z = Double.longBitsToDouble(m);
            double y = Double.longBitsToDouble(b);
            if (FastFloat.fmaTrusted(x, z, y)) {
                y = (flags & SUBTRACT) != 0 ? -y : y;
                double r = Math.fma(x, z, y);
                if (PendingStatus.fitsSingle(r)) {
                    PendingStatus.set(c, PendingStatus.FMA | PendingStatus.SINGLE | flags, x, y, z);
                    double e = FastFloat.fmaError(x, z, y, r);
                    boolean negate = (flags & NEGATE) != 0;
                    deliverSingle(c, t, negate ? -r : r, negate ? -e : e);
                    return;
                }
            }
        }
        slowFma(c, flags, Format.SINGLE, t, a, m, b);
    }

    private static void slowFma(Vcpu c, int flags, Format f, int t, long a, long m, long b) {
        SoftFloat s = new SoftFloat(c.fpscr);
        Num addend = Num.dbl(b);
        Num r = s.fma(Num.dbl(a), Num.dbl(m), (flags & SUBTRACT) != 0 ? addend.negated() : addend);
        s.round(r, f);
        write(c, s, (flags & NEGATE) != 0 ? r.negated() : r, f, t);
    }

    /**
     * Delivers a number, {@code r} plus a little in the direction of {@code error}, rounded to single. The caller has
     * noted the operation.
     */
    static void deliverSingle(Vcpu c, int t, double r, double error) {
        double odd = PendingStatus.toOdd(r, error);
        double single = (float) odd;
        if (single != odd && (c.fpscr & Fpscr.XX) == 0) {
            c.fpscr |= Fpscr.XX | Fpscr.FX;
        }
        set(c, t, Double.doubleToRawLongBits(single));
    }

    /** FPSCR after an inexact result with no exception enabled. */
    static long inexact(long f, boolean up) {
        return f | Fpscr.XX | Fpscr.FI | (up ? Fpscr.FR : 0) | ((f & Fpscr.XX) == 0 ? Fpscr.FX : 0);
    }

    /** Rounds an intermediate result and delivers it in double format. */
    static void deliver(Vcpu c, SoftFloat s, Num r, Format f, int t) {
        write(c, s, s.round(r, f), f, t);
    }

    /** Delivers a rounded result in double format. */
    static void write(Vcpu c, SoftFloat s, Num r, Format f, int t) {
        if (Fpscr.commitScalar(c, s.flags, s.fprf(r, f))) {
            set(c, t, s.pack(r, Format.DOUBLE));
        }
    }

    /** Reciprocal estimate: the correctly rounded quotient, which the required precision of 2^-14 allows. */
    static void reciprocal(Vcpu c, Format f, int t, long b) {
        SoftFloat s = new SoftFloat(c.fpscr);
        deliver(c, s, s.divide(Num.one(), Num.dbl(b)), f, t);
    }

    /** Reciprocal square root estimate: the quotient of one and the root rounded to double. */
    static void reciprocalRoot(Vcpu c, Format f, int t, long b) {
        SoftFloat s = new SoftFloat(c.fpscr);
        deliver(c, s, s.reciprocalRoot(Num.dbl(b), Format.DOUBLE), f, t);
    }
}
