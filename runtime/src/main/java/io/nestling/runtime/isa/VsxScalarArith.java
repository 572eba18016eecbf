package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;
import static io.nestling.runtime.isa.FloatUnit.NEGATE;
import static io.nestling.runtime.isa.FloatUnit.SUBTRACT;
import static io.nestling.runtime.isa.FloatUnit.finish;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;

/**
 * VSX scalar arithmetic (Power ISA 3.0B, Book I, 7.6.1.1 to 7.6.1.3). The results are those of the FPR instructions; the
 * A forms of a multiply-add take the target as addend, the M forms as multiplier.
 */
public final class VsxScalarArith {
    private VsxScalarArith() {}

    private static long a(Vcpu c, int w) {
        return c.vsr[2 * xa(w)];
    }

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * xb(w)];
    }

    private static int t(int w) {
        return 2 * xt(w);
    }

    private static long old(Vcpu c, int w) {
        return c.vsr[2 * xt(w)];
    }

    public static void xsadddp(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.ADD, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xsaddsp(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.ADD, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xssubdp(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.SUB, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xssubsp(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.SUB, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xsmuldp(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.MUL, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xsmulsp(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.MUL, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xsdivdp(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.DIV, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xsdivsp(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.DIV, t(w), a(c, w), b(c, w));
        finish(c);
    }

    public static void xssqrtdp(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.SQRT, t(w), 0, b(c, w));
        finish(c);
    }

    public static void xssqrtsp(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.SQRT, t(w), 0, b(c, w));
        finish(c);
    }

    public static void xsmaddadp(Vcpu c, int w) {
        FloatUnit.fma(c, 0, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsmaddasp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, 0, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsmaddmdp(Vcpu c, int w) {
        FloatUnit.fma(c, 0, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsmaddmsp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, 0, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsmsubadp(Vcpu c, int w) {
        FloatUnit.fma(c, SUBTRACT, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsmsubasp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, SUBTRACT, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsmsubmdp(Vcpu c, int w) {
        FloatUnit.fma(c, SUBTRACT, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsmsubmsp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, SUBTRACT, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsnmaddadp(Vcpu c, int w) {
        FloatUnit.fma(c, NEGATE, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsnmaddasp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, NEGATE, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsnmaddmdp(Vcpu c, int w) {
        FloatUnit.fma(c, NEGATE, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsnmaddmsp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, NEGATE, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsnmsubadp(Vcpu c, int w) {
        FloatUnit.fma(c, SUBTRACT | NEGATE, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsnmsubasp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, SUBTRACT | NEGATE, t(w), a(c, w), b(c, w), old(c, w));
        finish(c);
    }

    public static void xsnmsubmdp(Vcpu c, int w) {
        FloatUnit.fma(c, SUBTRACT | NEGATE, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsnmsubmsp(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, SUBTRACT | NEGATE, t(w), a(c, w), old(c, w), b(c, w));
        finish(c);
    }

    public static void xsredp(Vcpu c, int w) {
        FloatUnit.reciprocal(c, Format.DOUBLE, t(w), b(c, w));
        finish(c);
    }

    public static void xsresp(Vcpu c, int w) {
        FloatUnit.reciprocal(c, Format.SINGLE, t(w), b(c, w));
        finish(c);
    }

    public static void xsrsqrtedp(Vcpu c, int w) {
        FloatUnit.reciprocalRoot(c, Format.DOUBLE, t(w), b(c, w));
        finish(c);
    }

    public static void xsrsqrtesp(Vcpu c, int w) {
        FloatUnit.reciprocalRoot(c, Format.SINGLE, t(w), b(c, w));
        finish(c);
    }
}
