package io.nestling.runtime.fp;

import java.math.BigInteger;

/**
 * Decimal arithmetic (Power ISA 3.0B, Book I, chapter 5): an exact result is rounded to the digits of a format, with the
 * exponent as near to the ideal one as exactness allows. An instance lives for one instruction and collects in
 * {@link #flags} the FPSCR bits it raises.
 */
public final class DecimalMath {
    /** Rounding modes as FPSCR[DRN] has them. */
    public static final int NEAREST_EVEN = 0;
    public static final int TO_ZERO = 1;
    public static final int TO_PLUS = 2;
    public static final int TO_MINUS = 3;
    public static final int NEAREST_AWAY = 4;
    public static final int NEAREST_ZERO = 5;
    public static final int AWAY = 6;
    /** Away from zero if the last digit kept is 0 or 5, which keeps a second rounding right. */
    public static final int SHORTER = 7;

    private final DecimalFormat format;
    private final int mode;
    private final boolean overflowEnabled;
    private final boolean underflowEnabled;

    /** FPSCR bits raised so far. */
    public long flags;

    /** Arithmetic in a format and rounding mode that heeds the FPSCR's enable bits. */
    public DecimalMath(long fpscr, DecimalFormat format, int mode) {
        this.format = format;
        this.mode = mode;
        overflowEnabled = (fpscr & Fpscr.OE) != 0;
        underflowEnabled = (fpscr & Fpscr.UE) != 0;
    }

    /** The rounding mode the FPSCR asks for. */
    public static int mode(long fpscr) {
        return (int) (fpscr >>> 32) & 7;
    }

    /** Raises an invalid operation and gives the default NaN. */
    public Decimal invalid(long cause) {
        flags |= cause;
        return Decimal.defaultNan();
    }

    /** The quiet form of a NaN; a signalling one raises VXSNAN. */
    public Decimal quiet(Decimal n) {
        if (!n.isSignalling()) {
            return n;
        }
        flags |= Fpscr.VXSNAN;
        return new Decimal(Decimal.QUIET, n.neg(), n.coefficient(), 0);
    }

    /** The first signalling NaN, else the first NaN, quieted; signalling ones raise VXSNAN. */
    public Decimal firstNan(Decimal a, Decimal b) {
        Decimal qa = quiet(a);
        Decimal qb = quiet(b);
        return a.isSignalling() || !b.isSignalling() && a.isNan() ? qa : qb;
    }

    // ---- operations ---------------------------------------------------------------------------------------------

    /** {@code a + b}; the ideal exponent is the smaller one. */
    public Decimal add(Decimal a, Decimal b) {
        if (a.isNan() || b.isNan()) {
            return firstNan(a, b);
        }
        if (a.isInfinite() || b.isInfinite()) {
            if (a.isInfinite() && b.isInfinite() && a.neg() != b.neg()) {
                return invalid(Fpscr.VXISI);
            }
            return a.isInfinite() ? a : b;
        }
        int e = Math.min(a.exponent(), b.exponent());
        BigInteger sum = signed(a, e).add(signed(b, e));
        boolean neg = sum.signum() != 0 ? sum.signum() < 0 : a.neg() == b.neg() ? a.neg() : mode == TO_MINUS;
        return round(neg, sum.abs(), e, e);
    }

    private static BigInteger signed(Decimal n, int exponent) {
        BigInteger c = n.coefficient().multiply(BigInteger.TEN.pow(n.exponent() - exponent));
        return n.neg() ? c.negate() : c;
    }

    /** {@code a * b}; the ideal exponent is the sum. */
    public Decimal multiply(Decimal a, Decimal b) {
        if (a.isNan() || b.isNan()) {
            return firstNan(a, b);
        }
        boolean neg = a.neg() != b.neg();
        if (a.isInfinite() || b.isInfinite()) {
            return a.isZero() || b.isZero() ? invalid(Fpscr.VXIMZ)
                    : new Decimal(Decimal.INFINITE, neg, BigInteger.ZERO, 0);
        }
        int e = a.exponent() + b.exponent();
        return round(neg, a.coefficient().multiply(b.coefficient()), e, e);
    }

    /** {@code a / b}; the ideal exponent is the difference. */
    public Decimal divide(Decimal a, Decimal b) {
        if (a.isNan() || b.isNan()) {
            return firstNan(a, b);
        }
        boolean neg = a.neg() != b.neg();
        if (a.isInfinite()) {
            return b.isInfinite() ? invalid(Fpscr.VXIDI) : new Decimal(Decimal.INFINITE, neg, BigInteger.ZERO, 0);
        }
        if (b.isInfinite()) {
            return round(neg, BigInteger.ZERO, -format.bias, -format.bias);
        }
        int ideal = a.exponent() - b.exponent();
        if (b.isZero()) {
            if (a.isZero()) {
                return invalid(Fpscr.VXZDZ);
            }
            flags |= Fpscr.ZX;
            return new Decimal(Decimal.INFINITE, neg, BigInteger.ZERO, 0);
        }
        // Two digits more than the format has, and one that tells whether the quotient goes on.
        int shift = Math.max(0, format.digits + 2 + b.length() - a.length());
        BigInteger[] qr = a.coefficient().multiply(BigInteger.TEN.pow(shift)).divideAndRemainder(b.coefficient());
        BigInteger q = qr[0].multiply(BigInteger.TEN);
        return round(neg, qr[1].signum() != 0 ? q.add(BigInteger.ONE) : q, ideal - shift - 1, ideal);
    }

    /** Brings a number to an exponent ("quantize"); VXCVI if its digits do not fit then. */
    public Decimal quantize(Decimal n, int exponent) {
        if (exponent > format.emax || exponent < -format.bias) {
            return invalid(Fpscr.VXCVI);
        }
        if (n.exponent() >= exponent) {
            if (!n.isZero() && n.exponent() - exponent > format.digits) {
                return invalid(Fpscr.VXCVI);
            }
            BigInteger c = n.coefficient().multiply(BigInteger.TEN.pow(n.isZero() ? 0 : n.exponent() - exponent));
            return c.compareTo(format.limit) >= 0 ? invalid(Fpscr.VXCVI) : Decimal.of(n.neg(), c, exponent);
        }
        BigInteger c = drop(n.neg(), n.coefficient(), exponent - n.exponent());
        if (c.compareTo(format.limit) >= 0) {
            flags &= ~(Fpscr.XX | Fpscr.FI | Fpscr.FR);
            return invalid(Fpscr.VXCVI);
        }
        return Decimal.of(n.neg(), c, exponent);
    }

    /** Rounds to {@code count} digits, more than 0; VXCVI if the exponent then does not fit. */
    public Decimal roundToDigits(Decimal n, int count) {
        int excess = n.length() - count;
        if (excess <= 0) {
            return n;
        }
        BigInteger c = drop(n.neg(), n.coefficient(), excess);
        int e = n.exponent() + excess;
        if (Decimal.length(c) > count) {
            c = c.divide(BigInteger.TEN);
            e++;
        }
        if (e > format.emax) {
            flags &= ~(Fpscr.XX | Fpscr.FI | Fpscr.FR);
            return invalid(Fpscr.VXCVI);
        }
        return Decimal.of(n.neg(), c, e);
    }

    /** Rounds to an integer in BigInteger form; raises XX, FI and FR. */
    public BigInteger toInteger(Decimal n) {
        BigInteger c = n.exponent() >= 0 ? n.coefficient().multiply(BigInteger.TEN.pow(Math.min(n.exponent(), 64)))
                : drop(n.neg(), n.coefficient(), -n.exponent());
        return n.neg() ? c.negate() : c;
    }

    // ---- rounding -----------------------------------------------------------------------------------------------

    /** Rounds the last {@code count} digits away and raises XX, FI and FR. */
    private BigInteger drop(boolean neg, BigInteger c, int count) {
        // One digit more than there are makes the rest less than half of the unit.
        BigInteger unit = BigInteger.TEN.pow(Math.min(count, Decimal.length(c) + 1));
        BigInteger[] qr = c.divideAndRemainder(unit);
        if (qr[1].signum() == 0) {
            return qr[0];
        }
        flags |= Fpscr.XX | Fpscr.FI;
        int half = qr[1].shiftLeft(1).compareTo(unit);
        int last = qr[0].mod(BigInteger.TEN).intValue();
        boolean up = switch (mode) {
            case NEAREST_EVEN -> half > 0 || half == 0 && (last & 1) != 0;
            case TO_ZERO -> false;
            case TO_PLUS -> !neg;
            case TO_MINUS -> neg;
            case NEAREST_AWAY -> half >= 0;
            case NEAREST_ZERO -> half > 0;
            case AWAY -> true;
            default -> last == 0 || last == 5;
        };
        if (!up) {
            return qr[0];
        }
        flags |= Fpscr.FR;
        return qr[0].add(BigInteger.ONE);
    }

    /** Fits {@code c * 10^e} into the format. */
    public Decimal round(boolean neg, BigInteger coefficient, int exponent, int ideal) {
        BigInteger c = coefficient;
        int e = exponent;
        if (c.signum() == 0) {
            return Decimal.of(neg, c, Math.clamp(ideal, -format.bias, format.emax));
        }
        // Zeros at the end go while the exponent is below the ideal one.
        while (e < ideal) {
            BigInteger[] qr = c.divideAndRemainder(BigInteger.TEN);
            if (qr[1].signum() != 0) {
                break;
            }
            c = qr[0];
            e++;
        }
        int length = Decimal.length(c);
        boolean tiny = e + length - 1 < format.emin;
        int adjust = 0;
        if (tiny && underflowEnabled) {
            flags |= Fpscr.UX;
            adjust = format.adjust;
        }
        int excess = Math.max(length - format.digits, adjust == 0 ? -format.bias - e : 0);
        if (excess > 0) {
            c = drop(neg, c, excess);
            e += excess;
            if (c.compareTo(format.limit) >= 0) {
                c = c.divide(BigInteger.TEN);
                e++;
            }
            if (tiny && (flags & Fpscr.FI) != 0) {
                flags |= Fpscr.UX;
            }
        }
        e += adjust;
        if (c.signum() != 0 && e + Decimal.length(c) - 1 > format.emax + format.digits - 1) {
            flags |= Fpscr.OX;
            if (!overflowEnabled) {
                return overflow(neg);
            }
            e -= format.adjust;
        }
        return clamp(neg, c, e);
    }

    /** Pads with zeros where the exponent is too large, as far as there are digits; a zero has no need of them. */
    private Decimal clamp(boolean neg, BigInteger c, int e) {
        if (e <= format.emax) {
            return Decimal.of(neg, c, e);
        }
        int pad = Math.min(e - format.emax, format.digits);
        return Decimal.of(neg, c.multiply(BigInteger.TEN.pow(pad)), format.emax);
    }

    private Decimal overflow(boolean neg) {
        boolean infinite = switch (mode) {
            case TO_ZERO, SHORTER -> false;
            case TO_PLUS -> !neg;
            case TO_MINUS -> neg;
            default -> true;
        };
        flags = flags & ~Fpscr.FR | Fpscr.XX | Fpscr.FI | (infinite ? Fpscr.FR : 0);
        return infinite ? new Decimal(Decimal.INFINITE, neg, BigInteger.ZERO, 0)
                : Decimal.of(neg, format.limit.subtract(BigInteger.ONE), format.emax);
    }

    /** Compares finite numbers or infinities by value. */
    public static int compare(Decimal a, Decimal b) {
        if (a.isInfinite() || b.isInfinite()) {
            int ia = a.isInfinite() ? a.neg() ? -1 : 1 : 0;
            int ib = b.isInfinite() ? b.neg() ? -1 : 1 : 0;
            return Integer.compare(ia, ib);
        }
        int e = Math.min(a.exponent(), b.exponent());
        return signed(a, e).compareTo(signed(b, e));
    }
}
