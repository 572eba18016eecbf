package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.CpuState;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.mmu.Access;
import io.nestling.runtime.mmu.Mmu;

/** How vector registers go to storage and back (Power ISA 3.0B, Book I, 6.7 and 7.6.1.1). */
final class VectorMemory {
    private static final int PAGE_OFFSET = (1 << Mmu.PAGE_SHIFT) - 1;

    private VectorMemory() {}

    /** Loads a quadword into VSR {@code n}; in little-endian mode the first byte in storage is byte 15. */
    static void loadQuad(Vcpu c, int n, long ea) {
        long first = c.mmu.loadDouble(ea);
        long second = c.mmu.loadDouble(c.ea(ea + 8));
        boolean big = c.mmu.bigEndian();
        c.vsr[2 * n] = big ? first : second;
        c.vsr[2 * n + 1] = big ? second : first;
    }

    /** Stores a quadword from VSR {@code n}; in little-endian mode the first byte in storage is byte 15. */
    static void storeQuad(Vcpu c, int n, long ea) {
        boolean big = c.mmu.bigEndian();
        storeDoubles(c, ea, c.vsr[big ? 2 * n : 2 * n + 1], c.vsr[big ? 2 * n + 1 : 2 * n]);
    }

    /** Stores two doublewords, each in the mode's byte order, or nothing if either part faults. */
    static void storeDoubles(Vcpu c, long ea, long first, long second) {
        if (((int) ea & PAGE_OFFSET) > PAGE_OFFSET - 15) {
            c.mmu.probe(ea, 16, Access.WRITE);
        }
        c.mmu.storeDouble(ea, first);
        c.mmu.storeDouble(c.ea(ea + 8), second);
    }

    /** The element of {@code size} bytes at byte {@code p} of a register, right-justified; zeros beyond byte 15. */
    static long element(long v0, long v1, int p, int size) {
        long left = p == 0 ? v0 : p < 8 ? v0 << 8 * p | v1 >>> 64 - 8 * p : v1 << 8 * (p - 8);
        return left >>> 64 - 8 * size;
    }

    /**
     * Puts the low {@code size} bytes of {@code v} at byte {@code p} of VSR {@code n} and leaves the other bytes; what
     * lies beyond byte 15 is dropped.
     */
    static void setElement(CpuState c, int n, int p, int size, long v) {
        long mask = -1L >>> 64 - 8 * size;
        c.vsr[2 * n] = c.vsr[2 * n] & ~at(mask, 8 - p - size) | at(v & mask, 8 - p - size);
        c.vsr[2 * n + 1] = c.vsr[2 * n + 1] & ~at(mask, 16 - p - size) | at(v & mask, 16 - p - size);
    }

    /** {@code v} moved left by {@code bytes}, -15..15. */
    private static long at(long v, int bytes) {
        if (bytes >= 8 || bytes <= -8) {
            return 0;
        }
        return bytes >= 0 ? v << 8 * bytes : v >>> -8 * bytes;
    }
}
