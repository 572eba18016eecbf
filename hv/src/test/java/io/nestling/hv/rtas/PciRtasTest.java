package io.nestling.hv.rtas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.papr.Status;
import io.nestling.hv.papr.TceHcalls;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.entropy.VirtioEntropy;
import io.nestling.runtime.device.pci.PciHostBridge;
import io.nestling.runtime.device.virtio.VirtioPci;
import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.image.DeviceTree;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.time.VirtualClock;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The PCI bus as firmware calls, its window of addresses and its interrupts show it to a guest. */
class PciRtasTest {
    private static final int UNIT_HIGH = 0x8000000;
    private static final int UNIT_LOW = 0x20000000;
    private static final int DEVICE = 1 << 11;
    private static final long BUFFER = 0x1000;
    private static final long BAR = PciHostBridge.WINDOW + 0x10000;
    private static final int COMMAND = 4;
    private static final int MSIX_TABLE = 0x8000;
    private static final int OFF = -1;

    private final Ram ram = new Ram(1 << 20);
    private final CodePages codePages = new CodePages(ram);
    private final GuestMemory memory = new GuestMemory(ram, codePages);
    private final Processor cpu = new Processor(new Vcpu(0, new Mmu(ram, codePages), new VirtualClock()));
    private final Xics xics = new Xics();
    private final PciHostBridge bridge = new PciHostBridge(xics);
    private final RtasTable rtas = new RtasTable(memory);
    private final HcallTable hcalls = new HcallTable();
    private int inputs;

    @BeforeEach
    void plug() {
        xics.addServer(cpu.vcpu);
        xics.setCppr(0, 0xff);
        bridge.plug(new VirtioPci(new VirtioEntropy(new SplittableRandom(1)), memory));
        new PciRtas(bridge).register(rtas);
        hcalls.add(rtas).add(new TceHcalls(memory));
    }

    @AfterEach
    void close() {
        bridge.close();
        ram.close();
    }

    /** Calls firmware; the result is the status, and outputs are in the buffer behind it. */
    private int call(String name, int outputs, long... inputs) {
        memory.store(BUFFER, 4, rtas.token(name));
        memory.store(BUFFER + 4, 4, inputs.length);
        memory.store(BUFFER + 8, 4, outputs);
        for (int i = 0; i < inputs.length; i++) {
            memory.store(BUFFER + 12 + 4 * i, 4, inputs[i]);
        }
        cpu.vcpu.setGpr(3, RtasTable.H_RTAS);
        cpu.vcpu.setGpr(4, BUFFER);
        hcalls.call(cpu);
        this.inputs = inputs.length;
        return output(0);
    }

    private int output(int i) {
        return (int) memory.load(BUFFER + 12 + 4L * (inputs + i), 4);
    }

    private int read(long address, int size) {
        assertEquals(0, call("ibm,read-pci-config", 2, address, UNIT_HIGH, UNIT_LOW, size));
        return output(1);
    }

    private void write(long address, int size, long v) {
        assertEquals(0, call("ibm,write-pci-config", 1, address, UNIT_HIGH, UNIT_LOW, size, v));
    }

    @Test
    void configurationSpace() {
        assertEquals(0x10441af4, read(DEVICE, 4));
        assertEquals(0x1044, read(DEVICE + 2, 2));
        assertEquals(OFF, read(DEVICE * 2, 4));
        assertEquals(OFF, read(DEVICE + (1 << 8), 4));
        assertEquals(OFF, read(DEVICE + (1 << 16), 4));
        write(DEVICE, 4, 0);
        assertEquals(0x10441af4, read(DEVICE, 4));
        // Size and place of BAR 0.
        write(DEVICE + 0x10, 4, 0xffffffffL);
        assertEquals(0xffff0000, read(DEVICE + 0x10, 4));
        write(DEVICE + 0x10, 4, 0x90000000L);
        write(DEVICE + COMMAND, 2, 2);
        assertEquals(1, bridge.load(PciHostBridge.WINDOW + 0x10000000 + 0x12, 2, false));
        for (long[] wrong : new long[][] {{DEVICE, 0, UNIT_LOW, 4}, {DEVICE, UNIT_HIGH, UNIT_LOW, 3}, {DEVICE, UNIT_HIGH, UNIT_LOW, 8},
            {DEVICE + 1, UNIT_HIGH, UNIT_LOW, 2}, {DEVICE | 0x10000000, UNIT_HIGH, UNIT_LOW, 4}}) {
            assertEquals(RtasTable.PARAMETER_ERROR, call("ibm,read-pci-config", 2, wrong));
        }
        assertEquals(RtasTable.PARAMETER_ERROR, call("ibm,write-pci-config", 1, DEVICE * 2, UNIT_HIGH, UNIT_LOW, 4, 0));
    }

    @Test
    void nobodyAnswersUntilMemoryIsEnabled() {
        assertTrue(bridge.claims(BAR));
        assertFalse(bridge.claims(PciHostBridge.WINDOW - 1));
        assertEquals(0xffff, bridge.load(BAR + 0x12, 2, false));
        write(DEVICE + COMMAND, 2, 2);
        assertEquals(1, bridge.load(BAR + 0x12, 2, false));
        assertEquals(0x0100, bridge.load(BAR + 0x12, 2, true));
        assertEquals(0xffffffffL, bridge.load(BAR - 8, 4, false));
        bridge.store(BAR + 0x1_0000, 4, -1, false);
    }

    private int pending() {
        int xirr = xics.accept(0);
        xics.endOfInterrupt(0, xirr);
        return xirr & 0xffffff;
    }

    @Test
    void messagesReachTheirSourcesAndNoOthers() {
        write(DEVICE + COMMAND, 2, 2);
        assertEquals(0, call("ibm,change-msi", 4, DEVICE, UNIT_HIGH, UNIT_LOW, 4, 8, 1));
        int given = output(1);
        assertEquals(2, given);
        assertEquals(2, output(2));
        assertEquals(2, output(3));
        int[] source = new int[given];
        for (int i = 0; i < given; i++) {
            assertEquals(0, call("ibm,query-interrupt-source-number", 3, DEVICE, UNIT_HIGH, UNIT_LOW, i));
            source[i] = output(1);
            xics.setRoute(source[i], 0, 5);
        }
        assertEquals(RtasTable.PARAMETER_ERROR, call("ibm,query-interrupt-source-number", 3, DEVICE, UNIT_HIGH, UNIT_LOW, given));
        assertEquals(RtasTable.PARAMETER_ERROR, call("ibm,change-msi", 3, DEVICE, UNIT_HIGH, UNIT_LOW, 3, 1, 1));
        assertEquals(RtasTable.PARAMETER_ERROR, call("ibm,change-msi", 3, DEVICE, UNIT_HIGH, UNIT_LOW, 9, 1, 1));
        var msix = bridge.slots().getFirst().function().msix();
        msix.fire(0);
        assertEquals(0, pending(), "off");
        int capability = read(DEVICE + 0x34, 1);
        while (read(DEVICE + capability, 1) != 0x11) {
            capability = read(DEVICE + capability + 1, 1);
        }
        write(DEVICE + capability + 2, 2, 0x8000);
        msix.fire(1);
        assertEquals(0, pending(), "masked");
        assertEquals(2, bridge.load(BAR + 0xc000, 4, false));
        bridge.store(BAR + MSIX_TABLE + 16 + 12, 4, 0, false);
        assertEquals(source[1], pending(), "unmasked");
        assertEquals(0, bridge.load(BAR + 0xc000, 4, false));
        msix.fire(1);
        assertEquals(source[1], pending());
        msix.fire(-1);
        msix.fire(0xffff);
        // A guest that writes the number of another source gets nothing.
        int other = xics.addSource(false);
        xics.setRoute(other, 0, 5);
        for (int data : new int[] {other, source[0] - 1, 0, -1}) {
            bridge.store(BAR + MSIX_TABLE + 16 + 8, 4, data, false);
            msix.fire(1);
            assertEquals(0, pending());
        }
    }

    @Test
    void windowOfTranslations() {
        assertEquals(Status.SUCCESS, hcall(0x20, 0x80000000L, 0x3000, 0x1234003));
        assertEquals(Status.SUCCESS, hcall(0x1c, 0x80000000L, 0x3000));
        assertEquals(0x1234003, cpu.vcpu.gpr(4));
        assertEquals(Status.SUCCESS, hcall(0x138, 0x80000000L, 0, 7, 4096));
        assertEquals(Status.PARAMETER, hcall(0x138, 0x80000000L, 0x1000, 7, 4096));
        assertEquals(Status.PARAMETER, hcall(0x138, 0x80000000L, 0, 7, -1));
        assertEquals(Status.PARAMETER, hcall(0x20, 0x80000000L, -1, 7));
        assertEquals(Status.PARAMETER, hcall(0x20, 1, 0, 7));
        memory.store(0x5008, 8, 99);
        assertEquals(Status.SUCCESS, hcall(0x13c, 0x80000000L, 0x2000, 0x5000, 2));
        assertEquals(Status.SUCCESS, hcall(0x1c, 0x80000000L, 0x3000));
        assertEquals(99, cpu.vcpu.gpr(4));
        assertEquals(Status.PARAMETER, hcall(0x13c, 0x80000000L, 0, 1 << 20, 2));
        assertEquals(Status.PARAMETER, hcall(0x13c, 0x80000000L, 0, 0x5000, 513));
    }

    private long hcall(int opcode, long... arguments) {
        cpu.vcpu.setGpr(3, opcode);
        for (int i = 0; i < arguments.length; i++) {
            cpu.vcpu.setGpr(4 + i, arguments[i]);
        }
        hcalls.call(cpu);
        return cpu.vcpu.gpr(3);
    }

    @Test
    void theTreeNamesDevices() {
        DeviceTree tree = new DeviceTree();
        new PciRtas(bridge).describe(tree);
        String text = tree.toString();
        for (String part : new String[] {"pci@800000020000000", "IBM,Logical_PHB", "pci1af4,1044@1", "ibm,req#msi-x = <0x2>",
            "assigned-addresses = <0x82000810 0x0 0x80010000 0x0 0x10000>"}) {
            assertTrue(text.contains(part), text);
        }
    }
}
