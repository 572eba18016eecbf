package io.nestling.hv.papr;

import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Spr;
import java.util.List;

/** H_SET_MODE: how interrupts are taken, and the debug registers a guest may not write itself. */
public final class ModeHcalls implements HcallFamily {
    private static final int RESOURCE_CIABR = 1;
    private static final int RESOURCE_DAWR0 = 2;
    private static final int RESOURCE_ADDRESS_TRANSLATION = 3;
    private static final int RESOURCE_LITTLE_ENDIAN = 4;
    private static final long PRIVILEGE_HYPERVISOR = 3;
    private static final long DAWRX_HYPERVISOR = 4;

    private final Lpar lpar;

    /** For one partition. */
    public ModeHcalls(Lpar lpar) {
        this.lpar = lpar;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0x31c, "H_SET_MODE", this::setMode);
    }

    @Override
    public List<String> functionSets() {
        return List.of("hcall-set-mode");
    }

    /** Arguments: flags, resource, value 1, value 2. */
    private long setMode(Processor cpu) {
        long flags = cpu.arg(1);
        long value1 = cpu.arg(3);
        long value2 = cpu.arg(4);
        long resource = cpu.arg(2);
        if (resource == RESOURCE_LITTLE_ENDIAN || resource == RESOURCE_ADDRESS_TRANSLATION) {
            if (value1 != 0) {
                return Status.P3;
            }
            if (value2 != 0) {
                return Status.P4;
            }
            return resource == RESOURCE_LITTLE_ENDIAN ? littleEndian(cpu, flags)
                    : addressTranslation(cpu, flags);
        }
        if (resource == RESOURCE_CIABR) {
            return ciabr(cpu, flags, value1, value2);
        }
        if (resource == RESOURCE_DAWR0) {
            return dawr0(cpu, flags, value1, value2);
        }
        return Status.P2;
    }

    private long littleEndian(Processor cpu, long flags) {
        if ((flags & ~1L) != 0) {
            return Status.unsupportedFlag(flags & ~1L);
        }
        lpar.setLpcr(cpu, Interrupts.LPCR_ILE, flags == 1 ? Interrupts.LPCR_ILE : 0);
        return Status.SUCCESS;
    }

    /** 0: interrupts turn relocation off; 3: they go to 0xc000000000004000 with relocation on. */
    private long addressTranslation(Processor cpu, long flags) {
        if ((flags & ~3L) != 0) {
            return Status.unsupportedFlag(flags & ~3L);
        }
        if (flags == 1 || flags == 2) {
            return Status.unsupportedFlag(flags);
        }
        lpar.setLpcr(cpu, Interrupts.LPCR_AIL, flags == 3 ? Interrupts.LPCR_AIL : 0);
        return Status.SUCCESS;
    }

    private static long ciabr(Processor cpu, long flags, long value1, long value2) {
        if (flags != 0) {
            return Status.unsupportedFlag(flags);
        }
        if (value2 != 0) {
            return Status.P4;
        }
        if ((value1 & 3) == PRIVILEGE_HYPERVISOR) {
            return Status.P3;
        }
        cpu.vcpu.spr[Spr.CIABR] = value1;
        return Status.SUCCESS;
    }

    private static long dawr0(Processor cpu, long flags, long value1, long value2) {
        if (flags != 0) {
            return Status.unsupportedFlag(flags);
        }
        if ((value2 & DAWRX_HYPERVISOR) != 0 || value2 >>> 32 != 0) {
            return Status.P4;
        }
        cpu.vcpu.spr[Spr.DAWR0] = value1;
        cpu.vcpu.spr[Spr.DAWRX0] = value2;
        return Status.SUCCESS;
    }
}
