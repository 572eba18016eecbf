package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/** VMX counts, parities, and gathers of single bits (Power ISA 3.0B, Book I, 6.9.4 and 6.12 to 6.15). */
public final class VmxCount {
    private static final long BYTE_LOW = 0x0101010101010101L;

    private VmxCount() {}

    public static void vclzb(CpuState s, int w) {
        setT(s, w, Lanes.leadingZeros(b0(s, w), 8), Lanes.leadingZeros(b1(s, w), 8));
    }

    public static void vclzh(CpuState s, int w) {
        setT(s, w, Lanes.leadingZeros(b0(s, w), 16), Lanes.leadingZeros(b1(s, w), 16));
    }

    public static void vclzw(CpuState s, int w) {
        setT(s, w, Lanes.leadingZeros(b0(s, w), 32), Lanes.leadingZeros(b1(s, w), 32));
    }

    public static void vclzd(CpuState s, int w) {
        setT(s, w, Lanes.leadingZeros(b0(s, w), 64), Lanes.leadingZeros(b1(s, w), 64));
    }

    public static void vctzb(CpuState s, int w) {
        setT(s, w, Lanes.trailingZeros(b0(s, w), 8), Lanes.trailingZeros(b1(s, w), 8));
    }

    public static void vctzh(CpuState s, int w) {
        setT(s, w, Lanes.trailingZeros(b0(s, w), 16), Lanes.trailingZeros(b1(s, w), 16));
    }

    public static void vctzw(CpuState s, int w) {
        setT(s, w, Lanes.trailingZeros(b0(s, w), 32), Lanes.trailingZeros(b1(s, w), 32));
    }

    public static void vctzd(CpuState s, int w) {
        setT(s, w, Lanes.trailingZeros(b0(s, w), 64), Lanes.trailingZeros(b1(s, w), 64));
    }

    public static void vpopcntb(CpuState s, int w) {
        setT(s, w, Lanes.population(b0(s, w), 8), Lanes.population(b1(s, w), 8));
    }

    public static void vpopcnth(CpuState s, int w) {
        setT(s, w, Lanes.population(b0(s, w), 16), Lanes.population(b1(s, w), 16));
    }

    public static void vpopcntw(CpuState s, int w) {
        setT(s, w, Lanes.population(b0(s, w), 32), Lanes.population(b1(s, w), 32));
    }

    public static void vpopcntd(CpuState s, int w) {
        setT(s, w, Lanes.population(b0(s, w), 64), Lanes.population(b1(s, w), 64));
    }

    /** Parity of the low bits of the bytes of every word. */
    private static long wordParity(long b) {
        return Lanes.population(b & BYTE_LOW, 32) & Lanes.low(32);
    }

    public static void vprtybw(CpuState s, int w) {
        setT(s, w, wordParity(b0(s, w)), wordParity(b1(s, w)));
    }

    public static void vprtybd(CpuState s, int w) {
        setT(s, w, Long.bitCount(b0(s, w) & BYTE_LOW) & 1, Long.bitCount(b1(s, w) & BYTE_LOW) & 1);
    }

    public static void vprtybq(CpuState s, int w) {
        setT(s, w, 0, Long.bitCount((b0(s, w) ^ b1(s, w)) & BYTE_LOW) & 1);
    }

    public static void vclzlsbb(CpuState s, int w) {
        s.setGpr(rt(w), leadingBytes(b0(s, w), b1(s, w)));
    }

    public static void vctzlsbb(CpuState s, int w) {
        s.setGpr(rt(w), trailingBytes(b0(s, w), b1(s, w)));
    }

    /** Bytes before the first one whose low bit is 1. */
    public static long leadingBytes(long v0, long v1) {
        long b0 = v0 & BYTE_LOW;
        return b0 != 0 ? Long.numberOfLeadingZeros(b0) >> 3 : 8 + (Long.numberOfLeadingZeros(v1 & BYTE_LOW) >> 3);
    }

    /** Bytes after the last one whose low bit is 1. */
    public static long trailingBytes(long v0, long v1) {
        long b1 = v1 & BYTE_LOW;
        return b1 != 0 ? Long.numberOfTrailingZeros(b1) >> 3 : 8 + (Long.numberOfTrailingZeros(v0 & BYTE_LOW) >> 3);
    }

    public static void vbpermq(CpuState s, int w) {
        long v0 = a0(s, w);
        long v1 = a1(s, w);
        long bits = gather(v0, v1, b0(s, w), 128) << 8 | gather(v0, v1, b1(s, w), 128);
        setT(s, w, bits, 0);
    }

    public static void vbpermd(CpuState s, int w) {
        long v0 = gather(a0(s, w), 0, b0(s, w), 64);
        setT(s, w, v0, gather(a1(s, w), 0, b1(s, w), 64));
    }

    /** Eight bits: those of v0 followed by v1 that the bytes of {@code index} name, 0 for a number not below limit. */
    private static long gather(long v0, long v1, long index, int limit) {
        long r = 0;
        for (int k = 56; k >= 0; k -= 8) {
            int i = (int) (index >>> k) & 255;
            long from = i < 64 ? v0 : v1;
            r = r << 1 | (i < limit ? from >>> (~i & 63) & 1 : 0);
        }
        return r;
    }

    public static void vgbbd(CpuState s, int w) {
        setT(s, w, transpose(b0(s, w)), transpose(b1(s, w)));
    }

    /** Transposes eight bytes as an 8 x 8 matrix of bits, in three rounds of swapped squares. */
    private static long transpose(long a) {
        long x = swap(a, 7, 0x00aa00aa00aa00aaL);
        x = swap(x, 14, 0x0000cccc0000ccccL);
        return swap(x, 28, 0x00000000f0f0f0f0L);
    }

    /** Exchanges the bits in {@code mask} with those {@code distance} to their left. */
    private static long swap(long x, int distance, long mask) {
        long t = (x ^ x >>> distance) & mask;
        return x ^ t ^ t << distance;
    }
}
