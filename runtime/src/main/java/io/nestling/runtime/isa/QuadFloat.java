package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setT;
import static io.nestling.runtime.isa.VectorRegs.t0;
import static io.nestling.runtime.isa.VectorRegs.t1;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.SoftFloat;

/** Quad-precision instructions on VRs (Power ISA 3.0B, Book I, 7.6.1); all arithmetic is {@link SoftFloat}'s. */
public final class QuadFloat {
    private QuadFloat() {}

    private static final long SIGN = 1L << 63;
    private static final long FRACTION = (1L << 48) - 1;

    private static Num a(Vcpu c, int w) {
        return Num.unpack(Format.QUAD, a0(c, w), a1(c, w));
    }

    private static Num b(Vcpu c, int w) {
        return Num.unpack(Format.QUAD, b0(c, w), b1(c, w));
    }

    private static Num t(Vcpu c, int w) {
        return Num.unpack(Format.QUAD, t0(c, w), t1(c, w));
    }

    /** The arithmetic of an instruction with an RO bit, which asks for round to odd. */
    private static SoftFloat soft(Vcpu c, int w) {
        return (w & 1) != 0 ? new SoftFloat(c.fpscr, SoftFloat.TO_ODD) : new SoftFloat(c.fpscr);
    }

    /** Delivers a rounded quad. */
    private static void write(Vcpu c, int w, SoftFloat s, Num r) {
        if (Fpscr.commitScalar(c, s.flags, s.fprf(r, Format.QUAD))) {
            long high = s.pack(r, Format.QUAD);
            setT(c, w, high, s.low);
        }
        FloatUnit.finish(c);
    }

    private static void binary(Vcpu c, int w, int op) {
        SoftFloat s = soft(c, w);
        write(c, w, s, s.round(s.operate(op, a(c, w), b(c, w)), Format.QUAD));
    }

    public static void xsaddqp(Vcpu c, int w) {
        binary(c, w, FastFloat.ADD);
    }

    public static void xssubqp(Vcpu c, int w) {
        binary(c, w, FastFloat.SUB);
    }

    public static void xsmulqp(Vcpu c, int w) {
        binary(c, w, FastFloat.MUL);
    }

    public static void xsdivqp(Vcpu c, int w) {
        binary(c, w, FastFloat.DIV);
    }

    public static void xssqrtqp(Vcpu c, int w) {
        binary(c, w, FastFloat.SQRT);
    }

    /** A * B + T. */
    private static void fma(Vcpu c, int w, boolean subtract, boolean negate) {
        SoftFloat s = soft(c, w);
        Num addend = t(c, w);
        Num r = s.round(s.fma(a(c, w), b(c, w), subtract ? addend.negated() : addend), Format.QUAD);
        write(c, w, s, negate ? r.negated() : r);
    }

    public static void xsmaddqp(Vcpu c, int w) {
        fma(c, w, false, false);
    }

    public static void xsmsubqp(Vcpu c, int w) {
        fma(c, w, true, false);
    }

    public static void xsnmaddqp(Vcpu c, int w) {
        fma(c, w, false, true);
    }

    public static void xsnmsubqp(Vcpu c, int w) {
        fma(c, w, true, true);
    }

    // ---- conversions and roundings --------------------------------------------------------------------------------

    public static void xscvdpqp(Vcpu c, int w) {
        SoftFloat s = new SoftFloat(c.fpscr);
        write(c, w, s, s.round(s.quiet(Num.dbl(b0(c, w))), Format.QUAD));
    }

    public static void xscvqpdp(Vcpu c, int w) {
        SoftFloat s = soft(c, w);
        FloatUnit.deliver(c, s, s.quiet(b(c, w)), Format.DOUBLE, 64 + 2 * rt(w));
        FloatUnit.finish(c);
    }

    /** Toward zero; a word is extended to doubleword 0. */
    private static void toInteger(Vcpu c, int w, int bits, boolean signed) {
        SoftFloat s = new SoftFloat(c.fpscr);
        long r = s.toInteger(b(c, w), bits, signed, SoftFloat.TO_ZERO);
        if (Fpscr.commitScalar(c, s.flags, c.fpscr() & Fpscr.FPRF)) {
            setT(c, w, bits == 32 && signed ? (int) r : r, 0);
        }
        FloatUnit.finish(c);
    }

    public static void xscvqpsdz(Vcpu c, int w) {
        toInteger(c, w, 64, true);
    }

    public static void xscvqpudz(Vcpu c, int w) {
        toInteger(c, w, 64, false);
    }

    public static void xscvqpswz(Vcpu c, int w) {
        toInteger(c, w, 32, true);
    }

    public static void xscvqpuwz(Vcpu c, int w) {
        toInteger(c, w, 32, false);
    }

    private static void fromInteger(Vcpu c, int w, boolean signed) {
        long v = b0(c, w);
        boolean negative = signed && v < 0;
        SoftFloat s = new SoftFloat(c.fpscr);
        write(c, w, s, s.round(Num.of(negative ? -v : v, negative), Format.QUAD));
    }

    public static void xscvsdqp(Vcpu c, int w) {
        fromInteger(c, w, true);
    }

    public static void xscvudqp(Vcpu c, int w) {
        fromInteger(c, w, false);
    }

    /** The rounding mode of R and RMC; reserved codes act as the FPSCR says. */
    private static int mode(Vcpu c, int w) {
        int rmc = bits(w, 21, 22);
        if (bits(w, 15, 15) == 0) {
            return rmc == 0 ? SoftFloat.NEAREST_AWAY : (int) (c.fpscr & Fpscr.RN);
        }
        return rmc;
    }

    /** To an integer; the EX bit asks for FR, FI and XX. */
    public static void xsrqpi(Vcpu c, int w) {
        SoftFloat s = new SoftFloat(c.fpscr);
        Num r = s.toIntegral(s.quiet(b(c, w)), mode(c, w));
        if ((w & 1) == 0) {
            s.flags &= ~(Fpscr.FI | Fpscr.FR);
        } else if ((s.flags & Fpscr.FI) != 0) {
            s.flags |= Fpscr.XX;
        }
        write(c, w, s, r);
    }

    /** To the 64-bit significand of double-extended precision. */
    public static void xsrqpxp(Vcpu c, int w) {
        SoftFloat s = new SoftFloat(c.fpscr, mode(c, w));
        write(c, w, s, s.round(s.quiet(b(c, w)), Format.EXTENDED));
    }

    // ---- comparisons ----------------------------------------------------------------------------------------------

    private static void compare(Vcpu c, int w, boolean ordered) {
        Num a = a(c, w);
        Num b = b(c, w);
        int r = 1;
        if (a.isNan() || b.isNan()) {
            ConvertUnit.unordered(c, a.isSignalling() || b.isSignalling(), ordered);
        } else {
            int order = Num.compare(a, b);
            r = order < 0 ? 8 : order > 0 ? 4 : 2;
        }
        ConvertUnit.result(c, bf(w), r);
        FloatUnit.finish(c);
    }

    public static void xscmpoqp(Vcpu c, int w) {
        compare(c, w, true);
    }

    public static void xscmpuqp(Vcpu c, int w) {
        compare(c, w, false);
    }

    /** Compares the exponent fields; numbers with a NaN are unordered. */
    public static void xscmpexpqp(Vcpu c, int w) {
        int ea = exponent(a0(c, w));
        int eb = exponent(b0(c, w));
        boolean nan = a(c, w).isNan() || b(c, w).isNan();
        ConvertUnit.result(c, bf(w), nan ? 1 : ea < eb ? 8 : ea > eb ? 4 : 2);
    }

    private static int exponent(long high) {
        return (int) (high >>> 48) & 0x7fff;
    }

    // ---- fields ---------------------------------------------------------------------------------------------------

    public static void xsabsqp(Vcpu c, int w) {
        setT(c, w, b0(c, w) & ~SIGN, b1(c, w));
    }

    public static void xsnabsqp(Vcpu c, int w) {
        setT(c, w, b0(c, w) | SIGN, b1(c, w));
    }

    public static void xsnegqp(Vcpu c, int w) {
        setT(c, w, b0(c, w) ^ SIGN, b1(c, w));
    }

    public static void xscpsgnqp(Vcpu c, int w) {
        setT(c, w, b0(c, w) & ~SIGN | a0(c, w) & SIGN, b1(c, w));
    }

    public static void xsxexpqp(Vcpu c, int w) {
        setT(c, w, exponent(b0(c, w)), 0);
    }

    public static void xsxsigqp(Vcpu c, int w) {
        int e = exponent(b0(c, w));
        setT(c, w, b0(c, w) & FRACTION | (e != 0 && e != 0x7fff ? 1L << 48 : 0), b1(c, w));
    }

    public static void xsiexpqp(Vcpu c, int w) {
        setT(c, w, a0(c, w) & (SIGN | FRACTION) | (b0(c, w) & 0x7fff) << 48, a1(c, w));
    }

    public static void xststdcqp(Vcpu c, int w) {
        int e = exponent(b0(c, w));
        boolean empty = (b0(c, w) & FRACTION | b1(c, w)) == 0;
        int dc = VsxFloatFields.dataClass(b0(c, w) < 0, e == 0x7fff, e == 0, empty);
        VsxFloatFields.testResult(c, w, b0(c, w) < 0, (dc & bits(w, 9, 15)) != 0, false);
    }
}
