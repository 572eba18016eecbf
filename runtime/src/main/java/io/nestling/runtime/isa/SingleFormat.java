package io.nestling.runtime.isa;

/** The two formats of a single-precision number: 32 bits in storage, double format in a register. */
public final class SingleFormat {
    private SingleFormat() {}

    /**
     * DOUBLE(x) of Power ISA 3.0B, Book I, 4.6.2: the same number in double format. Signalling NaNs stay signalling and
     * no status changes.
     *
     * @param x bits of a single
     * @return bits of a double
     */
    public static long toDouble(int x) {
        int exponent = x >>> 23 & 255;
        long sign = (long) (x & 0x80000000) << 32;
        long fraction = (long) (x & 0x7fffff) << 29;
        if (exponent == 255) {
            return sign | 0x7ff0000000000000L | fraction;
        }
        if (exponent != 0) {
            return sign | (long) (exponent + 896) << 52 | fraction;
        }
        if (fraction == 0) {
            return sign;
        }
        int shift = Long.numberOfLeadingZeros(fraction) - 11;
        return sign | (long) (897 - shift) << 52 | fraction << shift & 0x000fffffffffffffL;
    }

    /**
     * SINGLE(x) of Power ISA 3.0B, Book I, 4.6.3: the number in single format, for a value that is representable so;
     * what other values give is undefined and here truncated.
     *
     * @param x bits of a double
     * @return bits of a single, in the low word
     */
    public static int fromDouble(long x) {
        int exponent = (int) (x >>> 52) & 0x7ff;
        if (exponent > 896 || (x & Long.MAX_VALUE) == 0) {
            return (int) (x >>> 32) & 0xc0000000 | (int) (x >>> 29) & 0x3fffffff;
        }
        int sign = (int) (x >>> 32) & 0x80000000;
        if (exponent < 874) {
            return sign;
        }
        long significand = x & 0x000fffffffffffffL | 0x0010000000000000L;
        return sign | (int) (significand >>> 29 + 897 - exponent);
    }

    /** {@link #toDouble} for translated code: the low word of {@code x} is what was loaded. */
    public static double load(long x) {
        int bits = (int) x;
        return (bits & 0x7f800000) != 0x7f800000 ? Float.intBitsToFloat(bits) : Double.longBitsToDouble(toDouble(bits));
    }

    /** {@link #fromDouble} for translated code. */
    public static long store(double x) {
        float single = (float) x;
        return single == x ? Float.floatToRawIntBits(single) : fromDouble(Double.doubleToRawLongBits(x));
    }
}
