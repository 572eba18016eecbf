package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.runtime.isa.VectorRegs.setX;
import static io.nestling.runtime.isa.VectorRegs.setX0;
import static io.nestling.runtime.isa.VectorRegs.xt0;
import static io.nestling.runtime.isa.VectorRegs.xt1;

import io.nestling.runtime.cpu.CpuState;

/**
 * Moves between general purpose and vector-scalar registers (Power ISA 3.0B, Book I, 3.3.16). Where the book leaves
 * doubleword 1 undefined it keeps its value.
 */
public final class VsxMove {
    private VsxMove() {}

    public static void mfvsrd(CpuState s, int w) {
        s.setGpr(ra(w), xt0(s, w));
    }

    public static void mfvsrld(CpuState s, int w) {
        s.setGpr(ra(w), xt1(s, w));
    }

    public static void mfvsrwz(CpuState s, int w) {
        s.setGpr(ra(w), xt0(s, w) & 0xffffffffL);
    }

    public static void mtvsrd(CpuState s, int w) {
        setX0(s, w, s.gpr(ra(w)));
    }

    public static void mtvsrwa(CpuState s, int w) {
        setX0(s, w, (int) s.gpr(ra(w)));
    }

    public static void mtvsrwz(CpuState s, int w) {
        setX0(s, w, s.gpr(ra(w)) & 0xffffffffL);
    }

    public static void mtvsrdd(CpuState s, int w) {
        setX(s, w, ra(w) == 0 ? 0 : s.gpr(ra(w)), s.gpr(rb(w)));
    }

    public static void mtvsrws(CpuState s, int w) {
        long v = Lanes.splat(s.gpr(ra(w)), 32);
        setX(s, w, v, v);
    }
}
