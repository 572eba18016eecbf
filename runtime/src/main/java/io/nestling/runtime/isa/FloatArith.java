package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rc;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.FloatUnit.NEGATE;
import static io.nestling.runtime.isa.FloatUnit.SUBTRACT;
import static io.nestling.runtime.isa.FloatUnit.finish;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;

/** Scalar floating-point arithmetic on FPRs (Power ISA 3.0B, Book I, 4.6.6). */
public final class FloatArith {
    private FloatArith() {}

    private static long a(Vcpu c, int w) {
        return c.vsr[2 * ra(w)];
    }

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * rb(w)];
    }

    private static long c(Vcpu c, int w) {
        return c.vsr[2 * rc(w)];
    }

    private static int t(int w) {
        return 2 * rt(w);
    }

    public static void fadd(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.ADD, t(w), a(c, w), b(c, w));
        finish(c, w);
    }

    public static void fadds(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.ADD, t(w), a(c, w), b(c, w));
        finish(c, w);
    }

    public static void fsub(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.SUB, t(w), a(c, w), b(c, w));
        finish(c, w);
    }

    public static void fsubs(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.SUB, t(w), a(c, w), b(c, w));
        finish(c, w);
    }

    public static void fmul(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.MUL, t(w), a(c, w), c(c, w));
        finish(c, w);
    }

    public static void fmuls(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.MUL, t(w), a(c, w), c(c, w));
        finish(c, w);
    }

    public static void fdiv(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.DIV, t(w), a(c, w), b(c, w));
        finish(c, w);
    }

    public static void fdivs(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.DIV, t(w), a(c, w), b(c, w));
        finish(c, w);
    }

    public static void fsqrt(Vcpu c, int w) {
        FloatUnit.dp(c, FastFloat.SQRT, t(w), 0, b(c, w));
        finish(c, w);
    }

    public static void fsqrts(Vcpu c, int w) {
        FloatUnit.sp(c, FastFloat.SQRT, t(w), 0, b(c, w));
        finish(c, w);
    }

    public static void fmadd(Vcpu c, int w) {
        FloatUnit.fma(c, 0, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fmadds(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, 0, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fmsub(Vcpu c, int w) {
        FloatUnit.fma(c, SUBTRACT, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fmsubs(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, SUBTRACT, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fnmadd(Vcpu c, int w) {
        FloatUnit.fma(c, NEGATE, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fnmadds(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, NEGATE, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fnmsub(Vcpu c, int w) {
        FloatUnit.fma(c, SUBTRACT | NEGATE, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fnmsubs(Vcpu c, int w) {
        FloatUnit.fmaSingle(c, SUBTRACT | NEGATE, t(w), a(c, w), c(c, w), b(c, w));
        finish(c, w);
    }

    public static void fre(Vcpu c, int w) {
        FloatUnit.reciprocal(c, Format.DOUBLE, t(w), b(c, w));
        finish(c, w);
    }

    public static void fres(Vcpu c, int w) {
        FloatUnit.reciprocal(c, Format.SINGLE, t(w), b(c, w));
        finish(c, w);
    }

    public static void frsqrte(Vcpu c, int w) {
        FloatUnit.reciprocalRoot(c, Format.DOUBLE, t(w), b(c, w));
        finish(c, w);
    }

    public static void frsqrtes(Vcpu c, int w) {
        FloatUnit.reciprocalRoot(c, Format.SINGLE, t(w), b(c, w));
        finish(c, w);
    }

    public static void ftdiv(Vcpu c, int w) {
        c.setCr(bf(w), FloatTests.divide(a(c, w), b(c, w)));
    }

    public static void ftsqrt(Vcpu c, int w) {
        c.setCr(bf(w), FloatTests.squareRoot(b(c, w)));
    }
}
