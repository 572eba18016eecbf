package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;
import static io.nestling.runtime.isa.VectorMemory.element;
import static io.nestling.runtime.isa.VectorRegs.setX;
import static io.nestling.runtime.isa.VectorRegs.xa0;
import static io.nestling.runtime.isa.VectorRegs.xa1;
import static io.nestling.runtime.isa.VectorRegs.xb0;
import static io.nestling.runtime.isa.VectorRegs.xb1;

import io.nestling.runtime.cpu.CpuState;

/** VSX merges, splats, permutes, insert, extract and byte reversal (Power ISA 3.0B, Book I, 7.6.1.11). */
public final class VsxPermute {
    private static final long HIGH_WORD = 0xffffffff00000000L;
    private static final long LOW_WORD = 0xffffffffL;

    private VsxPermute() {}

    /** Words 0 of both. */
    private static long highWords(long a, long b) {
        return a & HIGH_WORD | b >>> 32;
    }

    /** Words 1 of both. */
    private static long lowWords(long a, long b) {
        return a << 32 | b & LOW_WORD;
    }

    public static void xxmrghw(CpuState s, int w) {
        long a = xa0(s, w);
        long b = xb0(s, w);
        setX(s, w, highWords(a, b), lowWords(a, b));
    }

    public static void xxmrglw(CpuState s, int w) {
        long a = xa1(s, w);
        long b = xb1(s, w);
        setX(s, w, highWords(a, b), lowWords(a, b));
    }

    public static void xxpermdi(CpuState s, int w) {
        long v0 = s.vsr[2 * xa(w) + bits(w, 22, 22)];
        long v1 = s.vsr[2 * xb(w) + bits(w, 23, 23)];
        setX(s, w, v0, v1);
    }

    public static void xxsldwi(CpuState s, int w) {
        long a0 = xa0(s, w);
        long a1 = xa1(s, w);
        long b0 = xb0(s, w);
        long b1 = xb1(s, w);
        switch (bits(w, 22, 23)) {
            case 0 -> setX(s, w, a0, a1);
            case 1 -> setX(s, w, a0 << 32 | a1 >>> 32, a1 << 32 | b0 >>> 32);
            case 2 -> setX(s, w, a1, b0);
            default -> setX(s, w, a1 << 32 | b0 >>> 32, b0 << 32 | b1 >>> 32);
        }
    }

    public static void xxspltw(CpuState s, int w) {
        long v = Lanes.splat(element(xb0(s, w), xb1(s, w), 4 * bits(w, 14, 15), 4), 32);
        setX(s, w, v, v);
    }

    public static void xxspltib(CpuState s, int w) {
        long v = Lanes.splat(bits(w, 13, 20), 8);
        setX(s, w, v, v);
    }

    public static void xxperm(CpuState s, int w) {
        int t = xt(w);
        VmxPermute.permute(s, t, xa(w), t, xb0(s, w), xb1(s, w));
    }

    public static void xxpermr(CpuState s, int w) {
        int t = xt(w);
        VmxPermute.permute(s, t, xa(w), t, ~xb0(s, w), ~xb1(s, w));
    }

    public static void xxextractuw(CpuState s, int w) {
        setX(s, w, element(xb0(s, w), xb1(s, w), bits(w, 12, 15), 4), 0);
    }

    public static void xxinsertw(CpuState s, int w) {
        VectorMemory.setElement(s, xt(w), bits(w, 12, 15), 4, xb0(s, w));
    }

    public static void xxbrh(CpuState s, int w) {
        setX(s, w, reverseBytes(xb0(s, w), 16), reverseBytes(xb1(s, w), 16));
    }

    public static void xxbrw(CpuState s, int w) {
        setX(s, w, reverseBytes(xb0(s, w), 32), reverseBytes(xb1(s, w), 32));
    }

    public static void xxbrd(CpuState s, int w) {
        setX(s, w, Long.reverseBytes(xb0(s, w)), Long.reverseBytes(xb1(s, w)));
    }

    public static void xxbrq(CpuState s, int w) {
        setX(s, w, Long.reverseBytes(xb1(s, w)), Long.reverseBytes(xb0(s, w)));
    }

    /** The bytes of every lane of 16 or 32 bits in reverse. */
    public static long reverseBytes(long a, int n) {
        long v = (a & 0x00ff00ff00ff00ffL) << 8 | a >>> 8 & 0x00ff00ff00ff00ffL;
        return n == 16 ? v : (v & 0x0000ffff0000ffffL) << 16 | v >>> 16 & 0x0000ffff0000ffffL;
    }
}
