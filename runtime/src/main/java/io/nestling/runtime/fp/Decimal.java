package io.nestling.runtime.fp;

import java.math.BigInteger;

/**
 * A decimal floating-point number taken apart: {@code (-1)^neg * coefficient * 10^exponent}. Of a NaN the coefficient is
 * the payload. Numbers of the same value with different exponents are different members of a cohort.
 *
 * @param kind one of the constants of {@link Num}, where finite includes zero
 */
public record Decimal(int kind, boolean neg, BigInteger coefficient, int exponent) {
    static final int FINITE = Num.FINITE;
    static final int INFINITE = Num.INFINITE;
    static final int QUIET = Num.QUIET;
    static final int SIGNALLING = Num.SIGNALLING;

    /** A finite number. */
    public static Decimal of(boolean neg, BigInteger coefficient, int exponent) {
        return new Decimal(FINITE, neg, coefficient, exponent);
    }

    /** The default NaN. */
    static Decimal defaultNan() {
        return new Decimal(QUIET, false, BigInteger.ZERO, 0);
    }

    /** Either NaN. */
    public boolean isNan() {
        return kind >= QUIET;
    }

    /** Signalling NaN. */
    public boolean isSignalling() {
        return kind == SIGNALLING;
    }

    /** Either infinity. */
    public boolean isInfinite() {
        return kind == INFINITE;
    }

    /** Neither infinity nor NaN. */
    public boolean isFinite() {
        return kind == FINITE;
    }

    /** Either zero. */
    public boolean isZero() {
        return kind == FINITE && coefficient.signum() == 0;
    }

    /** The same with the other sign, unless it is a NaN. */
    public Decimal negated() {
        return isNan() ? this : new Decimal(kind, !neg, coefficient, exponent);
    }

    /** Significant digits of the coefficient; a zero has none. */
    public int length() {
        return length(coefficient);
    }

    static int length(BigInteger c) {
        return c.signum() == 0 ? 0 : c.toString().length();
    }

    /** Exponent of the first significant digit of a number other than zero. */
    int adjusted() {
        return exponent + length() - 1;
    }

    /** True for a number other than zero that is smaller than the normal numbers of the format. */
    public boolean isSubnormal(DecimalFormat f) {
        return isFinite() && coefficient.signum() != 0 && adjusted() < f.emin;
    }

    /** True if the exponent is the least or the greatest one of the format. */
    public boolean hasExtremeExponent(DecimalFormat f) {
        return exponent == f.emax || exponent == -f.bias;
    }

    /** True if the first digit that the format has is not zero. */
    public boolean isFull(DecimalFormat f) {
        return length() == f.digits;
    }

    /** The biased exponent, or -1 for an infinity, -2 for a quiet and -3 for a signalling NaN. */
    public long biasedExponent(DecimalFormat f) {
        return isFinite() ? exponent + f.bias : isInfinite() ? -1 : isSignalling() ? -3 : -2;
    }

    /** The same digits with another exponent of the format. */
    public Decimal withBiasedExponent(DecimalFormat f, long biased) {
        return of(neg, coefficient, (int) biased - f.bias);
    }

    /** All digits but the first of the format. */
    private BigInteger payload(DecimalFormat f) {
        return coefficient.mod(BigInteger.TEN.pow(f.digits - 1));
    }

    /** With the digits moved to the left, or for a negative distance to the right. */
    public Decimal shifted(DecimalFormat f, int distance) {
        BigInteger unit = BigInteger.TEN.pow(Math.abs(distance));
        BigInteger c = distance < 0 ? coefficient.divide(unit) : coefficient.multiply(unit).mod(f.limit);
        Decimal r = new Decimal(kind, neg, c, exponent);
        return isFinite() ? r : new Decimal(kind, neg, r.payload(f), 0);
    }

    /** FPRF of a result in a format. */
    public long fprf(DecimalFormat f) {
        if (isNan()) {
            return isSignalling() ? Fpscr.SIGNALLING_NAN : Fpscr.QUIET_NAN;
        }
        long p = isInfinite() ? Fpscr.INFINITY : isZero() ? Fpscr.ZERO : isSubnormal(f) ? Fpscr.DENORMAL : Fpscr.NORMAL;
        return Fpscr.signed(p, neg);
    }

    /** Reads a number whose bits are right-aligned in {@code bits}, or for the extended format in {@code bits:low}. */
    public static Decimal decode(DecimalFormat f, long bits, long low) {
        long top = f == DecimalFormat.EXTENDED ? bits : bits << 64 - f.width();
        boolean neg = top < 0;
        int combination = (int) (top >>> 58) & 31;
        int continuation = (int) (top << 6 >>> 64 - f.continuation);
        BigInteger digits = BigInteger.ZERO;
        for (int i = f.declets() - 1; i >= 0; i--) {
            int bcd = Declets.toBcd(declet(f, bits, low, i));
            int three = (bcd >>> 8) * 100 + (bcd >>> 4 & 15) * 10 + (bcd & 15);
            digits = digits.multiply(BigInteger.valueOf(1000)).add(BigInteger.valueOf(three));
        }
        if (combination == 30) {
            return new Decimal(INFINITE, neg, BigInteger.ZERO, 0);
        }
        if (combination == 31) {
            boolean signalling = continuation >>> f.continuation - 1 != 0;
            return new Decimal(signalling ? SIGNALLING : QUIET, neg, digits, 0);
        }
        boolean large = combination >= 24;
        int first = large ? 8 | combination & 1 : combination & 7;
        int high = large ? combination >>> 1 & 3 : combination >>> 3;
        BigInteger c = digits.add(BigInteger.valueOf(first).multiply(BigInteger.TEN.pow(3 * f.declets())));
        return of(neg, c, (high << f.continuation | continuation) - f.bias);
    }

    /** Declet {@code i}, counted from the right. */
    private static int declet(DecimalFormat f, long bits, long low, int i) {
        int at = 10 * i;
        if (f != DecimalFormat.EXTENDED) {
            return (int) (bits >>> at) & 0x3ff;
        }
        if (at >= 64) {
            return (int) (bits >>> at - 64) & 0x3ff;
        }
        return (int) (low >>> at | (at > 54 ? bits << 64 - at : 0)) & 0x3ff;
    }

    /**
     * Writes the number down canonically; it must fit. Digits of a payload that do not fit are lost.
     *
     * @return the bits, right-aligned, as high and low doubleword; the high one is unused but for the extended format
     */
    public long[] encode(DecimalFormat f) {
        BigInteger thousand = BigInteger.valueOf(1000);
        BigInteger rest = coefficient;
        BigInteger all = BigInteger.ZERO;
        for (int i = 0; i < f.declets(); i++) {
            BigInteger[] qr = rest.divideAndRemainder(thousand);
            int n = qr[1].intValue();
            int declet = Declets.fromBcd(n / 100 << 8 | n / 10 % 10 << 4 | n % 10);
            all = all.or(BigInteger.valueOf(declet).shiftLeft(10 * i));
            rest = qr[0];
        }
        int combination;
        int continuation = 0;
        if (isFinite()) {
            int first = rest.intValue();
            int biased = exponent + f.bias;
            int high = biased >>> f.continuation;
            continuation = biased & (1 << f.continuation) - 1;
            combination = first >= 8 ? 24 | high << 1 | first & 1 : high << 3 | first;
        } else {
            combination = isInfinite() ? 30 : 31;
            continuation = isSignalling() ? 1 << f.continuation - 1 : 0;
        }
        long head = (neg ? 32L : 0) | combination;
        all = all.or(BigInteger.valueOf(head << f.continuation | continuation).shiftLeft(10 * f.declets()));
        return new long[] {all.shiftRight(64).longValue(), all.longValue()};
    }
}
