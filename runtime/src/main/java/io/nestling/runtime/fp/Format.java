package io.nestling.runtime.fp;

/** An IEEE 754 binary interchange format. */
public enum Format {
    /** 16 bits. */
    HALF(5, 10),
    /** 32 bits. */
    SINGLE(8, 23),
    /** 64 bits. */
    DOUBLE(11, 52),
    /** Quads rounded to the precision of the 80-bit format; for rounding only. */
    EXTENDED(15, 63),
    /** 128 bits. */
    QUAD(15, 112);

    /** Width of the exponent field in bits. */
    final int exponentBits;
    /** Width of the fraction field in bits. */
    final int fractionBits;
    /** Significand bits, the implied one included. */
    final int precision;
    /** Exponent of the largest finite numbers; also the bias. */
    final int emax;
    /** Exponent of the smallest normal number. */
    final int emin;
    /** What an enabled overflow or underflow adds to or takes from the exponent (Book I, 4.4.3, 4.4.4, 7.4.3, 7.4.4). */
    final int adjust;
    /** Width in bits, at most 64 for all but quad. */
    final int width;

    Format(int exponentBits, int fractionBits) {
        this.exponentBits = exponentBits;
        this.fractionBits = fractionBits;
        precision = fractionBits + 1;
        emax = (1 << exponentBits - 1) - 1;
        emin = 1 - emax;
        adjust = 3 << exponentBits - 2;
        width = 1 + exponentBits + fractionBits;
    }

    /** Width in bits. */
    public int width() {
        return width;
    }
}
