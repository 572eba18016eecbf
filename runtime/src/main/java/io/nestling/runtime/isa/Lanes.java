package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.CpuState;

/**
 * Arithmetic on the lanes of a doubleword: eight bytes, four halfwords, two words or one doubleword at a time. A
 * vector register is two such doublewords, so every lane-wise VMX instruction is two calls of a method here.
 *
 * <p>Translated code calls the same methods. {@code n} is the lane width in bits (8, 16, 32 or 64) and a constant at every call, so that all masks fold. A lane
 * mask is all ones or all zeros in each lane; a high-bit mask has only the most significant bit of lanes.
 */
public final class Lanes {
    private Lanes() {}

    /** The most significant bit of every lane. */
    public static long high(int n) {
        return switch (n) {
            case 8 -> 0x8080808080808080L;
            case 16 -> 0x8000800080008000L;
            case 32 -> 0x8000000080000000L;
            default -> 0x8000000000000000L;
        };
    }

    /** The least significant bit of every lane. */
    public static long low(int n) {
        return high(n) >>> n - 1;
    }

    /** The low half of every lane. */
    public static long half(int n) {
        return low(n) * ((1L << n / 2) - 1);
    }

    /** Turns a high-bit mask into a lane mask. */
    public static long fill(long m, int n) {
        return m - (m >>> n - 1) | m;
    }

    /** The low {@code n} bits of {@code v} in every lane. */
    public static long splat(long v, int n) {
        return n == 64 ? v : (v & (1L << n) - 1) * low(n);
    }

    /** {@code x} where the mask is set, else {@code y}. */
    public static long select(long mask, long x, long y) {
        return y ^ (x ^ y) & mask;
    }

    // ---- sums ---------------------------------------------------------------------------------------------------

    /** a + b. */
    public static long add(long a, long b, int n) {
        long h = high(n);
        return (a & ~h) + (b & ~h) ^ (a ^ b) & h;
    }

    /** a - b. */
    public static long sub(long a, long b, int n) {
        long h = high(n);
        return (a | h) - (b & ~h) ^ (a ^ ~b) & h;
    }

    /** High-bit mask of the lanes where unsigned a + b carries out. */
    public static long carry(long a, long b, int n) {
        return (a & b | (a | b) & ~add(a, b, n)) & high(n);
    }

    /** High-bit mask of the lanes where unsigned a - b borrows, that is a below b. */
    public static long borrow(long a, long b, int n) {
        return (~a & b | ~(a ^ b) & sub(a, b, n)) & high(n);
    }

    /** High-bit mask of the lanes where signed a + b overflows. */
    public static long addOverflow(long a, long b, int n) {
        return ~(a ^ b) & (a ^ add(a, b, n)) & high(n);
    }

    /** High-bit mask of the lanes where signed a - b overflows. */
    public static long subOverflow(long a, long b, int n) {
        return (a ^ b) & (a ^ sub(a, b, n)) & high(n);
    }

    /** {@code sum}, with the lanes that overflowed replaced by the limit on the side of {@code a}'s sign. */
    public static long saturate(long sum, long overflow, long a, int n) {
        return select(fill(overflow, n), ~high(n) ^ fill(a & high(n), n), sum);
    }

    /** (a + b + 1) / 2, unsigned, without losing the carry. */
    public static long averageUnsigned(long a, long b, int n) {
        return (a | b) - (((a ^ b) & ~low(n)) >>> 1);
    }

    // The saturating ones: what the lanes are, and (carry, borrow, addOverflow, subOverflow) which of them saturate.

    /** Sets VSCR[SAT]. */
    public static void saturated(CpuState s) {
        s.vscr |= VectorRegs.SAT;
    }

    /** a + b, unsigned, saturating. */
    public static long addSaturatingUnsigned(long a, long b, int n) {
        return add(a, b, n) | fill(carry(a, b, n), n);
    }

    /** a - b, unsigned, saturating. */
    public static long subSaturatingUnsigned(long a, long b, int n) {
        return sub(a, b, n) & ~fill(borrow(a, b, n), n);
    }

    /** a + b, signed, saturating. */
    public static long addSaturatingSigned(long a, long b, int n) {
        return saturate(add(a, b, n), addOverflow(a, b, n), a, n);
    }

    /** a - b, signed, saturating. */
    public static long subSaturatingSigned(long a, long b, int n) {
        return saturate(sub(a, b, n), subOverflow(a, b, n), a, n);
    }

    // ---- products -----------------------------------------------------------------------------------------------

    /** Low {@code n} bits of a * b. */
    public static long mul(long a, long b, int n) {
        if (n == 64) {
            return a * b;
        }
        long r = 0;
        long mask = (1L << n) - 1;
        for (int k = 0; k < 64; k += n) {
            r |= ((a >>> k) * (b >>> k) & mask) << k;
        }
        return r;
    }

    /** The high half of every lane, zero-extended: the even-numbered elements of the next smaller size. */
    public static long evenUnsigned(long a, int n) {
        return a >>> n / 2 & half(n);
    }

    /** The low half of every lane, zero-extended: the odd-numbered elements of the next smaller size. */
    public static long oddUnsigned(long a, int n) {
        return a & half(n);
    }

    /** The high half of every lane, sign-extended. */
    public static long evenSigned(long a, int n) {
        return extend(evenUnsigned(a, n), n / 2, n);
    }

    /** The low half of every lane, sign-extended. */
    public static long oddSigned(long a, int n) {
        return extend(a, n / 2, n);
    }

    /** The low {@code from} bits of every lane, sign-extended to the lane. */
    public static long extend(long a, int from, int n) {
        long sign = low(n) << from - 1;
        return sub(a & low(n) * ((1L << from) - 1) ^ sign, sign, n);
    }

    /** Sum of the two halves in every lane, unsigned, modulo. */
    public static long pairsUnsigned(long a, int n) {
        return add(evenUnsigned(a, n), oddUnsigned(a, n), n);
    }

    /** Sum of the two halves of every lane, signed. */
    public static long pairsSigned(long a, int n) {
        return add(evenSigned(a, n), oddSigned(a, n), n);
    }

    // ---- comparisons: all give lane masks -----------------------------------------------------------------------

    /** a equal to b. */
    public static long equal(long a, long b, int n) {
        long h = high(n);
        long x = a ^ b;
        return fill(~((x & ~h) + ~h | x) & h, n);
    }

    /** a above b, unsigned. */
    public static long above(long a, long b, int n) {
        return fill(borrow(b, a, n), n);
    }

    /** a greater than b, signed. */
    public static long greater(long a, long b, int n) {
        return above(a ^ high(n), b ^ high(n), n);
    }

    /** a different from b. */
    public static long different(long a, long b, int n) {
        return ~equal(a, b, n);
    }

    /** a different from b, or zero. */
    public static long differentOrZero(long a, long b, int n) {
        return ~equal(a, b, n) | equal(a, 0, n);
    }

    /** The larger of a and b, unsigned. */
    public static long maxUnsigned(long a, long b, int n) {
        return select(above(a, b, n), a, b);
    }

    /** The smaller of a and b, unsigned. */
    public static long minUnsigned(long a, long b, int n) {
        return select(above(a, b, n), b, a);
    }

    /** The larger of a and b, signed. */
    public static long maxSigned(long a, long b, int n) {
        return select(greater(a, b, n), a, b);
    }

    /** The smaller of a and b, signed. */
    public static long minSigned(long a, long b, int n) {
        return select(greater(a, b, n), b, a);
    }

    // ---- shifts by a count per lane (taken modulo n) ------------------------------------------------------------

    /** Lane mask of the lanes whose bit {@code j}, counted from the right, is set. */
    private static long bit(long b, int j, int n) {
        return fill(b << n - 1 - j & high(n), n);
    }

    /** a shifted left. */
    public static long shl(long a, long b, int n) {
        if (n == 64) {
            return a << b;
        }
        long r = a;
        for (int j = 0; 1 << j < n; j++) {
            r = select(bit(b, j, n), shlAll(r, 1 << j, n), r);
        }
        return r;
    }

    /** a shifted right, zeros coming in. */
    public static long shr(long a, long b, int n) {
        if (n == 64) {
            return a >>> b;
        }
        long r = a;
        for (int j = 0; 1 << j < n; j++) {
            r = select(bit(b, j, n), shrAll(r, 1 << j, n), r);
        }
        return r;
    }

    /** a shifted right, copies of the sign coming in. */
    public static long sra(long a, long b, int n) {
        long sign = fill(a & high(n), n);
        return shr(a ^ sign, b, n) ^ sign;
    }

    /** a rotated left. */
    public static long rotl(long a, long b, int n) {
        if (n == 64) {
            return Long.rotateLeft(a, (int) b);
        }
        long r = a;
        for (int j = 0; 1 << j < n; j++) {
            r = select(bit(b, j, n), shlAll(r, 1 << j, n) | shrAll(r, n - (1 << j), n), r);
        }
        return r;
    }

    /** Every lane shifted left by k, 1..n-1. */
    public static long shlAll(long a, int k, int n) {
        return a << k & ~(low(n) * ((1L << k) - 1));
    }

    /** Every lane shifted right by k, 1..n-1. */
    public static long shrAll(long a, int k, int n) {
        return a >>> k & low(n) * ((1L << n - k) - 1);
    }

    // ---- counting -----------------------------------------------------------------------------------------------

    /** Number of ones in every lane. */
    public static long population(long a, int n) {
        long x = a - (a >>> 1 & 0x5555555555555555L);
        x = (x & 0x3333333333333333L) + (x >>> 2 & 0x3333333333333333L);
        x = x + (x >>> 4) & 0x0f0f0f0f0f0f0f0fL;
        for (int k = 16; k <= n; k *= 2) {
            x = evenUnsigned(x, k) + oddUnsigned(x, k);
        }
        return x;
    }

    /** Number of zeros before the first one in every lane. */
    public static long leadingZeros(long a, int n) {
        long x = a;
        for (int k = 1; k < n; k *= 2) {
            x |= shrAll(x, k, n);
        }
        return population(~x, n);
    }

    /** Number of zeros after the last one in every lane. */
    public static long trailingZeros(long a, int n) {
        return population(~a & sub(a, low(n), n), n);
    }
}
