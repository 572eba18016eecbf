package io.nestling.runtime.fp;

/**
 * Densely packed decimal: three decimal digits in ten bits (Power ISA 3.0B, Book I, 5.5.4 and appendix B). Digits are
 * a, b, c from the most significant; a digit of 8 or 9 is "large" and keeps only its low bit.
 */
public final class Declets {
    private Declets() {}

    /** Two declets (bits 12..21 and 22..31 of the word) to six BCD digits (bits 8..31). */
    public static int wordToBcd(int v) {
        return toBcd(v >>> 10 & 0x3ff) << 12 | toBcd(v & 0x3ff);
    }

    /** Six BCD digits (bits 8..31 of the word) to two declets (bits 12..31). */
    public static int wordFromBcd(int v) {
        return fromBcd(v >>> 12 & 0xfff) << 10 | fromBcd(v & 0xfff);
    }

    /** Ten bits pqrstuvwxy to twelve bits. */
    public static int toBcd(int d) {
        int pq = d >>> 8 & 3;
        int r = d >>> 7 & 1;
        int st = d >>> 5 & 3;
        int u = d >>> 4 & 1;
        int v = d >>> 3 & 1;
        int wx = d >>> 1 & 3;
        int y = d & 1;
        if (v == 0) {
            return pq << 9 | r << 8 | st << 5 | u << 4 | wx << 1 | y;
        }
        int small = pq << 1 | r;
        int middle = st << 1 | u;
        return switch (wx) {
            case 0 -> small << 8 | middle << 4 | 8 | y;
            case 1 -> small << 8 | (8 | u) << 4 | st << 1 | y;
            case 2 -> (8 | r) << 8 | middle << 4 | pq << 1 | y;
            default -> switch (st) {
                case 0 -> (8 | r) << 8 | (8 | u) << 4 | pq << 1 | y;
                case 1 -> (8 | r) << 8 | (pq << 1 | u) << 4 | 8 | y;
                case 2 -> small << 8 | (8 | u) << 4 | 8 | y;
                default -> (8 | r) << 8 | (8 | u) << 4 | 8 | y;
            };
        };
    }

    /** Twelve bits to ten. Digits above 9 are invalid and count as their large form. */
    public static int fromBcd(int b) {
        int a = b >>> 8 & 15;
        int m = b >>> 4 & 15;
        int z = b & 15;
        int large = (a >>> 3) << 2 | (m >>> 3) << 1 | z >>> 3;
        int r = a & 1;
        int u = m & 1;
        int y = z & 1;
        int low = r << 7 | u << 4 | y;
        int a2 = a >>> 1 & 3;
        int m2 = m >>> 1 & 3;
        int z2 = z >>> 1 & 3;
        return low | switch (large) {
            case 0 -> a2 << 8 | m2 << 5 | z2 << 1;
            case 1 -> a2 << 8 | m2 << 5 | 0x8;
            case 2 -> a2 << 8 | z2 << 5 | 0xa;
            case 4 -> z2 << 8 | m2 << 5 | 0xc;
            case 6 -> z2 << 8 | 0xe;
            case 5 -> m2 << 8 | 1 << 5 | 0xe;
            case 3 -> a2 << 8 | 2 << 5 | 0xe;
            default -> 3 << 5 | 0xe;
        };
    }
}
