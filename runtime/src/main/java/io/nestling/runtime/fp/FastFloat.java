package io.nestling.runtime.fp;

/**
 * Shortcuts through the host's arithmetic, which rounds to nearest even: the result of an operation together with its
 * rounding error, found by error-free transformations (TwoSum, a fused residual, and the Boldo-Muller error of a fused
 * multiply-add). Each operation has a test that tells whether result and error can be trusted; it fails for NaNs,
 * infinities, and magnitudes so large or small that overflow or underflow could play a part. The caller must know that
 * the mode is round to nearest and that no exception is enabled.
 */
public final class FastFloat {
    private FastFloat() {}

    public static final int ADD = 0;
    public static final int SUB = 1;
    public static final int MUL = 2;
    public static final int DIV = 3;
    /** Square root of the second operand. */
    public static final int SQRT = 4;

    /** Below this a residual might not be representable: 2^-960. */
    private static final double SMALL = 0x1p-960;
    private static final double LARGE = 0x1p1000;
    private static final float SMALL_SINGLE = 0x1p-125f;
    private static final float LARGE_SINGLE = 0x1p126f;

    /** The rounded result. */
    public static double apply(int op, double x, double y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            default -> Math.sqrt(y);
        };
    }

    /** True if {@code r} and {@link #error} of it are good. */
    public static boolean trusted(int op, double x, double y, double r) {
        double m = Math.abs(r);
        return switch (op) {
            case ADD, SUB -> m <= LARGE;
            case MUL -> m >= SMALL && m <= LARGE || x == 0 && y - y == 0 || y == 0 && x - x == 0;
            case DIV -> m >= SMALL && m <= LARGE && Math.abs(x) >= SMALL;
            default -> y >= SMALL && y <= LARGE;
        };
    }

    /** Exact result minus {@code r}; of a division only the sign is right. */
    public static double error(int op, double x, double y, double r) {
        return switch (op) {
            case ADD -> sumError(x, y, r);
            case SUB -> sumError(x, -y, r);
            case MUL -> Math.fma(x, y, -r);
            case DIV -> {
                double residual = Math.fma(-r, y, x);
                yield y < 0 ? -residual : residual;
            }
            default -> Math.fma(-r, r, y);
        };
    }

    private static double sumError(double x, double y, double r) {
        double v = r - x;
        return x - (r - v) + (y - v);
    }

    /** True if {@link #fmaError} of {@code x * z + y} is good. */
    public static boolean fmaTrusted(double x, double z, double y) {
        double p = Math.abs(x * z);
        double m = Math.abs(y);
        return (p >= SMALL && p <= LARGE || p == 0 && (x == 0 || z == 0)) && (m >= SMALL && m <= LARGE || m == 0);
    }

    /** A number with the sign of the exact {@code x * z + y} minus {@code r}, zero if they are equal. */
    public static double fmaError(double x, double z, double y, double r) {
        double u1 = x * z;
        double u2 = Math.fma(x, z, -u1);
        double a1 = y + u2;
        double a2 = sumError(y, u2, a1);
        double b1 = u1 + a1;
        double b2 = sumError(u1, a1, b1);
        return b1 - r + b2 + a2;
    }

    /** Like {@link #trusted}, for singles. */
    public static boolean trustedSingle(int op, float x, float y, float r) {
        float m = Math.abs(r);
        return switch (op) {
            case ADD, SUB -> m <= LARGE_SINGLE;
            case MUL -> m >= SMALL_SINGLE && m <= LARGE_SINGLE || x == 0 && y - y == 0 || y == 0 && x - x == 0;
            case DIV -> m >= SMALL_SINGLE && m <= LARGE_SINGLE;
            default -> y >= SMALL_SINGLE && y <= LARGE_SINGLE;
        };
    }

    public static float applySingle(int op, float x, float y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            default -> (float) Math.sqrt(y);
        };
    }

    /** True if a trusted result is not exact. */
    public static boolean inexactSingle(int op, float x, float y, float r) {
        return switch (op) {
            case ADD -> inexactSum(x, y, r);
            case SUB -> inexactSum(x, -y, r);
            case MUL -> (double) x * y != r;
            // Products of two singles are exact in double.
            case DIV -> (double) r * y != x;
            default -> (double) r * r != y;
        };
    }

    /** True if {@code x + y}, of singles, is not {@code r}. */
    private static boolean inexactSum(float x, float y, float r) {
        float v = r - x;
        return x - (r - v) + (y - v) != 0;
    }

    /** True if {@code x * z + y}, of singles, is not {@code r}. */
    public static boolean inexactFmaSingle(float x, float z, float y, float r) {
        double p = (double) x * z;
        double s = p + y;
        return s != r || sumError(p, y, s) != 0;
    }

    /** True if a fused multiply-add of singles with the result {@code r} neither over- nor underflowed. */
    public static boolean fmaTrustedSingle(float r) {
        float m = Math.abs(r);
        return m >= SMALL_SINGLE && m <= LARGE_SINGLE;
    }

    /** Rounds any number to an integer in one of the modes of {@link SoftFloat}; the sign of a zero is kept. */
    public static double toIntegral(double x, int mode) {
        return switch (mode) {
            case SoftFloat.NEAREST_EVEN -> Math.rint(x);
            case SoftFloat.TO_PLUS -> Math.ceil(x);
            case SoftFloat.TO_MINUS -> Math.floor(x);
            default -> {
                double t = x < 0 ? Math.ceil(x) : Math.floor(x);
                yield mode == SoftFloat.NEAREST_AWAY && Math.abs(x - t) >= 0.5 ? t + Math.copySign(1, x) : t;
            }
        };
    }
}
