package io.nestling.hv.papr;

import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import java.util.List;

/** H_REGISTER_VPA: areas of guest memory through which level 0 and a processor's scheduler talk. */
public final class VpaHcalls implements HcallFamily {
    private static final int VPA_MIN = 640;
    private static final int SLB_SHADOW_MIN = 8;
    private static final int TRACE_MIN = 48;
    private static final int AREA_ALIGNMENT = 4096;

    private final Lpar lpar;

    /** For one partition. */
    public VpaHcalls(Lpar lpar) {
        this.lpar = lpar;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0xdc, "H_REGISTER_VPA", this::registerVpa);
    }

    @Override
    public List<String> functionSets() {
        return List.of("hcall-splpar");
    }

    /** Arguments: function in bits 16..18, processor, guest real address. */
    private long registerVpa(Processor cpu) {
        Processor target = lpar.processor(cpu.arg(2));
        if (target == null) {
            return Status.PARAMETER;
        }
        long address = cpu.arg(3);
        long function = cpu.arg(1) >>> 45 & 7;
        if ((cpu.arg(1) & ~(7L << 45)) != 0) {
            return Status.PARAMETER;
        }
        return switch ((int) function) {
            case 1 -> registerArea(target, address);
            case 2 -> registerTrace(target, address);
            case 3 -> registerSlbShadow(target, address);
            case 5 -> deregisterArea(target);
            case 6 -> {
                target.dispatchTraceLog = 0;
                yield Status.SUCCESS;
            }
            case 7 -> {
                target.slbShadow = 0;
                yield Status.SUCCESS;
            }
            default -> Status.PARAMETER;
        };
    }

    private boolean readable(long address, int alignment) {
        return address > 0 && (address & alignment - 1) == 0 && lpar.memory.contains(address, 8);
    }

    private long registerArea(Processor target, long address) {
        if (!readable(address, 64)) {
            return Status.PARAMETER;
        }
        long size = lpar.memory.load(address + 4, 2);
        boolean crosses = address / AREA_ALIGNMENT != (address + size - 1) / AREA_ALIGNMENT;
        if (size < VPA_MIN || crosses || !lpar.memory.contains(address, size)) {
            return Status.PARAMETER;
        }
        target.vpa = address;
        return Status.SUCCESS;
    }

    private long deregisterArea(Processor target) {
        if (target.slbShadow != 0 || target.dispatchTraceLog != 0) {
            return Status.RESOURCE;
        }
        target.vpa = 0;
        return Status.SUCCESS;
    }

    private long registerSlbShadow(Processor target, long address) {
        if (!readable(address, 8)) {
            return Status.PARAMETER;
        }
        long size = lpar.memory.load(address + 4, 4);
        boolean crosses = address / AREA_ALIGNMENT != (address + size - 1) / AREA_ALIGNMENT;
        if (size < SLB_SHADOW_MIN || crosses || !lpar.memory.contains(address, size)) {
            return Status.PARAMETER;
        }
        if (target.vpa == 0) {
            return Status.RESOURCE;
        }
        target.slbShadow = address;
        return Status.SUCCESS;
    }

    private long registerTrace(Processor target, long address) {
        if (!readable(address, 8)) {
            return Status.PARAMETER;
        }
        long size = lpar.memory.load(address + 4, 4);
        if (size < TRACE_MIN || !lpar.memory.contains(address, size)) {
            return Status.PARAMETER;
        }
        if (target.vpa == 0) {
            return Status.RESOURCE;
        }
        target.dispatchTraceLog = address;
        return Status.SUCCESS;
    }
}
