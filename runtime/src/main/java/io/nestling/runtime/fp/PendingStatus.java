package io.nestling.runtime.fp;

import io.nestling.runtime.cpu.CpuState;

/**
 * What the last scalar operation means for FPSCR[FR,FI,FPRF], put off until something looks. An operation in the host's
 * arithmetic (round to nearest, no exception enabled) notes its kind and operands; the next one replaces the note. When
 * an instruction reads those bits, or changes only some of them, the operation is done again for their sake. The sticky
 * bits are never put off: either XX is set already, or the operation finds out at once whether it is exact, and whatever
 * could overflow, underflow, or meet a NaN or an infinity is computed in full.
 */
public final class PendingStatus {
    private PendingStatus() {}

    /** No operation: the FPSCR is right but for a comparison that may be pending. Others are {@link FastFloat}'s plus 1. */
    public static final int NONE = 0;
    /** Rounding of {@code x} to single. */
    public static final int ROUND = 6;
    /** Conversion of a signed integer, the bits of {@code x}. */
    public static final int FROM_LONG = 7;
    /** {@code x * z + y}, plus these. */
    public static final int FMA = 8;
    /** With FMA: the addend subtracted, which its operand has behind it already. */
    public static final int SUBTRACT = 1;
    /** With FMA: the result negated. */
    public static final int NEGATE = 2;
    /** Result rounded to single. */
    public static final int SINGLE = 16;

    /** Marks the FPCC of a pending comparison. */
    public static final int COMPARED = 16;

    private static final double MIN_SINGLE = 0x1p-126;
    private static final double MAX_SINGLE = 0x1p127;

    /** Notes an operation whose status is put off. */
    public static void set(CpuState s, int kind, double x, double y, double z) {
        s.pendingKind = kind;
        s.pendingX = x;
        s.pendingY = y;
        s.pendingZ = z;
        s.pendingCompare = 0;
    }

    /**
     * Notes what translated code has put off.
     *
     * @param kind an operation, or NONE if the one noted before stands
     * @param compare FPCC of a comparison after it and COMPARED, 0 if there was none
     */
    public static void set(CpuState s, int kind, double x, double y, double z, int compare) {
        if (kind != NONE) {
            set(s, kind, x, y, z);
        }
        if (compare != 0) {
            s.pendingCompare = compare;
        }
    }

    /** Forgets what is pending, before all of FR, FI and FPRF are written. */
    public static void drop(CpuState s) {
        s.pendingKind = NONE;
        s.pendingCompare = 0;
    }

    /** Makes the FPSCR right. */
    public static void settle(CpuState s) {
        if ((s.pendingKind | s.pendingCompare) != 0) {
            settlePending(s);
        }
    }

    private static void settlePending(CpuState s) {
        int kind = s.pendingKind;
        int compare = s.pendingCompare;
        drop(s);
        if (kind != NONE) {
            s.fpscr = s.fpscr & ~(Fpscr.FR | Fpscr.FI | Fpscr.FPRF) | status(kind, s.pendingX, s.pendingY, s.pendingZ);
        }
        if (compare != 0) {
            s.fpscr = s.fpscr & ~Fpscr.FPCC | (long) (compare & 15) << 12;
        }
    }

    /**
     * How translated code may do arithmetic: 0 in the host's arithmetic without a look at exactness, 1 through
     * {@code FloatUnit}, 2 not at all, because an exception is enabled and could keep a target from being written.
     */
    public static int mode(CpuState s) {
        long f = s.fpscr & (Fpscr.NOT_PLAIN | Fpscr.XX);
        return f == Fpscr.XX ? 0 : (f & Fpscr.ENABLES) == 0 ? 1 : 2;
    }

    // Whether an operation raises at most XX, told by its result: not negative when it does. Integers rather than truth
    // values, because the optimizing compiler branches on them without making a 0 or 1 first.

    /** A sum or difference: finite. */
    public static int plainSum(double r) {
        return 0x7fefffff - magnitude(r);
    }

    /** A sum or difference of singles. */
    public static int plainSumSingle(double r) {
        return 0x47efffff - magnitude(r);
    }

    /** Any operation: neither tiny before rounding, nor zero, nor special. */
    public static int plain(double r) {
        int m = magnitude(r);
        return m - 0x00200000 | 0x7fefffff - m;
    }

    /** Any operation on singles. */
    public static int plainSingle(double r) {
        int m = magnitude(r);
        return m - 0x38200000 | 0x47efffff - m;
    }

    private static int magnitude(double r) {
        return (int) (Double.doubleToRawLongBits(r) >>> 32) & Integer.MAX_VALUE;
    }

    /** True if a product is zero because a factor is. */
    public static boolean zero(double r, double x, double y) {
        return r == 0 && (x == 0 || y == 0);
    }

    /** True if {@code x * z + y} is zero because of zeros. */
    public static boolean zero(double r, double x, double z, double y) {
        return y == 0 && zero(r, x, z);
    }

    /** True if the number is one that a single can hold. */
    public static boolean single(double x) {
        return (float) x == x;
    }

    /** True if both numbers are. */
    public static boolean singles(double x, double y) {
        return (float) x == x && (float) y == y;
    }

    /** True if neither is a NaN. */
    public static boolean ordered(double x, double y) {
        return x <= y || x > y;
    }

    /** {@code x} with the sign of {@code y}, of NaNs too. */
    public static double copySign(double x, double y) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & Long.MAX_VALUE
                | Double.doubleToRawLongBits(y) & Long.MIN_VALUE);
    }

    // ---- the status -----------------------------------------------------------------------------------------------

    /** FR, FI and FPRF of an operation, rounded to nearest, all exceptions disabled. */
    static long status(int kind, double x, double y, double z) {
        boolean single = (kind & SINGLE) != 0;
        int operation = kind & ~SINGLE;
        if (operation == ROUND) {
            return fitsSingle(x) ? ofSingle(x, 0) : exact(kind, x, y, z);
        }
        if (operation == FROM_LONG) {
            long v = Double.doubleToRawLongBits(x);
            double r = single ? (float) v : (double) v;
            return r < 0x1p63 ? ofDouble(r, v - (long) r) : exact(kind, x, y, z);
        }
        double r;
        double error;
        if (operation >= FMA) {
            if (!FastFloat.fmaTrusted(x, z, y)) {
                return exact(kind, x, y, z);
            }
            r = Math.fma(x, z, y);
            error = FastFloat.fmaError(x, z, y, r);
            if ((kind & NEGATE) != 0) {
                r = -r;
                error = -error;
            }
        } else {
            r = FastFloat.apply(operation - 1, x, y);
            if (!FastFloat.trusted(operation - 1, x, y, r)) {
                return exact(kind, x, y, z);
            }
            error = FastFloat.error(operation - 1, x, y, r);
        }
        if (!single) {
            return ofDouble(r, error);
        }
        return fitsSingle(r) ? ofSingle(r, error) : exact(kind, x, y, z);
    }

    private static long exact(int kind, double x, double y, double z) {
        SoftFloat s = new SoftFloat(0);
        Format f = (kind & SINGLE) != 0 ? Format.SINGLE : Format.DOUBLE;
        Num a = number(x);
        Num r = switch (kind & ~SINGLE) {
            case ROUND -> a;
            case FROM_LONG -> {
                long v = Double.doubleToRawLongBits(x);
                yield Num.of(Math.abs(v), v < 0);
            }
            case FMA, FMA | SUBTRACT, FMA | NEGATE, FMA | SUBTRACT | NEGATE -> s.fma(a, number(z), number(y));
            default -> s.operate((kind & ~SINGLE) - 1, a, number(y));
        };
        s.round(r, f);
        if ((kind & ~SINGLE) >= FMA && (kind & NEGATE) != 0) {
            r.negated();
        }
        return s.flags & (Fpscr.FR | Fpscr.FI) | s.fprf(r, f);
    }

    private static Num number(double x) {
        return Num.dbl(Double.doubleToRawLongBits(x));
    }

    /** Of a double whose exact value is {@code r} plus a little in the direction of {@code error}. */
    private static long ofDouble(double r, double error) {
        return Fpscr.classOf(Double.doubleToRawLongBits(r)) | (error == 0 ? 0 : error < 0 != r < 0 ? INEXACT_UP : Fpscr.FI);
    }

    /** Of such a number rounded to single. */
    private static long ofSingle(double r, double error) {
        double odd = toOdd(r, error);
        double single = (float) odd;
        return Fpscr.classOf(Double.doubleToRawLongBits(single))
                | (single == odd ? 0 : Math.abs(single) > Math.abs(odd) ? INEXACT_UP : Fpscr.FI);
    }

    private static final long INEXACT_UP = Fpscr.FI | Fpscr.FR;

    /** A number rounded to odd, so that a second rounding sees what the first one lost. */
    public static double toOdd(double r, double error) {
        long bits = Double.doubleToRawLongBits(r);
        if (error != 0 && (bits & 1) == 0) {
            bits += error < 0 == r < 0 ? 1 : -1;
        }
        return Double.longBitsToDouble(bits);
    }

    /** True if rounding to single neither over- nor underflows. */
    public static boolean fitsSingle(double r) {
        double m = Math.abs(r);
        return m > MIN_SINGLE && m < MAX_SINGLE || m == 0;
    }
}
