package io.nestling.runtime.device.virtio;

import io.nestling.runtime.memory.GuestMemory;
import java.lang.invoke.VarHandle;

/**
 * The device's side of a split virtqueue (Virtual I/O Device Version 1.2, 2.7). Nothing in guest memory is trusted:
 * a chain that loops, leaves RAM, mixes directions or is longer than allowed breaks the queue, which tells the transport
 * and gives out nothing more. All methods may be called from any thread.
 */
public final class Virtqueue {
    /** Buffers in a chain at most, whether in the queue's table or in an indirect one. */
    public static final int MAX_CHAIN = 1024;

    private static final int DESCRIPTOR = 16;
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int NO_INTERRUPT = 1;
    /** Bytes of all buffers of a chain together, at most (2.7.5.2). */
    private static final long MAX_BYTES = 1L << 32;

    private final GuestMemory memory;
    private final int size;
    private final long descriptors;
    private final long available;
    private final long used;
    private final boolean indirect;
    private final boolean eventIndex;
    private final Traffic traffic;
    private final Runnable interrupt;
    private final Runnable fail;

    /** Next entry of the available ring, and of the used ring; both run freely over 16 bits. */
    private int nextAvailable;
    private int nextUsed;
    /** Used index up to which the driver has been considered for an interrupt. */
    private int signalled;
    private int inFlight;
    private boolean broken;

    /**
     * A queue whose three parts lie inside RAM: see {@link #valid}.
     *
     * @param size entries, a power of two
     * @param indirect the driver may use indirect tables
     * @param eventIndex both sides say by index when they want to be told (2.7.7.1, 2.7.10)
     * @param traffic counts what passes
     * @param interrupt tells the driver of used buffers
     * @param fail told once when the queue breaks
     */
    Virtqueue(GuestMemory memory, int size, long descriptors, long available, long used, boolean indirect,
            boolean eventIndex, Traffic traffic, Runnable interrupt, Runnable fail) {
        this.memory = memory;
        this.size = size;
        this.descriptors = descriptors;
        this.available = available;
        this.used = used;
        this.indirect = indirect;
        this.eventIndex = eventIndex;
        this.traffic = traffic;
        this.interrupt = interrupt;
        this.fail = fail;
    }

    /** True when a queue of that size may lie at these addresses (2.7: alignment and sizes of the parts). */
    static boolean valid(GuestMemory memory, int size, long descriptors, long available, long used) {
        return size > 0 && size <= MAX_CHAIN && Integer.bitCount(size) == 1
                && (descriptors & 15) == 0 && (available & 1) == 0 && (used & 3) == 0
                && memory.contains(descriptors, (long) DESCRIPTOR * size) && memory.contains(available, 6 + 2L * size)
                && memory.contains(used, 6 + 8L * size);
    }

    /** Stops the queue for good: the driver has reset the device. */
    synchronized void stop() {
        broken = true;
    }

    private DescriptorChain fail() {
        broken = true;
        fail.run();
        return null;
    }

    /** The next chain of buffers, or null when there is none now. */
    public synchronized DescriptorChain take() {
        if (broken || !hasNext()) {
            return null;
        }
        int head = (int) memory.loadLe(available + 4 + 2L * (nextAvailable & size - 1), 2);
        nextAvailable = nextAvailable + 1 & 0xffff;
        inFlight++;
        // No honest driver has more chains out than the table has entries.
        if (head >= size || inFlight > size) {
            return fail();
        }
        DescriptorChain chain = new DescriptorChain(memory, head);
        return walk(chain) ? chain : fail();
    }

    /** Looks for a new entry; asks to be notified of the next one when there is none. */
    private boolean hasNext() {
        int there = (int) memory.loadLe(available + 2, 2);
        if (there == nextAvailable && eventIndex) {
            memory.storeLe(used + 4 + 8L * size, 2, nextAvailable);
            VarHandle.fullFence();
            there = (int) memory.loadLe(available + 2, 2);
        }
        VarHandle.acquireFence();
        if ((there - nextAvailable & 0xffff) > size) {
            fail();
            return false;
        }
        return there != nextAvailable;
    }

    /** Collects the buffers of a chain; false when it breaks the rules of 2.7.5. */
    private boolean walk(DescriptorChain chain) {
        long table = descriptors;
        int entries = size;
        int index = chain.head;
        boolean inside = false;
        int steps = 0;
        long bytes = 0;
        while (true) {
            if (index >= entries || ++steps > entries) {
                return false;
            }
            long at = table + (long) DESCRIPTOR * index;
            long address = memory.loadLe(at, 8);
            long length = memory.loadLe(at + 8, 4);
            int flags = (int) memory.loadLe(at + 12, 2);
            int next = (int) memory.loadLe(at + 14, 2);
            if ((flags & INDIRECT) != 0) {
                if (!indirect || inside || (flags & NEXT) != 0 || length == 0 || length % DESCRIPTOR != 0
                        || length / DESCRIPTOR > MAX_CHAIN || !memory.contains(address, length)) {
                    return false;
                }
                inside = true;
                table = address;
                entries = (int) length / DESCRIPTOR;
                index = 0;
                steps = 0;
                continue;
            }
            bytes += length;
            if (bytes > MAX_BYTES || !memory.contains(address, length) || !chain.add(address, length, (flags & WRITE) != 0)) {
                return false;
            }
            if ((flags & NEXT) == 0) {
                return true;
            }
            index = next;
        }
    }

    /** Gives a chain back and interrupts the driver if it wants that. */
    public void complete(DescriptorChain chain) {
        put(chain);
        signal();
    }

    /** Gives a chain back; {@link #signal} is to follow, after the last of several. */
    public synchronized void put(DescriptorChain chain) {
        if (broken) {
            return;
        }
        inFlight--;
        traffic.requests.increment();
        traffic.bytesFromGuest.add(chain.taken());
        traffic.bytesToGuest.add(chain.written());
        long entry = used + 4 + 8L * (nextUsed & size - 1);
        memory.storeLe(entry, 4, chain.head);
        memory.storeLe(entry + 4, 4, chain.written());
        nextUsed = nextUsed + 1 & 0xffff;
        VarHandle.releaseFence();
        memory.storeLe(used + 2, 2, nextUsed);
    }

    /** Interrupts the driver if buffers were put since the last time and it wants to know (2.7.7). */
    public synchronized void signal() {
        if (broken || signalled == nextUsed) {
            return;
        }
        VarHandle.fullFence();
        boolean wanted;
        if (eventIndex) {
            int event = (int) memory.loadLe(available + 4 + 2L * size, 2);
            wanted = (nextUsed - event - 1 & 0xffff) < (nextUsed - signalled & 0xffff);
        } else {
            wanted = (memory.loadLe(available, 2) & NO_INTERRUPT) == 0;
        }
        signalled = nextUsed;
        if (wanted) {
            interrupt.run();
        }
    }
}
