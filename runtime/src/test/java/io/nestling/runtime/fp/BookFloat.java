package io.nestling.runtime.fp;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/**
 * Floating-point arithmetic as the book describes it, with unlimited integers and no tricks: an exact rational result is
 * brought to the target's grid by division. For checking {@link SoftFloat}; finite numbers only.
 */
final class BookFloat {
    private BookFloat() {}

    /** An exact number {@code num / den}, den positive. */
    record Exact(BigInteger num, BigInteger den) {
        Exact plus(Exact o) {
            return new Exact(num.multiply(o.den).add(o.num.multiply(den)), den.multiply(o.den));
        }

        Exact times(Exact o) {
            return new Exact(num.multiply(o.num), den.multiply(o.den));
        }

        Exact over(Exact o) {
            Exact q = new Exact(num.multiply(o.den), den.multiply(o.num));
            return q.den.signum() < 0 ? new Exact(q.num.negate(), q.den.negate()) : q;
        }

        Exact negated() {
            return new Exact(num.negate(), den);
        }

        /** The root to far more bits than any format has; the last bit tells whether anything is missing. */
        Exact root() {
            int k = 600;
            BigInteger[] r = num.shiftLeft(2 * k).multiply(den).sqrtAndRemainder();
            // sqrt(num / den) = sqrt(num * den) / den
            BigInteger n = r[0].shiftLeft(1);
            return new Exact(r[1].signum() != 0 ? n.setBit(0) : n, den.shiftLeft(k + 1));
        }
    }

    /** A rounded result: magnitude as {@code significand * 2^exponent}, FPSCR flags, and whether it is infinite. */
    record Rounded(boolean neg, BigInteger significand, int exponent, boolean infinite, long flags) {}

    /** The value of a finite number's bits. */
    static Exact value(Format f, long hi, long lo) {
        BigInteger bits = bits(f, hi, lo);
        BigInteger fraction = bits.and(mask(f.fractionBits));
        int biased = bits.shiftRight(f.fractionBits).and(mask(f.exponentBits)).intValue();
        BigInteger m = biased == 0 ? fraction : fraction.setBit(f.fractionBits);
        int e = Math.max(biased, 1) - f.emax - f.fractionBits;
        BigInteger signed = bits.testBit(f.width - 1) ? m.negate() : m;
        return e >= 0 ? new Exact(signed.shiftLeft(e), BigInteger.ONE) : new Exact(signed, BigInteger.ONE.shiftLeft(-e));
    }

    static BigInteger bits(Format f, long hi, long lo) {
        BigInteger h = new BigInteger(Long.toUnsignedString(hi));
        return f == Format.QUAD ? h.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(lo))) : h;
    }

    private static BigInteger mask(int n) {
        return BigInteger.ONE.shiftLeft(n).subtract(BigInteger.ONE);
    }

    static boolean finite(Format f, long hi) {
        long top = f == Format.QUAD ? hi : hi << 64 - f.width;
        return top << 1 >>> 64 - f.exponentBits != 2L * f.emax + 1;
    }

    /** Rounds a nonzero number, with overflow and underflow disabled. */
    static Rounded round(Exact x, Format f, int mode) {
        boolean neg = x.num.signum() < 0;
        BigInteger n = x.num.abs();
        int e = n.bitLength() - x.den.bitLength();
        // Now 2^(e-1) < x < 2^(e+1); make e the exponent of the leading bit.
        BigInteger scaled = e >= 0 ? x.den.shiftLeft(e) : x.den;
        if ((e >= 0 ? n : n.shiftLeft(-e)).compareTo(scaled) < 0) {
            e--;
        }
        boolean tiny = e < f.emin;
        int ulp = Math.max(e, f.emin) - f.fractionBits;
        BigInteger[] qr = ulp >= 0 ? n.divideAndRemainder(x.den.shiftLeft(ulp))
                : n.shiftLeft(-ulp).divideAndRemainder(x.den);
        BigInteger den = ulp >= 0 ? x.den.shiftLeft(ulp) : x.den;
        BigInteger q = qr[0];
        long flags = 0;
        if (qr[1].signum() != 0) {
            flags = Fpscr.FI | Fpscr.XX | (tiny ? Fpscr.UX : 0);
            int half = qr[1].shiftLeft(1).compareTo(den);
            boolean up = switch (mode) {
                case SoftFloat.TO_ZERO -> false;
                case SoftFloat.TO_PLUS -> !neg;
                case SoftFloat.TO_MINUS -> neg;
                case SoftFloat.TO_ODD -> false;
                case SoftFloat.NEAREST_AWAY -> half >= 0;
                default -> half > 0 || half == 0 && q.testBit(0);
            };
            if (up) {
                q = q.add(BigInteger.ONE);
                flags |= Fpscr.FR;
            }
            if (mode == SoftFloat.TO_ODD) {
                q = q.setBit(0);
            }
        }
        if (q.bitLength() + ulp - 1 > f.emax) {
            boolean infinite = switch (mode) {
                case SoftFloat.TO_ZERO, SoftFloat.TO_ODD -> false;
                case SoftFloat.TO_PLUS -> !neg;
                case SoftFloat.TO_MINUS -> neg;
                default -> true;
            };
            flags = Fpscr.OX | Fpscr.XX | Fpscr.FI | (infinite ? Fpscr.FR : 0);
            return new Rounded(neg, mask(f.precision), f.emax - f.fractionBits, infinite, flags);
        }
        return new Rounded(neg, q, ulp, false, flags);
    }

    /** The bits of a rounded number. */
    static BigInteger encode(Rounded r, Format f) {
        BigInteger sign = r.neg ? BigInteger.ONE.shiftLeft(f.width - 1) : BigInteger.ZERO;
        if (r.infinite) {
            return sign.or(mask(f.exponentBits).shiftLeft(f.fractionBits));
        }
        BigInteger m = r.significand;
        int e = r.exponent;
        if (m.bitLength() > f.precision) {
            m = m.shiftRight(1);
            e++;
        }
        if (!m.testBit(f.fractionBits)) {
            return sign.or(m);
        }
        BigInteger biased = BigInteger.valueOf(e + f.fractionBits + f.emax);
        return sign.or(biased.shiftLeft(f.fractionBits)).or(m.clearBit(f.fractionBits));
    }

    /** High bits of a random operand, finite: near {@code exponent}, at the ends of the range, or with few significant bits. */
    static long random(RandomGenerator r, Format f, int exponent) {
        int fieldBits = f.exponentBits;
        long fraction = r.nextLong();
        fraction = switch (r.nextInt(4)) {
            case 0 -> fraction & -1L << r.nextInt(64);
            case 1 -> fraction | -1L >>> r.nextInt(64);
            default -> fraction;
        };
        int max = 2 * f.emax;
        int e = switch (r.nextInt(5)) {
            case 0 -> r.nextInt(max + 1);
            case 1 -> r.nextInt(3);
            case 2 -> max - r.nextInt(3);
            default -> exponent + f.emax + r.nextInt(-f.precision - 2, f.precision + 3);
        };
        e = Math.clamp(e, 0, max);
        long v = (fraction & 1L << 63) | (long) e << 63 - fieldBits | fraction << 1 >>> 1 + fieldBits;
        return f == Format.QUAD ? v : v >>> 64 - f.width;
    }
}
