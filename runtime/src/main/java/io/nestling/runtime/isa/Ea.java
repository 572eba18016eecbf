package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;

import io.nestling.runtime.cpu.Vcpu;

/** Effective addresses of storage access instructions (Power ISA 3.0B, Book I, 1.11.3). */
final class Ea {
    private Ea() {}

    /** (RA|0) + displacement. */
    static long base(Vcpu c, int w, long displacement) {
        int a = ra(w);
        return c.ea((a == 0 ? 0 : c.gpr(a)) + displacement);
    }

    /** (RA|0) + (RB). */
    static long indexed(Vcpu c, int w) {
        return base(c, w, c.gpr(rb(w)));
    }

    /** (RA) + displacement for an update form of a store, where RA=0 is invalid. */
    static long storeUpdate(Vcpu c, int w, long displacement) {
        int a = ra(w);
        if (a == 0) {
            throw c.illegal();
        }
        return c.ea(c.gpr(a) + displacement);
    }

    /** (RA) + displacement for an update form of a load, where RA=0 and RA=RT are invalid. */
    static long loadUpdate(Vcpu c, int w, long displacement) {
        int a = ra(w);
        if (a == 0 || a == (w >>> 21 & 31)) {
            throw c.illegal();
        }
        return c.ea(c.gpr(a) + displacement);
    }
}
