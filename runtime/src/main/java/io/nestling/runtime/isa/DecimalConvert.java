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
import io.nestling.runtime.fp.DecimalFormat;
import io.nestling.runtime.fp.DecimalMath;
import io.nestling.runtime.fp.Fpscr;
import java.math.BigInteger;

/** Decimal conversions and the instructions on the fields of decimals (Power ISA 3.0B, Book I, 5.6.5 and 5.6.6). */
public final class DecimalConvert {
    private DecimalConvert() {}

    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private static DecimalMath math(Vcpu c, DecimalFormat f) {
        return new DecimalMath(c.fpscr, f, DecimalMath.mode(c.fpscr));
    }

    private static Decimal b(Vcpu c, int w) {
        return read(c, rb(w), format(w));
    }

    // ---- between formats ------------------------------------------------------------------------------------------

    /** Short to long: exact, and a signalling NaN stays one. */
    public static void dctdp(Vcpu c, int w) {
        Decimal n = Decimal.decode(DecimalFormat.SHORT, c.vsr[2 * rb(w)] & 0xffffffffL, 0);
        deliver(c, w, math(c, DecimalFormat.LONG), rt(w), n, DecimalFormat.LONG);
    }

    public static void dctqpq(Vcpu c, int w) {
        DecimalMath m = math(c, DecimalFormat.EXTENDED);
        deliver(c, w, m, rt(w), m.quiet(read(c, rb(w), DecimalFormat.LONG)), DecimalFormat.EXTENDED);
    }

    /** Long to short, in the low word; a signalling NaN stays one. */
    public static void drsp(Vcpu c, int w) {
        DecimalMath m = math(c, DecimalFormat.SHORT);
        Decimal r = narrow(m, read(c, rb(w), DecimalFormat.LONG));
        if (Fpscr.commitScalar(c, m.flags, r.fprf(DecimalFormat.SHORT))) {
            FloatUnit.set(c, 2 * rt(w), r.encode(DecimalFormat.SHORT)[1]);
        }
        FloatUnit.finish(c, w);
    }

    /** Extended to long, in the even register of the target pair; the odd one is undefined and cleared. */
    public static void drdpq(Vcpu c, int w) {
        DecimalMath m = math(c, DecimalFormat.LONG);
        Decimal r = narrow(m, m.quiet(read(c, rb(w), DecimalFormat.EXTENDED)));
        if (Fpscr.commitScalar(c, m.flags, r.fprf(DecimalFormat.LONG))) {
            DecimalUnit.write(c, rt(w), r, DecimalFormat.LONG);
            FloatUnit.set(c, 2 * rt(w) + 2, 0);
        }
        FloatUnit.finish(c, w);
    }

    private static Decimal narrow(DecimalMath m, Decimal n) {
        return n.isFinite() ? m.round(n.neg(), n.coefficient(), n.exponent(), n.exponent()) : n;
    }

    // ---- integers ---------------------------------------------------------------------------------------------------

    private static void fromInteger(Vcpu c, int w) {
        DecimalMath m = math(c, format(w));
        BigInteger v = BigInteger.valueOf(c.vsr[2 * rb(w)]);
        deliver(c, w, m, rt(w), m.round(v.signum() < 0, v.abs(), 0, 0), format(w));
    }

    private static void toInteger(Vcpu c, int w) {
        DecimalMath m = math(c, format(w));
        Decimal b = b(c, w);
        long r;
        if (b.isNan()) {
            m.flags = Fpscr.VXCVI | (b.isSignalling() ? Fpscr.VXSNAN : 0);
            r = Long.MIN_VALUE;
        } else {
            BigInteger i = b.isFinite() ? m.toInteger(b) : null;
            if (i == null || i.compareTo(MAX) > 0 || i.compareTo(MIN) < 0) {
                m.flags = Fpscr.VXCVI;
                r = b.neg() ? Long.MIN_VALUE : Long.MAX_VALUE;
            } else {
                r = i.longValue();
            }
        }
        if (Fpscr.commitScalar(c, m.flags, c.fpscr() & Fpscr.FPRF)) {
            FloatUnit.set(c, 2 * rt(w), r);
        }
        FloatUnit.finish(c, w);
    }

    // ---- BCD --------------------------------------------------------------------------------------------------------

    /** Digits of the format as BCD; a signed result gives one digit up for the sign. */
    private static void toBcd(Vcpu c, int w) {
        DecimalFormat f = format(w);
        int sp = bits(w, 11, 12);
        Decimal b = b(c, w);
        int digits = f == DecimalFormat.LONG ? 16 : 32;
        BigInteger rest = b.coefficient();
        long[] r = new long[2];
        int at = 0;
        if ((sp & 2) != 0) {
            r[1] = b.neg() ? 13 : (sp & 1) != 0 ? 15 : 12;
            at = 1;
        }
        for (; at < digits; at++) {
            BigInteger[] qr = rest.divideAndRemainder(BigInteger.TEN);
            r[1 - at / 16] |= qr[1].longValue() << 4 * (at % 16);
            rest = qr[0];
        }
        writeBits(c, w, f, r[0], r[1]);
        FloatUnit.finish(c, w);
    }

    private static void writeBits(Vcpu c, int w, DecimalFormat f, long high, long low) {
        if (f == DecimalFormat.LONG) {
            FloatUnit.set(c, 2 * rt(w), low);
        } else {
            FloatUnit.set(c, 2 * rt(w), high);
            FloatUnit.set(c, 2 * rt(w) + 2, low);
        }
    }

    private static void fromBcd(Vcpu c, int w) {
        DecimalFormat f = format(w);
        DecimalMath m = math(c, f);
        boolean signed = bits(w, 11, 11) != 0;
        long high = f == DecimalFormat.LONG ? 0 : c.vsr[2 * rb(w)];
        long low = c.vsr[2 * rb(w) + (f == DecimalFormat.LONG ? 0 : 2)];
        BigInteger v = BigInteger.ZERO;
        boolean valid = true;
        for (int at = 31; at >= (signed ? 1 : 0); at--) {
            int digit = (int) ((at >= 16 ? high : low) >>> 4 * (at % 16)) & 15;
            valid &= digit < 10;
            v = v.multiply(BigInteger.TEN).add(BigInteger.valueOf(digit));
        }
        int sign = (int) low & 15;
        valid &= !signed || sign >= 10;
        boolean neg = signed && (sign == 11 || sign == 13);
        deliver(c, w, m, rt(w), valid ? Decimal.of(neg, v, 0) : m.invalid(Fpscr.VXCVI), f);
    }

    // ---- fields -----------------------------------------------------------------------------------------------------

    private static void extractExponent(Vcpu c, int w) {
        FloatUnit.set(c, 2 * rt(w), b(c, w).biasedExponent(format(w)));
        FloatUnit.finish(c, w);
    }

    /** An exponent that no number has makes an infinity or a NaN with the trailing significand of FRB as its payload. */
    private static void insertExponent(Vcpu c, int w) {
        DecimalFormat f = format(w);
        long exponent = c.vsr[2 * ra(w)];
        int b = 2 * rb(w);
        if (f.hasBiasedExponent(exponent)) {
            DecimalUnit.write(c, rt(w), b(c, w).withBiasedExponent(f, exponent), f);
        } else {
            long high = f.special(exponent, c.vsr[b]);
            writeBits(c, w, f, high, f == DecimalFormat.LONG ? high : c.vsr[b + 2]);
        }
        FloatUnit.finish(c, w);
    }

    private static void shift(Vcpu c, int w, boolean left) {
        Decimal a = read(c, ra(w), format(w));
        DecimalUnit.write(c, rt(w), a.shifted(format(w), left ? bits(w, 16, 21) : -bits(w, 16, 21)), format(w));
        FloatUnit.finish(c, w);
    }

    public static void dcffix(Vcpu c, int w) {
        fromInteger(c, w);
    }

    public static void dcffixq(Vcpu c, int w) {
        fromInteger(c, w);
    }

    public static void dctfix(Vcpu c, int w) {
        toInteger(c, w);
    }

    public static void dctfixq(Vcpu c, int w) {
        toInteger(c, w);
    }

    public static void ddedpd(Vcpu c, int w) {
        toBcd(c, w);
    }

    public static void ddedpdq(Vcpu c, int w) {
        toBcd(c, w);
    }

    public static void denbcd(Vcpu c, int w) {
        fromBcd(c, w);
    }

    public static void denbcdq(Vcpu c, int w) {
        fromBcd(c, w);
    }

    public static void dxex(Vcpu c, int w) {
        extractExponent(c, w);
    }

    public static void dxexq(Vcpu c, int w) {
        extractExponent(c, w);
    }

    public static void diex(Vcpu c, int w) {
        insertExponent(c, w);
    }

    public static void diexq(Vcpu c, int w) {
        insertExponent(c, w);
    }

    public static void dscli(Vcpu c, int w) {
        shift(c, w, true);
    }

    public static void dscliq(Vcpu c, int w) {
        shift(c, w, true);
    }

    public static void dscri(Vcpu c, int w) {
        shift(c, w, false);
    }

    public static void dscriq(Vcpu c, int w) {
        shift(c, w, false);
    }
}
