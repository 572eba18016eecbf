package io.nestling.tests.oracle;

import java.util.SplittableRandom;

/** Register contents that find bugs: boundaries, special floating-point numbers, packed small items, and noise. */
final class Values {
    private static final long[] INTEGERS = {0, 1, -1, 2, -2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffffL,
        0x80000000L, 0xffffffffL, 0xffffffff80000000L, 0xffffffff7fffffffL, Long.MAX_VALUE, Long.MIN_VALUE,
        0x100000000L, 0x7fffffff00000000L, 0x8000000000000001L, 31, 32, 63, 64, 127, 128, 0x5555555555555555L};
    private static final long[] DOUBLES = {0, Long.MIN_VALUE, 0x3ff0000000000000L, 0xbff0000000000000L,
        0x7ff0000000000000L, 0xfff0000000000000L, 0x7ff8000000000000L, 0xfff8000000000001L, 0x7ff0000000000001L,
        0x7ff7ffffffffffffL, 0xfff4000000000000L, 1, 0x8000000000000001L, 0x000fffffffffffffL, 0x0010000000000000L,
        0x7fefffffffffffffL, 0xffefffffffffffffL, 0x3fe0000000000000L, 0x3fefffffffffffffL, 0x3ff8000000000000L,
        0x4000000000000000L, 0x4008000000000000L, 0x41dfffffffc00000L, 0x41e0000000000000L, 0xc1e0000000000000L,
        0x41efffffffe00000L, 0x41f0000000000000L, 0x43e0000000000000L, 0xc3e0000000000000L, 0x43efffffffffffffL,
        0x43f0000000000000L, 0x43dfffffffffffffL, 0x4330000000000000L, 0x4340000000000001L, 0x47efffffe0000000L,
        0x47effffff0000000L, 0x3810000000000000L, 0x380fffffc0000000L, 0x36a0000000000000L, 0x3690000000000000L,
        0x369fffffffffffffL, 0x40efffe000000000L, 0x40f0000000000000L};
    private static final int[] SINGLES = {0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000,
        0xffc00001, 0x7f800001, 0x7fbfffff, 0xffa00000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0xff7fffff,
        0x3f000000, 0x3f7fffff, 0x3fc00000, 0x40000000, 0x40400000, 0x4effffff, 0x4f000000, 0xcf000000, 0x4f7fffff,
        0x4f800000, 0x5f000000, 0xdf000000, 0x5f7fffff, 0x5f800000, 0x4b000000, 0x33800000, 0x477fe000, 0x387fc000};

    private Values() {}

    /** What a register is likely to hold. */
    enum Kind {
        /** Any of the others. */
        MIXED,
        /** Integers of all widths. */
        INTEGER,
        /** Doubles. */
        DOUBLE,
        /** Singles in words. */
        SINGLE,
        /** Quad precision. */
        QUAD,
        /** Singles in double format, as the FPRs hold them. */
        SINGLE_IN_DOUBLE,
        /** Packed decimals: up to 31 digits and a sign. */
        PACKED,
        /** Zoned decimals. */
        ZONED,
        /** National decimals. */
        NATIONAL,
        /** Decimal floating point. */
        DECIMAL_FLOAT
    }

    /** A doubleword with a nose for integer boundaries. */
    static long integer(SplittableRandom r) {
        return switch (r.nextInt(8)) {
            case 0, 1 -> INTEGERS[r.nextInt(INTEGERS.length)];
            case 2 -> 1L << r.nextInt(64);
            case 3 -> (1L << r.nextInt(64)) - 1;
            case 4 -> r.nextInt(-300, 300);
            case 5 -> r.nextInt();
            case 6 -> r.nextInt() & 0xffffffffL;
            default -> r.nextLong();
        };
    }

    /** A double: special, near another, or any. */
    static long dbl(SplittableRandom r) {
        return switch (r.nextInt(8)) {
            case 0, 1 -> DOUBLES[r.nextInt(DOUBLES.length)];
            case 2 -> DOUBLES[r.nextInt(DOUBLES.length)] + r.nextInt(-2, 3);
            case 3 -> Double.doubleToRawLongBits(r.nextInt(-1000, 1000) / 4.0);
            case 4 -> // around 1, few bits, so that sums cancel and ties occur
                (long) (1023 + r.nextInt(-30, 30)) << 52 | r.nextLong() & 0xfffffL << r.nextInt(33)
                        | (r.nextBoolean() ? Long.MIN_VALUE : 0);
            case 5 -> (long) (1023 + r.nextInt(-200, 200)) << 52 | r.nextLong() & 0x800fffffffffffffL;
            case 6 -> r.nextLong() & 0x800fffffffffffffL >> r.nextInt(52);
            default -> r.nextLong();
        };
    }

    /** A single. */
    static int single(SplittableRandom r) {
        return switch (r.nextInt(8)) {
            case 0, 1 -> SINGLES[r.nextInt(SINGLES.length)];
            case 2 -> SINGLES[r.nextInt(SINGLES.length)] + r.nextInt(-2, 3);
            case 3 -> Float.floatToRawIntBits(r.nextInt(-1000, 1000) / 4.0f);
            case 4 -> 127 + r.nextInt(-20, 20) << 23 | r.nextInt() & 0xfff << r.nextInt(12)
                    | (r.nextBoolean() ? 0x80000000 : 0);
            case 5 -> 127 + r.nextInt(-60, 60) << 23 | r.nextInt() & 0x807fffff;
            case 6 -> r.nextInt() & 0x807fffff >> r.nextInt(23);
            default -> r.nextInt();
        };
    }

    /** A single as the FPRs hold it; mostly representable. */
    static long singleInDouble(SplittableRandom r) {
        int f = single(r);
        int exponent = f >>> 23 & 255;
        if (exponent == 255) {
            return (f & 0x80000000L) << 32 | 0x7ffL << 52 | (f & 0x7fffffL) << 29;
        }
        return Double.doubleToRawLongBits(Float.intBitsToFloat(f));
    }

    private static long packed(SplittableRandom r) {
        int width = 8 << r.nextInt(3);
        long v = 0;
        for (int i = 0; i < 64; i += width) {
            long item = switch (r.nextInt(6)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> 1L << (width - 1);
                case 3 -> (1L << (width - 1)) - 1;
                case 4 -> r.nextInt(-4, 36);
                default -> r.nextLong();
            };
            v |= (item & -1L >>> 64 - width) << i;
        }
        return v;
    }

    /** Fills one vector-scalar register. */
    static void vector(SplittableRandom r, Kind kind, long[] vsr, int n) {
        Kind k = kind;
        if (k == Kind.MIXED || r.nextInt(16) == 0) {
            k = Kind.values()[1 + r.nextInt(Kind.values().length - 1)];
        }
        switch (k) {
            case DOUBLE -> {
                vsr[2 * n] = dbl(r);
                vsr[2 * n + 1] = dbl(r);
            }
            case SINGLE_IN_DOUBLE -> {
                vsr[2 * n] = singleInDouble(r);
                vsr[2 * n + 1] = singleInDouble(r);
            }
            case SINGLE -> {
                vsr[2 * n] = (long) single(r) << 32 | single(r) & 0xffffffffL;
                vsr[2 * n + 1] = (long) single(r) << 32 | single(r) & 0xffffffffL;
            }
            case QUAD -> quad(r, vsr, n);
            case PACKED, ZONED, NATIONAL -> decimal(r, k, vsr, n);
            case DECIMAL_FLOAT -> {
                vsr[2 * n] = decimalFloat(r);
                vsr[2 * n + 1] = r.nextInt(3) == 0 ? 0 : r.nextLong();
            }
            default -> {
                if (r.nextInt(6) == 0) {
                    // A 128-bit boundary.
                    long v = integer(r);
                    vsr[2 * n] = r.nextBoolean() ? v >> 63 : integer(r);
                    vsr[2 * n + 1] = v;
                } else {
                    vsr[2 * n] = r.nextBoolean() ? packed(r) : integer(r);
                    vsr[2 * n + 1] = r.nextBoolean() ? packed(r) : integer(r);
                }
            }
        }
    }

    /** Decimal64, or the high half of a decimal128: few digits and a moderate exponent, specials, or any bits. */
    private static long decimalFloat(SplittableRandom r) {
        long sign = r.nextBoolean() ? Long.MIN_VALUE : 0;
        return sign | switch (r.nextInt(6)) {
            case 0 -> 0x7800000000000000L | r.nextLong() & 0x0600000000000000L;
            case 1 -> 0x2238000000000000L | r.nextInt(10);
            case 2 -> 0x2238000000000000L + (long) r.nextInt(-12, 12) << 50 | r.nextInt() & 0xffffL;
            case 3 -> 0x2238000000000000L + ((long) r.nextInt(-20, 20) << 50) | r.nextLong() & 0x3ffffffffffffL;
            default -> r.nextLong() >>> 1;
        };
    }

    private static void quad(SplittableRandom r, long[] vsr, int n) {
        long sign = r.nextBoolean() ? Long.MIN_VALUE : 0;
        long hi;
        long lo = r.nextBoolean() ? 0 : r.nextInt(3) == 0 ? -1 : r.nextLong();
        switch (r.nextInt(9)) {
            case 0 -> {
                hi = 0;
                lo = r.nextInt(3);
            }
            case 1 -> hi = 0x7fff000000000000L;
            case 2 -> hi = 0x7fff800000000000L | r.nextLong() >>> 20;
            case 3 -> hi = 0x3fffL << 48;
            case 4 -> hi = (0x3fffL + r.nextInt(-130, 130)) << 48 | r.nextLong() & 0xffffffffffffL;
            case 5 -> hi = (0x3fffL + r.nextInt(-1100, 1100)) << 48 | r.nextLong() & 0xffffffffffffL;
            case 6 -> hi = 0x7ffeffffffffffffL;
            case 7 -> hi = r.nextLong() & 0xffffffffffffL;
            default -> hi = r.nextLong();
        }
        vsr[2 * n] = hi | sign;
        vsr[2 * n + 1] = lo;
    }

    private static void decimal(SplittableRandom r, Kind kind, long[] vsr, int n) {
        byte[] b = new byte[16];
        switch (kind) {
            case PACKED -> {
                int digits = r.nextInt(32);
                for (int i = 0; i < 31; i++) {
                    int d = i < digits ? r.nextInt(3) == 0 ? 9 : r.nextInt(10) : 0;
                    int at = 15 - (i + 1) / 2;
                    b[at] |= (byte) ((i & 1) == 0 ? d << 4 : d);
                }
                b[15] |= (byte) (r.nextInt(20) == 0 ? r.nextInt(16) : 10 + r.nextInt(6));
            }
            case ZONED -> {
                int zone = r.nextBoolean() ? 0x30 : 0xf0;
                for (int i = 0; i < 16; i++) {
                    b[i] = (byte) (zone | r.nextInt(10));
                }
                b[15] = (byte) (r.nextInt(16) << 4 | r.nextInt(10));
            }
            default -> {
                for (int i = 0; i < 14; i += 2) {
                    b[i + 1] = (byte) (0x30 | r.nextInt(10));
                }
                b[15] = (byte) (r.nextBoolean() ? 0x2b : 0x2d);
            }
        }
        if (r.nextInt(12) == 0) {
            b[r.nextInt(16)] = (byte) r.nextInt();
        }
        long hi = 0;
        long lo = 0;
        for (int i = 0; i < 8; i++) {
            hi = hi << 8 | b[i] & 0xff;
            lo = lo << 8 | b[8 + i] & 0xff;
        }
        vsr[2 * n] = hi;
        vsr[2 * n + 1] = lo;
    }

    /** All registers and the window from a seed; TAR and the record's register are set by the program. */
    static State state(long seed) {
        SplittableRandom r = new SplittableRandom(seed);
        State s = new State();
        for (int i = 0; i < 32; i++) {
            s.gpr[i] = integer(r);
        }
        for (int i = 0; i < 64; i++) {
            vector(r, Kind.MIXED, s.vsr, i);
        }
        for (int i = 0; i < State.WINDOW; i += 8) {
            long v = r.nextInt(3) == 0 ? integer(r) : r.nextInt(3) == 0 ? dbl(r) : packed(r);
            for (int k = 0; k < 8; k++) {
                s.window[i + k] = (byte) (v >>> 8 * k);
            }
        }
        s.cr = r.nextInt();
        s.xer = r.nextLong() & State.XER_DEFINED;
        s.lr = r.nextLong();
        s.ctr = integer(r);
        s.fpscr = 0;
        s.vscr = 0;
        s.vrsave = r.nextInt();
        return s;
    }

    /** FPSCR with the summary bits that follow from the others, and without reserved bits (Book I, 4.2.2). */
    static long consistentFpscr(long v) {
        long f = v & 0x7_9fff_f7ffL;
        long invalid = 0x01f8_0700L;
        boolean vx = (f & invalid) != 0;
        long exceptions = (vx ? 0x80 : 0) | (f >>> 28 & 1) << 6 | (f >>> 27 & 1) << 5 | (f >>> 26 & 1) << 4
                | (f >>> 25 & 1) << 3;
        if (vx) {
            f |= 0x2000_0000L;
        }
        if ((exceptions & f & 0xf8) != 0) {
            f |= 0x4000_0000L;
        }
        return f;
    }
}
