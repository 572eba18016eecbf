package io.nestling.runtime.device.pci;

/**
 * Configuration space of one function with a type 0 header (PCI Local Bus Specification 3.0, chapter 6): 256
 * little-endian bytes of which the guest may change some bits, one 32-bit memory BAR, and a list of capabilities.
 */
public final class PciConfig {
    /** Bytes of configuration space. */
    public static final int SIZE = 256;
    /** Command register: the device answers at its BARs. */
    public static final int COMMAND_MEMORY = 1 << 1;
    /** Command register: the pin is not driven. */
    public static final int COMMAND_INTX_DISABLE = 1 << 10;

    private static final int COMMAND = 0x04;
    private static final int COMMAND_WRITABLE = 0x0547;
    private static final int STATUS = 0x06;
    private static final int STATUS_INTERRUPT = 1 << 3;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int BAR0 = 0x10;
    private static final int CAPABILITIES = 0x34;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;
    private static final int FIRST_CAPABILITY = 0x40;

    private final byte[] bytes = new byte[SIZE];
    private final byte[] writable = new byte[SIZE];
    private final int barSize;
    private int capabilitiesEnd = FIRST_CAPABILITY;
    private int lastLink = CAPABILITIES;

    /**
     * A function with interrupt pin A.
     *
     * @param classCode class, subclass and programming interface, 24 bits
     * @param barSize bytes behind BAR 0, a power of two
     */
    public PciConfig(int vendor, int device, int revision, int classCode, int subsystemVendor, int subsystem, int barSize) {
        this.barSize = barSize;
        put(0x00, 2, vendor);
        put(0x02, 2, device);
        put(STATUS, 2, STATUS_CAPABILITIES);
        put(0x08, 1, revision);
        put(0x09, 3, classCode);
        put(0x2c, 2, subsystemVendor);
        put(0x2e, 2, subsystem);
        put(INTERRUPT_PIN, 1, 1);
        allow(COMMAND, 2, COMMAND_WRITABLE);
        allow(BAR0, 4, -barSize);
        allow(INTERRUPT_LINE, 1, 0xff);
    }

    /**
     * Adds a capability.
     *
     * @param body what follows its identity and its link
     * @return its offset
     */
    public int addCapability(int id, byte[] body) {
        int at = capabilitiesEnd;
        bytes[lastLink] = (byte) at;
        lastLink = at + 1;
        bytes[at] = (byte) id;
        System.arraycopy(body, 0, bytes, at + 2, body.length);
        capabilitiesEnd = at + 2 + body.length + 3 & ~3;
        return at;
    }

    /** Lets the guest write the bits of {@code mask} in the {@code size} bytes at {@code offset}. */
    public void allow(int offset, int size, int mask) {
        for (int i = 0; i < size; i++) {
            writable[offset + i] = (byte) (mask >>> 8 * i);
        }
    }

    /** A little-endian field, zero-extended; it must lie inside the space. */
    public synchronized int get(int offset, int size) {
        int v = 0;
        for (int i = size - 1; i >= 0; i--) {
            v = v << 8 | bytes[offset + i] & 0xff;
        }
        return v;
    }

    /** Sets a field whatever the guest may do to it. */
    public synchronized void put(int offset, int size, int v) {
        for (int i = 0; i < size; i++) {
            bytes[offset + i] = (byte) (v >>> 8 * i);
        }
    }

    /** A write by the guest: bits it may not write stay. */
    public synchronized void write(int offset, int size, int v) {
        for (int i = 0; i < size; i++) {
            int mask = writable[offset + i];
            bytes[offset + i] = (byte) (bytes[offset + i] & ~mask | v >>> 8 * i & mask);
        }
    }

    /** True when all these bits of the command register are set. */
    public boolean command(int bits) {
        return (get(COMMAND, 2) & bits) == bits;
    }

    /** Notes whether the function wants its pin asserted. */
    public void interruptStatus(boolean asserted) {
        put(STATUS, 2, STATUS_CAPABILITIES | (asserted ? STATUS_INTERRUPT : 0));
    }

    /** Bus address of BAR 0. */
    public int bar() {
        return get(BAR0, 4) & -barSize;
    }

    /** Gives BAR 0 an address, as firmware does. */
    public void setBar(int address) {
        put(BAR0, 4, address & -barSize);
    }

    /** Bytes behind BAR 0. */
    public int barSize() {
        return barSize;
    }
}
