package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setSaturated;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/**
 * VMX integer sums, averages, differences and extremes (Power ISA 3.0B, Book I, 6.9.1). Products are in
 * {@link VmxMultiply}, 128-bit sums in {@link VmxQuad}.
 */
public final class VmxArith {
    private static final long WORD = 0xffffffffL;

    private VmxArith() {}

    // ---- modulo -----------------------------------------------------------------------------------------------------

    public static void vaddubm(CpuState s, int w) {
        setT(s, w, Lanes.add(a0(s, w), b0(s, w), 8), Lanes.add(a1(s, w), b1(s, w), 8));
    }

    public static void vadduhm(CpuState s, int w) {
        setT(s, w, Lanes.add(a0(s, w), b0(s, w), 16), Lanes.add(a1(s, w), b1(s, w), 16));
    }

    public static void vadduwm(CpuState s, int w) {
        setT(s, w, Lanes.add(a0(s, w), b0(s, w), 32), Lanes.add(a1(s, w), b1(s, w), 32));
    }

    public static void vaddudm(CpuState s, int w) {
        setT(s, w, Lanes.add(a0(s, w), b0(s, w), 64), Lanes.add(a1(s, w), b1(s, w), 64));
    }

    public static void vsububm(CpuState s, int w) {
        setT(s, w, Lanes.sub(a0(s, w), b0(s, w), 8), Lanes.sub(a1(s, w), b1(s, w), 8));
    }

    public static void vsubuhm(CpuState s, int w) {
        setT(s, w, Lanes.sub(a0(s, w), b0(s, w), 16), Lanes.sub(a1(s, w), b1(s, w), 16));
    }

    public static void vsubuwm(CpuState s, int w) {
        setT(s, w, Lanes.sub(a0(s, w), b0(s, w), 32), Lanes.sub(a1(s, w), b1(s, w), 32));
    }

    public static void vsubudm(CpuState s, int w) {
        setT(s, w, Lanes.sub(a0(s, w), b0(s, w), 64), Lanes.sub(a1(s, w), b1(s, w), 64));
    }

    public static void vnegw(CpuState s, int w) {
        setT(s, w, Lanes.sub(0, b0(s, w), 32), Lanes.sub(0, b1(s, w), 32));
    }

    public static void vnegd(CpuState s, int w) {
        setT(s, w, Lanes.sub(0, b0(s, w), 64), Lanes.sub(0, b1(s, w), 64));
    }

    public static void vextsb2w(CpuState s, int w) {
        setT(s, w, Lanes.extend(b0(s, w), 8, 32), Lanes.extend(b1(s, w), 8, 32));
    }

    public static void vextsb2d(CpuState s, int w) {
        setT(s, w, Lanes.extend(b0(s, w), 8, 64), Lanes.extend(b1(s, w), 8, 64));
    }

    public static void vextsh2w(CpuState s, int w) {
        setT(s, w, Lanes.extend(b0(s, w), 16, 32), Lanes.extend(b1(s, w), 16, 32));
    }

    public static void vextsh2d(CpuState s, int w) {
        setT(s, w, Lanes.extend(b0(s, w), 16, 64), Lanes.extend(b1(s, w), 16, 64));
    }

    public static void vextsw2d(CpuState s, int w) {
        setT(s, w, Lanes.extend(b0(s, w), 32, 64), Lanes.extend(b1(s, w), 32, 64));
    }

    // ---- carries ----------------------------------------------------------------------------------------------------

    public static void vaddcuw(CpuState s, int w) {
        setT(s, w, Lanes.carry(a0(s, w), b0(s, w), 32) >>> 31, Lanes.carry(a1(s, w), b1(s, w), 32) >>> 31);
    }

    public static void vsubcuw(CpuState s, int w) {
        setT(s, w, ~Lanes.borrow(a0(s, w), b0(s, w), 32) >>> 31 & Lanes.low(32),
                ~Lanes.borrow(a1(s, w), b1(s, w), 32) >>> 31 & Lanes.low(32));
    }

    // ---- saturating -------------------------------------------------------------------------------------------------

    private static void addUnsigned(CpuState s, int w, long a0, long a1, long b0, long b1, int n) {
        setSaturated(s, w, Lanes.carry(a0, b0, n) | Lanes.carry(a1, b1, n), Lanes.addSaturatingUnsigned(a0, b0, n),
                Lanes.addSaturatingUnsigned(a1, b1, n));
    }

    private static void subtractUnsigned(CpuState s, int w, long a0, long a1, long b0, long b1, int n) {
        setSaturated(s, w, Lanes.borrow(a0, b0, n) | Lanes.borrow(a1, b1, n), Lanes.subSaturatingUnsigned(a0, b0, n),
                Lanes.subSaturatingUnsigned(a1, b1, n));
    }

    private static void addSigned(CpuState s, int w, long a0, long a1, long b0, long b1, int n) {
        setSaturated(s, w, Lanes.addOverflow(a0, b0, n) | Lanes.addOverflow(a1, b1, n), Lanes.addSaturatingSigned(a0, b0, n),
                Lanes.addSaturatingSigned(a1, b1, n));
    }

    private static void subtractSigned(CpuState s, int w, long a0, long a1, long b0, long b1, int n) {
        setSaturated(s, w, Lanes.subOverflow(a0, b0, n) | Lanes.subOverflow(a1, b1, n), Lanes.subSaturatingSigned(a0, b0, n),
                Lanes.subSaturatingSigned(a1, b1, n));
    }

    public static void vaddubs(CpuState s, int w) {
        addUnsigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 8);
    }

    public static void vadduhs(CpuState s, int w) {
        addUnsigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 16);
    }

    public static void vadduws(CpuState s, int w) {
        addUnsigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 32);
    }

    public static void vaddsbs(CpuState s, int w) {
        addSigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 8);
    }

    public static void vaddshs(CpuState s, int w) {
        addSigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 16);
    }

    public static void vaddsws(CpuState s, int w) {
        addSigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 32);
    }

    public static void vsububs(CpuState s, int w) {
        subtractUnsigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 8);
    }

    public static void vsubuhs(CpuState s, int w) {
        subtractUnsigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 16);
    }

    public static void vsubuws(CpuState s, int w) {
        subtractUnsigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 32);
    }

    public static void vsubsbs(CpuState s, int w) {
        subtractSigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 8);
    }

    public static void vsubshs(CpuState s, int w) {
        subtractSigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 16);
    }

    public static void vsubsws(CpuState s, int w) {
        subtractSigned(s, w, a0(s, w), a1(s, w), b0(s, w), b1(s, w), 32);
    }

    // ---- sums across: the sum of the small elements of each lane is exact; adding b saturates ---------------------

    public static void vsum4ubs(CpuState s, int w) {
        addUnsigned(s, w, bytesUnsigned(a0(s, w)), bytesUnsigned(a1(s, w)), b0(s, w), b1(s, w), 32);
    }

    public static void vsum4sbs(CpuState s, int w) {
        addSigned(s, w, bytesSigned(a0(s, w)), bytesSigned(a1(s, w)), b0(s, w), b1(s, w), 32);
    }

    public static void vsum4shs(CpuState s, int w) {
        addSigned(s, w, Lanes.pairsSigned(a0(s, w), 32), Lanes.pairsSigned(a1(s, w), 32), b0(s, w), b1(s, w), 32);
    }

    /** Sum of the four bytes in every word. */
    private static long bytesUnsigned(long a) {
        return Lanes.pairsUnsigned(Lanes.pairsUnsigned(a, 16), 32);
    }

    private static long bytesSigned(long a) {
        return Lanes.pairsSigned(Lanes.pairsSigned(a, 16), 32);
    }

    public static void vsum2sws(CpuState s, int w) {
        long sum0 = Lanes.pairsSigned(a0(s, w), 64) + (int) b0(s, w);
        long sum1 = Lanes.pairsSigned(a1(s, w), 64) + (int) b1(s, w);
        int v0 = clampToWord(sum0);
        int v1 = clampToWord(sum1);
        setSaturated(s, w, sum0 ^ v0 | sum1 ^ v1, v0 & WORD, v1 & WORD);
    }

    public static void vsumsws(CpuState s, int w) {
        long sum = Lanes.pairsSigned(a0(s, w), 64) + Lanes.pairsSigned(a1(s, w), 64) + (int) b1(s, w);
        int v = clampToWord(sum);
        setSaturated(s, w, sum ^ v, 0, v & WORD);
    }

    /** The signed word nearest to {@code v}. */
    static int clampToWord(long v) {
        return Math.clamp(v, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    // ---- averages, differences, extremes ----------------------------------------------------------------------------

    private static long averageSigned(long a, long b, int n) {
        return Lanes.averageUnsigned(a ^ Lanes.high(n), b ^ Lanes.high(n), n) ^ Lanes.high(n);
    }

    private static long difference(long a, long b, int n) {
        return Lanes.sub(Lanes.maxUnsigned(a, b, n), Lanes.minUnsigned(a, b, n), n);
    }

    public static void vavgub(CpuState s, int w) {
        setT(s, w, Lanes.averageUnsigned(a0(s, w), b0(s, w), 8), Lanes.averageUnsigned(a1(s, w), b1(s, w), 8));
    }

    public static void vavguh(CpuState s, int w) {
        setT(s, w, Lanes.averageUnsigned(a0(s, w), b0(s, w), 16), Lanes.averageUnsigned(a1(s, w), b1(s, w), 16));
    }

    public static void vavguw(CpuState s, int w) {
        setT(s, w, Lanes.averageUnsigned(a0(s, w), b0(s, w), 32), Lanes.averageUnsigned(a1(s, w), b1(s, w), 32));
    }

    public static void vavgsb(CpuState s, int w) {
        setT(s, w, averageSigned(a0(s, w), b0(s, w), 8), averageSigned(a1(s, w), b1(s, w), 8));
    }

    public static void vavgsh(CpuState s, int w) {
        setT(s, w, averageSigned(a0(s, w), b0(s, w), 16), averageSigned(a1(s, w), b1(s, w), 16));
    }

    public static void vavgsw(CpuState s, int w) {
        setT(s, w, averageSigned(a0(s, w), b0(s, w), 32), averageSigned(a1(s, w), b1(s, w), 32));
    }

    public static void vabsdub(CpuState s, int w) {
        setT(s, w, difference(a0(s, w), b0(s, w), 8), difference(a1(s, w), b1(s, w), 8));
    }

    public static void vabsduh(CpuState s, int w) {
        setT(s, w, difference(a0(s, w), b0(s, w), 16), difference(a1(s, w), b1(s, w), 16));
    }

    public static void vabsduw(CpuState s, int w) {
        setT(s, w, difference(a0(s, w), b0(s, w), 32), difference(a1(s, w), b1(s, w), 32));
    }

    public static void vmaxub(CpuState s, int w) {
        setT(s, w, Lanes.maxUnsigned(a0(s, w), b0(s, w), 8), Lanes.maxUnsigned(a1(s, w), b1(s, w), 8));
    }

    public static void vmaxuh(CpuState s, int w) {
        setT(s, w, Lanes.maxUnsigned(a0(s, w), b0(s, w), 16), Lanes.maxUnsigned(a1(s, w), b1(s, w), 16));
    }

    public static void vmaxuw(CpuState s, int w) {
        setT(s, w, Lanes.maxUnsigned(a0(s, w), b0(s, w), 32), Lanes.maxUnsigned(a1(s, w), b1(s, w), 32));
    }

    public static void vmaxud(CpuState s, int w) {
        setT(s, w, Lanes.maxUnsigned(a0(s, w), b0(s, w), 64), Lanes.maxUnsigned(a1(s, w), b1(s, w), 64));
    }

    public static void vmaxsb(CpuState s, int w) {
        setT(s, w, Lanes.maxSigned(a0(s, w), b0(s, w), 8), Lanes.maxSigned(a1(s, w), b1(s, w), 8));
    }

    public static void vmaxsh(CpuState s, int w) {
        setT(s, w, Lanes.maxSigned(a0(s, w), b0(s, w), 16), Lanes.maxSigned(a1(s, w), b1(s, w), 16));
    }

    public static void vmaxsw(CpuState s, int w) {
        setT(s, w, Lanes.maxSigned(a0(s, w), b0(s, w), 32), Lanes.maxSigned(a1(s, w), b1(s, w), 32));
    }

    public static void vmaxsd(CpuState s, int w) {
        setT(s, w, Lanes.maxSigned(a0(s, w), b0(s, w), 64), Lanes.maxSigned(a1(s, w), b1(s, w), 64));
    }

    public static void vminub(CpuState s, int w) {
        setT(s, w, Lanes.minUnsigned(a0(s, w), b0(s, w), 8), Lanes.minUnsigned(a1(s, w), b1(s, w), 8));
    }

    public static void vminuh(CpuState s, int w) {
        setT(s, w, Lanes.minUnsigned(a0(s, w), b0(s, w), 16), Lanes.minUnsigned(a1(s, w), b1(s, w), 16));
    }

    public static void vminuw(CpuState s, int w) {
        setT(s, w, Lanes.minUnsigned(a0(s, w), b0(s, w), 32), Lanes.minUnsigned(a1(s, w), b1(s, w), 32));
    }

    public static void vminud(CpuState s, int w) {
        setT(s, w, Lanes.minUnsigned(a0(s, w), b0(s, w), 64), Lanes.minUnsigned(a1(s, w), b1(s, w), 64));
    }

    public static void vminsb(CpuState s, int w) {
        setT(s, w, Lanes.minSigned(a0(s, w), b0(s, w), 8), Lanes.minSigned(a1(s, w), b1(s, w), 8));
    }

    public static void vminsh(CpuState s, int w) {
        setT(s, w, Lanes.minSigned(a0(s, w), b0(s, w), 16), Lanes.minSigned(a1(s, w), b1(s, w), 16));
    }

    public static void vminsw(CpuState s, int w) {
        setT(s, w, Lanes.minSigned(a0(s, w), b0(s, w), 32), Lanes.minSigned(a1(s, w), b1(s, w), 32));
    }

    public static void vminsd(CpuState s, int w) {
        setT(s, w, Lanes.minSigned(a0(s, w), b0(s, w), 64), Lanes.minSigned(a1(s, w), b1(s, w), 64));
    }
}
