package io.nestling.runtime.device.pci;

import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.mmu.MmioBus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PCI host bridge with one bus: a window of guest real addresses that is the bus's 32-bit memory space, interrupt
 * pins, and interrupt messages. Each device has a slot of its own (function 0), one level source of the XICS for its pin
 * and as many edge sources as it has vectors, all given when it is plugged in, so that a guest cannot use them up.
 */
public final class PciHostBridge implements MmioBus {
    /** Bus address where memory space begins. */
    public static final long BUS_MEMORY = 0x8000_0000L;
    /** Bytes of memory space. */
    public static final long MEMORY_SIZE = 0x7fff_0000L;
    /** Guest real address of bus address {@link #BUS_MEMORY}: beyond any RAM. */
    public static final long WINDOW = 0x2000_8000_0000L;
    /** Devices on the bus at most: slots 1 to 31; slot 0 is left empty, as on real bridges. */
    public static final int SLOTS = 31;

    /** Bus address of interrupt messages; their data is the number of the source. */
    private static final long MESSAGES = 0x400_0000_0000L;
    /** Distance of BARs: the largest page, so that no two devices share one. */
    private static final int BAR_STRIDE = 0x1_0000;

    /**
     * A device in its slot.
     *
     * @param slot its device number
     * @param pin interrupt source of its pin
     * @param firstMessage source of its first vector, the others follow
     */
    public record Slot(int slot, PciFunction function, int pin, int firstMessage) {
        /** The device's number in configuration addresses and in the first cell of its properties. */
        public int address() {
            return slot << 11;
        }
    }

    private final Xics xics;
    private final List<Slot> slots = new ArrayList<>();

    /** A bridge without devices. */
    public PciHostBridge(Xics xics) {
        this.xics = xics;
    }

    /** Plugs a device into the next slot; only before the guest runs. */
    public void plug(PciFunction function) {
        if (slots.size() == SLOTS) {
            throw new IllegalStateException("the PCI bus is full");
        }
        int pin = xics.addSource(true);
        int first = xics.addSource(false);
        for (int i = 1; i < function.msix().vectors(); i++) {
            xics.addSource(false);
        }
        Slot slot = new Slot(slots.size() + 1, function, pin, first);
        slots.add(slot);
        function.config().setBar((int) (BUS_MEMORY + (long) slot.slot * BAR_STRIDE));
        function.connect(asserted -> xics.setLevel(pin, asserted));
        function.msix().connect(this::message);
    }

    /** A message of a device. The guest writes the tables they come from, so anything may be in them. */
    private void message(long address, int data) {
        if (address != MESSAGES) {
            return;
        }
        for (Slot s : slots) {
            if (data >= s.firstMessage && data < s.firstMessage + s.function.msix().vectors()) {
                xics.pulse(data);
            }
        }
    }

    /** Lets the first {@code count} vectors of a device interrupt by its own sources, as {@code ibm,change-msi} asks. */
    public void program(Slot s, int count) {
        for (int i = 0; i < count; i++) {
            s.function.msix().program(i, MESSAGES, s.firstMessage + i);
        }
    }

    /** The devices, in order of their slots. */
    public List<Slot> slots() {
        return List.copyOf(slots);
    }

    /** The device with that configuration address, or null. */
    public Slot slot(long bus, long device, long function) {
        return bus == 0 && function == 0 && device >= 1 && device <= slots.size() ? slots.get((int) device - 1) : null;
    }

    /** What all devices have counted so far: {@code SLOT.NAME.COUNTER}. */
    public Map<String, Long> counts() {
        Map<String, Long> all = new LinkedHashMap<>();
        slots.forEach(s -> s.function.counts().forEach((name, count) -> all.put(s.slot + "." + s.function.name() + "." + name, count)));
        return all;
    }

    /** Ends the work of all devices. */
    public void close() {
        slots.forEach(s -> s.function.close());
    }

    // ---- memory space -------------------------------------------------------------------------------------------

    @Override
    public boolean claims(long gra) {
        return gra >= WINDOW && gra < WINDOW + MEMORY_SIZE;
    }

    /** Offset in the device's BAR, or -1 when it does not answer there; a BAR goes wherever the guest puts it. */
    private static int offset(Slot s, long gra, int size) {
        PciConfig c = s.function.config();
        long offset = gra - WINDOW + BUS_MEMORY - (c.bar() & 0xffffffffL);
        return offset >= 0 && offset + size <= c.barSize() && c.command(PciConfig.COMMAND_MEMORY) ? (int) offset : -1;
    }

    @Override
    public long load(long gra, int size, boolean bigEndian) {
        // When nobody answers: all ones, as a bus does that ends a read on its own.
        long v = -1L >>> 64 - 8 * size;
        for (Slot s : slots) {
            int offset = offset(s, gra, size);
            if (offset >= 0) {
                v = s.function.load(offset, size);
                break;
            }
        }
        return bigEndian ? Long.reverseBytes(v) >>> 64 - 8 * size : v;
    }

    @Override
    public void store(long gra, int size, long v, boolean bigEndian) {
        for (Slot s : slots) {
            int offset = offset(s, gra, size);
            if (offset >= 0) {
                s.function.store(offset, size, bigEndian ? Long.reverseBytes(v) >>> 64 - 8 * size : v);
                return;
            }
        }
    }
}
