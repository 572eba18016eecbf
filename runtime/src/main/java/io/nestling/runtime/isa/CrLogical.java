package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bf;
import static io.nestling.decoder.Fields.bfa;
import static io.nestling.decoder.Fields.fxm;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.CpuState;

/** Condition register logic and moves (Power ISA 3.0B, Book I, 2.5 and 3.3.17). BT is bits 6..10, BA 11..15, BB 16..20. */
public final class CrLogical {
    private CrLogical() {}

    /** CR bit BA in the sign. */
    private static int a(CpuState c, int w) {
        return bit(c, ra(w));
    }

    /** CR bit BB in the sign. */
    private static int b(CpuState c, int w) {
        return bit(c, rb(w));
    }

    private static int bit(CpuState c, int n) {
        return c.crField(n >> 2) << 28 + (n & 3);
    }

    /** Sets CR bit BT to the sign of {@code v}. */
    private static void put(CpuState c, int w, int v) {
        int field = rt(w) >> 2;
        int bit = 8 >>> (rt(w) & 3);
        int nibble = c.crField(field);
        c.setCr(field, v < 0 ? nibble | bit : nibble & ~bit);
    }

    public static void crand(CpuState c, int w) {
        put(c, w, a(c, w) & b(c, w));
    }

    public static void crandc(CpuState c, int w) {
        put(c, w, a(c, w) & ~b(c, w));
    }

    public static void creqv(CpuState c, int w) {
        put(c, w, ~(a(c, w) ^ b(c, w)));
    }

    public static void crnand(CpuState c, int w) {
        put(c, w, ~(a(c, w) & b(c, w)));
    }

    public static void crnor(CpuState c, int w) {
        put(c, w, ~(a(c, w) | b(c, w)));
    }

    public static void cror(CpuState c, int w) {
        put(c, w, a(c, w) | b(c, w));
    }

    public static void crorc(CpuState c, int w) {
        put(c, w, a(c, w) | ~b(c, w));
    }

    public static void crxor(CpuState c, int w) {
        put(c, w, a(c, w) ^ b(c, w));
    }

    public static void mcrf(CpuState c, int w) {
        c.setCr(bf(w), c.crField(bfa(w)));
    }

    /** OV, OV32, CA, CA32 of XER to a CR field. */
    public static void mcrxrx(CpuState c, int w) {
        c.setCr(bf(w), c.ov << 3 | c.ov32 << 2 | c.ca << 1 | c.ca32());
    }

    /** Eight field bits to thirty-two mask bits. */
    private static int fieldMask(int fxm) {
        int m = (fxm & 0xf0) << 12 | fxm & 0x0f;
        m = (m & 0x000c000c) << 6 | m & 0x00030003;
        m = (m & 0x02020202) << 3 | m & 0x01010101;
        return m * 15;
    }

    public static void mtcrf(CpuState c, int w) {
        int v = (int) c.gpr(rt(w));
        for (int n = 0; n < 8; n++) {
            if ((fxm(w) & 0x80 >>> n) != 0) {
                c.setCr(n, v >>> 28 - 4 * n & 15);
            }
        }
    }

    /** With other than one FXM bit the result is undefined: as mtcrf here. */
    public static void mtocrf(CpuState c, int w) {
        mtcrf(c, w);
    }

    public static void mfcr(CpuState c, int w) {
        c.setGpr(rt(w), c.cr() & 0xffffffffL);
    }

    /** Bits outside the chosen field are undefined: 0 here. */
    public static void mfocrf(CpuState c, int w) {
        c.setGpr(rt(w), c.cr() & fieldMask(fxm(w)) & 0xffffffffL);
    }
}
