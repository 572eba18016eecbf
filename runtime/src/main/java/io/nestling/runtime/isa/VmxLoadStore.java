package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rt;
import static io.nestling.runtime.isa.VectorMemory.element;
import static io.nestling.runtime.isa.VectorMemory.setElement;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.Vcpu;

/** VMX loads and stores and their alignment helpers (Power ISA 3.0B, Book I, 6.7). All align the address by force. */
public final class VmxLoadStore {
    private static final long BYTE_NUMBERS = 0x0001020304050607L;
    private static final long ONES = 0x0101010101010101L;

    private VmxLoadStore() {}

    public static void lvx(Vcpu c, int w) {
        VectorMemory.loadQuad(c, 32 + rt(w), Ea.indexed(c, w) & ~15L);
    }

    public static void lvxl(Vcpu c, int w) {
        lvx(c, w);
    }

    public static void stvx(Vcpu c, int w) {
        VectorMemory.storeQuad(c, 32 + rt(w), Ea.indexed(c, w) & ~15L);
    }

    public static void stvxl(Vcpu c, int w) {
        stvx(c, w);
    }

    // The elements the book leaves undefined keep their old values.

    public static void lvebx(Vcpu c, int w) {
        long ea = Ea.indexed(c, w);
        setElement(c, 32 + rt(w), place(c, ea, 1), 1, c.mmu.loadByte(ea));
    }

    public static void lvehx(Vcpu c, int w) {
        long ea = Ea.indexed(c, w) & ~1L;
        setElement(c, 32 + rt(w), place(c, ea, 2), 2, c.mmu.loadHalf(ea));
    }

    public static void lvewx(Vcpu c, int w) {
        long ea = Ea.indexed(c, w) & ~3L;
        setElement(c, 32 + rt(w), place(c, ea, 4), 4, c.mmu.loadWord(ea));
    }

    public static void stvebx(Vcpu c, int w) {
        long ea = Ea.indexed(c, w);
        c.mmu.storeByte(ea, chosen(c, w, ea, 1));
    }

    public static void stvehx(Vcpu c, int w) {
        long ea = Ea.indexed(c, w) & ~1L;
        c.mmu.storeHalf(ea, chosen(c, w, ea, 2));
    }

    public static void stvewx(Vcpu c, int w) {
        long ea = Ea.indexed(c, w) & ~3L;
        c.mmu.storeWord(ea, chosen(c, w, ea, 4));
    }

    public static void lvsl(Vcpu c, int w) {
        long first = (Ea.indexed(c, w) & 15) * ONES + BYTE_NUMBERS;
        setT(c, w, first, first + 8 * ONES);
    }

    public static void lvsr(Vcpu c, int w) {
        long first = (16 - (Ea.indexed(c, w) & 15)) * ONES + BYTE_NUMBERS;
        setT(c, w, first, first + 8 * ONES);
    }

    /** Byte of the register that the first byte of the element at {@code ea} has, in big-endian numbering. */
    private static int place(Vcpu c, long ea, int size) {
        int p = (int) ea & 15;
        return c.mmu.bigEndian() ? p : 16 - size - p;
    }

    private static long chosen(Vcpu c, int w, long ea, int size) {
        return element(VectorRegs.t0(c, w), VectorRegs.t1(c, w), place(c, ea, size), size);
    }
}
