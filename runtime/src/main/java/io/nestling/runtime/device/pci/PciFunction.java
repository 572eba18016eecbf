package io.nestling.runtime.device.pci;

import java.util.Map;

/** A device on the PCI bus, with one function. All methods are called by vCPU threads, any of them at any time. */
public interface PciFunction extends AutoCloseable {
    /** Its configuration space. */
    PciConfig config();

    /** What users and reports call it: one word. */
    String name();

    /** What it has counted so far, by name. */
    Map<String, Long> counts();

    /** Its interrupt messages. */
    MsiX msix();

    /** Gives it the way to its interrupt pin; called once, before the guest runs. */
    void connect(Pin pin);

    /** The guest writes configuration space; offset and size are valid. */
    void writeConfig(int offset, int size, int v);

    /** The guest reads configuration space; offset and size are valid. */
    int readConfig(int offset, int size);

    /** A load of 1, 2, 4 or 8 bytes inside BAR 0, little-endian. */
    long load(int offset, int size);

    /** A store of 1, 2, 4 or 8 bytes inside BAR 0, little-endian. */
    void store(int offset, int size, long v);

    /** Ends all its work: when this returns it does not touch the guest any more. */
    @Override
    void close();

    /** Interrupt pin A. */
    @FunctionalInterface
    interface Pin {
        /** Sets the level of the pin; from any thread. */
        void set(boolean asserted);
    }
}
