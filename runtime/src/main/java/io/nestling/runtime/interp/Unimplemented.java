package io.nestling.runtime.interp;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Vcpu;

/** What a word gets that is no instruction, or one without semantics yet: the illegal instruction interrupt. */
final class Unimplemented {
    private Unimplemented() {}

    /** The fault for a row of the table, 0 for a word that is in no row. */
    static GuestFault fault(Vcpu c, int row) {
        if (row != 0) {
            c.unimplemented++;
        }
        return c.illegal();
    }
}
