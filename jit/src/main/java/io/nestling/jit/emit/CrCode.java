package io.nestling.jit.emit;

import io.nestling.runtime.cpu.CpuState;

/**
 * CR fields in the forms of {@code CpuState.crf0}: -1, 0 or 1, or 16 plus the nibble; and in hot code in a third one: the
 * result of a comparison of floating-point numbers has {@link #FLOAT} added, its fourth bit is 0.
 */
public final class CrCode {
    /** Added to the raw result of a comparison of floating-point numbers. */
    static final int FLOAT = -8;

    private CrCode() {}

    /** The JVM does not inline methods of a class that is not initialized. */
    static void initialize() {}

    /** A field in any form to one of those of {@code CpuState}. */
    public static int state(int x) {
        return x < FLOAT / 2 ? CpuState.NIBBLE | comparison(x - FLOAT) : x;
    }

    private static int comparison(int x) {
        return x < 0 ? 8 : x > 0 ? 4 : 2;
    }

    /** The field of a floating-point comparison as {@code PendingStatus} takes it; 0 stays 0. */
    public static int compared(int x) {
        return x == 0 ? 0 : CpuState.NIBBLE | comparison(x - FLOAT);
    }

    /** CR6 of two lane masks: all true, or none. */
    public static int masks(long v0, long v1) {
        return CpuState.NIBBLE | ((v0 & v1) == -1 ? 8 : (v0 | v1) == 0 ? 2 : 0);
    }

    // Of the forms of CpuState only, without branches: bit 4 is 1 for nibbles and for -1, the sign for -1 only.

    /** LT, 0 or 1. */
    public static int lt(int x) {
        return x >> 4 & x >> 3 & 1;
    }

    /** GT, 0 or 1. */
    public static int gt(int x) {
        return (x >> 4 & x >> 2 & ~(x >> 31) | ~(x >> 4) & x) & 1;
    }

    /** EQ, 0 or 1. */
    public static int eq(int x) {
        return (x >> 4 & x >> 1 & ~(x >> 31) | ~(x >> 4) & ~x) & 1;
    }

    /** SO, 0 or 1, given XER[SO]. */
    public static int so(int x, int so) {
        int nibble = x >> 4 & ~(x >> 31);
        return (nibble & x | ~nibble & so) & 1;
    }
}
