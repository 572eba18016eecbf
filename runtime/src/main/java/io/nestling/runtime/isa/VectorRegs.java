package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rc;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.xa;
import static io.nestling.decoder.Fields.xb;
import static io.nestling.decoder.Fields.xt;

import io.nestling.runtime.cpu.CpuState;

/**
 * The operands of vector instructions: doubleword 0 (most significant) and 1 of VRA, VRB, VRC and VRT, named a0, a1 and
 * so on, and of XA, XB and XT, named xa0, xa1 and so on. A result is written with one call whose arguments have been
 * read before, so that a target which is also a source does no harm.
 */
final class VectorRegs {
    /** VSCR[SAT]. */
    static final int SAT = 1;

    private VectorRegs() {}

    static long a0(CpuState s, int w) {
        return s.vsr[64 + 2 * ra(w)];
    }

    static long a1(CpuState s, int w) {
        return s.vsr[65 + 2 * ra(w)];
    }

    static long b0(CpuState s, int w) {
        return s.vsr[64 + 2 * rb(w)];
    }

    static long b1(CpuState s, int w) {
        return s.vsr[65 + 2 * rb(w)];
    }

    static long c0(CpuState s, int w) {
        return s.vsr[64 + 2 * rc(w)];
    }

    static long c1(CpuState s, int w) {
        return s.vsr[65 + 2 * rc(w)];
    }

    static long t0(CpuState s, int w) {
        return s.vsr[64 + 2 * rt(w)];
    }

    static long t1(CpuState s, int w) {
        return s.vsr[65 + 2 * rt(w)];
    }

    /** Writes VRT. */
    static void setT(CpuState s, int w, long v0, long v1) {
        int t = 64 + 2 * rt(w);
        s.vsr[t] = v0;
        s.vsr[t + 1] = v1;
    }

    /** Writes VRT, and sets VSCR[SAT] when any of {@code saturated} is. */
    static void setSaturated(CpuState s, int w, long saturated, long v0, long v1) {
        if (saturated != 0) {
            s.vscr |= SAT;
        }
        setT(s, w, v0, v1);
    }

    static long xa0(CpuState s, int w) {
        return s.vsr[2 * xa(w)];
    }

    static long xa1(CpuState s, int w) {
        return s.vsr[2 * xa(w) + 1];
    }

    static long xb0(CpuState s, int w) {
        return s.vsr[2 * xb(w)];
    }

    static long xb1(CpuState s, int w) {
        return s.vsr[2 * xb(w) + 1];
    }

    static long xt0(CpuState s, int w) {
        return s.vsr[2 * xt(w)];
    }

    static long xt1(CpuState s, int w) {
        return s.vsr[2 * xt(w) + 1];
    }

    /** Writes doubleword 0 of XT and leaves the other, which the book calls undefined for many scalars. */
    static void setX0(CpuState s, int w, long v) {
        s.vsr[2 * xt(w)] = v;
    }

    /** Writes XT. */
    static void setX(CpuState s, int w, long v0, long v1) {
        int t = 2 * xt(w);
        s.vsr[t] = v0;
        s.vsr[t + 1] = v1;
    }
}
