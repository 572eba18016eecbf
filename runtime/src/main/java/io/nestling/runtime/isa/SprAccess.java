package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.spr;

import io.nestling.runtime.cpu.RegisterTable;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;

/**
 * Moves to and from special purpose registers (Power ISA 3.0B, Book I, 3.3.17; Book III, 4.4.4). {@link RegisterTable}
 * decides; the registers that compiled code and interrupt handlers use all the time are handled here.
 */
public final class SprAccess {
    private SprAccess() {}

    /** Bit spr0 of a number: privileged. */
    private static final int PRIVILEGED = 16;

    public static void mfspr(Vcpu c, int w, long pc) {
        int n = spr(w);
        switch (n) {
            case Spr.LR -> c.setGpr(rt(w), c.lr);
            case Spr.CTR -> c.setGpr(rt(w), c.ctr);
            case Spr.XER -> c.setGpr(rt(w), c.xer());
            default -> read(c, w, n, pc);
        }
    }

    private static void read(Vcpu c, int w, int n, long pc) {
        if ((n & PRIVILEGED) != 0) {
            c.needPrivilege();
            if (RegisterTable.plain(n) || n == Spr.AMR) {
                c.setGpr(rt(w), c.spr[n]);
                return;
            }
        }
        c.setGpr(rt(w), RegisterTable.read(c, n, c.gpr(rt(w)), pc));
    }

    public static void mtspr(Vcpu c, int w, long pc) {
        int n = spr(w);
        switch (n) {
            case Spr.LR -> c.lr = c.gpr(rt(w));
            case Spr.CTR -> c.ctr = c.gpr(rt(w));
            case Spr.XER -> c.setXer(c.gpr(rt(w)));
            default -> write(c, n, c.gpr(rt(w)), pc);
        }
    }

    private static void write(Vcpu c, int n, long v, long pc) {
        if ((n & PRIVILEGED) != 0) {
            c.needPrivilege();
            if (RegisterTable.plain(n)) {
                c.spr[n] = v;
                return;
            }
            if (n == Spr.AMR) {
                RegisterTable.setKeys(c, n, v);
                return;
            }
        }
        RegisterTable.write(c, n, v, pc);
    }

    /** As mfspr: the numbers it was made for, 268 and 269, are the timebase. */
    public static void mftb(Vcpu c, int w, long pc) {
        mfspr(c, w, pc);
    }
}
