package io.nestling.runtime.device.virtio;

import io.nestling.runtime.device.pci.PciFunction;
import io.nestling.runtime.memory.GuestMemory;

/** A small driver for tests: talks to a device through BAR 0 and a queue in guest memory, as a guest does. */
public final class Driver {
    /** Where the queue's parts are; size 8. */
    public static final long DESCRIPTORS = 0x1000;
    /** Available ring. */
    public static final long AVAILABLE = 0x2000;
    /** Used ring. */
    public static final long USED = 0x3000;
    /** Entries. */
    public static final int SIZE = 8;

    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int NOTIFY = 0x3000;

    private final PciFunction function;
    private final GuestMemory memory;
    private int descriptor;
    private int added;

    /** For a device that has not been started. */
    public Driver(PciFunction function, GuestMemory memory) {
        this.function = function;
        this.memory = memory;
    }

    /** Device status. */
    public int status() {
        return (int) function.load(0x14, 1);
    }

    /** Resets, accepts version 1 and these features, and starts with queue 0 at the given places. */
    public void start(long features, int size, long descriptors, long available, long used) {
        function.store(0x14, 1, 0);
        function.store(0x14, 1, 3);
        for (int i = 0; i < 2; i++) {
            function.store(0x08, 4, i);
            function.store(0x0c, 4, (features | 1L << 32) >>> 32 * i & 0xffffffffL);
        }
        function.store(0x14, 1, 11);
        function.store(0x16, 2, 0);
        function.store(0x18, 2, size);
        for (int i = 0; i < 2; i++) {
            function.store(0x20 + 4 * i, 4, descriptors >>> 32 * i & 0xffffffffL);
            function.store(0x28 + 4 * i, 4, available >>> 32 * i & 0xffffffffL);
            function.store(0x30 + 4 * i, 4, used >>> 32 * i & 0xffffffffL);
        }
        function.store(0x1c, 2, 1);
        function.store(0x14, 1, 15);
        descriptor = 0;
        added = 0;
    }

    /** Starts with a queue at the usual places, which is cleared. */
    public void start(long features) {
        byte[] zeroes = new byte[0x1000];
        for (long at : new long[] {DESCRIPTORS, AVAILABLE, USED}) {
            memory.write(at, zeroes, zeroes.length);
        }
        start(features, SIZE, DESCRIPTORS, AVAILABLE, USED);
    }

    /** One buffer of a chain. */
    public record Buffer(long address, long length, boolean write) {}

    /** Makes a chain available. */
    public void add(Buffer... chain) {
        int head = descriptor % SIZE;
        for (int i = 0; i < chain.length; i++) {
            long at = DESCRIPTORS + 16L * (descriptor % SIZE);
            descriptor++;
            memory.storeLe(at, 8, chain[i].address);
            memory.storeLe(at + 8, 4, chain[i].length);
            memory.storeLe(at + 12, 2, (chain[i].write ? WRITE : 0) | (i < chain.length - 1 ? NEXT : 0));
            memory.storeLe(at + 14, 2, descriptor % SIZE);
        }
        memory.storeLe(AVAILABLE + 4 + 2L * (added % SIZE), 2, head);
        added++;
        memory.storeLe(AVAILABLE + 2, 2, added);
    }

    /** Notifies queue 0. */
    public void kick() {
        function.store(NOTIFY, 2, 0);
    }

    /** Chains that the device has given back. */
    public int used() {
        return (int) memory.loadLe(USED + 2, 2);
    }
}
