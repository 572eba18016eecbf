package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bits;
import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.c0;
import static io.nestling.runtime.isa.VectorRegs.c1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/**
 * VMX AES rounds, SHA-2 sigma functions and polynomial products (Power ISA 3.0B, Book I, 6.11; FIPS 197 and 180-4). The
 * AES tables are computed here from the definition of the S-box. A column of the AES state is an int, its row 0 in the
 * most significant byte.
 */
public final class VmxCrypto {
    private static final long WORD = 0xffffffffL;
    /** Every fourth bit. */
    private static final long FOURTH = 0x1111111111111111L;
    private static final int[] SBOX = new int[256];
    private static final int[] INVERSE_SBOX = new int[256];
    /** MixColumns of columns with SBOX[i] in row 0, 1, 2 and 3, and zeros. */
    private static final int[] MIX0 = new int[256];
    private static final int[] MIX1 = new int[256];
    private static final int[] MIX2 = new int[256];
    private static final int[] MIX3 = new int[256];
    /** InvMixColumns of columns with i in row 0, 1, 2 and 3, and zeros. */
    private static final int[] UNMIX0 = new int[256];
    private static final int[] UNMIX1 = new int[256];
    private static final int[] UNMIX2 = new int[256];
    private static final int[] UNMIX3 = new int[256];

    static {
        int inverse = 1;
        int x = 1;
        // 3 generates the multiplicative group of GF(2^8); 0xf6 is its inverse.
        for (int i = 0; i < 255; i++) {
            int twice = inverse | inverse << 8;
            SBOX[x] = (twice ^ twice >> 4 ^ twice >> 5 ^ twice >> 6 ^ twice >> 7 ^ 0x63) & 255;
            x = multiply(x, 3);
            inverse = multiply(inverse, 0xf6);
        }
        SBOX[0] = 0x63;
        for (int i = 0; i < 256; i++) {
            int s = SBOX[i];
            INVERSE_SBOX[s] = i;
            MIX0[i] = multiply(s, 2) << 24 | s << 16 | s << 8 | multiply(s, 3);
            UNMIX0[i] = multiply(i, 14) << 24 | multiply(i, 9) << 16 | multiply(i, 13) << 8 | multiply(i, 11);
            MIX1[i] = Integer.rotateRight(MIX0[i], 8);
            MIX2[i] = Integer.rotateRight(MIX0[i], 16);
            MIX3[i] = Integer.rotateRight(MIX0[i], 24);
            UNMIX1[i] = Integer.rotateRight(UNMIX0[i], 8);
            UNMIX2[i] = Integer.rotateRight(UNMIX0[i], 16);
            UNMIX3[i] = Integer.rotateRight(UNMIX0[i], 24);
        }
    }

    private VmxCrypto() {}

    /** Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
    private static int multiply(int a, int b) {
        int r = 0;
        for (int k = 7; k >= 0; k--) {
            r = r << 1 ^ (r >> 7 & 1) * 0x11b ^ (b >> k & 1) * a;
        }
        return r;
    }

    // ---- AES ----------------------------------------------------------------------------------------------------

    // ShiftRows takes the rows of a doubleword's two columns from both doublewords in turn: `near` is the one that is
    // asked for, `far` the other one. Each byte is taken from where it is, as words put together of them first cost more
    // than what is done with them.

    private static int row(int[] table, long v, int shift) {
        return table[(int) (v >>> shift & 255)];
    }

    private static long join(int left, int right) {
        return (long) left << 32 | right & WORD;
    }

    /** A doubleword after SubBytes, ShiftRows and MixColumns. */
    public static long encrypt(long near, long far) {
        return join(
                row(MIX0, near, 56) ^ row(MIX1, near, 16) ^ row(MIX2, far, 40) ^ row(MIX3, far, 0),
                row(MIX0, near, 24) ^ row(MIX1, far, 48) ^ row(MIX2, far, 8) ^ row(MIX3, near, 32));
    }

    /** The same without MixColumns. */
    public static long encryptLast(long near, long far) {
        return join(
                row(SBOX, near, 56) << 24 | row(SBOX, near, 16) << 16 | row(SBOX, far, 40) << 8 | row(SBOX, far, 0),
                row(SBOX, near, 24) << 24 | row(SBOX, far, 48) << 16 | row(SBOX, far, 8) << 8 | row(SBOX, near, 32));
    }

    private static long decryptLast(long near, long far) {
        return join(
                row(INVERSE_SBOX, near, 56) << 24 | row(INVERSE_SBOX, far, 16) << 16
                        | row(INVERSE_SBOX, far, 40) << 8 | row(INVERSE_SBOX, near, 0),
                row(INVERSE_SBOX, near, 24) << 24 | row(INVERSE_SBOX, near, 48) << 16
                        | row(INVERSE_SBOX, far, 8) << 8 | row(INVERSE_SBOX, far, 32));
    }

    private static long unmix(long v) {
        return join(row(UNMIX0, v, 56) ^ row(UNMIX1, v, 48) ^ row(UNMIX2, v, 40) ^ row(UNMIX3, v, 32),
                row(UNMIX0, v, 24) ^ row(UNMIX1, v, 16) ^ row(UNMIX2, v, 8) ^ row(UNMIX3, v, 0));
    }

    private static long substitute(long v) {
        long r = 0;
        for (int shift = 56; shift >= 0; shift -= 8) {
            r = r << 8 | row(SBOX, v, shift);
        }
        return r;
    }

    public static void vcipher(CpuState s, int w) {
        long v0 = a0(s, w);
        long v1 = a1(s, w);
        setT(s, w, encrypt(v0, v1) ^ b0(s, w), encrypt(v1, v0) ^ b1(s, w));
    }

    public static void vcipherlast(CpuState s, int w) {
        long v0 = a0(s, w);
        long v1 = a1(s, w);
        setT(s, w, encryptLast(v0, v1) ^ b0(s, w), encryptLast(v1, v0) ^ b1(s, w));
    }

    public static void vncipher(CpuState s, int w) {
        long v0 = a0(s, w);
        long v1 = a1(s, w);
        setT(s, w, unmix(decryptLast(v0, v1) ^ b0(s, w)), unmix(decryptLast(v1, v0) ^ b1(s, w)));
    }

    public static void vncipherlast(CpuState s, int w) {
        long v0 = a0(s, w);
        long v1 = a1(s, w);
        setT(s, w, decryptLast(v0, v1) ^ b0(s, w), decryptLast(v1, v0) ^ b1(s, w));
    }

    public static void vsbox(CpuState s, int w) {
        setT(s, w, substitute(a0(s, w)), substitute(a1(s, w)));
    }

    // ---- SHA-2: ST is bit 16, SIX bits 17..20 -------------------------------------------------------------------

    public static void vshasigmaw(CpuState s, int w) {
        int st = bits(w, 16, 16);
        setT(s, w, sigma256(a0(s, w), st, bits(w, 17, 18)), sigma256(a1(s, w), st, bits(w, 19, 20)));
    }

    /** Sigma functions of SHA-256 on two words, {@code six} choosing for each. */
    public static long sigma256(long v, int st, int six) {
        return join(sigma256Word((int) (v >>> 32), st, six >> 1), sigma256Word((int) v, st, six & 1));
    }

    private static int sigma256Word(int x, int upper, int one) {
        return switch (upper << 1 | one) {
            case 0 -> Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3;
            case 1 -> Integer.rotateRight(x, 17) ^ Integer.rotateRight(x, 19) ^ x >>> 10;
            case 2 -> Integer.rotateRight(x, 2) ^ Integer.rotateRight(x, 13) ^ Integer.rotateRight(x, 22);
            default -> Integer.rotateRight(x, 6) ^ Integer.rotateRight(x, 11) ^ Integer.rotateRight(x, 25);
        };
    }

    public static void vshasigmad(CpuState s, int w) {
        int st = bits(w, 16, 16);
        setT(s, w, sigma512(a0(s, w), st, bits(w, 17, 17)), sigma512(a1(s, w), st, bits(w, 19, 19)));
    }

    /** A sigma function of SHA-512. */
    public static long sigma512(long x, int upper, int one) {
        return switch (upper << 1 | one) {
            case 0 -> Long.rotateRight(x, 1) ^ Long.rotateRight(x, 8) ^ x >>> 7;
            case 1 -> Long.rotateRight(x, 19) ^ Long.rotateRight(x, 61) ^ x >>> 6;
            case 2 -> Long.rotateRight(x, 28) ^ Long.rotateRight(x, 34) ^ Long.rotateRight(x, 39);
            default -> Long.rotateRight(x, 14) ^ Long.rotateRight(x, 18) ^ Long.rotateRight(x, 41);
        };
    }

    // ---- polynomials over GF(2) ---------------------------------------------------------------------------------

    /** In every lane, the sum of the products of its left and of its right half. */
    private static long sumOfProducts(long a, long b, int n) {
        return product(Lanes.evenUnsigned(a, n), Lanes.evenUnsigned(b, n), n)
                ^ product(Lanes.oddUnsigned(a, n), Lanes.oddUnsigned(b, n), n);
    }

    private static long product(long a, long b, int n) {
        long r = 0;
        for (int j = 0; j < n / 2; j++) {
            r ^= a << j & (b >>> j & Lanes.low(n)) * (-1L >>> 64 - n);
        }
        return r;
    }

    public static void vpmsumb(CpuState s, int w) {
        setT(s, w, sumOfProducts(a0(s, w), b0(s, w), 16), sumOfProducts(a1(s, w), b1(s, w), 16));
    }

    public static void vpmsumh(CpuState s, int w) {
        setT(s, w, sumOfProducts(a0(s, w), b0(s, w), 32), sumOfProducts(a1(s, w), b1(s, w), 32));
    }

    public static void vpmsumw(CpuState s, int w) {
        setT(s, w, lowProduct(a0(s, w) >>> 32, b0(s, w) >>> 32) ^ lowProduct(a0(s, w) & WORD, b0(s, w) & WORD),
                lowProduct(a1(s, w) >>> 32, b1(s, w) >>> 32) ^ lowProduct(a1(s, w) & WORD, b1(s, w) & WORD));
    }

    public static void vpmsumd(CpuState s, int w) {
        setT(s, w, highProduct(a0(s, w), b0(s, w)) ^ highProduct(a1(s, w), b1(s, w)),
                lowProduct(a0(s, w), b0(s, w)) ^ lowProduct(a1(s, w), b1(s, w)));
    }

    /**
     * Low doubleword of a product. Integer products of every fourth bit leave room for the carries: at most 16 ones
     * meet, and where it is 16 the carry leaves the doubleword.
     */
    private static long lowProduct(long a, long b) {
        long r = 0;
        for (int k = 0; k < 4; k++) {
            long sum = 0;
            for (int j = 0; j < 4; j++) {
                sum ^= (a & FOURTH << j) * (b & FOURTH << (k - j & 3));
            }
            r |= sum & FOURTH << k;
        }
        return r;
    }

    /** High doubleword of a product, which is the low one of the mirrored factors. */
    private static long highProduct(long a, long b) {
        return Long.reverse(lowProduct(Long.reverse(a), Long.reverse(b))) >>> 1;
    }

    // ---- permute and exclusive or -------------------------------------------------------------------------------

    public static void vpermxor(CpuState s, int w) {
        long v0 = chooseBoth(s, w, c0(s, w));
        setT(s, w, v0, chooseBoth(s, w, c1(s, w)));
    }

    private static long chooseBoth(CpuState s, int w, long control) {
        long a0 = a0(s, w);
        long a1 = a1(s, w);
        long b0 = b0(s, w);
        long b1 = b1(s, w);
        long v = 0;
        for (int k = 56; k >= 0; k -= 8) {
            int i = (int) (control >>> k);
            long a = ((i & 128) == 0 ? a0 : a1) >>> 8 * (~(i >> 4) & 7);
            long b = ((i & 8) == 0 ? b0 : b1) >>> 8 * (~i & 7);
            v = v << 8 | (a ^ b) & 255;
        }
        return v;
    }
}
