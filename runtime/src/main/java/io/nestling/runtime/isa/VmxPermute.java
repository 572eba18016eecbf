package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.VectorMemory.element;
import static io.nestling.runtime.isa.VectorMemory.setElement;
import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.c0;
import static io.nestling.runtime.isa.VectorRegs.c1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/**
 * VMX merges, splats, permutes, whole-register shifts, inserts and extracts (Power ISA 3.0B, Book I, 6.8.2 to 6.8.8 and
 * 6.13.3).
 * Where an index beyond the register makes the result undefined, the missing bytes are 0 or dropped.
 */
public final class VmxPermute {

    private VmxPermute() {}

    // ---- merges -------------------------------------------------------------------------------------------------

    /** Elements of {@code n} bits of the left halves of a and b, alternating. */
    private static long mergeHigh(long a, long b, int n) {
        return Long.expand(a >>> 32, ~Lanes.half(2 * n)) | Long.expand(b >>> 32, Lanes.half(2 * n));
    }

    /** Elements of {@code n} bits of the right halves of a and b, alternating. */
    private static long mergeLow(long a, long b, int n) {
        return Long.expand(a, ~Lanes.half(2 * n)) | Long.expand(b, Lanes.half(2 * n));
    }

    private static void merge(CpuState s, int w, long a, long b, int n) {
        setT(s, w, mergeHigh(a, b, n), mergeLow(a, b, n));
    }

    public static void vmrghb(CpuState s, int w) {
        merge(s, w, a0(s, w), b0(s, w), 8);
    }

    public static void vmrghh(CpuState s, int w) {
        merge(s, w, a0(s, w), b0(s, w), 16);
    }

    public static void vmrghw(CpuState s, int w) {
        merge(s, w, a0(s, w), b0(s, w), 32);
    }

    public static void vmrglb(CpuState s, int w) {
        merge(s, w, a1(s, w), b1(s, w), 8);
    }

    public static void vmrglh(CpuState s, int w) {
        merge(s, w, a1(s, w), b1(s, w), 16);
    }

    public static void vmrglw(CpuState s, int w) {
        merge(s, w, a1(s, w), b1(s, w), 32);
    }

    public static void vmrgew(CpuState s, int w) {
        setT(s, w, mergeHigh(a0(s, w), b0(s, w), 32), mergeHigh(a1(s, w), b1(s, w), 32));
    }

    public static void vmrgow(CpuState s, int w) {
        setT(s, w, mergeLow(a0(s, w), b0(s, w), 32), mergeLow(a1(s, w), b1(s, w), 32));
    }

    // ---- splats -------------------------------------------------------------------------------------------------

    private static void splat(CpuState s, int w, long v, int n) {
        long lanes = Lanes.splat(v, n);
        setT(s, w, lanes, lanes);
    }

    public static void vspltb(CpuState s, int w) {
        splat(s, w, element(b0(s, w), b1(s, w), bits(w, 12, 15), 1), 8);
    }

    public static void vsplth(CpuState s, int w) {
        splat(s, w, element(b0(s, w), b1(s, w), 2 * bits(w, 13, 15), 2), 16);
    }

    public static void vspltw(CpuState s, int w) {
        splat(s, w, element(b0(s, w), b1(s, w), 4 * bits(w, 14, 15), 4), 32);
    }

    /** SIM: bits 11..15, sign-extended. */
    private static int sim(int w) {
        return w << 11 >> 27;
    }

    public static void vspltisb(CpuState s, int w) {
        splat(s, w, sim(w), 8);
    }

    public static void vspltish(CpuState s, int w) {
        splat(s, w, sim(w), 16);
    }

    public static void vspltisw(CpuState s, int w) {
        splat(s, w, sim(w), 32);
    }

    // ---- permutes -----------------------------------------------------------------------------------------------

    public static void vperm(CpuState s, int w) {
        permute(s, 32 + rt(w), 32 + ra(w), 32 + rb(w), c0(s, w), c1(s, w));
    }

    public static void vpermr(CpuState s, int w) {
        permute(s, 32 + rt(w), 32 + ra(w), 32 + rb(w), ~c0(s, w), ~c1(s, w));
    }

    /**
     * VSR {@code t} becomes the bytes of VSR {@code a} followed by VSR {@code b} that the low five bits of the control
     * bytes choose.
     */
    static void permute(CpuState s, int t, int a, int b, long control0, long control1) {
        long a0 = s.vsr[2 * a];
        long a1 = s.vsr[2 * a + 1];
        long b0 = s.vsr[2 * b];
        long b1 = s.vsr[2 * b + 1];
        s.vsr[2 * t] = BytePermute.half(a0, a1, b0, b1, control0, control1, 0);
        s.vsr[2 * t + 1] = BytePermute.half(a0, a1, b0, b1, control0, control1, 1);
    }

    /** VSR {@code t} becomes bytes {@code n..n+15}, n at most 16, of VSR {@code a} followed by VSR {@code b}. */
    private static void shiftLeft(CpuState s, int t, int a, int b, int n) {
        int first = n >> 3;
        int bits = 8 * (n & 7);
        long x = quarter(s.vsr, a, b, first);
        long y = quarter(s.vsr, a, b, first + 1);
        // At n = 16 nothing is left over, so which doubleword stands here does not matter.
        long z = quarter(s.vsr, a, b, Math.min(first + 2, 3));
        s.vsr[2 * t] = funnel(x, y, bits);
        s.vsr[2 * t + 1] = funnel(y, z, bits);
    }

    private static long quarter(long[] vsr, int a, int b, int i) {
        return vsr[2 * (i < 2 ? a : b) + (i & 1)];
    }

    /** The left doubleword of x followed by y, moved left by 0..63 bits. */
    private static long funnel(long x, long y, int bits) {
        return x << bits | y >>> 1 >>> 63 - bits;
    }

    // ---- whole-register shifts ----------------------------------------------------------------------------------

    public static void vsldoi(CpuState s, int w) {
        shiftLeft(s, 32 + rt(w), 32 + ra(w), 32 + rb(w), bits(w, 22, 25));
    }

    public static void vsl(CpuState s, int w) {
        int n = (int) b1(s, w) & 7;
        setT(s, w, funnel(a0(s, w), a1(s, w), n), a1(s, w) << n);
    }

    public static void vsr(CpuState s, int w) {
        int n = (int) b1(s, w) & 7;
        setT(s, w, a0(s, w) >>> n, a1(s, w) >>> n | a0(s, w) << 1 << 63 - n);
    }

    public static void vslo(CpuState s, int w) {
        int n = (int) b1(s, w) & 0x78;
        if (n < 64) {
            setT(s, w, funnel(a0(s, w), a1(s, w), n), a1(s, w) << n);
        } else {
            setT(s, w, a1(s, w) << n, 0);
        }
    }

    public static void vsro(CpuState s, int w) {
        int n = (int) b1(s, w) & 0x78;
        if (n < 64) {
            setT(s, w, a0(s, w) >>> n, a1(s, w) >>> n | a0(s, w) << 1 << 63 - n);
        } else {
            setT(s, w, 0, a0(s, w) >>> n);
        }
    }

    public static void vslv(CpuState s, int w) {
        setT(s, w, shiftLeftVariable(a0(s, w), a1(s, w) >>> 56, b0(s, w)),
                shiftLeftVariable(a1(s, w), 0, b1(s, w)));
    }

    public static void vsrv(CpuState s, int w) {
        setT(s, w, shiftRightVariable(a0(s, w), 0, b0(s, w)), shiftRightVariable(a1(s, w), a0(s, w), b1(s, w)));
    }

    /** Each byte of a and what stands right of it, shifted left by the low three bits of b's byte. */
    private static long shiftLeftVariable(long a, long next, long b) {
        long right = a << 8 | next;
        return Lanes.shl(a, b, 8) | Lanes.shr(Lanes.shrAll(right, 1, 8), ~b, 8);
    }

    /** Each byte of a and what stands left of it, shifted right by the low three bits of b's byte. */
    private static long shiftRightVariable(long a, long previous, long b) {
        long left = a >>> 8 | previous << 56;
        return Lanes.shr(a, b, 8) | Lanes.shl(Lanes.shlAll(left, 1, 8), ~b, 8);
    }

    // ---- inserts and extracts -----------------------------------------------------------------------------------

    private static void extract(CpuState s, int w, int size) {
        setT(s, w, element(b0(s, w), b1(s, w), bits(w, 12, 15), size), 0);
    }

    public static void vextractub(CpuState s, int w) {
        extract(s, w, 1);
    }

    public static void vextractuh(CpuState s, int w) {
        extract(s, w, 2);
    }

    public static void vextractuw(CpuState s, int w) {
        extract(s, w, 4);
    }

    public static void vextractd(CpuState s, int w) {
        extract(s, w, 8);
    }

    public static void vinsertb(CpuState s, int w) {
        setElement(s, 32 + rt(w), bits(w, 12, 15), 1, b0(s, w));
    }

    public static void vinserth(CpuState s, int w) {
        setElement(s, 32 + rt(w), bits(w, 12, 15), 2, b0(s, w));
    }

    public static void vinsertw(CpuState s, int w) {
        setElement(s, 32 + rt(w), bits(w, 12, 15), 4, b0(s, w));
    }

    public static void vinsertd(CpuState s, int w) {
        setElement(s, 32 + rt(w), bits(w, 12, 15), 8, b0(s, w));
    }

    private static void extractLeft(CpuState s, int w, int size) {
        s.setGpr(rt(w), element(b0(s, w), b1(s, w), (int) s.gpr(ra(w)) & 15, size));
    }

    private static void extractRight(CpuState s, int w, int size) {
        int p = 16 - size - ((int) s.gpr(ra(w)) & 15);
        s.setGpr(rt(w), p >= 0 ? element(b0(s, w), b1(s, w), p, size) : b0(s, w) >>> 8 * (8 - size - p));
    }

    public static void vextublx(CpuState s, int w) {
        extractLeft(s, w, 1);
    }

    public static void vextuhlx(CpuState s, int w) {
        extractLeft(s, w, 2);
    }

    public static void vextuwlx(CpuState s, int w) {
        extractLeft(s, w, 4);
    }

    public static void vextubrx(CpuState s, int w) {
        extractRight(s, w, 1);
    }

    public static void vextuhrx(CpuState s, int w) {
        extractRight(s, w, 2);
    }

    public static void vextuwrx(CpuState s, int w) {
        extractRight(s, w, 4);
    }
}
