package io.nestling.runtime.isa;

/**
 * The tests before software division and square root: a CR nibble 1 || fg || fe || 0, where fg tells that an operand is
 * special and fe that the iteration could over- or underflow (Power ISA 3.0B, Book I, ftdiv, ftsqrt, and VSX kin).
 */
final class FloatTests {
    private FloatTests() {}

    static int divide(long a, long b) {
        int ea = ((int) (a >>> 52) & 0x7ff) - 1023;
        int eb = ((int) (b >>> 52) & 0x7ff) - 1023;
        boolean special = ea == 1024 || eb == 1024 || eb == -1023;
        boolean zeroA = a << 1 == 0;
        return nibble(ea == 1024 && a << 12 == 0 || eb == 1024 && b << 12 == 0 || eb == -1023,
                special || eb <= -1022 || eb >= 1021
                        || !zeroA && (ea - eb >= 1023 || ea - eb <= -1021 || ea <= -970));
    }

    static int squareRoot(long b) {
        int eb = ((int) (b >>> 52) & 0x7ff) - 1023;
        return nibble(eb == 1024 && b << 12 == 0 || eb == -1023,
                eb == 1024 || b << 1 == 0 || b < 0 || eb <= -970);
    }

    static int divideSingle(int a, int b) {
        int ea = (a >>> 23 & 0xff) - 127;
        int eb = (b >>> 23 & 0xff) - 127;
        boolean special = ea == 128 || eb == 128 || eb == -127;
        boolean zeroA = a << 1 == 0;
        return nibble(ea == 128 && a << 9 == 0 || eb == 128 && b << 9 == 0 || eb == -127,
                special || eb <= -126 || eb >= 125
                        || !zeroA && (ea - eb >= 127 || ea - eb <= -125 || ea <= -103));
    }

    static int squareRootSingle(int b) {
        int eb = (b >>> 23 & 0xff) - 127;
        return nibble(eb == 128 && b << 9 == 0 || eb == -127,
                eb == 128 || b << 1 == 0 || b < 0 || eb <= -103);
    }

    private static int nibble(boolean fg, boolean fe) {
        return 8 | (fg ? 4 : 0) | (fe ? 2 : 0);
    }
}
