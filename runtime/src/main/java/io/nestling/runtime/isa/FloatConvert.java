package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.FloatUnit.finish;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.SoftFloat;

/** Rounding, conversion and comparison of FPRs (Power ISA 3.0B, Book I, 4.6.7 and 4.6.8). */
public final class FloatConvert {
    private FloatConvert() {}

    private static long a(Vcpu c, int w) {
        return c.vsr[2 * ra(w)];
    }

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * rb(w)];
    }

    private static int t(int w) {
        return 2 * rt(w);
    }

    private static int mode(Vcpu c) {
        return (int) (c.fpscr & Fpscr.RN);
    }

    public static void frsp(Vcpu c, int w) {
        ConvertUnit.roundToSingle(c, t(w), b(c, w));
        finish(c, w);
    }

    public static void fctid(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 64, true, mode(c), false);
        finish(c, w);
    }

    public static void fctidz(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 64, true, SoftFloat.TO_ZERO, false);
        finish(c, w);
    }

    public static void fctidu(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 64, false, mode(c), false);
        finish(c, w);
    }

    public static void fctiduz(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 64, false, SoftFloat.TO_ZERO, false);
        finish(c, w);
    }

    public static void fctiw(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 32, true, mode(c), false);
        finish(c, w);
    }

    public static void fctiwz(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 32, true, SoftFloat.TO_ZERO, false);
        finish(c, w);
    }

    public static void fctiwu(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 32, false, mode(c), false);
        finish(c, w);
    }

    public static void fctiwuz(Vcpu c, int w) {
        ConvertUnit.toInteger(c, t(w), b(c, w), 32, false, SoftFloat.TO_ZERO, false);
        finish(c, w);
    }

    public static void fcfid(Vcpu c, int w) {
        ConvertUnit.fromLong(c, t(w), b(c, w), Format.DOUBLE);
        finish(c, w);
    }

    public static void fcfids(Vcpu c, int w) {
        ConvertUnit.fromLong(c, t(w), b(c, w), Format.SINGLE);
        finish(c, w);
    }

    public static void fcfidu(Vcpu c, int w) {
        ConvertUnit.fromUnsignedLong(c, t(w), b(c, w), Format.DOUBLE);
        finish(c, w);
    }

    public static void fcfidus(Vcpu c, int w) {
        ConvertUnit.fromUnsignedLong(c, t(w), b(c, w), Format.SINGLE);
        finish(c, w);
    }

    public static void frin(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.NEAREST_AWAY, false);
        finish(c, w);
    }

    public static void friz(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.TO_ZERO, false);
        finish(c, w);
    }

    public static void frip(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.TO_PLUS, false);
        finish(c, w);
    }

    public static void frim(Vcpu c, int w) {
        ConvertUnit.toIntegral(c, t(w), b(c, w), SoftFloat.TO_MINUS, false);
        finish(c, w);
    }

    public static void fcmpu(Vcpu c, int w) {
        ConvertUnit.compare(c, bf(w), a(c, w), b(c, w), false);
        finish(c);
    }

    public static void fcmpo(Vcpu c, int w) {
        ConvertUnit.compare(c, bf(w), a(c, w), b(c, w), true);
        finish(c);
    }
}
