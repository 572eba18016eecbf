package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.rb;

import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import java.lang.invoke.VarHandle;

/** Power saving and directed privileged doorbells (Power ISA 3.0B, Book III, 3.3.2 and 10.4). */
public final class Privileged {
    private Privileged() {}

    /** Message type 5 in bits 32..36: directed doorbell. */
    private static final int DOORBELL_TYPE = 5;

    /** Leaving the power-saving state at once is allowed. */
    public static void stop(Vcpu c, int w) {}

    /** True for a doorbell to thread 0 of this core, the only one. */
    private static boolean toThisThread(long message) {
        return (message >>> 27 & 31) == DOORBELL_TYPE && (message & 127) == 0;
    }

    public static void msgsndp(Vcpu c, int w) {
        if (toThisThread(c.gpr[rb(w)])) {
            c.spr[Spr.DPDES] = 1;
            c.deadline = 0;
        }
    }

    public static void msgclrp(Vcpu c, int w) {
        if ((c.gpr[rb(w)] >>> 27 & 31) == DOORBELL_TYPE) {
            c.spr[Spr.DPDES] = 0;
        }
    }

    public static void msgsync(Vcpu c, int w) {
        VarHandle.fullFence();
    }
}
