package io.nestling.jit.emit;

/**
 * How a CR field lives in an {@code int} local of emitted code: either as the raw result of a comparison (-1, 0, 1),
 * which the JVM folds with a following branch into one machine compare, or as 16 plus the nibble LT GT EQ SO when it
 * came from elsewhere. A raw comparison of floating-point numbers has {@link #FLOAT} added: its fourth bit is 0. SO of a raw field is XER[SO], which emitted code never changes while a raw field is alive.
 */
public final class CrCode {
    /** Marks the nibble form. */
    static final int NIBBLE = 16;

    /** Added to the raw result of a comparison of floating-point numbers. */
    static final int FLOAT = -8;

    private CrCode() {}

    /** The nibble of a field in either form. */
    public static int nibble(int x, int so) {
        return x >= NIBBLE ? x & 15 : x < FLOAT / 2 ? comparison(x - FLOAT) : comparison(x) | so;
    }

    private static int comparison(int x) {
        return x < 0 ? 8 : x > 0 ? 4 : 2;
    }

    /** The field of a floating-point comparison as {@code PendingStatus} takes it; 0 stays 0. */
    public static int compared(int x) {
        return x == 0 ? 0 : NIBBLE | comparison(x - FLOAT);
    }

    /** Non-zero when the bit (8 LT, 4 GT, 2 EQ, 1 SO) is set. */
    public static int test(int x, int so, int bit) {
        return nibble(x, so) & bit;
    }
}
