package io.nestling.runtime.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.fp.BookFloat.Exact;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The exact arithmetic against {@link BookFloat}, in all formats and rounding modes. */
class SoftFloatTest {
    private static final int CASES = 6000;
    private static final int ADD = 0;
    private static final int MULTIPLY = 1;
    private static final int DIVIDE = 2;
    private static final int SQRT = 3;
    private static final int FMA = 4;
    private static final int CONVERT = 5;

    @ParameterizedTest
    @EnumSource(names = {"HALF", "SINGLE", "DOUBLE", "QUAD"})
    void agreesWithTheBook(Format f) {
        SplittableRandom r = new SplittableRandom(42 + f.width);
        Format[] targets = {Format.HALF, Format.SINGLE, Format.DOUBLE, Format.QUAD};
        for (int i = 0; i < CASES; i++) {
            int exponent = r.nextInt(-f.emax, f.emax);
            long[] x = {BookFloat.random(r, f, exponent), low(r, f), BookFloat.random(r, f, exponent), low(r, f),
                BookFloat.random(r, f, r.nextBoolean() ? exponent : 2 * exponent), low(r, f)};
            check(f, targets[r.nextInt(4)], i % 6, r.nextInt(6), x);
        }
    }

    private static long low(SplittableRandom r, Format f) {
        return f != Format.QUAD || r.nextInt(3) == 0 ? 0 : r.nextLong() << r.nextInt(64);
    }

    private static void check(Format f, Format target, int op, int mode, long[] x) {
        Exact a = BookFloat.value(f, x[0], x[1]);
        Exact b = BookFloat.value(f, x[2], x[3]);
        Exact c = BookFloat.value(f, x[4], x[5]);
        if (op == DIVIDE && b.num().signum() == 0 || op == SQRT && a.num().signum() <= 0) {
            return;
        }
        SoftFloat s = new SoftFloat(0, mode);
        Num na = Num.unpack(f, x[0], x[1]);
        Num nb = Num.unpack(f, x[2], x[3]);
        Num nc = Num.unpack(f, x[4], x[5]);
        Format to = op == CONVERT ? target : f;
        Num n = switch (op) {
            case ADD -> s.add(na, nb);
            case MULTIPLY -> s.multiply(na, nb);
            case DIVIDE -> s.divide(na, nb);
            case SQRT -> s.sqrt(na);
            case FMA -> s.fma(na, nb, nc);
            default -> na;
        };
        Exact exact = switch (op) {
            case ADD -> a.plus(b);
            case MULTIPLY -> a.times(b);
            case DIVIDE -> a.over(b);
            case SQRT -> a.root();
            case FMA -> a.times(b).plus(c);
            default -> a;
        };
        String what = f + " op " + op + " mode " + mode + " to " + to + " "
                + Long.toHexString(x[0]) + ":" + Long.toHexString(x[1]) + " " + Long.toHexString(x[2]) + ":"
                + Long.toHexString(x[3]) + " " + Long.toHexString(x[4]) + ":" + Long.toHexString(x[5]);
        s.round(n, to);
        if (exact.num().signum() == 0) {
            assertTrue(n.isZero(), what);
            assertEquals(0, s.flags, what);
            return;
        }
        BookFloat.Rounded expected = BookFloat.round(exact, to, mode);
        long high = s.pack(n, to);
        BigInteger bits = BookFloat.bits(to, high, s.low);
        assertEquals(BookFloat.encode(expected, to).toString(16), bits.toString(16), what);
        assertEquals(Long.toHexString(expected.flags()), Long.toHexString(s.flags), what);
    }

    @Test
    void convertsToIntegers() {
        SplittableRandom r = new SplittableRandom(7);
        for (int i = 0; i < 20000; i++) {
            long x = BookFloat.random(r, Format.DOUBLE, r.nextInt(0, 66));
            int mode = r.nextInt(4);
            int bits = r.nextBoolean() ? 32 : 64;
            boolean signed = r.nextBoolean();
            SoftFloat s = new SoftFloat(0);
            long got = s.toInteger(Num.dbl(x), bits, signed, mode);
            Exact v = BookFloat.value(Format.DOUBLE, x, 0);
            BigInteger[] qr = v.num().divideAndRemainder(v.den());
            BigInteger q = qr[0];
            int half = qr[1].abs().shiftLeft(1).compareTo(v.den());
            boolean neg = v.num().signum() < 0;
            boolean away = qr[1].signum() != 0 && switch (mode) {
                case SoftFloat.TO_ZERO -> false;
                case SoftFloat.TO_PLUS -> !neg;
                case SoftFloat.TO_MINUS -> neg;
                default -> half > 0 || half == 0 && q.testBit(0);
            };
            q = away ? q.add(BigInteger.valueOf(v.num().signum())) : q;
            BigInteger max = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
            BigInteger min = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
            long flags = qr[1].signum() == 0 ? 0 : Fpscr.XX | Fpscr.FI | (away ? Fpscr.FR : 0);
            if (q.compareTo(max) > 0 || q.compareTo(min) < 0) {
                flags = Fpscr.VXCVI;
                q = neg ? min : max;
            }
            String what = Long.toHexString(x) + " mode " + mode + " bits " + bits + " signed " + signed;
            assertEquals(q.longValue(), got, what);
            assertEquals(flags, s.flags, what);
        }
    }

    @Test
    void enabledOverflowAndUnderflowAdjustTheExponent() {
        SoftFloat s = new SoftFloat(Fpscr.OE);
        Num big = s.multiply(Num.dbl(0x7fe8000000000000L), Num.dbl(0x7fe8000000000000L));
        s.round(big, Format.DOUBLE);
        // 1.5 * 1.5 * 2^2046, less 1536 in the exponent.
        assertEquals(Double.doubleToRawLongBits(0x1.2p511), s.pack(big, Format.DOUBLE));
        assertEquals(Fpscr.OX, s.flags);
        assertEquals(Fpscr.NORMAL, s.fprf(big, Format.DOUBLE));

        s = new SoftFloat(Fpscr.UE);
        Num small = s.round(Num.dbl(0x36a0000000000001L), Format.SINGLE);
        // 2^-149 and a little, more 192, in the double of the target.
        assertEquals(Double.doubleToRawLongBits(0x1p43), s.pack(small, Format.DOUBLE));
        assertEquals(Fpscr.UX | Fpscr.XX | Fpscr.FI, s.flags);
    }

    @Test
    void specialOperands() {
        long inf = 0x7ff0000000000000L;
        long snan = 0x7ff4000000000001L;
        long qnan = 0xfff8000000000002L;
        assertEquals(Fpscr.VXISI, flags(s -> s.subtract(Num.dbl(inf), Num.dbl(inf))));
        assertEquals(Fpscr.VXIMZ, flags(s -> s.multiply(Num.dbl(inf), Num.dbl(0))));
        assertEquals(Fpscr.VXIDI, flags(s -> s.divide(Num.dbl(inf), Num.dbl(inf))));
        assertEquals(Fpscr.VXZDZ, flags(s -> s.divide(Num.dbl(0), Num.dbl(0))));
        assertEquals(Fpscr.ZX, flags(s -> s.divide(Num.one(), Num.dbl(0))));
        assertEquals(Fpscr.VXSQRT, flags(s -> s.sqrt(Num.of(1, true))));
        assertEquals(Fpscr.VXIMZ | Fpscr.VXSNAN, flags(s -> s.fma(Num.dbl(inf), Num.dbl(0), Num.dbl(snan))));
        SoftFloat s = new SoftFloat(0);
        assertEquals(snan | 1L << 51, s.pack(s.add(Num.dbl(snan), Num.dbl(qnan)), Format.DOUBLE));
        assertEquals(qnan, s.pack(s.fma(Num.one(), Num.dbl(snan), Num.dbl(qnan)), Format.DOUBLE));
        assertEquals(1L << 63, s.pack(new SoftFloat(3).subtract(Num.one(), Num.one()), Format.DOUBLE));
    }

    private static long flags(java.util.function.Function<SoftFloat, Num> operation) {
        SoftFloat s = new SoftFloat(0);
        operation.apply(s);
        return s.flags;
    }
}
