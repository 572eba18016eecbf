package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.bd;
import static io.nestling.decoder.Fields.li;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rt;

import io.nestling.runtime.cpu.Vcpu;

/** Branches (Power ISA 3.0B, Book I, 2.4). BO is bits 6..10, BI 11..15. */
public final class Branch {
    private Branch() {}

    private static final int BO_NO_CONDITION = 16;
    private static final int BO_SENSE = 8;
    private static final int BO_NO_COUNT = 4;
    private static final int BO_COUNT_ZERO = 2;

    private static boolean absolute(int w) {
        return (w & 2) != 0;
    }

    private static boolean link(int w) {
        return (w & 1) != 0;
    }

    /** Does CR bit BI satisfy BO? */
    private static boolean condition(Vcpu c, int w, int bo) {
        return (bo & BO_NO_CONDITION) != 0 || c.crBit(ra(w)) == ((bo & BO_SENSE) != 0);
    }

    /** Decrements CTR if BO says so; does it then satisfy BO? */
    private static boolean count(Vcpu c, int bo) {
        if ((bo & BO_NO_COUNT) != 0) {
            return true;
        }
        long n = --c.ctr;
        return (n & c.eaMask) == 0 == ((bo & BO_COUNT_ZERO) != 0);
    }

    public static long b(Vcpu c, int w, long pc) {
        if (link(w)) {
            c.lr = c.ea(pc + 4);
        }
        return c.ea(absolute(w) ? li(w) : pc + li(w));
    }

    public static long bc(Vcpu c, int w, long pc) {
        int bo = rt(w);
        boolean taken = count(c, bo) & condition(c, w, bo);
        long next = c.ea(pc + 4);
        if (link(w)) {
            c.lr = next;
        }
        return !taken ? next : c.ea(absolute(w) ? bd(w) : pc + bd(w));
    }

    private static long register(Vcpu c, int w, long pc, boolean taken, long target) {
        long next = c.ea(pc + 4);
        if (link(w)) {
            c.lr = next;
        }
        return taken ? c.ea(target & ~3L) : next;
    }

    public static long bclr(Vcpu c, int w, long pc) {
        int bo = rt(w);
        return register(c, w, pc, count(c, bo) & condition(c, w, bo), c.lr);
    }

    /** Forms that decrement CTR are invalid. */
    public static long bcctr(Vcpu c, int w, long pc) {
        int bo = rt(w);
        if ((bo & BO_NO_COUNT) == 0) {
            throw c.illegal();
        }
        return register(c, w, pc, condition(c, w, bo), c.ctr);
    }

    public static long bctar(Vcpu c, int w, long pc) {
        int bo = rt(w);
        return register(c, w, pc, count(c, bo) & condition(c, w, bo), c.tar);
    }
}
