package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.setSaturated;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/** VMX pack and unpack (Power ISA 3.0B, Book I, 6.8.1). */
public final class VmxPack {
    /** Bits 7, 8..12, 16..20 and 24..28 of both words. */
    private static final long PIXELS = 0x01f8f8f801f8f8f8L;
    /** Where those bits go: the low bits of every byte. */
    private static final long UNPACKED_PIXELS = 0x011f1f1f011f1f1fL;

    private VmxPack() {}

    /** The low halves of the lanes of two doublewords. */
    private static long pack(long v0, long v1, int n) {
        return Long.compress(v0, Lanes.half(n)) << 32 | Long.compress(v1, Lanes.half(n));
    }

    private static void packModulo(CpuState s, int w, int n) {
        setT(s, w, pack(a0(s, w), a1(s, w), n), pack(b0(s, w), b1(s, w), n));
    }

    public static void vpkuhum(CpuState s, int w) {
        packModulo(s, w, 16);
    }

    public static void vpkuwum(CpuState s, int w) {
        packModulo(s, w, 32);
    }

    public static void vpkudum(CpuState s, int w) {
        packModulo(s, w, 64);
    }

    public static void vpkpx(CpuState s, int w) {
        setT(s, w, Long.compress(a0(s, w), PIXELS) << 32 | Long.compress(a1(s, w), PIXELS),
                Long.compress(b0(s, w), PIXELS) << 32 | Long.compress(b1(s, w), PIXELS));
    }

    // ---- saturating ---------------------------------------------------------------------------------------------

    private static long clampUnsigned(long v, int n) {
        return Lanes.minUnsigned(v, Lanes.half(n), n);
    }

    /** From signed to unsigned. */
    private static long clampPositive(long v, int n) {
        return Lanes.maxSigned(Lanes.minSigned(v, Lanes.half(n), n), 0, n);
    }

    private static long clampSigned(long v, int n) {
        long limit = Lanes.shrAll(Lanes.half(n), 1, n);
        return Lanes.maxSigned(Lanes.minSigned(v, limit, n), ~limit, n);
    }

    private static void packUnsigned(CpuState s, int w, int n) {
        long v0 = clampUnsigned(a0(s, w), n);
        long v1 = clampUnsigned(a1(s, w), n);
        long v2 = clampUnsigned(b0(s, w), n);
        long v3 = clampUnsigned(b1(s, w), n);
        setSaturated(s, w, v0 ^ a0(s, w) | v1 ^ a1(s, w) | v2 ^ b0(s, w) | v3 ^ b1(s, w), pack(v0, v1, n),
                pack(v2, v3, n));
    }

    public static void vpkuhus(CpuState s, int w) {
        packUnsigned(s, w, 16);
    }

    public static void vpkuwus(CpuState s, int w) {
        packUnsigned(s, w, 32);
    }

    public static void vpkudus(CpuState s, int w) {
        packUnsigned(s, w, 64);
    }

    private static void packPositive(CpuState s, int w, int n) {
        long v0 = clampPositive(a0(s, w), n);
        long v1 = clampPositive(a1(s, w), n);
        long v2 = clampPositive(b0(s, w), n);
        long v3 = clampPositive(b1(s, w), n);
        setSaturated(s, w, v0 ^ a0(s, w) | v1 ^ a1(s, w) | v2 ^ b0(s, w) | v3 ^ b1(s, w), pack(v0, v1, n),
                pack(v2, v3, n));
    }

    public static void vpkshus(CpuState s, int w) {
        packPositive(s, w, 16);
    }

    public static void vpkswus(CpuState s, int w) {
        packPositive(s, w, 32);
    }

    public static void vpksdus(CpuState s, int w) {
        packPositive(s, w, 64);
    }

    private static void packSigned(CpuState s, int w, int n) {
        long v0 = clampSigned(a0(s, w), n);
        long v1 = clampSigned(a1(s, w), n);
        long v2 = clampSigned(b0(s, w), n);
        long v3 = clampSigned(b1(s, w), n);
        setSaturated(s, w, v0 ^ a0(s, w) | v1 ^ a1(s, w) | v2 ^ b0(s, w) | v3 ^ b1(s, w), pack(v0, v1, n),
                pack(v2, v3, n));
    }

    public static void vpkshss(CpuState s, int w) {
        packSigned(s, w, 16);
    }

    public static void vpkswss(CpuState s, int w) {
        packSigned(s, w, 32);
    }

    public static void vpksdss(CpuState s, int w) {
        packSigned(s, w, 64);
    }

    // ---- unpacking ----------------------------------------------------------------------------------------------

    /** The elements of one doubleword, sign-extended to {@code n} bits. */
    private static void unpack(CpuState s, int w, long v, int n) {
        setT(s, w, Lanes.extend(Long.expand(v >>> 32, Lanes.half(n)), n / 2, n),
                Lanes.extend(Long.expand(v, Lanes.half(n)), n / 2, n));
    }

    private static void unpackPixels(CpuState s, int w, long v) {
        setT(s, w, pixels(v >>> 32), pixels(v));
    }

    /** Two pixels of 1, 5, 5 and 5 bits in bytes of their own, the first one sign-extended. */
    private static long pixels(long v) {
        long spread = Long.expand(v, UNPACKED_PIXELS);
        return spread | (spread >>> 24 & Lanes.low(32)) * 255 << 24;
    }

    public static void vupkhsb(CpuState s, int w) {
        unpack(s, w, b0(s, w), 16);
    }

    public static void vupkhsh(CpuState s, int w) {
        unpack(s, w, b0(s, w), 32);
    }

    public static void vupkhsw(CpuState s, int w) {
        unpack(s, w, b0(s, w), 64);
    }

    public static void vupkhpx(CpuState s, int w) {
        unpackPixels(s, w, b0(s, w));
    }

    public static void vupklsb(CpuState s, int w) {
        unpack(s, w, b1(s, w), 16);
    }

    public static void vupklsh(CpuState s, int w) {
        unpack(s, w, b1(s, w), 32);
    }

    public static void vupklsw(CpuState s, int w) {
        unpack(s, w, b1(s, w), 64);
    }

    public static void vupklpx(CpuState s, int w) {
        unpackPixels(s, w, b1(s, w));
    }
}
