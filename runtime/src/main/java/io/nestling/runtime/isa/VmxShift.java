package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setT;
import static io.nestling.runtime.isa.VectorRegs.t0;
import static io.nestling.runtime.isa.VectorRegs.t1;

import io.nestling.runtime.cpu.CpuState;

/**
 * VMX shifts and rotates of elements (Power ISA 3.0B, Book I, 6.9.5). Shifts of the whole register are in
 * {@link VmxPermute}.
 */
public final class VmxShift {
    private VmxShift() {}

    public static void vslb(CpuState s, int w) {
        setT(s, w, Lanes.shl(a0(s, w), b0(s, w), 8), Lanes.shl(a1(s, w), b1(s, w), 8));
    }

    public static void vslh(CpuState s, int w) {
        setT(s, w, Lanes.shl(a0(s, w), b0(s, w), 16), Lanes.shl(a1(s, w), b1(s, w), 16));
    }

    public static void vslw(CpuState s, int w) {
        setT(s, w, Lanes.shl(a0(s, w), b0(s, w), 32), Lanes.shl(a1(s, w), b1(s, w), 32));
    }

    public static void vsld(CpuState s, int w) {
        setT(s, w, Lanes.shl(a0(s, w), b0(s, w), 64), Lanes.shl(a1(s, w), b1(s, w), 64));
    }

    public static void vsrb(CpuState s, int w) {
        setT(s, w, Lanes.shr(a0(s, w), b0(s, w), 8), Lanes.shr(a1(s, w), b1(s, w), 8));
    }

    public static void vsrh(CpuState s, int w) {
        setT(s, w, Lanes.shr(a0(s, w), b0(s, w), 16), Lanes.shr(a1(s, w), b1(s, w), 16));
    }

    public static void vsrw(CpuState s, int w) {
        setT(s, w, Lanes.shr(a0(s, w), b0(s, w), 32), Lanes.shr(a1(s, w), b1(s, w), 32));
    }

    public static void vsrd(CpuState s, int w) {
        setT(s, w, Lanes.shr(a0(s, w), b0(s, w), 64), Lanes.shr(a1(s, w), b1(s, w), 64));
    }

    public static void vsrab(CpuState s, int w) {
        setT(s, w, Lanes.sra(a0(s, w), b0(s, w), 8), Lanes.sra(a1(s, w), b1(s, w), 8));
    }

    public static void vsrah(CpuState s, int w) {
        setT(s, w, Lanes.sra(a0(s, w), b0(s, w), 16), Lanes.sra(a1(s, w), b1(s, w), 16));
    }

    public static void vsraw(CpuState s, int w) {
        setT(s, w, Lanes.sra(a0(s, w), b0(s, w), 32), Lanes.sra(a1(s, w), b1(s, w), 32));
    }

    public static void vsrad(CpuState s, int w) {
        setT(s, w, Lanes.sra(a0(s, w), b0(s, w), 64), Lanes.sra(a1(s, w), b1(s, w), 64));
    }

    public static void vrlb(CpuState s, int w) {
        setT(s, w, Lanes.rotl(a0(s, w), b0(s, w), 8), Lanes.rotl(a1(s, w), b1(s, w), 8));
    }

    public static void vrlh(CpuState s, int w) {
        setT(s, w, Lanes.rotl(a0(s, w), b0(s, w), 16), Lanes.rotl(a1(s, w), b1(s, w), 16));
    }

    public static void vrlw(CpuState s, int w) {
        setT(s, w, Lanes.rotl(a0(s, w), b0(s, w), 32), Lanes.rotl(a1(s, w), b1(s, w), 32));
    }

    public static void vrld(CpuState s, int w) {
        setT(s, w, Lanes.rotl(a0(s, w), b0(s, w), 64), Lanes.rotl(a1(s, w), b1(s, w), 64));
    }

    // ---- rotate, then mask: in every lane of b, the mask's first and last bit and the count ------------------------

    /** Ones from bit {@code first} to bit {@code last} of a doubleword, wrapping round. */
    private static long mask(int first, int last) {
        long m = -1L >>> first ^ (last == 63 ? 0 : -1L >>> last + 1);
        return first <= last ? m : ~m;
    }

    private static long maskDouble(long b) {
        return mask((int) (b >>> 16) & 63, (int) (b >>> 8) & 63);
    }

    /** The masks of both words. */
    private static long maskWords(long b) {
        return wordMask((int) (b >>> 32)) << 32 | wordMask((int) b);
    }

    private static long wordMask(int b) {
        return mask(32 + (b >>> 16 & 31), 32 + (b >>> 8 & 31)) & 0xffffffffL;
    }

    public static void vrlwnm(CpuState s, int w) {
        setT(s, w, Lanes.rotl(a0(s, w), b0(s, w), 32) & maskWords(b0(s, w)),
                Lanes.rotl(a1(s, w), b1(s, w), 32) & maskWords(b1(s, w)));
    }

    public static void vrlwmi(CpuState s, int w) {
        setT(s, w, Lanes.select(maskWords(b0(s, w)), Lanes.rotl(a0(s, w), b0(s, w), 32), t0(s, w)),
                Lanes.select(maskWords(b1(s, w)), Lanes.rotl(a1(s, w), b1(s, w), 32), t1(s, w)));
    }

    public static void vrldnm(CpuState s, int w) {
        setT(s, w, Lanes.rotl(a0(s, w), b0(s, w), 64) & maskDouble(b0(s, w)),
                Lanes.rotl(a1(s, w), b1(s, w), 64) & maskDouble(b1(s, w)));
    }

    public static void vrldmi(CpuState s, int w) {
        setT(s, w, Lanes.select(maskDouble(b0(s, w)), Lanes.rotl(a0(s, w), b0(s, w), 64), t0(s, w)),
                Lanes.select(maskDouble(b1(s, w)), Lanes.rotl(a1(s, w), b1(s, w), 64), t1(s, w)));
    }
}
