package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.dq;
import static io.nestling.decoder.Fields.ds;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.si;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.HostMemory;
import io.nestling.runtime.mmu.Access;

/**
 * Quadword, multiple and string accesses (Power ISA 3.0B, Book I, 3.3.4, 3.3.6 and 3.3.7). Multiple and string forms
 * raise an alignment interrupt in little-endian mode, as POWER9 does. All storage is probed first: a fault changes
 * nothing.
 */
public final class MultipleAccess {
    private MultipleAccess() {}

    // ---- quadwords: the even register is the most significant doubleword in either byte order --------------------

    public static void lq(Vcpu c, int w) {
        int t = rt(w);
        if ((t & 1) != 0 || t == ra(w)) {
            throw c.illegal();
        }
        long ea = Ea.base(c, w, dq(w));
        boolean big = c.mmu.bigEndian();
        long first;
        long second;
        if (c.reservations != null && (ea & 15) == 0) {
            Atomic.loadQuad(c, c.mmu.hostAddress(ea, Access.READ));
            first = big ? Long.reverseBytes(c.quad[0]) : c.quad[0];
            second = big ? Long.reverseBytes(c.quad[1]) : c.quad[1];
        } else {
            first = c.mmu.loadDouble(ea);
            second = c.mmu.loadDouble(c.ea(ea + 8));
        }
        c.setGpr(t, big ? first : second);
        c.setGpr(t + 1, big ? second : first);
    }

    public static void stq(Vcpu c, int w) {
        int s = rt(w);
        if ((s & 1) != 0) {
            throw c.illegal();
        }
        long ea = Ea.base(c, w, ds(w));
        boolean big = c.mmu.bigEndian();
        c.mmu.probe(ea, 16, Access.WRITE);
        if (c.reservations != null && (ea & 15) == 0) {
            long host = c.mmu.hostAddress(ea, Access.WRITE);
            c.reservations.begin(host);
            HostMemory.putDouble(host, big ? Long.reverseBytes(c.gpr(s)) : c.gpr(s + 1));
            HostMemory.putDouble(host + 8, big ? Long.reverseBytes(c.gpr(s + 1)) : c.gpr(s));
            c.reservations.end(host, true);
            return;
        }
        c.mmu.storeDouble(ea, c.gpr(big ? s : s + 1));
        c.mmu.storeDouble(c.ea(ea + 8), c.gpr(big ? s + 1 : s));
    }

    // ---- multiple -----------------------------------------------------------------------------------------------

    private static void needBigEndian(Vcpu c, long ea) {
        if (!c.mmu.bigEndian()) {
            throw c.alignment(ea);
        }
    }

    public static void lmw(Vcpu c, int w) {
        long ea = Ea.base(c, w, si(w));
        needBigEndian(c, ea);
        int t = rt(w);
        if (ra(w) >= t) {
            throw c.illegal();
        }
        c.mmu.probe(ea, 4 * (32 - t), Access.READ);
        for (int r = t; r < 32; r++) {
            c.setGpr(r, c.mmu.loadWord(ea));
            ea = c.ea(ea + 4);
        }
    }

    public static void stmw(Vcpu c, int w) {
        long ea = Ea.base(c, w, si(w));
        needBigEndian(c, ea);
        int s = rt(w);
        c.mmu.probe(ea, 4 * (32 - s), Access.WRITE);
        for (int r = s; r < 32; r++) {
            c.mmu.storeWord(ea, c.gpr(r));
            ea = c.ea(ea + 4);
        }
    }

    // ---- strings ------------------------------------------------------------------------------------------------

    /** NB: 0 stands for 32. */
    private static int immediateCount(int w) {
        int n = rb(w);
        return n == 0 ? 32 : n;
    }

    public static void lswi(Vcpu c, int w) {
        load(c, w, Ea.base(c, w, 0), immediateCount(w), -1);
    }

    public static void lswx(Vcpu c, int w) {
        load(c, w, Ea.indexed(c, w), c.xerCount, rb(w));
    }

    public static void stswi(Vcpu c, int w) {
        store(c, w, Ea.base(c, w, 0), immediateCount(w));
    }

    public static void stswx(Vcpu c, int w) {
        store(c, w, Ea.indexed(c, w), c.xerCount);
    }

    private static boolean inRange(int register, int first, int bytes) {
        return (register - first & 31) < (bytes + 3) / 4;
    }

    private static void load(Vcpu c, int w, long from, int n, int indexRegister) {
        needBigEndian(c, from);
        int t = rt(w);
        // RA is excluded even as 0; the index register of lswx likewise.
        if (inRange(ra(w), t, n) || indexRegister >= 0 && (inRange(indexRegister, t, n) || t == indexRegister)) {
            throw c.illegal();
        }
        if (n == 0) {
            return;
        }
        c.mmu.probe(from, n, Access.READ);
        long ea = from;
        for (int i = 0; i < n; i += 4) {
            long v = 0;
            for (int k = i; k < i + 4; k++) {
                v <<= 8;
                if (k < n) {
                    v |= c.mmu.loadByte(ea);
                    ea = c.ea(ea + 1);
                }
            }
            c.setGpr(t + i / 4 & 31, v);
        }
    }

    private static void store(Vcpu c, int w, long from, int n) {
        needBigEndian(c, from);
        if (n == 0) {
            return;
        }
        c.mmu.probe(from, n, Access.WRITE);
        long ea = from;
        for (int i = 0; i < n; i++) {
            c.mmu.storeByte(ea, c.gpr(rt(w) + i / 4 & 31) >>> 24 - 8 * (i & 3));
            ea = c.ea(ea + 1);
        }
    }
}
