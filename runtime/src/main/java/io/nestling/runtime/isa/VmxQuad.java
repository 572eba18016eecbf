package io.nestling.runtime.isa;

import static io.nestling.runtime.isa.VectorRegs.a0;
import static io.nestling.runtime.isa.VectorRegs.a1;
import static io.nestling.runtime.isa.VectorRegs.b0;
import static io.nestling.runtime.isa.VectorRegs.b1;
import static io.nestling.runtime.isa.VectorRegs.c1;
import static io.nestling.runtime.isa.VectorRegs.setT;

import io.nestling.runtime.cpu.CpuState;

/** VMX sums of quadwords and their product with ten (Power ISA 3.0B, Book I, 6.9.1.1, 6.9.1.2 and 6.17). */
public final class VmxQuad {
    private VmxQuad() {}

    /** Carry out of x + y + carry, 0 or 1. */
    static long carry(long x, long y, long carry) {
        return (x & y | (x | y) & ~(x + y + carry)) >>> 63;
    }

    /** The low 128 bits of a + (b0 || b1) + carry. */
    private static void sum(CpuState s, int w, long b0, long b1, long carry) {
        setT(s, w, a0(s, w) + b0 + carry(a1(s, w), b1, carry), a1(s, w) + b1 + carry);
    }

    /** The carry out of a + (b0 || b1) + carry. */
    private static void carryOut(CpuState s, int w, long b0, long b1, long carry) {
        setT(s, w, 0, carry(a0(s, w), b0, carry(a1(s, w), b1, carry)));
    }

    public static void vadduqm(CpuState s, int w) {
        sum(s, w, b0(s, w), b1(s, w), 0);
    }

    public static void vaddcuq(CpuState s, int w) {
        carryOut(s, w, b0(s, w), b1(s, w), 0);
    }

    public static void vaddeuqm(CpuState s, int w) {
        sum(s, w, b0(s, w), b1(s, w), c1(s, w) & 1);
    }

    public static void vaddecuq(CpuState s, int w) {
        carryOut(s, w, b0(s, w), b1(s, w), c1(s, w) & 1);
    }

    public static void vsubuqm(CpuState s, int w) {
        sum(s, w, ~b0(s, w), ~b1(s, w), 1);
    }

    public static void vsubcuq(CpuState s, int w) {
        carryOut(s, w, ~b0(s, w), ~b1(s, w), 1);
    }

    public static void vsubeuqm(CpuState s, int w) {
        sum(s, w, ~b0(s, w), ~b1(s, w), c1(s, w) & 1);
    }

    public static void vsubecuq(CpuState s, int w) {
        carryOut(s, w, ~b0(s, w), ~b1(s, w), c1(s, w) & 1);
    }

    /** The low 128 bits of 10 a + digit. */
    private static void timesTen(CpuState s, int w, long digit) {
        long low = a1(s, w) * 10;
        long high = Math.unsignedMultiplyHigh(a1(s, w), 10) + carry(low, digit, 0);
        setT(s, w, a0(s, w) * 10 + high, low + digit);
    }

    /** What 10 a + digit has beyond 128 bits. */
    private static void timesTenCarry(CpuState s, int w, long digit) {
        long high = Math.unsignedMultiplyHigh(a1(s, w), 10) + carry(a1(s, w) * 10, digit, 0);
        setT(s, w, 0, Math.unsignedMultiplyHigh(a0(s, w), 10) + carry(a0(s, w) * 10, high, 0));
    }

    public static void vmul10uq(CpuState s, int w) {
        timesTen(s, w, 0);
    }

    public static void vmul10euq(CpuState s, int w) {
        timesTen(s, w, b1(s, w) & 15);
    }

    public static void vmul10cuq(CpuState s, int w) {
        timesTenCarry(s, w, 0);
    }

    public static void vmul10ecuq(CpuState s, int w) {
        timesTenCarry(s, w, b1(s, w) & 15);
    }
}
