package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;
import static io.nestling.runtime.isa.FloatUnit.finish;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;

/** VSX comparisons, maximum and minimum (Power ISA 3.0B, Book I, 7.6.1.4 and 7.6.1.5). */
public final class VsxFloatCompare {
    private VsxFloatCompare() {}

    private static final int EQ = 0;
    private static final int GE = 1;
    private static final int GT = 2;
    /** How maximum and minimum treat NaNs and zeros: as IEEE 754, C or Java do. */
    private static final int IEEE = 0;
    private static final int C = 1;
    private static final int JAVA = 2;

    private static long a(Vcpu c, int w) {
        return c.vsr[2 * xa(w)];
    }

    private static long b(Vcpu c, int w) {
        return c.vsr[2 * xb(w)];
    }

    private static int t(int w) {
        return 2 * xt(w);
    }

    private static boolean holds(int relation, double x, double y) {
        return switch (relation) {
            case EQ -> x == y;
            case GE -> x >= y;
            default -> x > y;
        };
    }

    /** Exceptions of a comparison: signalling NaNs always, quiet ones unless it is for equality. */
    private static long flags(Vcpu c, int relation, Num a, Num b) {
        boolean signalling = a.isSignalling() || b.isSignalling();
        long f = signalling ? Fpscr.VXSNAN : 0;
        if (relation != EQ && (a.isNan() || b.isNan()) && (!signalling || (c.fpscr & Fpscr.VE) == 0)) {
            f |= Fpscr.VXVC;
        }
        return f;
    }

    private static void scalar(Vcpu c, int w, int relation) {
        long a = a(c, w);
        long b = b(c, w);
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        long f = 0;
        if (x != x || y != y) {
            f = flags(c, relation, Num.dbl(a), Num.dbl(b));
            c.fpscr = Fpscr.raise(c.fpscr, f);
        }
        if (!Fpscr.suppressed(c.fpscr, f)) {
            FloatUnit.set(c, t(w), holds(relation, x, y) ? -1 : 0);
        }
        finish(c);
    }

    private static void vectorDouble(Vcpu c, int w, int relation) {
        long f = 0;
        long[] v = c.vsr;
        int a = 2 * xa(w);
        int b = 2 * xb(w);
        double x0 = Double.longBitsToDouble(v[a]);
        double y0 = Double.longBitsToDouble(v[b]);
        double x1 = Double.longBitsToDouble(v[a + 1]);
        double y1 = Double.longBitsToDouble(v[b + 1]);
        if (x0 != x0 || y0 != y0 || x1 != x1 || y1 != y1) {
            f = flags(c, relation, Num.dbl(v[a]), Num.dbl(v[b])) | flags(c, relation, Num.dbl(v[a + 1]), Num.dbl(v[b + 1]));
        }
        vectorResult(c, w, f, holds(relation, x0, y0) ? -1 : 0, holds(relation, x1, y1) ? -1 : 0);
    }

    private static void vectorSingle(Vcpu c, int w, int relation) {
        long f = 0;
        long[] v = c.vsr;
        int a = 2 * xa(w);
        int b = 2 * xb(w);
        long r0 = singles(relation, v[a], v[b]);
        long r1 = singles(relation, v[a + 1], v[b + 1]);
        if (anyNan(v[a]) || anyNan(v[a + 1]) || anyNan(v[b]) || anyNan(v[b + 1])) {
            for (int i = 0; i < 4; i++) {
                int shift = 32 * (i & 1);
                f |= flags(c, relation, Num.single((int) (v[a + i / 2] >>> shift)), Num.single((int) (v[b + i / 2] >>> shift)));
            }
        }
        vectorResult(c, w, f, r0, r1);
    }

    private static boolean anyNan(long v) {
        return (v >>> 32 & 0x7fffffff) > 0x7f800000 || (v & 0x7fffffff) > 0x7f800000;
    }

    private static long singles(int relation, long a, long b) {
        boolean high = holds(relation, Float.intBitsToFloat((int) (a >>> 32)), Float.intBitsToFloat((int) (b >>> 32)));
        boolean low = holds(relation, Float.intBitsToFloat((int) a), Float.intBitsToFloat((int) b));
        return (high ? 0xffffffff00000000L : 0) | (low ? 0xffffffffL : 0);
    }

    /** Masks to XT and, with Rc, a summary to CR6; nothing if an exception is enabled. */
    private static void vectorResult(Vcpu c, int w, long flags, long r0, long r1) {
        if (flags == 0 || Fpscr.commitVector(c, flags)) {
            VectorRegs.setX(c, w, r0, r1);
            if ((w & 0x400) != 0) {
                c.setCr(6, (r0 & r1) == -1 ? 8 : (r0 | r1) == 0 ? 2 : 0);
            }
        }
        finish(c);
    }

    public static void xscmpeqdp(Vcpu c, int w) {
        scalar(c, w, EQ);
    }

    public static void xvcmpeqdp(Vcpu c, int w) {
        vectorDouble(c, w, EQ);
    }

    public static void xvcmpeqsp(Vcpu c, int w) {
        vectorSingle(c, w, EQ);
    }

    public static void xscmpgedp(Vcpu c, int w) {
        scalar(c, w, GE);
    }

    public static void xvcmpgedp(Vcpu c, int w) {
        vectorDouble(c, w, GE);
    }

    public static void xvcmpgesp(Vcpu c, int w) {
        vectorSingle(c, w, GE);
    }

    public static void xscmpgtdp(Vcpu c, int w) {
        scalar(c, w, GT);
    }

    public static void xvcmpgtdp(Vcpu c, int w) {
        vectorDouble(c, w, GT);
    }

    public static void xvcmpgtsp(Vcpu c, int w) {
        vectorSingle(c, w, GT);
    }

    public static void xscmpudp(Vcpu c, int w) {
        ConvertUnit.compare(c, bf(w), a(c, w), b(c, w), false);
        finish(c);
    }

    public static void xscmpodp(Vcpu c, int w) {
        ConvertUnit.compare(c, bf(w), a(c, w), b(c, w), true);
        finish(c);
    }

    /** Compares the exponent fields; numbers with a NaN are unordered. */
    public static void xscmpexpdp(Vcpu c, int w) {
        int ea = (int) (a(c, w) >>> 52) & 0x7ff;
        int eb = (int) (b(c, w) >>> 52) & 0x7ff;
        boolean nan = Num.dbl(a(c, w)).isNan() || Num.dbl(b(c, w)).isNan();
        ConvertUnit.result(c, bf(w), nan ? 1 : ea < eb ? 8 : ea > eb ? 4 : 2);
    }

    /** Picks an operand's bits. A signalling NaN raises VXSNAN, which the caller sees in {@code flags[0]}. */
    private static long pick(long a, long b, Format f, boolean max, int style, long[] flags) {
        Num x = Num.unpack(f, a, 0);
        Num y = Num.unpack(f, b, 0);
        long quiet = 1L << (f == Format.DOUBLE ? 51 : 22);
        if (x.isSignalling() || y.isSignalling()) {
            flags[0] |= Fpscr.VXSNAN;
        }
        if (x.isNan() || y.isNan()) {
            return switch (style) {
                case C -> b;
                case JAVA -> x.isNan() ? a : b;
                default -> {
                    // A number wins over a quiet NaN, but not over a signalling one.
                    if (x.isSignalling() || x.isNan() && y.isNan()) {
                        yield a | quiet;
                    }
                    yield y.isSignalling() ? b | quiet : x.isNan() ? b : a;
                }
            };
        }
        if (x.isZero() && y.isZero() && style != C) {
            return x.isNegative() == max ? b : a;
        }
        int order = Num.compare(x, y);
        return (max ? order > 0 : order < 0) ? a : b;
    }

    private static void scalarPick(Vcpu c, int w, boolean max, int style) {
        double x = Double.longBitsToDouble(a(c, w));
        double y = Double.longBitsToDouble(b(c, w));
        if (x < y || x > y) {
            FloatUnit.set(c, t(w), x > y == max ? a(c, w) : b(c, w));
            return;
        }
        long[] flags = {0};
        long r = pick(a(c, w), b(c, w), Format.DOUBLE, max, style, flags);
        c.fpscr = Fpscr.raise(c.fpscr, flags[0]);
        if (!Fpscr.suppressed(c.fpscr, flags[0])) {
            FloatUnit.set(c, t(w), r);
        }
        finish(c);
    }

    private static void vectorPick(Vcpu c, int w, boolean max, Format f) {
        long[] flags = {0};
        long[] r = {0, 0};
        for (int i = 0; i < 2; i++) {
            long a = c.vsr[2 * xa(w) + i];
            long b = c.vsr[2 * xb(w) + i];
            if (f == Format.DOUBLE) {
                r[i] = pick(a, b, f, max, IEEE, flags);
            } else {
                r[i] = pick(a >>> 32, b >>> 32, f, max, IEEE, flags) << 32
                        | pick(a & 0xffffffffL, b & 0xffffffffL, f, max, IEEE, flags);
            }
        }
        if (Fpscr.commitVector(c, flags[0])) {
            VectorRegs.setX(c, w, r[0], r[1]);
        }
        finish(c);
    }

    public static void xsmaxdp(Vcpu c, int w) {
        scalarPick(c, w, true, IEEE);
    }

    public static void xsmaxcdp(Vcpu c, int w) {
        scalarPick(c, w, true, C);
    }

    public static void xsmaxjdp(Vcpu c, int w) {
        scalarPick(c, w, true, JAVA);
    }

    public static void xvmaxdp(Vcpu c, int w) {
        vectorPick(c, w, true, Format.DOUBLE);
    }

    public static void xvmaxsp(Vcpu c, int w) {
        vectorPick(c, w, true, Format.SINGLE);
    }

    public static void xsmindp(Vcpu c, int w) {
        scalarPick(c, w, false, IEEE);
    }

    public static void xsmincdp(Vcpu c, int w) {
        scalarPick(c, w, false, C);
    }

    public static void xsminjdp(Vcpu c, int w) {
        scalarPick(c, w, false, JAVA);
    }

    public static void xvmindp(Vcpu c, int w) {
        vectorPick(c, w, false, Format.DOUBLE);
    }

    public static void xvminsp(Vcpu c, int w) {
        vectorPick(c, w, false, Format.SINGLE);
    }
}
