package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.runtime.isa.DecimalUnit.format;
import static io.nestling.runtime.isa.DecimalUnit.read;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Decimal;
import io.nestling.runtime.fp.DecimalMath;

/** Decimal comparisons and tests; results go to a CR field and FPCC (Power ISA 3.0B, Book I, 5.6.2 and 5.6.3). */
public final class DecimalCompare {
    private DecimalCompare() {}

    private static Decimal a(Vcpu c, int w) {
        return read(c, ra(w), format(w));
    }

    private static Decimal b(Vcpu c, int w) {
        return read(c, rb(w), format(w));
    }

    private static void compare(Vcpu c, int w, boolean ordered) {
        Decimal a = a(c, w);
        Decimal b = b(c, w);
        int r = 1;
        if (a.isNan() || b.isNan()) {
            ConvertUnit.unordered(c, a.isSignalling() || b.isSignalling(), ordered);
        } else {
            r = order(DecimalMath.compare(a, b));
        }
        ConvertUnit.result(c, bf(w), r);
        FloatUnit.finish(c);
    }

    private static int order(int comparison) {
        return comparison < 0 ? 8 : comparison > 0 ? 4 : 2;
    }

    /** Tests against a mask of zero, subnormal, normal, infinity, quiet and signalling NaN, from the left. */
    private static void dataClass(Vcpu c, int w) {
        Decimal a = a(c, w);
        int bit = a.isSignalling() ? 1 : a.isNan() ? 2 : a.isInfinite() ? 4 : a.isZero() ? 32
                : a.isSubnormal(format(w)) ? 16 : 8;
        match(c, w, a, bit);
    }

    /**
     * Tests against a mask of zero, zero with an extreme exponent, subnormal or with an extreme exponent, normal with and
     * without a leading zero digit, and special, from the left.
     */
    private static void dataGroup(Vcpu c, int w) {
        Decimal a = a(c, w);
        int bit = 1;
        if (a.isFinite()) {
            boolean extreme = a.hasExtremeExponent(format(w));
            bit = a.isZero() ? extreme ? 16 : 32 : extreme || a.isSubnormal(format(w)) ? 8
                    : a.isFull(format(w)) ? 2 : 4;
        }
        match(c, w, a, bit);
    }

    private static void match(Vcpu c, int w, Decimal a, int bit) {
        ConvertUnit.result(c, bf(w), (a.neg() ? 8 : 0) | ((bits(w, 16, 21) & bit) != 0 ? 2 : 0));
    }

    private static void exponents(Vcpu c, int w) {
        Decimal a = a(c, w);
        Decimal b = b(c, w);
        int r = 1;
        if (a.isFinite() && b.isFinite()) {
            r = order(Integer.compare(a.exponent(), b.exponent()));
        } else if (a.isNan() && b.isNan() || a.isInfinite() && b.isInfinite()) {
            r = 2;
        }
        ConvertUnit.result(c, bf(w), r);
    }

    /** Compares {@code count} with the number of significant digits of FRB; no digits at all are less than any. */
    private static void significance(Vcpu c, int w, int count) {
        Decimal b = b(c, w);
        int r = !b.isFinite() ? 1 : count == 0 ? 4 : order(Integer.compare(count, b.length()));
        ConvertUnit.result(c, bf(w), r);
    }

    public static void dcmpu(Vcpu c, int w) {
        compare(c, w, false);
    }

    public static void dcmpuq(Vcpu c, int w) {
        compare(c, w, false);
    }

    public static void dcmpo(Vcpu c, int w) {
        compare(c, w, true);
    }

    public static void dcmpoq(Vcpu c, int w) {
        compare(c, w, true);
    }

    public static void dtstdc(Vcpu c, int w) {
        dataClass(c, w);
    }

    public static void dtstdcq(Vcpu c, int w) {
        dataClass(c, w);
    }

    public static void dtstdg(Vcpu c, int w) {
        dataGroup(c, w);
    }

    public static void dtstdgq(Vcpu c, int w) {
        dataGroup(c, w);
    }

    public static void dtstex(Vcpu c, int w) {
        exponents(c, w);
    }

    public static void dtstexq(Vcpu c, int w) {
        exponents(c, w);
    }

    public static void dtstsf(Vcpu c, int w) {
        significance(c, w, (int) c.vsr[2 * ra(w)] & 63);
    }

    public static void dtstsfq(Vcpu c, int w) {
        significance(c, w, (int) c.vsr[2 * ra(w)] & 63);
    }

    public static void dtstsfi(Vcpu c, int w) {
        significance(c, w, bits(w, 10, 15));
    }

    public static void dtstsfiq(Vcpu c, int w) {
        significance(c, w, bits(w, 10, 15));
    }
}
