package io.nestling.hv.papr;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.image.DeviceTree;
import java.util.List;

/** The virtual terminal: up to 16 bytes a call, packed big-endian into two registers (PAPR, "Virtual Terminal"). */
public final class TermHcalls implements HcallFamily {
    private static final int MAX = 16;

    private final Console console;
    private final long unit;
    private final int interrupt;
    private final byte[] buffer = new byte[MAX];

    /**
     * For one console.
     *
     * @param unit unit address of its {@code vty} node
     * @param interrupt number of the edge source that tells of input
     */
    public TermHcalls(Console console, int unit, int interrupt) {
        this.console = console;
        this.unit = unit;
        this.interrupt = interrupt;
    }

    @Override
    public void register(HcallTable table) {
        table.register(0x54, "H_GET_TERM_CHAR", this::get);
        table.register(0x58, "H_PUT_TERM_CHAR", this::put);
    }

    @Override
    public List<String> functionSets() {
        return List.of("hcall-term");
    }

    @Override
    public void describe(DeviceTree tree) {
        String name = "vty@" + Integer.toHexString((int) unit);
        DeviceTree.Node vdevice = tree.root().node("vdevice");
        vdevice.strings("device_type", "vdevice").strings("compatible", "IBM,vdevice")
                .cells("#address-cells", 1).cells("#size-cells", 0);
        vdevice.node(name).strings("device_type", "serial").strings("compatible", "hvterm1")
                .cells("reg", (int) unit).cells("interrupts", interrupt, 0)
                .cells("interrupt-parent", tree.root().node("interrupt-controller").phandle());
        tree.root().node("chosen").strings("stdout-path", "/vdevice/" + name)
                .strings("linux,stdout-path", "/vdevice/" + name);
    }

    private boolean names(long terminal) {
        // Terminal 0 is the partition's first one, whatever its unit address.
        return terminal == unit || terminal == 0;
    }

    private synchronized long get(Processor cpu) {
        if (!names(cpu.arg(1))) {
            return Status.PARAMETER;
        }
        console.flush();
        int n = console.get(buffer, MAX);
        long high = 0;
        long low = 0;
        for (int i = 0; i < n; i++) {
            long b = buffer[i] & 0xffL;
            if (i < 8) {
                high |= b << 56 - 8 * i;
            } else {
                low |= b << 120 - 8 * i;
            }
        }
        cpu.result(1, n);
        cpu.result(2, high);
        cpu.result(3, low);
        return Status.SUCCESS;
    }

    private synchronized long put(Processor cpu) {
        long length = cpu.arg(2);
        if (!names(cpu.arg(1)) || length < 0 || length > MAX) {
            return Status.PARAMETER;
        }
        for (int i = 0; i < length; i++) {
            console.put((int) (cpu.arg(3 + (i >> 3)) >>> 56 - 8 * (i & 7)));
        }
        console.endBurst();
        return Status.SUCCESS;
    }
}
