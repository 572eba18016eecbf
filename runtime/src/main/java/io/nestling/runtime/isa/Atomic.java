package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.HostMemory;
import io.nestling.runtime.memory.Reservations;
import io.nestling.runtime.mmu.Access;
import java.lang.invoke.VarHandle;

/**
 * Load and reserve, store conditional (Power ISA 3.0B, Book II, 4.6.2). A reservation is the host address, the value
 * loaded and, with several vCPUs, the count of atomic stores to its granule (see {@link Reservations}); a store
 * conditional is a compare-and-set against that value, and fails for another address, size or count. Values are kept as
 * the host sees memory, so byte order matters only to the registers.
 */
public final class Atomic {
    private Atomic() {}

    private static long aligned(Vcpu c, int w, int size) {
        long ea = Ea.indexed(c, w);
        if ((ea & size - 1) != 0) {
            throw c.alignment(ea);
        }
        return ea;
    }

    // ---- load and reserve ---------------------------------------------------------------------------------------

    private static long reserve(Vcpu c, int w, int size) {
        long host = c.mmu.hostAddress(aligned(c, w, size), Access.READ);
        Reservations shared = c.reservations;
        if (shared != null) {
            c.reserveCount = shared.count(host);
        }
        long v = switch (size) {
            case 1 -> HostMemory.getByte(host);
            case 2 -> HostMemory.getHalf(host);
            case 4 -> HostMemory.getWord(host);
            default -> HostMemory.getDouble(host);
        };
        c.reserved = true;
        c.reserveAddress = host;
        c.reserveSize = size;
        c.reserveValue = v;
        return inGuestOrder(c, v, size);
    }

    /** Exchanges the host's byte order and the guest's. */
    private static long inGuestOrder(Vcpu c, long v, int size) {
        return c.mmu.bigEndian() ? Long.reverseBytes(v) >>> 64 - 8 * size : v;
    }

    public static void lbarx(Vcpu c, int w) {
        c.setGpr(rt(w), reserve(c, w, 1));
    }

    public static void lharx(Vcpu c, int w) {
        c.setGpr(rt(w), reserve(c, w, 2));
    }

    public static void lwarx(Vcpu c, int w) {
        c.setGpr(rt(w), reserve(c, w, 4));
    }

    public static void ldarx(Vcpu c, int w) {
        c.setGpr(rt(w), reserve(c, w, 8));
    }

    /** The even register is the most significant doubleword in either byte order. */
    public static void lqarx(Vcpu c, int w) {
        int t = rt(w);
        if ((t & 1) != 0 || t == ra(w) || t == rb(w)) {
            throw c.illegal();
        }
        long host = c.mmu.hostAddress(aligned(c, w, 16), Access.READ);
        c.reserveCount = loadQuad(c, host);
        c.reserveValue = c.quad[0];
        c.reserveValue2 = c.quad[1];
        c.reserved = true;
        c.reserveAddress = host;
        c.reserveSize = 16;
        boolean big = c.mmu.bigEndian();
        c.setGpr(t, big ? Long.reverseBytes(c.reserveValue) : c.reserveValue2);
        c.setGpr(t + 1, big ? Long.reverseBytes(c.reserveValue2) : c.reserveValue);
    }

    /**
     * An aligned quadword, in host order, to {@link Vcpu#quad}. The platform has no 16-byte access: quadwords are whole
     * to quadword instructions, and each half to all others.
     *
     * @return what {@link Reservations} had counted
     */
    static int loadQuad(Vcpu c, long host) {
        Reservations shared = c.reservations;
        while (true) {
            int count = shared == null ? 0 : shared.count(host);
            c.quad[0] = HostMemory.getDouble(host);
            c.quad[1] = HostMemory.getDouble(host + 8);
            VarHandle.acquireFence();
            if (shared == null || (count & 1) == 0 && shared.count(host) == count) {
                return count;
            }
            Thread.onSpinWait();
        }
    }

    // ---- store conditional --------------------------------------------------------------------------------------

    private static void conditional(Vcpu c, int w, int size) {
        long ea = aligned(c, w, size);
        boolean done = false;
        if (c.reserved && c.reserveSize == size) {
            long host = c.mmu.hostAddress(ea, Access.WRITE);
            long v = inGuestOrder(c, c.gpr(rt(w)), size);
            Reservations shared = c.reservations;
            if (host != c.reserveAddress) {
                done = false;
            } else if (shared == null) {
                done = compareAndSet(host, c.reserveValue, v, size);
            } else if (shared.begin(host, c.reserveCount)) {
                done = compareAndSet(host, c.reserveValue, v, size);
                shared.end(host, done);
            }
        }
        finish(c, done);
    }

    private static void finish(Vcpu c, boolean done) {
        c.reserved = false;
        c.setCr(0, (done ? 2 : 0) | c.so);
    }

    private static boolean compareAndSet(long host, long expected, long v, int size) {
        return switch (size) {
            case 1 -> HostMemory.casByte(host, expected, v);
            case 2 -> HostMemory.casHalf(host, expected, v);
            case 4 -> HostMemory.casWord(host, (int) expected, (int) v);
            default -> HostMemory.casDouble(host, expected, v);
        };
    }

    public static void stbcx_(Vcpu c, int w) {
        conditional(c, w, 1);
    }

    public static void sthcx_(Vcpu c, int w) {
        conditional(c, w, 2);
    }

    public static void stwcx_(Vcpu c, int w) {
        conditional(c, w, 4);
    }

    public static void stdcx_(Vcpu c, int w) {
        conditional(c, w, 8);
    }

    public static void stqcx_(Vcpu c, int w) {
        int s = rt(w);
        if ((s & 1) != 0) {
            throw c.illegal();
        }
        long ea = aligned(c, w, 16);
        boolean done = false;
        if (c.reserved && c.reserveSize == 16) {
            long host = c.mmu.hostAddress(ea, Access.WRITE);
            boolean big = c.mmu.bigEndian();
            Reservations shared = c.reservations;
            if (host == c.reserveAddress && (shared == null || shared.begin(host, c.reserveCount))) {
                done = HostMemory.casQuad(host, c.reserveValue, c.reserveValue2,
                        big ? Long.reverseBytes(c.gpr(s)) : c.gpr(s + 1),
                        big ? Long.reverseBytes(c.gpr(s + 1)) : c.gpr(s));
                if (shared != null) {
                    shared.end(host, done);
                }
            }
        }
        finish(c, done);
    }
}
