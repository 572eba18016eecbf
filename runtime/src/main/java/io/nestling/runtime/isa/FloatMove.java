package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rc;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Vcpu;

/** Floating-point moves, merges and select: no status but CR1 changes (Power ISA 3.0B, Book I, 4.6.5 and 4.6.9). */
public final class FloatMove {
    private static final long SIGN = 1L << 63;

    private FloatMove() {}

    private static long a(Vcpu c, int w) {
        return c.vsr[2 * ra(w)];
    }

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * rb(w)];
    }

    private static void set(Vcpu c, int w, long v) {
        FloatUnit.set(c, 2 * rt(w), v);
        if ((w & 1) != 0) {
            c.setCr(1, (int) (c.fpscr >>> 28) & 15);
        }
    }

    public static void fmr(Vcpu c, int w) {
        set(c, w, b(c, w));
    }

    public static void fneg(Vcpu c, int w) {
        set(c, w, b(c, w) ^ SIGN);
    }

    public static void fabs(Vcpu c, int w) {
        set(c, w, b(c, w) & ~SIGN);
    }

    public static void fnabs(Vcpu c, int w) {
        set(c, w, b(c, w) | SIGN);
    }

    public static void fcpsgn(Vcpu c, int w) {
        set(c, w, b(c, w) & ~SIGN | a(c, w) & SIGN);
    }

    public static void fmrgew(Vcpu c, int w) {
        FloatUnit.set(c, 2 * rt(w), a(c, w) & 0xffffffff00000000L | b(c, w) >>> 32);
    }

    public static void fmrgow(Vcpu c, int w) {
        FloatUnit.set(c, 2 * rt(w), a(c, w) << 32 | b(c, w) & 0xffffffffL);
    }

    public static void fsel(Vcpu c, int w) {
        set(c, w, Double.longBitsToDouble(a(c, w)) >= 0 ? c.vsr[2 * rc(w)] : b(c, w));
    }
}
