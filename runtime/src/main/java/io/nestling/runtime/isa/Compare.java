package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.bfa;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rc;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.si;
import static io.nestling.decoder.Fields.ui;

import io.nestling.runtime.cpu.CpuState;

/** Fixed-point compares and the instructions that select by their result (Power ISA 3.0B, Book I, 3.3.10, 3.3.12). */
public final class Compare {
    private Compare() {}

    /** L: 1 compares doublewords, 0 words. */
    private static boolean wide(int w) {
        return (w & 0x200000) != 0;
    }

    private static void signed(CpuState c, int w, long a, long b) {
        c.compare(bf(w), a, b);
    }

    private static void unsigned(CpuState c, int w, long a, long b) {
        signed(c, w, a ^ Long.MIN_VALUE, b ^ Long.MIN_VALUE);
    }

    public static void cmp(CpuState c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        if (wide(w)) {
            signed(c, w, a, b);
        } else {
            signed(c, w, (int) a, (int) b);
        }
    }

    public static void cmpi(CpuState c, int w) {
        long a = c.gpr(ra(w));
        signed(c, w, wide(w) ? a : (int) a, si(w));
    }

    public static void cmpl(CpuState c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        if (wide(w)) {
            unsigned(c, w, a, b);
        } else {
            signed(c, w, a & 0xffffffffL, b & 0xffffffffL);
        }
    }

    public static void cmpli(CpuState c, int w) {
        long a = c.gpr(ra(w));
        unsigned(c, w, wide(w) ? a : a & 0xffffffffL, ui(w));
    }

    /** Is the low byte of RA within one of the ranges (one with L=0, two with L=1) in RB's low word? */
    public static void cmprb(CpuState c, int w) {
        int v = (int) c.gpr(ra(w)) & 0xff;
        int ranges = (int) c.gpr(rb(w));
        boolean in = within(v, ranges) || wide(w) && within(v, ranges >>> 16);
        c.setCr(bf(w), in ? 4 : 0);
    }

    private static boolean within(int v, int range) {
        return v >= (range & 0xff) && v <= (range >>> 8 & 0xff);
    }

    /** Does the low byte of RA occur in RB? */
    public static void cmpeqb(CpuState c, int w) {
        long v = c.gpr(rb(w)) ^ (c.gpr(ra(w)) & 0xff) * 0x0101010101010101L;
        boolean found = (v - 0x0101010101010101L & ~v & 0x8080808080808080L) != 0;
        c.setCr(bf(w), found ? 4 : 0);
    }

    public static void setb(CpuState c, int w) {
        int f = c.crField(bfa(w));
        c.setGpr(rt(w), (f & 8) != 0 ? -1 : f >>> 2 & 1);
    }

    public static void isel(CpuState c, int w) {
        boolean first = c.crBit(rc(w));
        int ra = ra(w);
        c.setGpr(rt(w), !first ? c.gpr(rb(w)) : ra == 0 ? 0 : c.gpr(ra));
    }
}
