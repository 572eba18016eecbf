package io.nestling.runtime.fp;

/** 256-bit unsigned integers as four longs, most significant first: room for an exact product of two quads. */
final class Wide {
    private Wide() {}

    /** {@code hi:lo} in the upper half. */
    static long[] of(long hi, long lo) {
        return new long[] {hi, lo, 0, 0};
    }

    /** The full product of two 128-bit numbers. */
    static long[] multiply(long ah, long al, long bh, long bl) {
        long[] r = new long[4];
        accumulate(r, 3, al, bl);
        accumulate(r, 2, al, bh);
        accumulate(r, 2, ah, bl);
        accumulate(r, 1, ah, bh);
        return r;
    }

    /** Adds {@code x * y} with its low word at index {@code i}. */
    private static void accumulate(long[] r, int i, long x, long y) {
        long low = x * y;
        long high = Math.unsignedMultiplyHigh(x, y);
        r[i] += low;
        long carry = Long.compareUnsigned(r[i], low) < 0 ? 1 : 0;
        // high is at most 2^64 - 2, so adding the carry cannot overflow.
        high += carry;
        r[i - 1] += high;
        for (int j = i - 1; j > 0 && Long.compareUnsigned(r[j], high) < 0; j--) {
            high = 1;
            r[j - 1] += 1;
        }
    }

    /** Adds {@code y} to {@code x}; true if a carry leaves the top. */
    static boolean add(long[] x, long[] y) {
        long carry = 0;
        for (int i = 3; i >= 0; i--) {
            long sum = x[i] + y[i];
            long c = Long.compareUnsigned(sum, x[i]) < 0 ? 1 : 0;
            sum += carry;
            c |= carry == 1 && sum == 0 ? 1 : 0;
            x[i] = sum;
            carry = c;
        }
        return carry != 0;
    }

    /** {@code x - y}, for {@code x >= y}, in a new array. */
    static long[] subtract(long[] x, long[] y) {
        long[] r = new long[4];
        long borrow = 0;
        for (int i = 3; i >= 0; i--) {
            long d = x[i] - y[i];
            long b = Long.compareUnsigned(x[i], y[i]) < 0 ? 1 : 0;
            b |= borrow == 1 && d == 0 ? 1 : 0;
            r[i] = d - borrow;
            borrow = b;
        }
        return r;
    }

    static int compare(long[] x, long[] y) {
        for (int i = 0; i < 4; i++) {
            int c = Long.compareUnsigned(x[i], y[i]);
            if (c != 0) {
                return c;
            }
        }
        return 0;
    }

    /** Shifts right by any amount, with a sticky last bit. */
    static void shiftRightSticky(long[] x, int n) {
        boolean lost = false;
        int count = Math.min(n, 256);
        for (; count >= 64; count -= 64) {
            lost |= x[3] != 0;
            x[3] = x[2];
            x[2] = x[1];
            x[1] = x[0];
            x[0] = 0;
        }
        if (count > 0) {
            lost |= x[3] << 64 - count != 0;
            for (int i = 3; i > 0; i--) {
                x[i] = x[i] >>> count | x[i - 1] << 64 - count;
            }
            x[0] >>>= count;
        }
        if (lost) {
            x[3] |= 1;
        }
    }

    /** Moves the leading one to the top; gives the distance. The number must not be zero. */
    static int normalize(long[] x) {
        int distance = 0;
        while (x[0] == 0) {
            x[0] = x[1];
            x[1] = x[2];
            x[2] = x[3];
            x[3] = 0;
            distance += 64;
        }
        int lz = Long.numberOfLeadingZeros(x[0]);
        if (lz > 0) {
            for (int i = 0; i < 3; i++) {
                x[i] = x[i] << lz | x[i + 1] >>> 64 - lz;
            }
            x[3] <<= lz;
        }
        return distance + lz;
    }
}
