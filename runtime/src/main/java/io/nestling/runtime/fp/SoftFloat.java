package io.nestling.runtime.fp;

/**
 * Exact arithmetic on {@link Num}s and the one rounding step that all formats share (Power ISA 3.0B, Book I, 4.3.6, 4.4,
 * 7.3 and 7.4). An instance lives for one instruction and collects in {@link #flags} the FPSCR bits it raises. Operations
 * give an intermediate result of at least 120 significant bits and a sticky one; {@link #round} fits it into a format;
 * {@link #pack} writes it down. Correctness comes before speed here: see {@link FastFloat} for the common cases.
 */
public final class SoftFloat {
    /** Rounding modes as FPSCR[RN] has them, and two more that instructions name. */
    public static final int NEAREST_EVEN = 0;
    public static final int TO_ZERO = 1;
    public static final int TO_PLUS = 2;
    public static final int TO_MINUS = 3;
    public static final int TO_ODD = 4;
    public static final int NEAREST_AWAY = 5;

    private final int mode;
    private final boolean overflowEnabled;
    private final boolean underflowEnabled;

    /** FPSCR bits raised so far: exceptions, FR and FI. */
    public long flags;
    /** Low half of the quad that {@link #pack} gave last. */
    public long low;
    /** True if the last rounding moved the exponent for an enabled overflow or underflow. */
    private boolean adjusted;

    /** Rounds as the FPSCR says and heeds its enable bits. */
    public SoftFloat(long fpscr) {
        this(fpscr, (int) (fpscr & Fpscr.RN));
    }

    /** Rounds in the given mode and heeds the FPSCR's enable bits. */
    public SoftFloat(long fpscr, int mode) {
        this.mode = mode;
        overflowEnabled = (fpscr & Fpscr.OE) != 0;
        underflowEnabled = (fpscr & Fpscr.UE) != 0;
    }

    // ---- NaNs and invalid operations ------------------------------------------------------------------------------

    /** Raises an invalid operation and gives the default NaN. */
    public Num invalid(long cause) {
        flags |= cause;
        Num n = new Num(Num.QUIET, false);
        n.hi = 1L << 63;
        return n;
    }

    /** The quiet form of a NaN; a signalling one raises VXSNAN. */
    public Num quiet(Num n) {
        if (n.kind == Num.SIGNALLING) {
            flags |= Fpscr.VXSNAN;
            n.kind = Num.QUIET;
            n.hi |= 1L << 63;
        }
        return n;
    }

    /** The first of two operands that is a NaN, quieted; any signalling one raises VXSNAN. */
    private Num firstNan(Num a, Num b) {
        Num qa = quiet(a);
        Num qb = quiet(b);
        return qa.isNan() ? qa : qb;
    }

    /** One of the {@link FastFloat} operations. */
    public Num operate(int op, Num a, Num b) {
        return switch (op) {
            case FastFloat.ADD -> add(a, b);
            case FastFloat.SUB -> subtract(a, b);
            case FastFloat.MUL -> multiply(a, b);
            case FastFloat.DIV -> divide(a, b);
            default -> sqrt(b);
        };
    }

    // ---- operations -------------------------------------------------------------------------------------------------

    /** {@code a + b}. */
    public Num add(Num a, Num b) {
        if (a.isNan() || b.isNan()) {
            return firstNan(a, b);
        }
        return addNumbers(a, a.kind == Num.FINITE ? Wide.of(a.hi, a.lo) : null, b);
    }

    /** {@code a - b}. */
    public Num subtract(Num a, Num b) {
        return add(a, b.negated());
    }

    /** Adds {@code b} to {@code a}, whose significand is {@code wide} if it is finite and not zero. */
    private Num addNumbers(Num a, long[] wide, Num b) {
        if (a.kind == Num.INFINITE || b.kind == Num.INFINITE) {
            if (a.kind == b.kind && a.neg != b.neg) {
                return invalid(Fpscr.VXISI);
            }
            return a.kind == Num.INFINITE ? a : b;
        }
        if (b.kind == Num.ZERO) {
            if (a.kind == Num.ZERO) {
                a.neg = a.neg == b.neg ? a.neg : mode == TO_MINUS;
                return a;
            }
            return narrow(a, wide);
        }
        if (a.kind == Num.ZERO) {
            return b;
        }
        long[] other = Wide.of(b.hi, b.lo);
        if (a.exp < b.exp) {
            Wide.shiftRightSticky(wide, b.exp - a.exp);
            a.exp = b.exp;
        } else {
            Wide.shiftRightSticky(other, a.exp - b.exp);
        }
        if (a.neg == b.neg) {
            if (Wide.add(wide, other)) {
                Wide.shiftRightSticky(wide, 1);
                wide[0] |= 1L << 63;
                a.exp++;
            }
            return narrow(a, wide);
        }
        int c = Wide.compare(wide, other);
        if (c == 0) {
            return new Num(Num.ZERO, mode == TO_MINUS);
        }
        if (c < 0) {
            a.neg = b.neg;
        }
        return narrow(a, c > 0 ? Wide.subtract(wide, other) : Wide.subtract(other, wide));
    }

    /** Puts a 256-bit significand into {@code n}, normalized and with a sticky last bit. */
    private static Num narrow(Num n, long[] wide) {
        n.exp -= Wide.normalize(wide);
        n.hi = wide[0];
        n.lo = wide[1];
        if ((wide[2] | wide[3]) != 0) {
            n.lo |= 1;
        }
        n.kind = Num.FINITE;
        return n;
    }

    /** {@code a * b}. */
    public Num multiply(Num a, Num b) {
        if (a.isNan() || b.isNan()) {
            return firstNan(a, b);
        }
        if (infinityTimesZero(a, b)) {
            return invalid(Fpscr.VXIMZ);
        }
        Num p = productClass(a, b);
        return p.kind == Num.FINITE ? narrow(p, product(p, a, b)) : p;
    }

    private static boolean infinityTimesZero(Num a, Num b) {
        return a.kind == Num.INFINITE && b.kind == Num.ZERO || a.kind == Num.ZERO && b.kind == Num.INFINITE;
    }

    /** Sign and kind of a product of numbers. */
    private static Num productClass(Num a, Num b) {
        int kind = a.kind == Num.ZERO || b.kind == Num.ZERO ? Num.ZERO : Math.max(a.kind, b.kind);
        return new Num(kind, a.neg != b.neg);
    }

    /** Exact, normalized significand of a product; sets the exponent of {@code p}. */
    private static long[] product(Num p, Num a, Num b) {
        long[] wide = Wide.multiply(a.hi, a.lo, b.hi, b.lo);
        p.exp = a.exp + b.exp + 1 - Wide.normalize(wide);
        return wide;
    }

    /** {@code a * c + b}, rounded once. */
    public Num fma(Num a, Num c, Num b) {
        boolean zeroByInfinity = infinityTimesZero(a, c);
        if (zeroByInfinity) {
            flags |= Fpscr.VXIMZ;
        }
        if (a.isNan() || b.isNan() || c.isNan()) {
            // The first of A, B, C that is a NaN, in this order.
            Num first = firstNan(a, b);
            Num last = quiet(c);
            return first.isNan() ? first : last;
        }
        if (zeroByInfinity) {
            return invalid(Fpscr.VXIMZ);
        }
        Num p = productClass(a, c);
        return addNumbers(p, p.kind == Num.FINITE ? product(p, a, c) : null, b);
    }

    /** {@code a / b}. */
    public Num divide(Num a, Num b) {
        if (a.isNan() || b.isNan()) {
            return firstNan(a, b);
        }
        boolean neg = a.neg != b.neg;
        if (a.kind == b.kind && a.kind != Num.FINITE) {
            return invalid(a.kind == Num.ZERO ? Fpscr.VXZDZ : Fpscr.VXIDI);
        }
        if (a.kind == Num.INFINITE || b.kind == Num.ZERO) {
            if (a.kind == Num.FINITE) {
                flags |= Fpscr.ZX;
            }
            return new Num(Num.INFINITE, neg);
        }
        if (a.kind == Num.ZERO || b.kind == Num.INFINITE) {
            return new Num(Num.ZERO, neg);
        }
        // Restoring division, one bit a turn. Both significands leave the top bit free for the doubled remainder; no
        // format fills the last bit.
        long rh = a.hi >>> 1;
        long rl = a.lo >>> 1 | a.hi << 63;
        long dh = b.hi >>> 1;
        long dl = b.lo >>> 1 | b.hi << 63;
        Num q = new Num(Num.FINITE, neg);
        q.exp = a.exp - b.exp;
        for (int i = 0; i < 128; i++) {
            q.shiftLeft(1);
            if (Long.compareUnsigned(rh, dh) > 0 || rh == dh && Long.compareUnsigned(rl, dl) >= 0) {
                q.lo |= 1;
                rh -= dh + (Long.compareUnsigned(rl, dl) < 0 ? 1 : 0);
                rl -= dl;
            }
            rh = rh << 1 | rl >>> 63;
            rl <<= 1;
        }
        q.normalize();
        if ((rh | rl) != 0) {
            q.lo |= 1;
        }
        return q;
    }

    /** Square root. */
    public Num sqrt(Num a) {
        if (a.isNan()) {
            return quiet(a);
        }
        if (a.kind == Num.ZERO || a.kind == Num.INFINITE && !a.neg) {
            return a;
        }
        if (a.neg) {
            return invalid(Fpscr.VXSQRT);
        }
        // Digit by digit, two bits of the radicand a turn: it is the significand with two integer bits.
        long xh = a.hi;
        long xl = a.lo;
        if ((a.exp & 1) == 0) {
            xl = xl >>> 1 | xh << 63;
            xh >>>= 1;
        }
        Num root = new Num(Num.FINITE, false);
        Num rem = new Num();
        int bits = 120;
        for (int i = 0; i < bits; i++) {
            rem.shiftLeft(2);
            rem.lo |= xh >>> 62;
            xh = xh << 2 | xl >>> 62;
            xl <<= 2;
            long th = root.hi << 2 | root.lo >>> 62;
            long tl = root.lo << 2 | 1;
            root.shiftLeft(1);
            if (Long.compareUnsigned(rem.hi, th) > 0 || rem.hi == th && Long.compareUnsigned(rem.lo, tl) >= 0) {
                rem.hi -= th + (Long.compareUnsigned(rem.lo, tl) < 0 ? 1 : 0);
                rem.lo -= tl;
                root.lo |= 1;
            }
        }
        root.shiftLeft(128 - bits);
        root.exp = a.exp >> 1;
        if ((rem.hi | rem.lo) != 0) {
            root.lo |= 1;
        }
        return root;
    }

    // ---- rounding -----------------------------------------------------------------------------------------------------

    /**
     * Rounds the last {@code drop} bits (1..127) of a significand away. It may be left empty or unnormalized.
     *
     * @return FI and FR
     */
    private static long roundBits(Num n, int drop, int mode) {
        long unitHi = drop >= 64 ? 1L << drop - 64 : 0;
        long unitLo = drop >= 64 ? 0 : 1L << drop;
        long keepHi = drop >= 64 ? -unitHi : -1;
        long keepLo = drop >= 64 ? 0 : -unitLo;
        long restHi = n.hi & ~keepHi;
        long restLo = n.lo & ~keepLo;
        if ((restHi | restLo) == 0) {
            return 0;
        }
        boolean odd = (n.hi & unitHi | n.lo & unitLo) != 0;
        n.hi &= keepHi;
        n.lo &= keepLo;
        boolean up = switch (mode) {
            case TO_ZERO -> false;
            case TO_PLUS -> !n.neg;
            case TO_MINUS -> n.neg;
            case TO_ODD -> false;
            default -> {
                // Compare the rest with half a unit, both shifted to the top of 128 bits.
                Num rest = new Num();
                rest.hi = restHi;
                rest.lo = restLo;
                rest.shiftLeft(128 - drop);
                boolean half = rest.hi == Long.MIN_VALUE && rest.lo == 0;
                yield half ? odd || mode == NEAREST_AWAY : rest.hi < 0;
            }
        };
        if (mode == TO_ODD) {
            n.hi |= unitHi;
            n.lo |= unitLo;
        }
        if (!up) {
            return Fpscr.FI;
        }
        n.lo += unitLo;
        if (unitLo != 0 && n.lo == 0) {
            unitHi = 1;
        }
        n.hi += unitHi;
        if (n.hi == 0 && n.lo == 0) {
            n.hi = 1L << 63;
            n.exp++;
        }
        return Fpscr.FI | Fpscr.FR;
    }

    /** Rounds to the precision and range of a format and raises OX, UX, XX, FI and FR; the fraction of a NaN is truncated. */
    public Num round(Num n, Format f) {
        adjusted = false;
        if (n.isNan()) {
            n.truncate(f.fractionBits);
        }
        if (n.kind != Num.FINITE) {
            return n;
        }
        boolean tiny = n.exp < f.emin;
        if (tiny && underflowEnabled) {
            flags |= Fpscr.UX;
            n.exp += f.adjust;
            adjusted = true;
        } else if (tiny) {
            n.shiftRightSticky(f.emin - n.exp);
            n.exp = f.emin;
        }
        long inexact = roundBits(n, 128 - f.precision, mode);
        if (inexact != 0) {
            flags |= inexact | Fpscr.XX;
        }
        if (tiny && !adjusted) {
            if (inexact != 0) {
                flags |= Fpscr.UX;
            }
            n.normalize();
        } else if (n.exp > f.emax) {
            overflow(n, f);
        }
        return n;
    }

    private void overflow(Num n, Format f) {
        flags |= Fpscr.OX;
        if (overflowEnabled) {
            n.exp -= f.adjust;
            adjusted = true;
            return;
        }
        boolean infinite = switch (mode) {
            case TO_ZERO, TO_ODD -> false;
            case TO_PLUS -> !n.neg;
            case TO_MINUS -> n.neg;
            default -> true;
        };
        flags = flags & ~Fpscr.FR | Fpscr.XX | Fpscr.FI;
        if (infinite) {
            flags |= Fpscr.FR;
            n.kind = Num.INFINITE;
        } else {
            n.exp = f.emax;
            n.hi = -1;
            n.lo = -1;
            n.truncate(f.precision);
        }
    }

    /** FPRF for a result that {@link #round} just fitted into {@code f}. */
    public long fprf(Num n, Format f) {
        return switch (n.kind) {
            case Num.ZERO -> Fpscr.signed(Fpscr.ZERO, n.neg);
            case Num.INFINITE -> Fpscr.signed(Fpscr.INFINITY, n.neg);
            case Num.FINITE -> Fpscr.signed(n.exp < f.emin && !adjusted ? Fpscr.DENORMAL : Fpscr.NORMAL, n.neg);
            default -> Fpscr.QUIET_NAN;
        };
    }

    /**
     * Writes a number down in a format that can hold it (after {@link #round}). An exponent that was adjusted and still
     * does not fit is taken modulo the size of its field. NaNs are truncated.
     *
     * @return the bits, right-aligned; for a quad the high half, with the low one in {@link #low}
     */
    public long pack(Num n, Format f) {
        Num out = new Num();
        long biased = 0;
        switch (n.kind) {
            case Num.ZERO -> { }
            case Num.INFINITE -> biased = 2L * f.emax + 1;
            case Num.FINITE -> {
                out.hi = n.hi;
                out.lo = n.lo;
                if (n.exp < f.emin && !adjusted) {
                    out.shiftRightSticky(f.emin - 1 - n.exp);
                } else {
                    biased = n.exp + f.emax;
                    out.shiftLeft(1); // the leading one is implied
                }
            }
            default -> {
                biased = 2L * f.emax + 1;
                out.hi = n.hi;
                out.lo = n.lo;
            }
        }
        out.shiftRightSticky(1 + f.exponentBits);
        long field = (1L << f.exponentBits) - 1;
        long hi = out.hi | (biased & field) << 63 - f.exponentBits | (n.neg ? 1L << 63 : 0);
        low = out.lo;
        return f == Format.QUAD ? hi : hi >>> 64 - f.width;
    }

    // ---- integers -----------------------------------------------------------------------------------------------------

    /** Rounds to an integer in the given mode and raises FI and FR, but not XX. */
    public Num toIntegral(Num n, int mode) {
        flags |= makeIntegral(n, mode);
        return n;
    }

    /** Rounds to an integer; gives FI and FR. */
    private static long makeIntegral(Num n, int mode) {
        if (n.kind != Num.FINITE || n.exp >= 127) {
            return 0;
        }
        if (n.exp < 0) {
            n.shiftRightSticky(-n.exp);
            n.exp = 0;
        }
        long inexact = roundBits(n, 127 - n.exp, mode);
        n.normalize();
        return inexact;
    }

    /**
     * Converts to an integer of {@code bits} bits (32 or 64), saturating; raises VXCVI, VXSNAN, XX, FI and FR. A NaN
     * becomes the smallest number, not sign-extended.
     */
    public long toInteger(Num n, int bits, boolean signed, int mode) {
        if (n.isNan()) {
            flags |= Fpscr.VXCVI | (n.isSignalling() ? Fpscr.VXSNAN : 0);
            return signed ? 1L << bits - 1 : 0;
        }
        long inexact = makeIntegral(n, mode);
        long max = signed ? (1L << bits - 1) - 1 : bits == 64 ? -1 : (1L << bits) - 1;
        long min = signed ? -(1L << bits - 1) : 0;
        long magnitude = 0;
        if (n.kind != Num.ZERO) {
            boolean large = n.kind == Num.INFINITE || n.exp > 63;
            magnitude = large ? -1 : n.hi >>> 63 - n.exp;
            if (large || Long.compareUnsigned(magnitude, n.neg ? -min : max) > 0) {
                flags |= Fpscr.VXCVI;
                return n.neg ? min : max;
            }
        }
        if (inexact != 0) {
            flags |= inexact | Fpscr.XX;
        }
        return n.neg ? -magnitude : magnitude;
    }

    /** One over the square root: the root is rounded to the format, and the quotient is for the caller to round. */
    public Num reciprocalRoot(Num n, Format f) {
        Num root = round(sqrt(n), f);
        return divide(Num.one(), root);
    }
}
