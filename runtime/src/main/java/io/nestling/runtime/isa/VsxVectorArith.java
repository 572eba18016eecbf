package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;
import static io.nestling.runtime.isa.FloatUnit.NEGATE;
import static io.nestling.runtime.isa.FloatUnit.SUBTRACT;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Num;

/** VSX vector arithmetic (Power ISA 3.0B, Book I, 7.6.1.3); the A and M forms are those of {@link VsxScalarArith}. */
public final class VsxVectorArith {
    private VsxVectorArith() {}

    private static int a(int w) {
        return 2 * xa(w);
    }

    private static int b(int w) {
        return 2 * xb(w);
    }

    private static int t(int w) {
        return 2 * xt(w);
    }

    public static void xvadddp(Vcpu c, int w) {
        VectorUnit.dp(c, FastFloat.ADD, t(w), a(w), b(w));
    }

    public static void xvaddsp(Vcpu c, int w) {
        VectorUnit.sp(c, FastFloat.ADD, t(w), a(w), b(w));
    }

    public static void xvsubdp(Vcpu c, int w) {
        VectorUnit.dp(c, FastFloat.SUB, t(w), a(w), b(w));
    }

    public static void xvsubsp(Vcpu c, int w) {
        VectorUnit.sp(c, FastFloat.SUB, t(w), a(w), b(w));
    }

    public static void xvmuldp(Vcpu c, int w) {
        VectorUnit.dp(c, FastFloat.MUL, t(w), a(w), b(w));
    }

    public static void xvmulsp(Vcpu c, int w) {
        VectorUnit.sp(c, FastFloat.MUL, t(w), a(w), b(w));
    }

    public static void xvdivdp(Vcpu c, int w) {
        VectorUnit.dp(c, FastFloat.DIV, t(w), a(w), b(w));
    }

    public static void xvdivsp(Vcpu c, int w) {
        VectorUnit.sp(c, FastFloat.DIV, t(w), a(w), b(w));
    }

    public static void xvsqrtdp(Vcpu c, int w) {
        VectorUnit.dp(c, FastFloat.SQRT, t(w), b(w), b(w));
    }

    public static void xvsqrtsp(Vcpu c, int w) {
        VectorUnit.sp(c, FastFloat.SQRT, t(w), b(w), b(w));
    }

    public static void xvmaddadp(Vcpu c, int w) {
        VectorUnit.fma(c, 0, t(w), a(w), b(w), t(w));
    }

    public static void xvmaddasp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, 0, t(w), a(w), b(w), t(w));
    }

    public static void xvmaddmdp(Vcpu c, int w) {
        VectorUnit.fma(c, 0, t(w), a(w), t(w), b(w));
    }

    public static void xvmaddmsp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, 0, t(w), a(w), t(w), b(w));
    }

    public static void xvmsubadp(Vcpu c, int w) {
        VectorUnit.fma(c, SUBTRACT, t(w), a(w), b(w), t(w));
    }

    public static void xvmsubasp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, SUBTRACT, t(w), a(w), b(w), t(w));
    }

    public static void xvmsubmdp(Vcpu c, int w) {
        VectorUnit.fma(c, SUBTRACT, t(w), a(w), t(w), b(w));
    }

    public static void xvmsubmsp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, SUBTRACT, t(w), a(w), t(w), b(w));
    }

    public static void xvnmaddadp(Vcpu c, int w) {
        VectorUnit.fma(c, NEGATE, t(w), a(w), b(w), t(w));
    }

    public static void xvnmaddasp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, NEGATE, t(w), a(w), b(w), t(w));
    }

    public static void xvnmaddmdp(Vcpu c, int w) {
        VectorUnit.fma(c, NEGATE, t(w), a(w), t(w), b(w));
    }

    public static void xvnmaddmsp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, NEGATE, t(w), a(w), t(w), b(w));
    }

    public static void xvnmsubadp(Vcpu c, int w) {
        VectorUnit.fma(c, SUBTRACT | NEGATE, t(w), a(w), b(w), t(w));
    }

    public static void xvnmsubasp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, SUBTRACT | NEGATE, t(w), a(w), b(w), t(w));
    }

    public static void xvnmsubmdp(Vcpu c, int w) {
        VectorUnit.fma(c, SUBTRACT | NEGATE, t(w), a(w), t(w), b(w));
    }

    public static void xvnmsubmsp(Vcpu c, int w) {
        VectorUnit.fmaSingle(c, SUBTRACT | NEGATE, t(w), a(w), t(w), b(w));
    }

    private static void reciprocal(Vcpu c, int w, Format f) {
        VectorUnit.lanes(c, f.width(), t(w), b(w),
                (s, x, y, z) -> s.pack(s.round(s.divide(Num.one(), Num.unpack(f, x, 0)), f), f));
    }

    private static void reciprocalRoot(Vcpu c, int w, Format f) {
        VectorUnit.lanes(c, f.width(), t(w), b(w),
                (s, x, y, z) -> s.pack(s.round(s.reciprocalRoot(Num.unpack(f, x, 0), f), f), f));
    }

    public static void xvredp(Vcpu c, int w) {
        reciprocal(c, w, Format.DOUBLE);
    }

    public static void xvresp(Vcpu c, int w) {
        reciprocal(c, w, Format.SINGLE);
    }

    public static void xvrsqrtedp(Vcpu c, int w) {
        reciprocalRoot(c, w, Format.DOUBLE);
    }

    public static void xvrsqrtesp(Vcpu c, int w) {
        reciprocalRoot(c, w, Format.SINGLE);
    }
}
