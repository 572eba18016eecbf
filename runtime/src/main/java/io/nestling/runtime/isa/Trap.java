package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.si;

import io.nestling.runtime.cpu.Vcpu;

/** Fixed-point traps (Power ISA 3.0B, Book I, 3.3.11). */
public final class Trap {
    private Trap() {}

    private static void check(Vcpu c, int w, long a, long b) {
        int to = rt(w);
        boolean trap = (to & 16) != 0 && a < b || (to & 8) != 0 && a > b || (to & 4) != 0 && a == b
                || (to & 2) != 0 && Long.compareUnsigned(a, b) < 0 || (to & 1) != 0 && Long.compareUnsigned(a, b) > 0;
        if (trap) {
            throw c.program(Vcpu.PROGRAM_TRAP);
        }
    }

    public static void td(Vcpu c, int w) {
        check(c, w, c.gpr(ra(w)), c.gpr(rb(w)));
    }

    public static void tdi(Vcpu c, int w) {
        check(c, w, c.gpr(ra(w)), si(w));
    }

    // Sign-extending both words keeps their order, signed and unsigned.

    public static void tw(Vcpu c, int w) {
        check(c, w, (int) c.gpr(ra(w)), (int) c.gpr(rb(w)));
    }

    public static void twi(Vcpu c, int w) {
        check(c, w, (int) c.gpr(ra(w)), si(w));
    }
}
