package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/**
 * VMX binary-coded decimal instructions (Power ISA 3.0B, Book I, 6.17). A magnitude is up to 32 digits of four bits in
 * two doublewords, right-justified; the signed format has 31 and the sign code at the right end. All set CR6: LT, GT
 * and EQ by the source (or the exact sum), SO when the result loses digits on the left or when an operand is invalid.
 * For invalid operands, where the book leaves VRT undefined, it becomes all ones.
 */
public final class VmxBcd {
    private static final int LT = 8;
    private static final int GT = 4;
    private static final int EQ = 2;
    private static final int SO = 1;

    private static final int PLUS = 0xc;
    private static final int MINUS = 0xd;
    /** The other preferred plus sign, with PS. */
    private static final int PLUS_PS = 0xf;
    /** Codes A, C, E, F; B, D. */
    private static final int POSITIVE_CODES = 0xd400;
    private static final int NEGATIVE_CODES = 0x2800;

    private static final long SIXES = 0x6666666666666666L;
    private static final long NINES = 0x9999999999999999L;
    private static final long ONES = 0x1111111111111111L;
    private static final long EIGHTS = 0x8888888888888888L;

    private VmxBcd() {}

    // ---- formats ------------------------------------------------------------------------------------------------

    private static boolean ps(int w) {
        return (w & 0x200) != 0;
    }

    /** True when every digit is 0 to 9. */
    private static boolean valid(long digits) {
        return (digits & (digits << 1 | digits << 2) & EIGHTS) == 0;
    }

    /** True for 31 digits and a sign code. */
    private static boolean validSigned(long v0, long v1) {
        return valid(v0) && valid(v1 & ~15L) && ((POSITIVE_CODES | NEGATIVE_CODES) >> (v1 & 15) & 1) != 0;
    }

    private static boolean negative(long v1) {
        return (NEGATIVE_CODES >> (v1 & 15) & 1) != 0;
    }

    /** Left doubleword of the magnitude of a signed number. */
    private static long left(long v0) {
        return v0 >>> 4;
    }

    /** Right doubleword of the magnitude of a signed number. */
    private static long right(long v0, long v1) {
        return v0 << 60 | v1 >>> 4;
    }

    private static int sign(boolean negative, boolean ps) {
        return negative ? MINUS : ps ? PLUS_PS : PLUS;
    }

    /** VRT becomes 31 digits and a sign code. */
    private static void signed(CpuState s, int w, long m0, long m1, int sign, int cr6) {
        setT(s, w, m0 << 4 | m1 >>> 60, m1 << 4 | sign);
        s.setCr(6, cr6);
    }

    private static int order(long magnitude, boolean negative) {
        return magnitude == 0 ? EQ : negative ? LT : GT;
    }

    private static void invalid(CpuState s, int w) {
        setT(s, w, -1, -1);
        s.setCr(6, SO);
    }

    // ---- sums ---------------------------------------------------------------------------------------------------

    /** a + b + carry of 16 digits, modulo. */
    private static long add(long a, long b, long carry) {
        long x = a + SIXES;
        long sum = x + b + carry;
        // A digit that carried out has lost its six; the others give it back.
        long out = (sum ^ x ^ b) >>> 4 & ONES >>> 4 | VmxQuad.carry(x, b, carry) << 60;
        return sum - 6 * (~out & ONES);
    }

    /** Carry out of a + b + carry of 16 digits. */
    private static long carry(long a, long b, long carry) {
        return VmxQuad.carry(a + SIXES, b, carry);
    }

    public static void bcdadd_(CpuState s, int w) {
        sum(s, w, false);
    }

    public static void bcdsub_(CpuState s, int w) {
        sum(s, w, true);
    }

    private static void sum(CpuState s, int w, boolean subtract) {
        if (!validSigned(a0(s, w), a1(s, w)) || !validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        long x0 = left(a0(s, w));
        long x1 = right(a0(s, w), a1(s, w));
        long y0 = left(b0(s, w));
        long y1 = right(b0(s, w), b1(s, w));
        boolean minusX = negative(a1(s, w));
        boolean minusY = negative(b1(s, w)) != subtract;
        if (minusX == minusY) {
            long m1 = add(x1, y1, 0);
            long m0 = add(x0, y0, carry(x1, y1, 0));
            signed(s, w, m0, m1, sign(minusX && (m0 | m1) != 0, ps(w)),
                    order(m0 | m1, minusX) | (m0 >>> 60 != 0 ? SO : 0));
        } else if (Long.compareUnsigned(x0, y0) > 0 || x0 == y0 && Long.compareUnsigned(x1, y1) > 0) {
            difference(s, w, x0, x1, y0, y1, minusX);
        } else {
            difference(s, w, y0, y1, x0, x1, minusY);
        }
    }

    /** x - y, y not above x: x plus the nines' complement of y plus 1. */
    private static void difference(CpuState s, int w, long x0, long x1, long y0, long y1, boolean negative) {
        long m1 = add(x1, NINES - y1, 1);
        long m0 = add(x0, NINES - y0, carry(x1, NINES - y1, 1));
        signed(s, w, m0, m1, sign(negative && (m0 | m1) != 0, ps(w)), order(m0 | m1, negative));
    }

    // ---- signs --------------------------------------------------------------------------------------------------

    public static void bcdcpsgn_(CpuState s, int w) {
        if (!validSigned(a0(s, w), a1(s, w)) || !validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        boolean negative = negative(b1(s, w));
        s.setCr(6, order(a0(s, w) | a1(s, w) >>> 4, negative));
        setT(s, w, a0(s, w), a1(s, w) & ~15L | b1(s, w) & 15);
    }

    public static void bcdsetsgn_(CpuState s, int w) {
        if (!validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        boolean negative = negative(b1(s, w));
        s.setCr(6, order(b0(s, w) | b1(s, w) >>> 4, negative));
        setT(s, w, b0(s, w), b1(s, w) & ~15L | sign(negative, ps(w)));
    }

    // ---- conversions --------------------------------------------------------------------------------------------

    /** From national: seven digits 0x0030..0x0039 and a sign 0x002b or 0x002d, halfwords each. */
    public static void bcdcfn_(CpuState s, int w) {
        long v0 = b0(s, w);
        long v1 = b1(s, w);
        long digits = Long.compress(v0, 0x000f000f000f000fL) << 12 | Long.compress(v1, 0x000f000f000f0000L);
        long sign = v1 & 0xffff;
        if ((v0 & 0xfff0fff0fff0fff0L) != 0x0030003000300030L || (v1 & 0xfff0fff0fff00000L) != 0x0030003000300000L
                || !valid(digits) || sign != 0x2b && sign != 0x2d) {
            invalid(s, w);
            return;
        }
        signed(s, w, 0, digits, sign(sign == 0x2d, ps(w)), order(digits, sign == 0x2d));
    }

    public static void bcdctn_(CpuState s, int w) {
        if (!validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        long m0 = left(b0(s, w));
        long m1 = right(b0(s, w), b1(s, w));
        boolean negative = negative(b1(s, w));
        s.setCr(6, order(m0 | m1, negative) | ((m0 | m1 >>> 28) != 0 ? SO : 0));
        setT(s, w, Long.expand(m1 >>> 12, 0x000f000f000f000fL) | 0x0030003000300030L,
                Long.expand(m1, 0x000f000f000f0000L) | 0x0030003000300000L | (negative ? 0x2d : 0x2b));
    }

    /** From zoned: sixteen bytes with a digit in the right half, the sign in the left half of the last. */
    public static void bcdcfz_(CpuState s, int w) {
        long v0 = b0(s, w);
        long v1 = b1(s, w);
        boolean ps = ps(w);
        long zones = ps ? 0xf0f0f0f0f0f0f0f0L : 0x3030303030303030L;
        long digits = Long.compress(v0, Lanes.half(8)) << 32 | Long.compress(v1, Lanes.half(8));
        int code = (int) v1 >> 4 & 15;
        if ((v0 & ~Lanes.half(8)) != zones || ((v1 ^ zones) & ~Lanes.half(8) & ~255L) != 0 || !valid(digits)
                || ps && code < 10) {
            invalid(s, w);
            return;
        }
        boolean negative = ps ? code == 0xb || code == 0xd : (code & 4) != 0;
        signed(s, w, 0, digits, sign(negative, false), order(digits, negative));
    }

    public static void bcdctz_(CpuState s, int w) {
        if (!validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        boolean ps = ps(w);
        long m0 = left(b0(s, w));
        long m1 = right(b0(s, w), b1(s, w));
        boolean negative = negative(b1(s, w));
        long zones = ps ? 0xf0f0f0f0f0f0f0f0L : 0x3030303030303030L;
        long sign = ps ? negative ? 0xd0 : 0xc0 : negative ? 0x70 : 0x30;
        s.setCr(6, order(m0 | m1, negative) | (m0 != 0 ? SO : 0));
        setT(s, w, Long.expand(m1 >>> 32, Lanes.half(8)) | zones,
                Long.expand(m1, Lanes.half(8)) | zones & ~255L | sign);
    }

    /** From a signed quadword, bit by bit: digits = 2 digits + bit. */
    public static void bcdcfsq_(CpuState s, int w) {
        boolean negative = b0(s, w) < 0;
        long v0 = negative ? ~b0(s, w) + (b1(s, w) == 0 ? 1 : 0) : b0(s, w);
        long v1 = negative ? -b1(s, w) : b1(s, w);
        long m0 = 0;
        long m1 = 0;
        long overflow = 0;
        for (int k = 127; k >= 0; k--) {
            long bit = (k < 64 ? v1 : v0) >>> k & 1;
            long middle = carry(m1, m1, bit);
            m1 = add(m1, m1, bit);
            m0 = add(m0, m0, middle);
            overflow |= m0 >>> 60;
        }
        signed(s, w, m0, m1, sign(negative, ps(w)), order(v0 | v1, negative) | (overflow != 0 ? SO : 0));
    }

    public static void bcdctsq_(CpuState s, int w) {
        long v0 = b0(s, w);
        long v1 = b1(s, w);
        if (!validSigned(v0, v1)) {
            invalid(s, w);
            return;
        }
        long high = 0;
        long low = 0;
        for (int k = 124; k >= 4; k -= 4) {
            long digit = (k < 64 ? v1 : v0) >>> k & 15;
            long ten = low * 10;
            high = high * 10 + Math.unsignedMultiplyHigh(low, 10) + VmxQuad.carry(ten, digit, 0);
            low = ten + digit;
        }
        boolean negative = negative(v1);
        s.setCr(6, order(high | low, negative));
        setT(s, w, negative ? ~high + (low == 0 ? 1 : 0) : high, negative ? -low : low);
    }

    // ---- shifts and truncation ----------------------------------------------------------------------------------

    /** m0 of the magnitude after a move by {@code n} digits, -32..32, left if positive. */
    private static long shift0(long m0, long m1, int n) {
        return n >= 16 ? shift(m1, n - 16) : n >= 0 ? shift(m0, n) | shift(m1, n - 16) : shift(m0, n);
    }

    private static long shift1(long m0, long m1, int n) {
        return n <= -16 ? shift(m0, n + 16) : n <= 0 ? shift(m1, n) | shift(m0, n + 16) : shift(m1, n);
    }

    /** 16 digits moved by any number of digits. */
    private static long shift(long m, int n) {
        return n >= 16 || n <= -16 ? 0 : n >= 0 ? m << 4 * n : m >>> -4 * n;
    }

    /** The digits that a magnitude of {@code digits} loses on the left when it moves by {@code n}; 0 means none. */
    private static long lost(long m0, long m1, int n, int digits) {
        return n <= 0 ? 0 : shift0(m0, m1, n - digits) | shift1(m0, m1, n - digits);
    }

    private static int count(CpuState s, int w) {
        return Math.clamp((byte) a0(s, w), -32, 32);
    }

    public static void bcds_(CpuState s, int w) {
        shiftSigned(s, w, false);
    }

    public static void bcdsr_(CpuState s, int w) {
        shiftSigned(s, w, true);
    }

    private static void shiftSigned(CpuState s, int w, boolean round) {
        if (!validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        int n = Math.clamp(count(s, w), -31, 31);
        long x0 = left(b0(s, w));
        long x1 = right(b0(s, w), b1(s, w));
        long m0 = shift0(x0, x1, n);
        long m1 = shift1(x0, x1, n);
        if (round && n < 0 && (shift1(x0, x1, n + 1) & 15) >= 5) {
            long carry = carry(m1, 0, 1);
            m1 = add(m1, 0, 1);
            m0 = add(m0, 0, carry);
        }
        boolean negative = negative(b1(s, w));
        signed(s, w, m0, m1, sign(negative, ps(w)),
                order(x0 | x1, negative) | (lost(x0, x1, n, 31) != 0 ? SO : 0));
    }

    public static void bcdus_(CpuState s, int w) {
        long x0 = b0(s, w);
        long x1 = b1(s, w);
        if (!valid(x0) || !valid(x1)) {
            invalid(s, w);
            return;
        }
        int n = count(s, w);
        s.setCr(6, order(x0 | x1, false) | (lost(x0, x1, n, 32) != 0 ? SO : 0));
        setT(s, w, shift0(x0, x1, n), shift1(x0, x1, n));
    }

    public static void bcdtrunc_(CpuState s, int w) {
        if (!validSigned(b0(s, w), b1(s, w))) {
            invalid(s, w);
            return;
        }
        long x0 = left(b0(s, w));
        long x1 = right(b0(s, w), b1(s, w));
        int n = (int) Math.min(a0(s, w) & 0xffff, 31);
        boolean negative = negative(b1(s, w));
        signed(s, w, x0 & keep(n - 16), x1 & keep(n), sign(negative, ps(w)),
                order(x0 | x1, negative) | ((x0 & ~keep(n - 16) | x1 & ~keep(n)) != 0 ? SO : 0));
    }

    /** Ones for the rightmost {@code n} digits of a doubleword; none for a negative number. */
    private static long keep(int n) {
        return n <= 0 ? 0 : n >= 16 ? -1 : (1L << 4 * n) - 1;
    }

    public static void bcdutrunc_(CpuState s, int w) {
        long x0 = b0(s, w);
        long x1 = b1(s, w);
        if (!valid(x0) || !valid(x1)) {
            invalid(s, w);
            return;
        }
        int n = (int) Math.min(a0(s, w) & 0xffff, 32);
        s.setCr(6, order(x0 | x1, false) | ((x0 & ~keep(n - 16) | x1 & ~keep(n)) != 0 ? SO : 0));
        setT(s, w, x0 & keep(n - 16), x1 & keep(n));
    }
}
