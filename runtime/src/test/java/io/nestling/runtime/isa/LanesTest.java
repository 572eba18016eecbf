package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arithmetic on lanes gives in every lane what plain arithmetic on that lane gives. */
class LanesTest {
    private static final int ROUNDS = 2000;
    private static final long[] EDGES = {0, -1, 1, 0x7f80007fff80ff01L, 0x80000000ffffffffL, Long.MIN_VALUE,
        Long.MAX_VALUE, 0x8080808080808080L, 0x7fff80007fff8000L};

    private interface PerLane {
        long apply(long a, long b);
    }

    /** {@code f} on each lane, given as signed numbers; its result is truncated. */
    private static long signed(long a, long b, int n, PerLane f) {
        long r = 0;
        for (int k = 0; k < 64; k += n) {
            long lane = f.apply(a << 64 - n - k >> 64 - n, b << 64 - n - k >> 64 - n);
            r |= (lane & -1L >>> 64 - n) << k;
        }
        return r;
    }

    /** {@code f} on each lane, given as unsigned numbers (signed ones where the lane is the whole doubleword). */
    private static long unsigned(long a, long b, int n, PerLane f) {
        return signed(a, b, n, (x, y) -> f.apply(x & -1L >>> 64 - n, y & -1L >>> 64 - n));
    }

    private static long value(SplittableRandom r) {
        return r.nextInt(3) == 0 ? EDGES[r.nextInt(EDGES.length)] : r.nextLong();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64})
    void lanesDoNotDisturbEachOther(int n) {
        SplittableRandom random = new SplittableRandom(n);
        for (int i = 0; i < ROUNDS; i++) {
            long a = value(random);
            long b = i % 7 == 0 ? a : value(random);
            String what = Long.toHexString(a) + " " + Long.toHexString(b) + " in lanes of " + n;
            assertEquals(signed(a, b, n, (x, y) -> x + y), Lanes.add(a, b, n), what);
            assertEquals(signed(a, b, n, (x, y) -> x - y), Lanes.sub(a, b, n), what);
            assertEquals(signed(a, b, n, (x, y) -> x * y), Lanes.mul(a, b, n), what);
            assertEquals(signed(a, b, n, (x, y) -> x == y ? -1 : 0), Lanes.equal(a, b, n), what);
            assertEquals(signed(a, b, n, (x, y) -> x > y ? -1 : 0), Lanes.greater(a, b, n), what);
            assertEquals(unsigned(a, b, n, (x, y) -> Long.compareUnsigned(x, y) > 0 ? -1 : 0), Lanes.above(a, b, n),
                    what);
            assertEquals(signed(a, b, n, Math::max), Lanes.maxSigned(a, b, n), what);
            assertEquals(signed(a, b, n, (x, y) -> x << (y & n - 1)), Lanes.shl(a, b, n), what);
            assertEquals(unsigned(a, b, n, (x, y) -> x >>> (y & n - 1)), Lanes.shr(a, b, n), what);
            assertEquals(signed(a, b, n, (x, y) -> x >> (y & n - 1)), Lanes.sra(a, b, n), what);
            assertEquals(Lanes.shl(a, b, n) | (n == 64 ? a >>> -b : unsigned(a, b, n, (x, y) -> x >> n - (y & n - 1))),
                    Lanes.rotl(a, b, n), what);
            assertEquals(unsigned(a, 0, n, (x, y) -> Long.bitCount(x)), Lanes.population(a, n), what);
            assertEquals(unsigned(a, 0, n, (x, y) -> Long.numberOfLeadingZeros(x) - 64 + n), Lanes.leadingZeros(a, n),
                    what);
            assertEquals(unsigned(a, 0, n, (x, y) -> Math.min(n, Long.numberOfTrailingZeros(x))),
                    Lanes.trailingZeros(a, n), what);
            assertEquals(signed(a, 0, n, (x, y) -> x << 64 - n / 2 >> 64 - n / 2), Lanes.oddSigned(a, n), what);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32})
    void saturationStopsAtTheLimits(int n) {
        SplittableRandom random = new SplittableRandom(n);
        long max = (1L << n - 1) - 1;
        for (int i = 0; i < ROUNDS; i++) {
            long a = value(random);
            long b = value(random);
            String what = Long.toHexString(a) + " " + Long.toHexString(b) + " in lanes of " + n;
            assertEquals(signed(a, b, n, (x, y) -> Math.clamp(x + y, -max - 1, max)),
                    Lanes.saturate(Lanes.add(a, b, n), Lanes.addOverflow(a, b, n), a, n), what);
            assertEquals(signed(a, b, n, (x, y) -> Math.clamp(x - y, -max - 1, max)),
                    Lanes.saturate(Lanes.sub(a, b, n), Lanes.subOverflow(a, b, n), a, n), what);
            assertEquals(unsigned(a, b, n, (x, y) -> x + y >> n << n - 1), Lanes.carry(a, b, n), what);
            assertEquals(unsigned(a, b, n, (x, y) -> x + y + 1 >> 1), Lanes.averageUnsigned(a, b, n), what);
        }
    }

    @Test
    void splatRepeatsTheLowBits() {
        assertEquals(0x3434343434343434L, Lanes.splat(0x1234, 8));
        assertEquals(0x1234123412341234L, Lanes.splat(0x1234, 16));
        assertEquals(-1, Lanes.splat(-1, 32));
    }
}
