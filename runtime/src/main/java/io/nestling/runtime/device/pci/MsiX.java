package io.nestling.runtime.device.pci;

/**
 * The MSI-X capability of a function with its table and pending bits (PCI Local Bus Specification 3.0, 6.8.2). Devices
 * fire vectors from any thread; the lock of this object is held for no longer than a message takes.
 */
public final class MsiX {
    /** Where a message goes: a store of 32 bits to a bus address. */
    @FunctionalInterface
    public interface Sink {
        /** The store. */
        void message(long address, int data);
    }

    /** Capability identity. */
    public static final int CAPABILITY = 0x11;
    /** Bytes of a table entry. */
    public static final int ENTRY = 16;

    private static final int CONTROL = 2;
    private static final int ENABLE = 1 << 15;
    private static final int MASK_ALL = 1 << 14;
    private static final int ENTRY_MASKED = 1;

    private final PciConfig config;
    private final int capability;
    private final int vectors;
    /** Four words an entry: address low and high, data, control. */
    private final int[] table;
    private final boolean[] pending;
    private Sink sink = (address, data) -> {};

    /**
     * Adds the capability to a configuration space.
     *
     * @param vectors entries of the table
     * @param tableOffset of the table in BAR 0, a multiple of 8; likewise {@code pendingOffset}
     */
    public MsiX(PciConfig config, int vectors, int tableOffset, int pendingOffset) {
        this.config = config;
        this.vectors = vectors;
        table = new int[4 * vectors];
        pending = new boolean[vectors];
        byte[] body = new byte[10];
        body[0] = (byte) (vectors - 1);
        body[1] = (byte) (vectors - 1 >> 8);
        for (int i = 0; i < 4; i++) {
            body[2 + i] = (byte) (tableOffset >>> 8 * i);
            body[6 + i] = (byte) (pendingOffset >>> 8 * i);
        }
        capability = config.addCapability(CAPABILITY, body);
        config.allow(capability + CONTROL, 2, ENABLE | MASK_ALL);
        reset();
    }

    /** Sets where messages go. */
    public synchronized void connect(Sink to) {
        sink = to;
    }

    /** How many vectors there are. */
    public int vectors() {
        return vectors;
    }

    /** True when the function interrupts by messages, not by its pin. */
    public boolean enabled() {
        return (config.get(capability + CONTROL, 2) & ENABLE) != 0;
    }

    private void reset() {
        for (int i = 0; i < vectors; i++) {
            table[4 * i + 3] = ENTRY_MASKED;
        }
    }

    /** Sets the message of a vector, as firmware does; it stays masked or not as it is. */
    public synchronized void program(int vector, long address, int data) {
        table[4 * vector] = (int) address;
        table[4 * vector + 1] = (int) (address >>> 32);
        table[4 * vector + 2] = data;
    }

    /** The device interrupts. A masked vector is remembered; a number that is none is ignored. */
    public synchronized void fire(int vector) {
        if (vector < 0 || vector >= vectors || !enabled()) {
            return;
        }
        if (masked(vector)) {
            pending[vector] = true;
        } else {
            send(vector);
        }
    }

    private boolean masked(int vector) {
        return (config.get(capability + CONTROL, 2) & MASK_ALL) != 0 || (table[4 * vector + 3] & ENTRY_MASKED) != 0;
    }

    private void send(int vector) {
        pending[vector] = false;
        sink.message(table[4 * vector] & 0xffffffffL | (long) table[4 * vector + 1] << 32, table[4 * vector + 2]);
    }

    /** Sends what has become unmasked; to be called after a write to configuration space. */
    public synchronized void maskChanged() {
        for (int i = 0; i < vectors; i++) {
            if (pending[i] && enabled() && !masked(i)) {
                send(i);
            }
        }
    }

    /** A word of the table; {@code offset} is any multiple of 4 from 0. */
    public synchronized int loadTable(int offset) {
        return offset / 4 < table.length ? table[offset / 4] : 0;
    }

    /** Stores a word of the table. */
    public synchronized void storeTable(int offset, int v) {
        if (offset / 4 < table.length) {
            table[offset / 4] = offset % ENTRY == 12 ? v & ENTRY_MASKED : v;
            maskChanged();
        }
    }

    /** A word of the pending bits. */
    public synchronized int loadPending(int offset) {
        int word = 0;
        for (int i = 0; i < 32 && offset * 8 + i < vectors; i++) {
            word |= pending[offset * 8 + i] ? 1 << i : 0;
        }
        return word;
    }
}
