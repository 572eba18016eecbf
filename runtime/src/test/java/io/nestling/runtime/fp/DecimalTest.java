package io.nestling.runtime.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decimal arithmetic against {@link BigDecimal}, whose preferred scales are the book's ideal exponents. */
class DecimalTest {
    private static final RoundingMode[] MODES = {RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.CEILING,
        RoundingMode.FLOOR, RoundingMode.HALF_UP, RoundingMode.HALF_DOWN, RoundingMode.UP};

    @ParameterizedTest
    @EnumSource(names = {"LONG", "EXTENDED"})
    void agreesWithBigDecimal(DecimalFormat f) {
        SplittableRandom r = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            Decimal a = random(r, f);
            Decimal b = random(r, f);
            int mode = r.nextInt(MODES.length);
            DecimalMath m = new DecimalMath(0, f, mode);
            MathContext context = new MathContext(f.digits, MODES[mode]);
            Decimal got;
            BigDecimal want;
            int ideal;
            switch (i % 3) {
                case 0 -> {
                    got = m.add(a, b);
                    want = value(a).add(value(b)).round(context);
                    ideal = Math.min(a.exponent(), b.exponent());
                }
                case 1 -> {
                    got = m.multiply(a, b);
                    want = value(a).multiply(value(b)).round(context);
                    ideal = a.exponent() + b.exponent();
                }
                default -> {
                    if (b.isZero()) {
                        continue;
                    }
                    got = m.divide(a, b);
                    want = value(a).divide(value(b), context);
                    ideal = a.exponent() - b.exponent();
                }
            }
            String what = f + " " + i + ": " + a + " " + b + " mode " + mode;
            assertEquals(0, want.compareTo(value(got)), what);
            boolean exact = (m.flags & Fpscr.FI) == 0;
            if (exact) {
                assertTrue(got.exponent() == ideal || got.exponent() < ideal && got.length() == f.digits
                        || got.exponent() > ideal && got.length() == f.digits
                        || got.exponent() < ideal && !endsInZero(got), what);
            } else {
                assertEquals(f.digits, got.length(), what);
            }
            long[] bits = got.encode(f);
            assertEquals(got, Decimal.decode(f, f == DecimalFormat.LONG ? bits[1] : bits[0], bits[1]), what);
        }
    }

    private static boolean endsInZero(Decimal n) {
        return n.coefficient().mod(BigInteger.TEN).signum() == 0;
    }

    private static BigDecimal value(Decimal n) {
        return new BigDecimal(n.neg() ? n.coefficient().negate() : n.coefficient(), -n.exponent());
    }

    private static Decimal random(SplittableRandom r, DecimalFormat f) {
        StringBuilder s = new StringBuilder("0");
        int zeros = r.nextInt(3) == 0 ? r.nextInt(f.digits) : f.digits;
        for (int i = r.nextInt(f.digits + 1); i > 0; i--) {
            s.append(s.length() > zeros ? 0 : r.nextInt(10));
        }
        return Decimal.of(r.nextBoolean(), new BigInteger(s.toString()), r.nextInt(-f.digits - 3, f.digits + 3));
    }

    @Test
    void knownEncodings() {
        assertEquals(0x2238000000000001L, Decimal.of(false, BigInteger.ONE, 0).encode(DecimalFormat.LONG)[1]);
        BigInteger nines = DecimalFormat.LONG.limit.subtract(BigInteger.ONE);
        assertEquals(0x77fcff3fcff3fcffL, Decimal.of(false, nines, 369).encode(DecimalFormat.LONG)[1]);
        assertEquals(0x2208000000000000L, Decimal.of(false, BigInteger.ZERO, 0).encode(DecimalFormat.EXTENDED)[0]);
    }

    @Test
    void theEndsOfTheRange() {
        DecimalMath m = new DecimalMath(0, DecimalFormat.LONG, DecimalMath.NEAREST_EVEN);
        assertTrue(m.round(false, BigInteger.ONE, 385, 385).isInfinite());
        assertEquals(Fpscr.OX | Fpscr.XX | Fpscr.FI | Fpscr.FR, m.flags);
        m = new DecimalMath(0, DecimalFormat.LONG, DecimalMath.NEAREST_EVEN);
        // A large exponent is paid for with zeros.
        assertEquals(Decimal.of(false, BigInteger.TEN.pow(15), 369), m.round(false, BigInteger.ONE, 384, 384));
        assertEquals(0, m.flags);
        assertTrue(m.round(true, BigInteger.ONE, -400, -400).isZero());
        assertEquals(Fpscr.UX | Fpscr.XX | Fpscr.FI, m.flags);
    }
}
