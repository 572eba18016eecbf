package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.xc;
import static io.nestling.runtime.isa.VectorRegs.setX;
import static io.nestling.runtime.isa.VectorRegs.xa0;
import static io.nestling.runtime.isa.VectorRegs.xa1;
import static io.nestling.runtime.isa.VectorRegs.xb0;
import static io.nestling.runtime.isa.VectorRegs.xb1;

import io.nestling.runtime.cpu.CpuState;

/** VSX logical instructions and select (Power ISA 3.0B, Book I, 7.6.1.11). */
public final class VsxLogic {
    private VsxLogic() {}

    public static void xxland(CpuState s, int w) {
        setX(s, w, xa0(s, w) & xb0(s, w), xa1(s, w) & xb1(s, w));
    }

    public static void xxlandc(CpuState s, int w) {
        setX(s, w, xa0(s, w) & ~xb0(s, w), xa1(s, w) & ~xb1(s, w));
    }

    public static void xxleqv(CpuState s, int w) {
        setX(s, w, xa0(s, w) ^ ~xb0(s, w), xa1(s, w) ^ ~xb1(s, w));
    }

    public static void xxlnand(CpuState s, int w) {
        setX(s, w, ~(xa0(s, w) & xb0(s, w)), ~(xa1(s, w) & xb1(s, w)));
    }

    public static void xxlor(CpuState s, int w) {
        setX(s, w, xa0(s, w) | xb0(s, w), xa1(s, w) | xb1(s, w));
    }

    public static void xxlorc(CpuState s, int w) {
        setX(s, w, xa0(s, w) | ~xb0(s, w), xa1(s, w) | ~xb1(s, w));
    }

    public static void xxlnor(CpuState s, int w) {
        setX(s, w, ~(xa0(s, w) | xb0(s, w)), ~(xa1(s, w) | xb1(s, w)));
    }

    public static void xxlxor(CpuState s, int w) {
        setX(s, w, xa0(s, w) ^ xb0(s, w), xa1(s, w) ^ xb1(s, w));
    }

    public static void xxsel(CpuState s, int w) {
        int c = 2 * xc(w);
        setX(s, w, Lanes.select(s.vsr[c], xb0(s, w), xa0(s, w)), Lanes.select(s.vsr[c + 1], xb1(s, w), xa1(s, w)));
    }
}
