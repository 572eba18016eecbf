package io.nestling.runtime.fp;

import java.math.BigInteger;

/** A decimal interchange format in the densely packed encoding (Power ISA 3.0B, Book I, 5.2). */
public enum DecimalFormat {
    /** 32 bits, 7 digits; a storage format only. */
    SHORT(7, 6),
    /** 64 bits, 16 digits. */
    LONG(16, 8),
    /** 128 bits, 34 digits. */
    EXTENDED(34, 12);

    /** Digits of the coefficient. */
    final int digits;
    /** Bits of the exponent continuation. */
    final int continuation;
    /** What is added to the exponent of the last digit; its negative is the least exponent. */
    final int bias;
    /** Greatest exponent of the last digit. */
    final int emax;
    /** Exponent of the first digit below which a number is subnormal. */
    final int emin;
    /** What an enabled overflow or underflow takes from or adds to the exponent (5.5.10). */
    final int adjust;
    /** Ten to the number of digits. */
    final BigInteger limit;

    DecimalFormat(int digits, int continuation) {
        this.digits = digits;
        this.continuation = continuation;
        int range = 3 << continuation;
        bias = range / 2 + digits - 2;
        emax = range - 1 - bias;
        emin = digits - 1 - bias;
        adjust = 9 << continuation - 2;
        limit = BigInteger.TEN.pow(digits);
    }

    /** Number of declets in the coefficient. */
    int declets() {
        return (digits - 1) / 3;
    }

    /** Width in bits. */
    int width() {
        return 6 + continuation + 10 * declets();
    }

    /** True if a finite number can have this biased exponent. */
    public boolean hasBiasedExponent(long biased) {
        return biased >= 0 && biased <= emax + bias;
    }

    /**
     * The high doubleword of an infinity (for -1), a signalling NaN (-3) or else a quiet NaN, with the sign and the
     * trailing significand of {@code high}.
     */
    public long special(long biased, long high) {
        long combination = biased == -1 ? 0x78L : biased == -3 ? 0x7eL : 0x7cL;
        return high & (1L << 63 | (1L << 58 - continuation) - 1) | combination << 56;
    }
}
