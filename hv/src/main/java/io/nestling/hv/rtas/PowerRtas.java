package io.nestling.hv.rtas;

import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import java.nio.charset.StandardCharsets;

/** Power-off, restart, the operating system's death, and starting and stopping processors. */
public final class PowerRtas {
    private static final int MAX_MESSAGE = 256;
    private static final int CPU_STOPPED = 0;
    private static final int CPU_RUNNING = 2;

    private final Lpar lpar;

    /** For one partition. */
    public PowerRtas(Lpar lpar) {
        this.lpar = lpar;
    }

    /** Adds the calls to a table. */
    public void register(RtasTable table) {
        table.register("power-off", 2, 1, a -> end(Ending.POWER_OFF));
        table.register("system-reboot", 0, 1, a -> end(Ending.REBOOT));
        table.register("ibm,os-term", 1, 1, this::osTerm);
        table.register("query-cpu-stopped-state", 1, 2, this::queryStopped);
        table.register("start-cpu", 3, 1, this::startCpu);
        table.register("stop-self", 0, 1, this::stopSelf);
    }

    private int end(Ending how) {
        lpar.end(how, "");
        return RtasTable.SUCCESS;
    }

    /** Input: address of the last words, a C string. */
    private int osTerm(RtasArguments a) {
        long address = a.input(0);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < MAX_MESSAGE && lpar.memory.contains(address + i, 1); i++) {
            int c = (int) lpar.memory.load(address + i, 1);
            if (c == 0) {
                break;
            }
            text.append(c >= 0x20 && c < 0x7f ? (char) c : ' ');
        }
        lpar.end(Ending.PANIC, text.toString().strip());
        return RtasTable.SUCCESS;
    }

    private int queryStopped(RtasArguments a) {
        Processor p = lpar.processor(a.input(0));
        if (p == null) {
            return RtasTable.PARAMETER_ERROR;
        }
        a.output(1, p.stopped ? CPU_STOPPED : CPU_RUNNING);
        return RtasTable.SUCCESS;
    }

    /** Inputs: processor, address of its first instruction, value for its r3. */
    private int startCpu(RtasArguments a) {
        Processor p = lpar.processor(a.input(0));
        if (p == null || !lpar.memory.contains(a.input(1), 4) || (a.input(1) & 3) != 0) {
            return RtasTable.PARAMETER_ERROR;
        }
        if (!p.stopped) {
            return RtasTable.HARDWARE_ERROR;
        }
        // Its thread has let go of it and waits for the flag.
        Vcpu c = p.vcpu;
        c.setGpr(3, a.input(2));
        c.moved(c.nip, a.input(1));
        c.nip = a.input(1);
        c.reserved = false;
        c.setMsr(Msr.SF | Msr.ME);
        p.stopped = false;
        c.kick();
        return RtasTable.SUCCESS;
    }

    private int stopSelf(RtasArguments a) {
        a.cpu().stopping = true;
        return RtasTable.SUCCESS;
    }
}
