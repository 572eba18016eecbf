package io.nestling.tests.oracle;

import io.nestling.decoder.Insn;

/**
 * Reciprocal and other estimates: the book grants a relative error, so any result within it is right. Both sides must
 * agree exactly on what is not an ordinary number.
 */
final class Estimates {
    /** The weakest precision granted: one part in 32 for reciprocal square roots (Book I, 4.6.6.1 and 6.10.5). */
    private static final double TOLERANCE = 1.0 / 32;

    private Estimates() {}

    /** Makes {@code have} equal to {@code want} in the target where it is close enough. */
    static void forgive(Insn row, int word, State want, State have) {
        int n = row.operands().getFirst().field().extract(word);
        int v = switch (row.operands().getFirst().kind()) {
            case VR -> n + 32;
            default -> n;
        };
        boolean singles = row.name().startsWith("v") || row.name().startsWith("xv") && row.name().endsWith("sp");
        for (int i = 2 * v; i < 2 * v + 2; i++) {
            if (singles) {
                long hi = pick((int) (want.vsr[i] >>> 32), (int) (have.vsr[i] >>> 32));
                long lo = pick((int) want.vsr[i], (int) have.vsr[i]);
                have.vsr[i] = hi << 32 | lo & 0xffffffffL;
            } else if (close(Double.longBitsToDouble(want.vsr[i]), Double.longBitsToDouble(have.vsr[i]))) {
                have.vsr[i] = want.vsr[i];
            }
        }
    }

    private static int pick(int want, int have) {
        return close(Float.intBitsToFloat(want), Float.intBitsToFloat(have)) ? want : have;
    }

    private static boolean close(double want, double have) {
        return Double.isFinite(want) && Double.isFinite(have) && Math.abs(want - have) <= Math.abs(want) * TOLERANCE;
    }
}
