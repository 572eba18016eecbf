package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.c0;
import static io.nestling.runtime.isa.VectorRegs.c1;
import static io.nestling.runtime.isa.VectorRegs.setSaturated;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/** VMX products and sums of products (Power ISA 3.0B, Book I, 6.9.1.3 and 6.9.1.4). */
public final class VmxMultiply {
    private static final long WORD = 0xffffffffL;

    private VmxMultiply() {}

    // ---- products ---------------------------------------------------------------------------------------------------

    public static void vmuleub(CpuState s, int w) {
        setT(s, w, evenUnsigned(a0(s, w), b0(s, w), 16), evenUnsigned(a1(s, w), b1(s, w), 16));
    }

    public static void vmuleuh(CpuState s, int w) {
        setT(s, w, evenUnsigned(a0(s, w), b0(s, w), 32), evenUnsigned(a1(s, w), b1(s, w), 32));
    }

    public static void vmuleuw(CpuState s, int w) {
        setT(s, w, evenUnsigned(a0(s, w), b0(s, w), 64), evenUnsigned(a1(s, w), b1(s, w), 64));
    }

    public static void vmulesb(CpuState s, int w) {
        setT(s, w, evenSigned(a0(s, w), b0(s, w), 16), evenSigned(a1(s, w), b1(s, w), 16));
    }

    public static void vmulesh(CpuState s, int w) {
        setT(s, w, evenSigned(a0(s, w), b0(s, w), 32), evenSigned(a1(s, w), b1(s, w), 32));
    }

    public static void vmulesw(CpuState s, int w) {
        setT(s, w, evenSigned(a0(s, w), b0(s, w), 64), evenSigned(a1(s, w), b1(s, w), 64));
    }

    public static void vmuloub(CpuState s, int w) {
        setT(s, w, oddUnsigned(a0(s, w), b0(s, w), 16), oddUnsigned(a1(s, w), b1(s, w), 16));
    }

    public static void vmulouh(CpuState s, int w) {
        setT(s, w, oddUnsigned(a0(s, w), b0(s, w), 32), oddUnsigned(a1(s, w), b1(s, w), 32));
    }

    public static void vmulouw(CpuState s, int w) {
        setT(s, w, oddUnsigned(a0(s, w), b0(s, w), 64), oddUnsigned(a1(s, w), b1(s, w), 64));
    }

    public static void vmulosb(CpuState s, int w) {
        setT(s, w, oddSigned(a0(s, w), b0(s, w), 16), oddSigned(a1(s, w), b1(s, w), 16));
    }

    public static void vmulosh(CpuState s, int w) {
        setT(s, w, oddSigned(a0(s, w), b0(s, w), 32), oddSigned(a1(s, w), b1(s, w), 32));
    }

    public static void vmulosw(CpuState s, int w) {
        setT(s, w, oddSigned(a0(s, w), b0(s, w), 64), oddSigned(a1(s, w), b1(s, w), 64));
    }

    private static long evenUnsigned(long a, long b, int n) {
        return Lanes.mul(Lanes.evenUnsigned(a, n), Lanes.evenUnsigned(b, n), n);
    }

    private static long evenSigned(long a, long b, int n) {
        return Lanes.mul(Lanes.evenSigned(a, n), Lanes.evenSigned(b, n), n);
    }

    private static long oddUnsigned(long a, long b, int n) {
        return Lanes.mul(Lanes.oddUnsigned(a, n), Lanes.oddUnsigned(b, n), n);
    }

    private static long oddSigned(long a, long b, int n) {
        return Lanes.mul(Lanes.oddSigned(a, n), Lanes.oddSigned(b, n), n);
    }

    public static void vmuluwm(CpuState s, int w) {
        setT(s, w, Lanes.mul(a0(s, w), b0(s, w), 32), Lanes.mul(a1(s, w), b1(s, w), 32));
    }

    // ---- products and sums of halfwords -------------------------------------------------------------------------

    public static void vmladduhm(CpuState s, int w) {
        setT(s, w, Lanes.add(Lanes.mul(a0(s, w), b0(s, w), 16), c0(s, w), 16),
                Lanes.add(Lanes.mul(a1(s, w), b1(s, w), 16), c1(s, w), 16));
    }

    public static void vmhaddshs(CpuState s, int w) {
        highProducts(s, w, 0);
    }

    public static void vmhraddshs(CpuState s, int w) {
        highProducts(s, w, 0x4000);
    }

    /** c plus the high 17 bits of each 32-bit product, after adding {@code rounding} to that; saturates. */
    private static void highProducts(CpuState s, int w, int rounding) {
        long even0 = highProduct(evenSigned(a0(s, w), b0(s, w), 32), rounding, Lanes.evenSigned(c0(s, w), 32));
        long even1 = highProduct(evenSigned(a1(s, w), b1(s, w), 32), rounding, Lanes.evenSigned(c1(s, w), 32));
        long odd0 = highProduct(oddSigned(a0(s, w), b0(s, w), 32), rounding, Lanes.oddSigned(c0(s, w), 32));
        long odd1 = highProduct(oddSigned(a1(s, w), b1(s, w), 32), rounding, Lanes.oddSigned(c1(s, w), 32));
        long evenClamped0 = clampToHalf(even0);
        long evenClamped1 = clampToHalf(even1);
        long oddClamped0 = clampToHalf(odd0);
        long oddClamped1 = clampToHalf(odd1);
        setSaturated(s, w, even0 ^ evenClamped0 | even1 ^ evenClamped1 | odd0 ^ oddClamped0 | odd1 ^ oddClamped1,
                Lanes.shlAll(evenClamped0, 16, 32) | Lanes.oddUnsigned(oddClamped0, 32),
                Lanes.shlAll(evenClamped1, 16, 32) | Lanes.oddUnsigned(oddClamped1, 32));
    }

    private static long highProduct(long product, int rounding, long c) {
        long rounded = Lanes.add(product, Lanes.splat(rounding, 32), 32);
        return Lanes.add(Lanes.extend(Lanes.shrAll(rounded, 15, 32), 17, 32), c, 32);
    }

    private static long clampToHalf(long words) {
        return Lanes.maxSigned(Lanes.minSigned(words, Lanes.splat(0x7fff, 32), 32), Lanes.splat(-0x8000, 32), 32);
    }

    // ---- sums of products ---------------------------------------------------------------------------------------

    public static void vmsumubm(CpuState s, int w) {
        setT(s, w, sumOfBytesUnsigned(a0(s, w), b0(s, w), c0(s, w)), sumOfBytesUnsigned(a1(s, w), b1(s, w), c1(s, w)));
    }

    private static long sumOfBytesUnsigned(long a, long b, long c) {
        return Lanes.add(Lanes.add(Lanes.pairsUnsigned(evenUnsigned(a, b, 16), 32),
                Lanes.pairsUnsigned(oddUnsigned(a, b, 16), 32), 32), c, 32);
    }

    public static void vmsummbm(CpuState s, int w) {
        setT(s, w, sumOfBytesMixed(a0(s, w), b0(s, w), c0(s, w)), sumOfBytesMixed(a1(s, w), b1(s, w), c1(s, w)));
    }

    /** With a signed and b unsigned. */
    private static long sumOfBytesMixed(long a, long b, long c) {
        long even = Lanes.mul(Lanes.evenSigned(a, 16), Lanes.evenUnsigned(b, 16), 16);
        long odd = Lanes.mul(Lanes.oddSigned(a, 16), Lanes.oddUnsigned(b, 16), 16);
        return Lanes.add(Lanes.add(Lanes.pairsSigned(even, 32), Lanes.pairsSigned(odd, 32), 32), c, 32);
    }

    public static void vmsumuhm(CpuState s, int w) {
        setT(s, w, sumOfHalvesUnsigned(a0(s, w), b0(s, w), c0(s, w)),
                sumOfHalvesUnsigned(a1(s, w), b1(s, w), c1(s, w)));
    }

    private static long sumOfHalvesUnsigned(long a, long b, long c) {
        return Lanes.add(Lanes.add(evenUnsigned(a, b, 32), oddUnsigned(a, b, 32), 32), c, 32);
    }

    public static void vmsumshm(CpuState s, int w) {
        setT(s, w, sumOfHalvesSigned(a0(s, w), b0(s, w), c0(s, w)), sumOfHalvesSigned(a1(s, w), b1(s, w), c1(s, w)));
    }

    private static long sumOfHalvesSigned(long a, long b, long c) {
        return Lanes.add(Lanes.add(evenSigned(a, b, 32), oddSigned(a, b, 32), 32), c, 32);
    }

    public static void vmsumuhs(CpuState s, int w) {
        long v0 = 0;
        long v1 = 0;
        long lost = 0;
        for (int k = 32; k >= 0; k -= 32) {
            long sum0 = exactUnsigned(a0(s, w) >>> k, b0(s, w) >>> k, c0(s, w) >>> k);
            long sum1 = exactUnsigned(a1(s, w) >>> k, b1(s, w) >>> k, c1(s, w) >>> k);
            lost |= (sum0 | sum1) >>> 32;
            v0 |= Math.min(sum0, WORD) << k;
            v1 |= Math.min(sum1, WORD) << k;
        }
        setSaturated(s, w, lost, v0, v1);
    }

    private static long exactUnsigned(long a, long b, long c) {
        return (a >>> 16 & 0xffff) * (b >>> 16 & 0xffff) + (a & 0xffff) * (b & 0xffff) + (c & WORD);
    }

    public static void vmsumshs(CpuState s, int w) {
        long v0 = 0;
        long v1 = 0;
        long lost = 0;
        for (int k = 32; k >= 0; k -= 32) {
            long sum0 = exactSigned((int) (a0(s, w) >>> k), (int) (b0(s, w) >>> k), (int) (c0(s, w) >>> k));
            long sum1 = exactSigned((int) (a1(s, w) >>> k), (int) (b1(s, w) >>> k), (int) (c1(s, w) >>> k));
            int clamped0 = VmxArith.clampToWord(sum0);
            int clamped1 = VmxArith.clampToWord(sum1);
            lost |= sum0 ^ clamped0 | sum1 ^ clamped1;
            v0 |= (clamped0 & WORD) << k;
            v1 |= (clamped1 & WORD) << k;
        }
        setSaturated(s, w, lost, v0, v1);
    }

    private static long exactSigned(int a, int b, int c) {
        return (long) (a >> 16) * (b >> 16) + (short) a * (short) b + c;
    }

    public static void vmsumudm(CpuState s, int w) {
        long low0 = a0(s, w) * b0(s, w);
        long low1 = a1(s, w) * b1(s, w);
        long low = low0 + low1;
        long sum = low + c1(s, w);
        long carries = VmxQuad.carry(low0, low1, 0) + VmxQuad.carry(low, c1(s, w), 0);
        long high = Math.unsignedMultiplyHigh(a0(s, w), b0(s, w)) + Math.unsignedMultiplyHigh(a1(s, w), b1(s, w));
        setT(s, w, high + c0(s, w) + carries, sum);
    }
}
