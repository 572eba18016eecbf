package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.FastFloat;
import io.nestling.runtime.fp.Format;
import io.nestling.runtime.fp.Fpscr;
import io.nestling.runtime.fp.Num;
import io.nestling.runtime.fp.SoftFloat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What goes through the host's arithmetic gives the bits and the status of the exact arithmetic. */
class FloatFastPathTest {
    private static final int CASES = 30_000;
    private static final int T = 2;
    private static final int A = 4;
    private static final int B = 6;
    private static final int M = 8;

    private final SplittableRandom random = new SplittableRandom(20261121);

    @Test
    void scalars() {
        try (TestCpu t = new TestCpu()) {
            for (int i = 0; i < CASES; i++) {
                int op = i % 7;
                int flags = random.nextInt(4);
                Format f = random.nextBoolean() ? Format.DOUBLE : Format.SINGLE;
                operands(t.c, f);
                long before = t.c.fpscr();
                long a = t.c.vsr[A];
                long b = t.c.vsr[B];
                long m = t.c.vsr[M];
                SoftFloat s = new SoftFloat(0);
                Num r;
                if (op > FastFloat.SQRT) {
                    r = s.fma(Num.dbl(a), Num.dbl(m), (flags & FloatUnit.SUBTRACT) != 0 ? Num.dbl(b).negated() : Num.dbl(b));
                    s.round(r, f);
                    r = (flags & FloatUnit.NEGATE) != 0 ? r.negated() : r;
                    if (f == Format.DOUBLE) {
                        FloatUnit.fma(t.c, flags, T, a, m, b);
                    } else {
                        FloatUnit.fmaSingle(t.c, flags, T, a, m, b);
                    }
                } else {
                    r = s.round(s.operate(op, Num.dbl(a), Num.dbl(b)), f);
                    if (f == Format.DOUBLE) {
                        FloatUnit.dp(t.c, op, T, a, b);
                    } else {
                        FloatUnit.sp(t.c, op, T, a, b);
                    }
                }
                String what = f + " op " + op + " flags " + flags + " " + Long.toHexString(a) + " " + Long.toHexString(m)
                        + " " + Long.toHexString(b);
                long got = t.c.fpscr();
                t.c.setFpscr(before);
                Fpscr.commitScalar(t.c, s.flags, s.fprf(r, f));
                assertEquals(Long.toHexString(s.pack(r, Format.DOUBLE)), Long.toHexString(t.c.vsr[T]), what);
                assertEquals(Long.toHexString(t.c.fpscr()), Long.toHexString(got), what);
            }
        }
    }

    @Test
    void vectors() {
        try (TestCpu t = new TestCpu()) {
            for (int i = 0; i < CASES; i++) {
                int op = i % 7;
                int flags = random.nextInt(4);
                Format f = random.nextBoolean() ? Format.DOUBLE : Format.SINGLE;
                t.c.setFpscr(random.nextBoolean() ? 0 : Fpscr.XX | Fpscr.FX);
                for (int k = A; k < M + 2; k++) {
                    t.c.vsr[k] = f == Format.DOUBLE ? number(f) : number(f) << 32 | number(f);
                }
                long before = t.c.fpscr();
                VectorUnit.Lane lane = op > FastFloat.SQRT ? (s, x, y, z) -> {
                    Num b = Num.unpack(f, y, 0);
                    Num r = s.round(s.fma(Num.unpack(f, x, 0), Num.unpack(f, z, 0),
                            (flags & FloatUnit.SUBTRACT) != 0 ? b.negated() : b), f);
                    return s.pack((flags & FloatUnit.NEGATE) != 0 ? r.negated() : r, f);
                } : (s, x, y, z) -> s.pack(s.round(s.operate(op, Num.unpack(f, x, 0), Num.unpack(f, y, 0)), f), f);
                VectorUnit.lanes(t.c, f.width(), T, A, B, M, lane);
                long[] expected = {t.c.vsr[T], t.c.vsr[T + 1], t.c.fpscr()};
                t.c.setFpscr(before);
                if (op > FastFloat.SQRT) {
                    if (f == Format.DOUBLE) {
                        VectorUnit.fma(t.c, flags, T, A, M, B);
                    } else {
                        VectorUnit.fmaSingle(t.c, flags, T, A, M, B);
                    }
                } else if (f == Format.DOUBLE) {
                    VectorUnit.dp(t.c, op, T, A, B);
                } else {
                    VectorUnit.sp(t.c, op, T, A, B);
                }
                String what = f + " op " + op + " flags " + flags + " case " + i;
                assertEquals(Long.toHexString(expected[0]), Long.toHexString(t.c.vsr[T]), what);
                assertEquals(Long.toHexString(expected[1]), Long.toHexString(t.c.vsr[T + 1]), what);
                assertEquals(Long.toHexString(expected[2]), Long.toHexString(t.c.fpscr()), what);
            }
        }
    }

    @Test
    void conversions() {
        try (TestCpu t = new TestCpu()) {
            for (int i = 0; i < CASES; i++) {
                operands(t.c, Format.DOUBLE);
                long before = t.c.fpscr();
                long b = i % 2 == 0 ? t.c.vsr[B] : random.nextLong() >> random.nextInt(64);
                int mode = random.nextInt(4);
                SoftFloat s = new SoftFloat(0);
                long expected;
                long fprf = before & Fpscr.FPRF;
                switch (i % 4) {
                    case 0 -> {
                        int bits = random.nextBoolean() ? 32 : 64;
                        boolean signed = random.nextBoolean();
                        expected = s.toInteger(Num.dbl(b), bits, signed, mode);
                        ConvertUnit.toInteger(t.c, T, b, bits, signed, mode, false);
                        fprf = (s.flags & Fpscr.VXCVI) != 0 ? Fpscr.QUIET_NAN : fprf;
                    }
                    case 1 -> {
                        Format f = random.nextBoolean() ? Format.DOUBLE : Format.SINGLE;
                        Num r = s.round(Num.of(Math.abs(b), b < 0), f);
                        expected = s.pack(r, Format.DOUBLE);
                        fprf = s.fprf(r, f);
                        ConvertUnit.fromLong(t.c, T, b, f);
                    }
                    case 2 -> {
                        Num r = s.toIntegral(s.quiet(Num.dbl(b)), mode);
                        expected = s.pack(r, Format.DOUBLE);
                        fprf = s.fprf(r, Format.DOUBLE);
                        s.flags |= (s.flags & Fpscr.FI) != 0 ? Fpscr.XX : 0;
                        ConvertUnit.toIntegral(t.c, T, b, mode, true);
                    }
                    default -> {
                        Num r = s.round(s.quiet(Num.dbl(b)), Format.SINGLE);
                        expected = s.pack(r, Format.DOUBLE);
                        fprf = s.fprf(r, Format.SINGLE);
                        ConvertUnit.roundToSingle(t.c, T, b);
                    }
                }
                String what = i % 4 + " mode " + mode + " " + Long.toHexString(b);
                long got = t.c.fpscr();
                t.c.setFpscr(before);
                Fpscr.commitScalar(t.c, s.flags, fprf);
                assertEquals(Long.toHexString(expected), Long.toHexString(t.c.vsr[T]), what);
                assertEquals(Long.toHexString(t.c.fpscr()), Long.toHexString(got), what);
            }
        }
    }

    private void operands(Vcpu c, Format f) {
        c.setFpscr(random.nextBoolean() ? 0 : Fpscr.summarize(random.nextLong() & 0x1fffff700L | Fpscr.FX));
        long previous = 0;
        for (int k = A; k <= M; k += 2) {
            long v = number(Format.DOUBLE);
            if (f == Format.SINGLE && random.nextInt(4) != 0) {
                v = SingleFormat.toDouble((int) number(f));
            }
            // Near-equal operands cancel.
            c.vsr[k] = random.nextInt(8) == 0 ? previous ^ random.nextInt(3) : v;
            previous = c.vsr[k];
        }
    }

    /** A number with few or many significant bits, of moderate or any size, or something special. */
    private long number(Format f) {
        int p = f == Format.DOUBLE ? 52 : 23;
        int bias = f == Format.DOUBLE ? 1023 : 127;
        long sign = random.nextLong() << p + (f == Format.DOUBLE ? 11 : 8);
        sign &= 1L << (f == Format.DOUBLE ? 63 : 31);
        long fraction = random.nextLong() >>> 64 - p & -1L << random.nextInt(p + 1);
        long e = switch (random.nextInt(8)) {
            case 0 -> random.nextInt(2 * bias + 2);
            case 1 -> 2 * bias + 1;
            case 2 -> random.nextInt(3);
            default -> bias + random.nextInt(-p - 3, p + 4);
        };
        return sign | e << p | (random.nextInt(20) == 0 ? 0 : fraction);
    }
}
