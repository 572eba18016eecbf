package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.PendingStatus;

/** What translated code calls when the host's arithmetic alone does not do. */
public final class FloatAgain {
    private FloatAgain() {}

    /**
     * Does an operation with all its status. No exception may be enabled.
     *
     * @param kind as in {@link PendingStatus}
     * @param t index of the target in {@code vsr}
     * @param x first operand; bits of an integer
     * @param y second operand or addend, negated already if it is to be subtracted
     * @param z multiplier
     * @return the result, which is also in the target
     */
    public static double perform(Vcpu c, int kind, int t, double x, double y, double z) {
        long a = Double.doubleToRawLongBits(x);
        long b = Double.doubleToRawLongBits(y);
        boolean single = (kind & PendingStatus.SINGLE) != 0;
        int operation = kind & ~PendingStatus.SINGLE;
        if (operation == PendingStatus.ROUND) {
            ConvertUnit.roundToSingle(c, t, a);
        } else if (operation == PendingStatus.FROM_LONG) {
            ConvertUnit.fromLong(c, t, a, single ? Format.SINGLE : Format.DOUBLE);
        } else if (operation >= PendingStatus.FMA) {
            fused(c, kind, t, a, Double.doubleToRawLongBits(z), b);
        } else if (single) {
            FloatUnit.sp(c, operation - 1, t, a, b);
        } else {
            FloatUnit.dp(c, operation - 1, t, a, b);
        }
        return Double.longBitsToDouble(c.vsr[t]);
    }

    private static void fused(Vcpu c, int kind, int t, long x, long z, long y) {
        int flags = kind & (PendingStatus.SUBTRACT | PendingStatus.NEGATE);
        // Undo what the inline way has done to the addend: of a NaN the sign matters.
        long b = (flags & PendingStatus.SUBTRACT) != 0 ? y ^ 1L << 63 : y;
        if ((kind & PendingStatus.SINGLE) != 0) {
            FloatUnit.fmaSingle(c, flags, t, x, z, b);
        } else {
            FloatUnit.fma(c, flags, t, x, z, b);
        }
    }
}
