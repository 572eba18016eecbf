package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.DecimalUnit.deliver;
import static io.nestling.runtime.isa.DecimalUnit.format;
import static io.nestling.runtime.isa.DecimalUnit.read;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Decimal;
import io.nestling.runtime.fp.DecimalMath;
import io.nestling.runtime.fp.Fpscr;

/** Decimal arithmetic and quantum adjustment (Power ISA 3.0B, Book I, 5.6.1 and 5.6.4). */
public final class DecimalArith {
    private DecimalArith() {}

    private static Decimal a(Vcpu c, int w) {
        return read(c, ra(w), format(w));
    }

    private static Decimal b(Vcpu c, int w) {
        return read(c, rb(w), format(w));
    }

    private static DecimalMath math(Vcpu c, int w) {
        return new DecimalMath(c.fpscr, format(w), DecimalMath.mode(c.fpscr));
    }

    private static void result(Vcpu c, int w, DecimalMath m, Decimal r) {
        deliver(c, w, m, rt(w), r, format(w));
    }

    private static void add(Vcpu c, int w) {
        DecimalMath m = math(c, w);
        result(c, w, m, m.add(a(c, w), b(c, w)));
    }

    private static void subtract(Vcpu c, int w) {
        DecimalMath m = math(c, w);
        result(c, w, m, m.add(a(c, w), b(c, w).negated()));
    }

    private static void multiply(Vcpu c, int w) {
        DecimalMath m = math(c, w);
        result(c, w, m, m.multiply(a(c, w), b(c, w)));
    }

    private static void divide(Vcpu c, int w) {
        DecimalMath m = math(c, w);
        result(c, w, m, m.divide(a(c, w), b(c, w)));
    }

    public static void dadd(Vcpu c, int w) {
        add(c, w);
    }

    public static void daddq(Vcpu c, int w) {
        add(c, w);
    }

    public static void dsub(Vcpu c, int w) {
        subtract(c, w);
    }

    public static void dsubq(Vcpu c, int w) {
        subtract(c, w);
    }

    public static void dmul(Vcpu c, int w) {
        multiply(c, w);
    }

    public static void dmulq(Vcpu c, int w) {
        multiply(c, w);
    }

    public static void ddiv(Vcpu c, int w) {
        divide(c, w);
    }

    public static void ddivq(Vcpu c, int w) {
        divide(c, w);
    }

    /** The rounding mode of an RMC field. */
    private static DecimalMath rmc(Vcpu c, int w) {
        int mode = switch (bits(w, 21, 22)) {
            case 0 -> DecimalMath.NEAREST_EVEN;
            case 1 -> DecimalMath.TO_ZERO;
            case 2 -> DecimalMath.NEAREST_AWAY;
            default -> DecimalMath.mode(c.fpscr);
        };
        return new DecimalMath(c.fpscr, format(w), mode);
    }

    private static void quantizeImmediate(Vcpu c, int w) {
        DecimalMath m = rmc(c, w);
        Decimal b = b(c, w);
        result(c, w, m, b.isFinite() ? m.quantize(b, ra(w) << 27 >> 27)
                : b.isNan() ? m.quiet(b) : m.invalid(Fpscr.VXCVI));
    }

    private static void quantize(Vcpu c, int w) {
        DecimalMath m = rmc(c, w);
        Decimal a = a(c, w);
        Decimal b = b(c, w);
        Decimal r;
        if (a.isNan() || b.isNan()) {
            r = m.firstNan(a, b);
        } else if (a.isInfinite() || b.isInfinite()) {
            r = a.isInfinite() && b.isInfinite() ? b : m.invalid(Fpscr.VXCVI);
        } else {
            r = m.quantize(b, a.exponent());
        }
        result(c, w, m, r);
    }

    /** Rounds to as many digits as the low six bits of FRA say; 0 leaves all. */
    private static void reround(Vcpu c, int w) {
        DecimalMath m = rmc(c, w);
        Decimal b = b(c, w);
        int count = (int) c.vsr[2 * ra(w)] & 63;
        result(c, w, m, b.isFinite() ? count == 0 ? b : m.roundToDigits(b, count) : m.quiet(b));
    }

    /** Rounds to an integer; the mode is that of R and RMC. */
    private static void round(Vcpu c, int w, boolean inexact) {
        DecimalMath m = rmc(c, w);
        if (bits(w, 15, 15) != 0) {
            int mode = switch (bits(w, 21, 22)) {
                case 0 -> DecimalMath.TO_PLUS;
                case 1 -> DecimalMath.TO_MINUS;
                case 2 -> DecimalMath.AWAY;
                default -> DecimalMath.NEAREST_ZERO;
            };
            m = new DecimalMath(c.fpscr, format(w), mode);
        }
        Decimal b = b(c, w);
        Decimal r = !b.isFinite() ? m.quiet(b) : b.exponent() >= 0 ? b : m.quantize(b, 0);
        if (!inexact) {
            m.flags &= ~(Fpscr.XX | Fpscr.FI | Fpscr.FR);
        }
        result(c, w, m, r);
    }

    public static void dquai(Vcpu c, int w) {
        quantizeImmediate(c, w);
    }

    public static void dquaiq(Vcpu c, int w) {
        quantizeImmediate(c, w);
    }

    public static void dqua(Vcpu c, int w) {
        quantize(c, w);
    }

    public static void dquaq(Vcpu c, int w) {
        quantize(c, w);
    }

    public static void drrnd(Vcpu c, int w) {
        reround(c, w);
    }

    public static void drrndq(Vcpu c, int w) {
        reround(c, w);
    }

    public static void drintx(Vcpu c, int w) {
        round(c, w, true);
    }

    public static void drintxq(Vcpu c, int w) {
        round(c, w, true);
    }

    public static void drintn(Vcpu c, int w) {
        round(c, w, false);
    }

    public static void drintnq(Vcpu c, int w) {
        round(c, w, false);
    }
}
