package io.nestling.runtime.isa;

/**
 * The permutes of bytes: two doublewords at a time are too many cases for shifts and masks, but most controls are one of
 * two kinds that are not. Translated code calls this too.
 */
public final class BytePermute {
    private static final long BYTES = 0x0101010101010101L;
    private static final long BYTE_NUMBERS = 0x0001020304050607L;
    private static final long CHOICE = 31 * BYTES;

    private BytePermute() {}

    /**
     * Doubleword {@code half}, 0 or 1, of those bytes of {@code a0:a1:b0:b1} that the low five bits of the bytes of
     * {@code c0:c1} name.
     */
    public static long half(long a0, long a1, long b0, long b1, long c0, long c1, int half) {
        long exchange = (c0 ^ BYTE_NUMBERS) & CHOICE;
        if (exchange == (exchange & 31) * BYTES && exchange == ((c1 ^ BYTE_NUMBERS + 8 * BYTES) & CHOICE)) {
            // Byte n is byte n ^ m: what changes the byte order in elements of any size.
            int m = (int) exchange & 31;
            return exchange((m >> 3 & 1) == half ? (m & 16) == 0 ? a0 : b0 : (m & 16) == 0 ? a1 : b1, m);
        }
        int first = (int) (c0 >>> 56);
        if (c0 == first * BYTES + BYTE_NUMBERS && c1 == c0 + 8 * BYTES && first <= 16) {
            // What lvsl and lvsr make: sixteen consecutive bytes.
            int i = (first >> 3) + half;
            int bits = 8 * (first & 7);
            long x = i == 0 ? a0 : i == 1 ? a1 : i == 2 ? b0 : b1;
            return bits == 0 ? x : x << bits | (i == 0 ? a1 : i == 1 ? b0 : b1) >>> 64 - bits;
        }
        return choose(a0, a1, b0, b1, half == 0 ? c0 : c1);
    }

    /** Byte n becomes byte n ^ m, for m modulo 8. */
    private static long exchange(long v, int m) {
        long r = (m & 4) == 0 ? v : Long.rotateLeft(v, 32);
        if ((m & 2) != 0) {
            r = (r & 0x0000ffff0000ffffL) << 16 | r >>> 16 & 0x0000ffff0000ffffL;
        }
        return (m & 1) == 0 ? r : (r & 0x00ff00ff00ff00ffL) << 8 | r >>> 8 & 0x00ff00ff00ff00ffL;
    }

    private static long choose(long a0, long a1, long b0, long b1, long control) {
        long v = 0;
        for (int k = 56; k >= 0; k -= 8) {
            int i = (int) (control >>> k);
            long left = (i & 16) == 0 ? a0 : b0;
            long right = (i & 16) == 0 ? a1 : b1;
            v = v << 8 | ((i & 8) == 0 ? left : right) >>> 8 * (~i & 7) & 255;
        }
        return v;
    }
}
