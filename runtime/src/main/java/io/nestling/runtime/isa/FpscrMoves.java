package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.bfa;
import static io.nestling.decoder.Fields.bits;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Fpscr;

/** Moves from and to the floating-point status and control register (Power ISA 3.0B, Book I, 4.6.8). */
public final class FpscrMoves {
    private FpscrMoves() {}

    /** What mffsl gives: the control bits and the status that does not stick. */
    private static final long LIGHT = Fpscr.DRN | Fpscr.FR | Fpscr.FI | Fpscr.FPRF | 0xff;
    /** What the mffsc family gives: the control bits. */
    private static final long CONTROL = Fpscr.DRN | 0xff;
    private static final int DRN_SHIFT = 32;

    private static void set(Vcpu c, int w, long v) {
        FloatUnit.set(c, 2 * rt(w), v);
    }

    /** Writes the bits of {@code mask}; VX and FEX follow from the others. */
    private static void write(Vcpu c, int w, long mask, long v) {
        long m = mask & Fpscr.DEFINED & ~(Fpscr.VX | Fpscr.FEX);
        c.fpscr = Fpscr.summarize(c.fpscr() & ~m | v & m);
        FloatUnit.finish(c, w);
    }

    public static void mffs(Vcpu c, int w) {
        set(c, w, c.fpscr());
        FloatUnit.finish(c, w);
    }

    public static void mffsce(Vcpu c, int w) {
        set(c, w, c.fpscr());
        c.fpscr = Fpscr.summarize(c.fpscr() & ~Fpscr.ENABLES);
    }

    public static void mffscdrn(Vcpu c, int w) {
        exchange(c, w, Fpscr.DRN, c.vsr[2 * rb(w)]);
    }

    public static void mffscdrni(Vcpu c, int w) {
        exchange(c, w, Fpscr.DRN, (long) bits(w, 18, 20) << DRN_SHIFT);
    }

    public static void mffscrn(Vcpu c, int w) {
        exchange(c, w, Fpscr.RN, c.vsr[2 * rb(w)]);
    }

    public static void mffscrni(Vcpu c, int w) {
        exchange(c, w, Fpscr.RN, bits(w, 19, 20));
    }

    private static void exchange(Vcpu c, int w, long mask, long v) {
        long old = c.fpscr;
        c.fpscr = old & ~mask | v & mask;
        set(c, w, old & CONTROL);
    }

    public static void mffsl(Vcpu c, int w) {
        set(c, w, c.fpscr() & LIGHT);
    }

    /** Copies a field to the CR and clears the exception bits in it. */
    public static void mcrfs(Vcpu c, int w) {
        int shift = 28 - 4 * bfa(w);
        c.setCr(bf(w), (int) (c.fpscr() >>> shift) & 15);
        c.fpscr = Fpscr.summarize(c.fpscr() & ~((Fpscr.EXCEPTIONS | Fpscr.FX) & 15L << shift));
    }

    public static void mtfsfi(Vcpu c, int w) {
        // Field numbers count from the left of the word that W names: 1 is the high word.
        int shift = 28 - 4 * bf(w) + 32 * bits(w, 15, 15);
        write(c, w, 15L << shift, (long) bits(w, 16, 19) << shift);
    }

    public static void mtfsf(Vcpu c, int w) {
        long mask = -1;
        if (bits(w, 6, 6) == 0) {
            mask = 0;
            int flm = bits(w, 7, 14);
            for (int i = 0; i < 8; i++) {
                if ((flm & 0x80 >> i) != 0) {
                    mask |= 15L << 28 - 4 * i;
                }
            }
            mask <<= 32 * bits(w, 15, 15);
        }
        write(c, w, mask, c.vsr[2 * rb(w)]);
    }

    public static void mtfsb0(Vcpu c, int w) {
        write(c, w, 1L << 31 - rt(w), 0);
    }

    public static void mtfsb1(Vcpu c, int w) {
        long bit = 1L << 31 - rt(w) & Fpscr.DEFINED & ~(Fpscr.VX | Fpscr.FEX);
        c.fpscr = Fpscr.raise(c.fpscr(), bit);
        FloatUnit.finish(c, w);
    }
}
