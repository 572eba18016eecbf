package io.nestling.runtime.fp;

/**
 * A floating-point number taken apart. A finite nonzero number is {@code (-1)^neg * 2^exp * hi:lo / 2^127} with the top
 * bit of {@code hi} set; of a NaN, {@code hi:lo} is the fraction, left-aligned, so that the quiet bit is the top bit.
 */
public final class Num {
    static final int ZERO = 0;
    static final int FINITE = 1;
    static final int INFINITE = 2;
    static final int QUIET = 3;
    static final int SIGNALLING = 4;

    int kind;
    boolean neg;
    int exp;
    long hi;
    long lo;

    Num() {}

    Num(int kind, boolean neg) {
        this.kind = kind;
        this.neg = neg;
    }

    /** The number one. */
    public static Num one() {
        return of(1, false);
    }

    /** An unsigned integer with a sign. */
    public static Num of(long magnitude, boolean neg) {
        Num n = new Num(magnitude == 0 ? ZERO : FINITE, neg);
        int lz = Long.numberOfLeadingZeros(magnitude);
        n.hi = magnitude << lz;
        n.exp = 63 - lz;
        return n;
    }

    /** A single. */
    public static Num single(int bits) {
        return unpack(Format.SINGLE, bits, 0);
    }

    /** A double. */
    public static Num dbl(long bits) {
        return unpack(Format.DOUBLE, bits, 0);
    }

    /** Takes a number apart: the bits are right-aligned in {@code bits}, or in {@code bits:low} for a quad. */
    public static Num unpack(Format f, long bits, long low) {
        long top = f == Format.QUAD ? bits : bits << 64 - f.width;
        Num n = new Num();
        n.neg = top < 0;
        int biased = (int) (top << 1 >>> 64 - f.exponentBits);
        n.hi = top;
        n.lo = low;
        n.shiftLeft(1 + f.exponentBits);
        boolean empty = (n.hi | n.lo) == 0;
        if (biased == 2 * f.emax + 1) {
            n.kind = empty ? INFINITE : n.hi < 0 ? QUIET : SIGNALLING;
        } else if (biased == 0) {
            n.kind = empty ? ZERO : FINITE;
            n.exp = f.emin - 1;
            n.normalize();
        } else {
            n.kind = FINITE;
            n.exp = biased - f.emax;
            n.lo = n.lo >>> 1 | n.hi << 63;
            n.hi = n.hi >>> 1 | 1L << 63;
        }
        return n;
    }

    /** Quiet or signalling. */
    public boolean isNan() {
        return kind >= QUIET;
    }

    /** Signalling NaN. */
    public boolean isSignalling() {
        return kind == SIGNALLING;
    }

    /** Sign bit. */
    public boolean isNegative() {
        return neg;
    }

    /** Either zero. */
    public boolean isZero() {
        return kind == ZERO;
    }

    /** Either infinity. */
    public boolean isInfinite() {
        return kind == INFINITE;
    }

    /** The same with the other sign, unless it is a NaN. */
    public Num negated() {
        if (!isNan()) {
            neg = !neg;
        }
        return this;
    }

    /** Shifts left by 0..127; bits shifted out are lost. */
    void shiftLeft(int n) {
        if (n >= 64) {
            hi = lo << n - 64;
            lo = 0;
        } else if (n > 0) {
            hi = hi << n | lo >>> 64 - n;
            lo <<= n;
        }
    }

    /** Shifts right by any amount; if a one is shifted out, the last bit becomes one ("sticky"). */
    void shiftRightSticky(int n) {
        if (n <= 0) {
            return;
        }
        boolean lost;
        if (n >= 128) {
            lost = (hi | lo) != 0;
            hi = 0;
            lo = 0;
        } else if (n >= 64) {
            lost = lo != 0 || n > 64 && hi << 128 - n != 0;
            lo = hi >>> n - 64;
            hi = 0;
        } else {
            lost = lo << 64 - n != 0;
            lo = lo >>> n | hi << 64 - n;
            hi >>>= n;
        }
        if (lost) {
            lo |= 1;
        }
    }

    /** Clears all but the first {@code bits} bits, 1..127. */
    void truncate(int bits) {
        hi &= bits < 64 ? -1L << 64 - bits : -1;
        lo &= bits <= 64 ? 0 : -1L << 128 - bits;
    }

    /** Moves the leading one to the top; an empty significand becomes a zero. */
    void normalize() {
        if ((hi | lo) == 0) {
            kind = ZERO;
            return;
        }
        int lz = hi != 0 ? Long.numberOfLeadingZeros(hi) : 64 + Long.numberOfLeadingZeros(lo);
        shiftLeft(lz);
        exp -= lz;
    }

    /** True for a number other than zero that is smaller than the normal numbers of a format. */
    public boolean isBelow(Format f) {
        return kind == FINITE && exp < f.emin;
    }

    /** Compares magnitudes of numbers that are not NaNs: negative, zero or positive. */
    static int compareMagnitude(Num a, Num b) {
        if (a.kind != b.kind) {
            return Integer.compare(a.kind, b.kind);
        }
        if (a.kind != FINITE) {
            return 0;
        }
        if (a.exp != b.exp) {
            return Integer.compare(a.exp, b.exp);
        }
        int c = Long.compareUnsigned(a.hi, b.hi);
        return c != 0 ? c : Long.compareUnsigned(a.lo, b.lo);
    }

    /** Compares numbers that are not NaNs; zeros of both signs are equal. */
    public static int compare(Num a, Num b) {
        if (a.kind == ZERO && b.kind == ZERO) {
            return 0;
        }
        if (a.neg != b.neg) {
            return a.neg ? -1 : 1;
        }
        int c = compareMagnitude(a, b);
        return a.neg ? -c : c;
    }
}
