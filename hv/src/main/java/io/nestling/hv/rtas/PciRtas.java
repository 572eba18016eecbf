package io.nestling.hv.rtas;

import io.nestling.hv.papr.TceHcalls;
import io.nestling.runtime.device.pci.MsiX;
import io.nestling.runtime.device.pci.PciConfig;
import io.nestling.runtime.device.pci.PciHostBridge;
import io.nestling.runtime.image.DeviceTree;

/**
 * Configuration space and interrupt messages of a PCI host bridge (PAPR, "PCI Configuration Space Access" and
 * "ibm,change-msi"), and the bridge's node in the device tree.
 */
public final class PciRtas {
    /** Unit identity of the bridge, by which calls name it. */
    private static final long UNIT = 0x800_0000_2000_0000L;

    // Functions of ibm,change-msi, and what it answers.
    private static final int RELEASE = 1;
    private static final int RESET = 2;
    private static final int CHANGE_MSI = 3;
    private static final int CHANGE_MSIX = 4;
    private static final int TYPE_MSIX = 2;
    private static final int EDGE = 1;

    // First cells of PCI addresses (IEEE 1275 PCI binding, 2.2.1).
    private static final int MEMORY_32 = 0x0200_0000;
    private static final int NOT_RELOCATABLE = 0x8000_0000;
    private static final int BAR0 = 0x10;

    private final PciHostBridge bridge;

    /** For one bridge. */
    public PciRtas(PciHostBridge bridge) {
        this.bridge = bridge;
    }

    /** Adds the calls to a table. */
    public void register(RtasTable table) {
        table.register("ibm,read-pci-config", 4, 2, this::read);
        table.register("ibm,write-pci-config", 5, 1, this::write);
        table.register("ibm,change-msi", 6, 3, this::change);
        table.register("ibm,query-interrupt-source-number", 4, 3, this::query);
    }

    private static boolean here(long high, long low) {
        return high == UNIT >>> 32 && low == (UNIT & 0xffffffffL);
    }

    /** The device of a configuration address: bus in bits 16 to 23, device from 11, function from 8, register below. */
    private PciHostBridge.Slot slot(long address, long unitHigh, long unitLow) {
        return here(unitHigh, unitLow) ? bridge.slot(address >>> 16 & 0xff, address >>> 11 & 0x1f, address >>> 8 & 7) : null;
    }

    private static boolean valid(long register, long size) {
        return (size == 1 || size == 2 || size == 4) && register % size == 0 && register + size <= PciConfig.SIZE;
    }

    /** The register, with the four bits of extended configuration space above. */
    private static int register(long address) {
        return (int) (address & 0xff | address >>> 20 & 0xf00);
    }

    /** Inputs: configuration address, unit (two words), size. Output: value. */
    private int read(RtasArguments a) {
        int register = register(a.input(0));
        long size = a.input(3);
        if (!here(a.input(1), a.input(2)) || size != 1 && size != 2 && size != 4) {
            return RtasTable.PARAMETER_ERROR;
        }
        PciHostBridge.Slot slot = slot(a.input(0), a.input(1), a.input(2));
        if (slot == null || !valid(register, size)) {
            a.output(1, -1);
            return slot == null ? RtasTable.SUCCESS : RtasTable.PARAMETER_ERROR;
        }
        a.output(1, slot.function().readConfig(register, (int) size));
        return RtasTable.SUCCESS;
    }

    /** Inputs: configuration address, unit (two words), size, value. */
    private int write(RtasArguments a) {
        PciHostBridge.Slot slot = slot(a.input(0), a.input(1), a.input(2));
        int register = register(a.input(0));
        if (slot == null || !valid(register, a.input(3))) {
            return RtasTable.PARAMETER_ERROR;
        }
        slot.function().writeConfig(register, (int) a.input(3), (int) a.input(4));
        return RtasTable.SUCCESS;
    }

    /**
     * Inputs: configuration address, unit (two words), function, vectors wanted, sequence number. Outputs: vectors given,
     * next sequence number, and the type of interrupt where there is room for it.
     */
    private int change(RtasArguments a) {
        PciHostBridge.Slot slot = slot(a.input(0), a.input(1), a.input(2));
        long function = a.input(3);
        if (slot == null || function != RELEASE && function != RESET && function != CHANGE_MSI && function != CHANGE_MSIX) {
            return RtasTable.PARAMETER_ERROR;
        }
        MsiX msix = slot.function().msix();
        long wanted = function == RESET ? 0 : a.input(4);
        // Plain MSI, which our devices do not have, can only be given up.
        if (function == CHANGE_MSI && wanted != 0) {
            return RtasTable.PARAMETER_ERROR;
        }
        int given = (int) Math.min(wanted, msix.vectors());
        bridge.program(slot, given);
        a.output(1, given);
        a.output(2, a.input(5) + 1);
        if (a.outputs() > 3) {
            a.output(3, TYPE_MSIX);
        }
        return RtasTable.SUCCESS;
    }

    /** Inputs: configuration address, unit (two words), vector. Outputs: interrupt source, and that it is an edge. */
    private int query(RtasArguments a) {
        PciHostBridge.Slot slot = slot(a.input(0), a.input(1), a.input(2));
        if (slot == null || a.input(3) >= slot.function().msix().vectors()) {
            return RtasTable.PARAMETER_ERROR;
        }
        a.output(1, slot.firstMessage() + a.input(3));
        a.output(2, EDGE);
        return RtasTable.SUCCESS;
    }

    // ---- device tree --------------------------------------------------------------------------------------------

    /** Tells the guest of the bridge and its devices, which it does not probe for, in the order of slots. */
    public void describe(DeviceTree tree) {
        DeviceTree.Node controller = tree.root().node("interrupt-controller");
        DeviceTree.Node node = tree.root().node("pci@" + Long.toHexString(UNIT));
        node.strings("device_type", "pci").strings("compatible", "IBM,Logical_PHB").strings("model", "IBM,Logical_PHB")
                .longs("reg", UNIT, 0).cells("#address-cells", 3).cells("#size-cells", 2).cells("#interrupt-cells", 1)
                .flag("used-by-rtas").cells("bus-range", 0, 0xff).cells("ibm,pci-config-space-type", 0)
                .cells("clock-frequency", 0);
        node.cells("ranges", MEMORY_32, 0, (int) PciHostBridge.BUS_MEMORY, (int) (PciHostBridge.WINDOW >>> 32),
                (int) PciHostBridge.WINDOW, 0, (int) PciHostBridge.MEMORY_SIZE);
        TceHcalls.describe(node);
        int messages = 0;
        int[] map = new int[7 * bridge.slots().size()];
        int i = 0;
        for (PciHostBridge.Slot s : bridge.slots()) {
            messages += s.function().msix().vectors();
            // Device, pin A, controller, source, level.
            for (int cell : new int[] {s.address(), 0, 0, 1, controller.phandle(), s.pin(), 1}) {
                map[i++] = cell;
            }
            describe(node, s);
        }
        node.cells("interrupt-map-mask", 0xf800, 0, 0, 7).cells("interrupt-map", map).cells("ibm,pe-total-#msi", messages);
    }

    private static void describe(DeviceTree.Node bus, PciHostBridge.Slot s) {
        PciConfig c = s.function().config();
        DeviceTree.Node node = bus.node(String.format("pci%x,%x@%x", c.get(0, 2), c.get(2, 2), s.slot()));
        node.cells("vendor-id", c.get(0, 2)).cells("device-id", c.get(2, 2)).cells("revision-id", c.get(8, 1))
                .cells("class-code", c.get(9, 3)).cells("subsystem-vendor-id", c.get(0x2c, 2))
                .cells("subsystem-id", c.get(0x2e, 2)).cells("interrupts", 1)
                .cells("ibm,req#msi-x", s.function().msix().vectors())
                .cells("reg", s.address(), 0, 0, 0, 0, MEMORY_32 | s.address() | BAR0, 0, 0, 0, c.barSize())
                .cells("assigned-addresses", NOT_RELOCATABLE | MEMORY_32 | s.address() | BAR0, 0, c.bar(), 0, c.barSize());
    }
}
