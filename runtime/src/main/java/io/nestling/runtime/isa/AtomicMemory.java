package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.HostMemory;
import io.nestling.runtime.mmu.Access;

/**
 * Atomic memory operations (Power ISA 3.0B, Book II, 4.5): FC (bits 16..20) names the function. Addresses must be
 * naturally aligned, and both items of a two-item function must lie in one aligned 32-byte block.
 */
public final class AtomicMemory {
    private AtomicMemory() {}

    /** DSISR: invalid function code. */
    private static final long BAD_FUNCTION = 4;

    private static final int MAX_UNSIGNED = 4;
    private static final int MAX_SIGNED = 5;
    private static final int MIN_UNSIGNED = 6;
    private static final int MIN_SIGNED = 7;
    private static final int SWAP = 8;
    private static final int COMPARE_AND_SWAP_NOT_EQUAL = 16;
    private static final int INCREMENT_BOUNDED = 24;
    private static final int INCREMENT_EQUAL = 25;
    private static final int DECREMENT_BOUNDED = 28;
    private static final int STORE_TWIN = 24;

    public static void lwat(Vcpu c, int w) {
        load(c, w, 4);
    }

    public static void ldat(Vcpu c, int w) {
        load(c, w, 8);
    }

    public static void stwat(Vcpu c, int w) {
        store(c, w, 4);
    }

    public static void stdat(Vcpu c, int w) {
        store(c, w, 8);
    }

    private static void load(Vcpu c, int w, int size) {
        int function = rb(w);
        boolean twoItems = function == INCREMENT_BOUNDED || function == INCREMENT_EQUAL
                || function == DECREMENT_BOUNDED;
        int other = !twoItems ? 0 : function == DECREMENT_BOUNDED ? -size : size;
        boolean known = function <= SWAP || function == COMPARE_AND_SWAP_NOT_EQUAL || twoItems;
        long host = address(c, w, size, known, other);
        int t = rt(w);
        long operand = c.gpr(t + 1 & 31);
        long second = c.gpr(t + 2 & 31);
        while (true) {
            long old = get(c, host, size);
            long bound = twoItems ? get(c, host + other, size) : 0;
            long next;
            if (twoItems) {
                if (old == bound != (function == INCREMENT_EQUAL)) {
                    c.setGpr(t, 1L << 8 * size - 1);
                    return;
                }
                next = function == DECREMENT_BOUNDED ? old - 1 : old + 1;
            } else if (function == SWAP) {
                next = operand;
            } else if (function == COMPARE_AND_SWAP_NOT_EQUAL) {
                if (old == (operand & mask(size))) {
                    c.setGpr(t, old);
                    return;
                }
                next = second;
            } else {
                next = combine(function, old, operand, size);
            }
            if (set(c, host, old, next, size)) {
                c.setGpr(t, old);
                return;
            }
        }
    }

    private static void store(Vcpu c, int w, int size) {
        int function = rb(w);
        boolean twin = function == STORE_TWIN;
        long host = address(c, w, size, function <= MIN_SIGNED || twin, twin ? size : 0);
        long operand = c.gpr(rt(w));
        while (true) {
            long old = get(c, host, size);
            if (twin && old != get(c, host + size, size)) {
                return;
            }
            long next = twin ? operand : combine(function, old, operand, size);
            if (set(c, host, old, next, size)) {
                if (twin) {
                    set(c, host + size, old, next, size);
                }
                return;
            }
        }
    }

    private static long address(Vcpu c, int w, int size, boolean known, int other) {
        long ea = Ea.base(c, w, 0);
        if (!known) {
            c.spr[Spr.DAR] = ea;
            c.spr[Spr.DSISR] = BAD_FUNCTION;
            throw c.raise(Interrupts.DATA_STORAGE, 0);
        }
        if ((ea & size - 1) != 0 || ((ea ^ ea + other) & ~31L) != 0) {
            throw c.alignment(ea);
        }
        return c.mmu.hostAddress(ea, Access.WRITE);
    }

    /** Functions 0 to 7, which loads and stores share. Both operands may have any high bits. */
    private static long combine(int function, long a, long b, int size) {
        return switch (function) {
            case 0 -> a + b;
            case 1 -> a ^ b;
            case 2 -> a | b;
            case 3 -> a & b;
            case MAX_UNSIGNED -> Long.compareUnsigned(a, b & mask(size)) >= 0 ? a : b;
            case MAX_SIGNED -> signed(a, size) >= signed(b, size) ? a : b;
            case MIN_UNSIGNED -> Long.compareUnsigned(a, b & mask(size)) <= 0 ? a : b;
            default -> signed(a, size) <= signed(b, size) ? a : b;
        };
    }

    private static long mask(int size) {
        return size == 4 ? 0xffffffffL : -1;
    }

    private static long signed(long v, int size) {
        return size == 4 ? (int) v : v;
    }

    private static long get(Vcpu c, long host, int size) {
        long v = size == 4 ? HostMemory.getWord(host) : HostMemory.getDouble(host);
        return inGuestOrder(c, v, size);
    }

    private static boolean set(Vcpu c, long host, long old, long next, int size) {
        long from = inGuestOrder(c, old, size);
        long to = inGuestOrder(c, next, size);
        boolean done = size == 4 ? HostMemory.casWord(host, (int) from, (int) to) : HostMemory.casDouble(host, from, to);
        if (done && c.reservations != null) {
            c.reservations.stored(host);
        }
        return done;
    }

    private static long inGuestOrder(Vcpu c, long v, int size) {
        return c.mmu.bigEndian() ? Long.reverseBytes(v) >>> 64 - 8 * size : v;
    }
}
