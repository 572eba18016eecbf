package io.nestling.hv.papr;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.image.DeviceTree;
import java.util.List;

/** Presentation of interrupts to the calling processor, and inter-processor interrupts (PAPR, "Interrupt Support"). */
public final class XicsHcalls implements HcallFamily {
    private final Xics xics;

    /** For one interrupt controller. */
    public XicsHcalls(Xics xics) {
        this.xics = xics;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0x64, "H_EOI", this::endOfInterrupt);
        table.register(0x68, "H_CPPR", this::setCppr);
        table.register(0x6c, "H_IPI", this::interruptProcessor);
        table.register(0x70, "H_IPOLL", this::poll);
        table.register(0x74, "H_XIRR", this::accept);
        table.register(0x2fc, "H_XIRR_X", this::acceptTimed);
    }

    @Override
    public List<String> functionSets() {
        return List.of("hcall-interrupt");
    }

    @Override
    public void describe(DeviceTree tree) {
        DeviceTree.Node node = tree.root().node("interrupt-controller");
        node.strings("device_type", "PowerPC-External-Interrupt-Presentation").strings("compatible", "IBM,ppc-xicp")
                .flag("interrupt-controller").cells("#interrupt-cells", 2).cells("#address-cells", 0)
                .cells("ibm,interrupt-server-ranges", 0, xics.servers());
        node.phandle();
    }

    private long endOfInterrupt(Processor cpu) {
        if (cpu.arg(1) >>> 32 != 0) {
            return Status.PARAMETER;
        }
        xics.endOfInterrupt(cpu.vcpu.id, (int) cpu.arg(1));
        return Status.SUCCESS;
    }

    private long setCppr(Processor cpu) {
        if (cpu.arg(1) >>> 8 != 0) {
            return Status.PARAMETER;
        }
        xics.setCppr(cpu.vcpu.id, (int) cpu.arg(1));
        return Status.SUCCESS;
    }

    private long interruptProcessor(Processor cpu) {
        if (!xics.hasServer(cpu.arg(1)) || cpu.arg(2) >>> 8 != 0) {
            return Status.PARAMETER;
        }
        xics.setMfrr((int) cpu.arg(1), (int) cpu.arg(2));
        return Status.SUCCESS;
    }

    private long poll(Processor cpu) {
        if (!xics.hasServer(cpu.arg(1))) {
            return Status.PARAMETER;
        }
        int server = (int) cpu.arg(1);
        cpu.result(1, xics.poll(server) & 0xffffffffL);
        cpu.result(2, xics.mfrr(server));
        return Status.SUCCESS;
    }

    private long accept(Processor cpu) {
        cpu.result(1, xics.accept(cpu.vcpu.id) & 0xffffffffL);
        return Status.SUCCESS;
    }

    private long acceptTimed(Processor cpu) {
        accept(cpu);
        cpu.result(2, cpu.vcpu.timebase(cpu.vcpu.nip));
        return Status.SUCCESS;
    }
}
