package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/** VMX integer comparisons (Power ISA 3.0B, Book I, 6.9.2). */
public final class VmxCompare {
    private VmxCompare() {}

    /** Writes the lane masks and, with Rc, CR6: bit 0 when all lanes are true, bit 2 when none is. */
    private static void result(CpuState s, int w, long v0, long v1) {
        setT(s, w, v0, v1);
        if ((w & 0x400) != 0) {
            s.setCr(6, (v0 & v1) == -1 ? 8 : (v0 | v1) == 0 ? 2 : 0);
        }
    }

    public static void vcmpequb(CpuState s, int w) {
        result(s, w, Lanes.equal(a0(s, w), b0(s, w), 8), Lanes.equal(a1(s, w), b1(s, w), 8));
    }

    public static void vcmpequh(CpuState s, int w) {
        result(s, w, Lanes.equal(a0(s, w), b0(s, w), 16), Lanes.equal(a1(s, w), b1(s, w), 16));
    }

    public static void vcmpequw(CpuState s, int w) {
        result(s, w, Lanes.equal(a0(s, w), b0(s, w), 32), Lanes.equal(a1(s, w), b1(s, w), 32));
    }

    public static void vcmpequd(CpuState s, int w) {
        result(s, w, Lanes.equal(a0(s, w), b0(s, w), 64), Lanes.equal(a1(s, w), b1(s, w), 64));
    }

    public static void vcmpgtub(CpuState s, int w) {
        result(s, w, Lanes.above(a0(s, w), b0(s, w), 8), Lanes.above(a1(s, w), b1(s, w), 8));
    }

    public static void vcmpgtuh(CpuState s, int w) {
        result(s, w, Lanes.above(a0(s, w), b0(s, w), 16), Lanes.above(a1(s, w), b1(s, w), 16));
    }

    public static void vcmpgtuw(CpuState s, int w) {
        result(s, w, Lanes.above(a0(s, w), b0(s, w), 32), Lanes.above(a1(s, w), b1(s, w), 32));
    }

    public static void vcmpgtud(CpuState s, int w) {
        result(s, w, Lanes.above(a0(s, w), b0(s, w), 64), Lanes.above(a1(s, w), b1(s, w), 64));
    }

    public static void vcmpgtsb(CpuState s, int w) {
        result(s, w, Lanes.greater(a0(s, w), b0(s, w), 8), Lanes.greater(a1(s, w), b1(s, w), 8));
    }

    public static void vcmpgtsh(CpuState s, int w) {
        result(s, w, Lanes.greater(a0(s, w), b0(s, w), 16), Lanes.greater(a1(s, w), b1(s, w), 16));
    }

    public static void vcmpgtsw(CpuState s, int w) {
        result(s, w, Lanes.greater(a0(s, w), b0(s, w), 32), Lanes.greater(a1(s, w), b1(s, w), 32));
    }

    public static void vcmpgtsd(CpuState s, int w) {
        result(s, w, Lanes.greater(a0(s, w), b0(s, w), 64), Lanes.greater(a1(s, w), b1(s, w), 64));
    }

    public static void vcmpneb(CpuState s, int w) {
        result(s, w, Lanes.different(a0(s, w), b0(s, w), 8), Lanes.different(a1(s, w), b1(s, w), 8));
    }

    public static void vcmpneh(CpuState s, int w) {
        result(s, w, Lanes.different(a0(s, w), b0(s, w), 16), Lanes.different(a1(s, w), b1(s, w), 16));
    }

    public static void vcmpnew(CpuState s, int w) {
        result(s, w, Lanes.different(a0(s, w), b0(s, w), 32), Lanes.different(a1(s, w), b1(s, w), 32));
    }

    public static void vcmpnezb(CpuState s, int w) {
        result(s, w, Lanes.differentOrZero(a0(s, w), b0(s, w), 8), Lanes.differentOrZero(a1(s, w), b1(s, w), 8));
    }

    public static void vcmpnezh(CpuState s, int w) {
        result(s, w, Lanes.differentOrZero(a0(s, w), b0(s, w), 16), Lanes.differentOrZero(a1(s, w), b1(s, w), 16));
    }

    public static void vcmpnezw(CpuState s, int w) {
        result(s, w, Lanes.differentOrZero(a0(s, w), b0(s, w), 32), Lanes.differentOrZero(a1(s, w), b1(s, w), 32));
    }
}
