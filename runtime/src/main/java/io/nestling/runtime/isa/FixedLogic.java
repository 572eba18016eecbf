package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.recordBit;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.ui;

import io.nestling.runtime.cpu.CpuState;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Declets;

/** Fixed-point logical instructions (Power ISA 3.0B, Book I, 3.3.13): the source is RS (bits 6..10), the target RA. */
public final class FixedLogic {
    private FixedLogic() {}

    private static final long LOW_BITS = 0x0101010101010101L;

    private static void result(Vcpu c, int w, long r) {
        c.setGpr(ra(w), r);
        if (recordBit(w)) {
            c.recordCr0(r);
        }
    }

    public static void andi_(Vcpu c, int w) {
        long r = c.gpr(rt(w)) & ui(w);
        c.setGpr(ra(w), r);
        c.recordCr0(r);
    }

    public static void andis_(Vcpu c, int w) {
        long r = c.gpr(rt(w)) & ui(w) << 16;
        c.setGpr(ra(w), r);
        c.recordCr0(r);
    }

    public static void ori(CpuState c, int w) {
        c.setGpr(ra(w), c.gpr(rt(w)) | ui(w));
    }

    public static void oris(CpuState c, int w) {
        c.setGpr(ra(w), c.gpr(rt(w)) | ui(w) << 16);
    }

    public static void xori(CpuState c, int w) {
        c.setGpr(ra(w), c.gpr(rt(w)) ^ ui(w));
    }

    public static void xoris(CpuState c, int w) {
        c.setGpr(ra(w), c.gpr(rt(w)) ^ ui(w) << 16);
    }

    public static void and(Vcpu c, int w) {
        result(c, w, c.gpr(rt(w)) & c.gpr(rb(w)));
    }

    public static void or(Vcpu c, int w) {
        result(c, w, c.gpr(rt(w)) | c.gpr(rb(w)));
    }

    public static void xor(Vcpu c, int w) {
        result(c, w, c.gpr(rt(w)) ^ c.gpr(rb(w)));
    }

    public static void nand(Vcpu c, int w) {
        result(c, w, ~(c.gpr(rt(w)) & c.gpr(rb(w))));
    }

    public static void nor(Vcpu c, int w) {
        result(c, w, ~(c.gpr(rt(w)) | c.gpr(rb(w))));
    }

    public static void eqv(Vcpu c, int w) {
        result(c, w, ~(c.gpr(rt(w)) ^ c.gpr(rb(w))));
    }

    public static void andc(Vcpu c, int w) {
        result(c, w, c.gpr(rt(w)) & ~c.gpr(rb(w)));
    }

    public static void orc(Vcpu c, int w) {
        result(c, w, c.gpr(rt(w)) | ~c.gpr(rb(w)));
    }

    public static void extsb(Vcpu c, int w) {
        result(c, w, (byte) c.gpr(rt(w)));
    }

    public static void extsh(Vcpu c, int w) {
        result(c, w, (short) c.gpr(rt(w)));
    }

    public static void extsw(Vcpu c, int w) {
        result(c, w, (int) c.gpr(rt(w)));
    }

    public static void cntlzw(Vcpu c, int w) {
        result(c, w, Integer.numberOfLeadingZeros((int) c.gpr(rt(w))));
    }

    public static void cntlzd(Vcpu c, int w) {
        result(c, w, Long.numberOfLeadingZeros(c.gpr(rt(w))));
    }

    public static void cnttzw(Vcpu c, int w) {
        result(c, w, Integer.numberOfTrailingZeros((int) c.gpr(rt(w))));
    }

    public static void cnttzd(Vcpu c, int w) {
        result(c, w, Long.numberOfTrailingZeros(c.gpr(rt(w))));
    }

    /** Bits set, byte by byte. */
    public static void popcntb(CpuState c, int w) {
        long v = c.gpr(rt(w));
        v -= v >>> 1 & 0x5555555555555555L;
        v = (v & 0x3333333333333333L) + (v >>> 2 & 0x3333333333333333L);
        c.setGpr(ra(w), v + (v >>> 4) & 0x0f0f0f0f0f0f0f0fL);
    }

    /** Bits set, word by word. */
    public static void popcntw(CpuState c, int w) {
        long v = c.gpr(rt(w));
        c.setGpr(ra(w), (long) Integer.bitCount((int) (v >>> 32)) << 32 | Integer.bitCount((int) v));
    }

    public static void popcntd(CpuState c, int w) {
        c.setGpr(ra(w), Long.bitCount(c.gpr(rt(w))));
    }

    /** Parity of the bytes' low bits, word by word. */
    public static void prtyw(CpuState c, int w) {
        long v = c.gpr(rt(w)) & LOW_BITS;
        c.setGpr(ra(w), (long) (Integer.bitCount((int) (v >>> 32)) & 1) << 32 | Integer.bitCount((int) v) & 1);
    }

    /** Parity of the bytes' low bits. */
    public static void prtyd(CpuState c, int w) {
        c.setGpr(ra(w), Long.bitCount(c.gpr(rt(w)) & LOW_BITS) & 1);
    }

    /** 0xff in every byte where RS and RB are equal. */
    public static void cmpb(CpuState c, int w) {
        long v = c.gpr(rt(w)) ^ c.gpr(rb(w));
        // The high bit of each byte becomes 1 when any bit of the byte is 1; no carry leaves a byte.
        long differs = ((v & 0x7f7f7f7f7f7f7f7fL) + 0x7f7f7f7f7f7f7f7fL | v) >>> 7 & LOW_BITS;
        c.setGpr(ra(w), (differs ^ LOW_BITS) * 0xff);
    }

    /** Each byte of RS picks a bit of RB by number; numbers above 63 give 0. */
    public static void bpermd(CpuState c, int w) {
        long index = c.gpr(rt(w));
        long v = c.gpr(rb(w));
        long r = 0;
        for (int i = 0; i < 8; i++) {
            int n = (int) (index >>> 8 * i) & 0xff;
            if (n < 64) {
                r |= (v >>> 63 - n & 1) << i;
            }
        }
        c.setGpr(ra(w), r);
    }

    /** BCD assist: two declets in each word of RS to BCD digits; see {@link Declets}. */
    public static void cdtbcd(CpuState c, int w) {
        long v = c.gpr(rt(w));
        c.setGpr(ra(w), (long) Declets.wordToBcd((int) (v >>> 32)) << 32 | Declets.wordToBcd((int) v) & 0xffffffffL);
    }

    /** BCD assist: six BCD digits in each word of RS to two declets. */
    public static void cbcdtd(CpuState c, int w) {
        long v = c.gpr(rt(w));
        c.setGpr(ra(w), (long) Declets.wordFromBcd((int) (v >>> 32)) << 32
                | Declets.wordFromBcd((int) v) & 0xffffffffL);
    }
}
