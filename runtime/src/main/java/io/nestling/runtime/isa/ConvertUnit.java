package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.PendingStatus;
import io.nestling.runtime.fp.SoftFloat;

/**
 * Scalar conversions, roundings and comparisons, shared by FPR and VSX instructions. As in {@link FloatUnit}, targets are
 * indices into {@code vsr}. For conversions to integers the book calls FPRF undefined: it stays as it was, except that an
 * invalid one to an FPR gives the class of a quiet NaN.
 */
final class ConvertUnit {
    private ConvertUnit() {}

    /** Below these the host's conversion cannot saturate. */
    private static final double LONG_LIMIT = 0x1p62;
    private static final double WORD_LIMIT = 0x1p31;

    static void roundToSingle(Vcpu c, int t, long b) {
        double x = Double.longBitsToDouble(b);
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0 && PendingStatus.fitsSingle(x)) {
            PendingStatus.set(c, PendingStatus.ROUND | PendingStatus.SINGLE, x, 0, 0);
            FloatUnit.deliverSingle(c, t, x, 0);
            return;
        }
        SoftFloat s = new SoftFloat(c.fpscr);
        FloatUnit.deliver(c, s, s.quiet(Num.dbl(b)), Format.SINGLE, t);
    }

    /**
     * Converts to an integer of {@code bits} bits, 32 or 64. A word is extended to a doubleword, or for VSX repeated; the
     * book leaves its high half undefined.
     */
    static void toInteger(Vcpu c, int t, long b, int bits, boolean signed, int mode, boolean vsx) {
        double x = Double.longBitsToDouble(b);
        double r = FastFloat.toIntegral(x, mode);
        double limit = bits == 32 ? WORD_LIMIT : LONG_LIMIT;
        long v;
        if (Math.abs(r) < limit && (signed || r >= 0) && (c.fpscr & Fpscr.XE) == 0) {
            exactness(c, x, r);
            v = (long) r;
        } else {
            SoftFloat s = new SoftFloat(c.fpscr());
            v = s.toInteger(Num.dbl(b), bits, signed, mode);
            long fprf = (s.flags & Fpscr.VXCVI) != 0 && !vsx ? Fpscr.QUIET_NAN : c.fpscr & Fpscr.FPRF;
            if (!Fpscr.commitScalar(c, s.flags, fprf)) {
                return;
            }
        }
        FloatUnit.set(c, t, vsx && bits == 32 ? v << 32 | v & 0xffffffffL : v);
    }

    /** FI, FR and XX for the rounding of {@code x} to {@code r}, with XE off. */
    private static void exactness(Vcpu c, double x, double r) {
        long f = c.fpscr() & ~(Fpscr.FI | Fpscr.FR);
        c.fpscr = r == x ? f : FloatUnit.inexact(f, Math.abs(r) > Math.abs(x));
    }

    static void fromLong(Vcpu c, int t, long v, Format f) {
        double r = f == Format.SINGLE ? (float) v : (double) v;
        if ((c.fpscr & Fpscr.NOT_PLAIN) == 0 && r < 0x1p63) {
            if ((c.fpscr & Fpscr.XX) == 0 && v != (long) r) {
                c.fpscr |= Fpscr.XX | Fpscr.FX;
            }
            PendingStatus.set(c, f == Format.SINGLE ? PendingStatus.FROM_LONG | PendingStatus.SINGLE : PendingStatus.FROM_LONG,
                    Double.longBitsToDouble(v), 0, 0);
            FloatUnit.set(c, t, Double.doubleToRawLongBits(r));
            return;
        }
        SoftFloat s = new SoftFloat(c.fpscr);
        FloatUnit.deliver(c, s, Num.of(Math.abs(v), v < 0), f, t);
    }

    static void fromUnsignedLong(Vcpu c, int t, long v, Format f) {
        if (v >= 0) {
            fromLong(c, t, v, f);
            return;
        }
        SoftFloat s = new SoftFloat(c.fpscr);
        FloatUnit.deliver(c, s, Num.of(v, false), f, t);
    }

    /**
     * Rounds to an integer in double format.
     *
     * @param report true to set FR, FI and XX, false to clear FR and FI
     */
    static void toIntegral(Vcpu c, int t, long b, int mode, boolean report) {
        double x = Double.longBitsToDouble(b);
        if (x == x && (!report || (c.fpscr & Fpscr.XE) == 0)) {
            double r = FastFloat.toIntegral(x, mode);
            long bits = Double.doubleToRawLongBits(r);
            c.setFpscr(c.fpscr & ~(Fpscr.FI | Fpscr.FR | Fpscr.FPRF) | Fpscr.classOf(bits));
            if (report) {
                exactness(c, x, r);
            }
            FloatUnit.set(c, t, bits);
            return;
        }
        SoftFloat s = new SoftFloat(c.fpscr);
        Num n = s.toIntegral(s.quiet(Num.dbl(b)), mode);
        if ((s.flags & Fpscr.FI) != 0) {
            s.flags |= Fpscr.XX;
        }
        FloatUnit.write(c, s, n, Format.DOUBLE, t);
    }

    /** Compares into a CR field and FPCC. */
    static void compare(Vcpu c, int field, long a, long b, boolean ordered) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        int r = x < y ? 8 : x > y ? 4 : x == y ? 2 : 1;
        if (r == 1) {
            unordered(c, Num.dbl(a).isSignalling() || Num.dbl(b).isSignalling(), ordered);
        }
        result(c, field, r);
    }

    static void result(Vcpu c, int field, int r) {
        c.pendingCompare = PendingStatus.COMPARED | r;
        c.setCr(field, r);
    }

    /** Raises what a comparison with a NaN raises: an ordered one minds quiet NaNs too. */
    static void unordered(Vcpu c, boolean signalling, boolean ordered) {
        long flags = 0;
        if (signalling) {
            flags = Fpscr.VXSNAN;
            if (ordered && (c.fpscr & Fpscr.VE) == 0) {
                flags |= Fpscr.VXVC;
            }
        } else if (ordered) {
            flags = Fpscr.VXVC;
        }
        c.fpscr = Fpscr.raise(c.fpscr, flags);
    }
}
