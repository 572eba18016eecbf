package io.nestling.hv.papr;

import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import java.util.random.RandomGenerator;

/** Idling, waking and describing processors. */
public final class CpuHcalls implements HcallFamily {
    /** Behaviours of H_GET_CPU_CHARACTERISTICS: no flush of the L1 data cache on kernel entry or user access, ... */
    private static final long NO_L1D_FLUSH_ENTRY = 1L << 56;
    private static final long NO_L1D_FLUSH_USER_ACCESS = 1L << 55;
    /** ... and no store-forwarding barrier. */
    private static final long NO_STF_BARRIER = 1L << 54;

    private final Lpar lpar;
    private final RandomGenerator random;

    /**
     * For one partition.
     *
     * @param random what H_RANDOM gives
     */
    public CpuHcalls(Lpar lpar, RandomGenerator random) {
        this.lpar = lpar;
        this.random = random;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0xe0, "H_CEDE", this::cede);
        table.register(0xe4, "H_CONFER", this::confer);
        table.register(0xe8, "H_PROD", this::prod);
        table.register(0x1c8, "H_GET_CPU_CHARACTERISTICS", this::characteristics);
        table.register(0x300, "H_RANDOM", this::random);
        table.register(0x380, "H_SIGNAL_SYS_RESET", this::systemReset);
    }

    private long cede(Processor cpu) {
        cpu.vcpu.setMsr(cpu.vcpu.msr | Msr.EE);
        // In this order, so that no prod from another thread is lost.
        if (cpu.prodded) {
            cpu.prodded = false;
        } else {
            cpu.ceded = true;
        }
        return Status.SUCCESS;
    }

    private long prod(Processor cpu) {
        Processor target = lpar.processor(cpu.arg(1));
        if (target == null) {
            return Status.PARAMETER;
        }
        target.prodded = true;
        target.vcpu.kick();
        return Status.SUCCESS;
    }

    /** Arguments: processor to run instead, or -1 for any, and its dispatch count. All others get their turn. */
    private long confer(Processor cpu) {
        if (cpu.arg(1) != -1 && lpar.processor(cpu.arg(1)) == null) {
            return Status.PARAMETER;
        }
        cpu.conferred = true;
        return Status.SUCCESS;
    }

    /** No processor of ours speculates, so no guest needs to defend itself, nor pay for it. */
    private long characteristics(Processor cpu) {
        cpu.result(1, 0);
        cpu.result(2, NO_L1D_FLUSH_ENTRY | NO_L1D_FLUSH_USER_ACCESS | NO_STF_BARRIER);
        return Status.SUCCESS;
    }

    private long random(Processor cpu) {
        synchronized (random) {
            cpu.result(1, random.nextLong());
        }
        return Status.SUCCESS;
    }

    /** Argument: a processor, -1 for all, -2 for all but the caller. */
    private long systemReset(Processor cpu) {
        long which = cpu.arg(1);
        if (which == -1 || which == -2) {
            for (Processor p : lpar.processors) {
                if (which == -1 || p != cpu) {
                    reset(cpu, p);
                }
            }
            return Status.SUCCESS;
        }
        Processor target = lpar.processor(which);
        if (target == null) {
            return Status.PARAMETER;
        }
        reset(cpu, target);
        return Status.SUCCESS;
    }

    private static void reset(Processor caller, Processor target) {
        if (target == caller) {
            Interrupts.deliver(caller.vcpu, Interrupts.SYSTEM_RESET, 0);
        } else if (!target.stopped) {
            target.vcpu.requestSystemReset();
        }
    }
}
