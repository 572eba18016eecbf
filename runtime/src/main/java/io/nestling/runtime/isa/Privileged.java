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

    /** Bits 57..63 name a thread of this core. */
    public static void msgsndp(Vcpu c, int w) {
        long message = c.gpr(rb(w));
        if ((message >>> 27 & 31) == DOORBELL_TYPE) {
            c.ringDoorbell((int) message & 127);
        }
    }

    public static void msgclrp(Vcpu c, int w) {
        if ((c.gpr(rb(w)) >>> 27 & 31) == DOORBELL_TYPE) {
            c.spr[Spr.DPDES] = 0;
        }
    }

    public static void msgsync(Vcpu c, int w) {
        VarHandle.fullFence();
    }
}
