package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.c0;
import static io.nestling.runtime.isa.VectorRegs.c1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/** VMX logical instructions, vsel, and the VSCR (Power ISA 3.0B, Book I, 6.8.4, 6.9.3 and 6.18). */
public final class VmxLogic {
    private VmxLogic() {}

    public static void vand(CpuState s, int w) {
        setT(s, w, a0(s, w) & b0(s, w), a1(s, w) & b1(s, w));
    }

    public static void vandc(CpuState s, int w) {
        setT(s, w, a0(s, w) & ~b0(s, w), a1(s, w) & ~b1(s, w));
    }

    public static void veqv(CpuState s, int w) {
        setT(s, w, a0(s, w) ^ ~b0(s, w), a1(s, w) ^ ~b1(s, w));
    }

    public static void vnand(CpuState s, int w) {
        setT(s, w, ~(a0(s, w) & b0(s, w)), ~(a1(s, w) & b1(s, w)));
    }

    public static void vor(CpuState s, int w) {
        setT(s, w, a0(s, w) | b0(s, w), a1(s, w) | b1(s, w));
    }

    public static void vorc(CpuState s, int w) {
        setT(s, w, a0(s, w) | ~b0(s, w), a1(s, w) | ~b1(s, w));
    }

    public static void vnor(CpuState s, int w) {
        setT(s, w, ~(a0(s, w) | b0(s, w)), ~(a1(s, w) | b1(s, w)));
    }

    public static void vxor(CpuState s, int w) {
        setT(s, w, a0(s, w) ^ b0(s, w), a1(s, w) ^ b1(s, w));
    }

    public static void vsel(CpuState s, int w) {
        setT(s, w, Lanes.select(c0(s, w), b0(s, w), a0(s, w)), Lanes.select(c1(s, w), b1(s, w), a1(s, w)));
    }

    public static void mfvscr(CpuState s, int w) {
        setT(s, w, 0, s.vscr & 0xffffffffL);
    }

    /** Reserved bits keep what was written, one of the choices Book I, 1.3.3 gives. */
    public static void mtvscr(CpuState s, int w) {
        s.vscr = (int) b1(s, w);
    }
}
