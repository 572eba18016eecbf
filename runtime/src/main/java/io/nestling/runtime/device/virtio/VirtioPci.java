package io.nestling.runtime.device.virtio;

import io.nestling.runtime.device.pci.MsiX;
import io.nestling.runtime.device.pci.PciConfig;
import io.nestling.runtime.device.pci.PciFunction;
import io.nestling.runtime.memory.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * A virtio device on the PCI bus (Virtual I/O Device Version 1.2, 4.1), without the legacy interface. BAR 0 holds all
 * structures: common configuration, interrupt status, device configuration, notifications, and the MSI-X table.
 *
 * <p>The registers have one lock, which is held while the device starts and resets. The device's status and its interrupt
 * status have a second one, since a device may fail or interrupt from its own threads while a reset waits for them.
 */
public final class VirtioPci implements PciFunction {
    /** Feature bits of queues and transport (chapter 6). */
    static final int INDIRECT_DESCRIPTORS = 28;
    /** See {@link #INDIRECT_DESCRIPTORS}. */
    static final int EVENT_INDEX = 29;
    /** See {@link #INDIRECT_DESCRIPTORS}. */
    static final int VERSION_1 = 32;

    private static final int VENDOR = 0x1af4;
    private static final int FIRST_DEVICE = 0x1040;
    private static final int SUBSYSTEM = 0x1100;
    private static final int VENDOR_CAPABILITY = 9;
    private static final int PCI_ACCESS_DATA = 16;

    // BAR 0.
    private static final int BAR_SIZE = 0x1_0000;
    private static final int COMMON = 0;
    private static final int COMMON_SIZE = 0x38;
    private static final int INTERRUPT_STATUS = 0x1000;
    private static final int DEVICE = 0x2000;
    private static final int NOTIFY = 0x3000;
    private static final int NOTIFY_MULTIPLIER = 4;
    private static final int MSIX_TABLE = 0x8000;
    private static final int MSIX_PENDING = 0xc000;

    // Device status (2.1).
    private static final int DRIVER_OK = 4;
    private static final int FEATURES_OK = 8;
    private static final int NEEDS_RESET = 64;

    private static final int QUEUE_INTERRUPT = 1;
    private static final int CONFIG_INTERRUPT = 2;
    private static final int NO_VECTOR = 0xffff;

    /** What the driver says of a queue. */
    private static final class Setup {
        int size;
        volatile int vector = NO_VECTOR;
        boolean enabled;
        long descriptors;
        long available;
        long used;
    }

    private final VirtioDevice device;
    private final GuestMemory memory;
    private final PciConfig config;
    private final MsiX msix;
    private final int accessCapability;
    private final long offered;
    private final int[] largest;
    private final Setup[] setups;
    private final Traffic traffic = new Traffic();
    private Pin pin = asserted -> {};

    private int offeredSelect;
    private int acceptedSelect;
    private long accepted;
    private int queueSelect;
    private volatile int configVector = NO_VECTOR;
    private Virtqueue[] running;

    /** Guards the three below. */
    private final Object state = new Object();
    private int status;
    private int interruptStatus;
    private int generation;

    /** Puts a device on the bus. */
    public VirtioPci(VirtioDevice device, GuestMemory memory) {
        this.device = device;
        this.memory = memory;
        largest = device.queues();
        offered = device.features() | 1L << INDIRECT_DESCRIPTORS | 1L << EVENT_INDEX | 1L << VERSION_1;
        config = new PciConfig(VENDOR, FIRST_DEVICE + device.type(), 1, device.pciClass(), VENDOR, SUBSYSTEM, BAR_SIZE);
        // One vector a queue and one for the configuration; Linux asks for powers of two.
        int vectors = Integer.highestOneBit(2 * largest.length + 1);
        msix = new MsiX(config, vectors, MSIX_TABLE, MSIX_PENDING);
        structure(1, COMMON, COMMON_SIZE);
        structure(3, INTERRUPT_STATUS, 1);
        structure(4, DEVICE, NOTIFY - DEVICE);
        structure(2, NOTIFY, NOTIFY_MULTIPLIER * largest.length, NOTIFY_MULTIPLIER);
        accessCapability = structure(5, 0, 0, 0);
        config.allow(accessCapability + 4, 1, 0xff);
        config.allow(accessCapability + 8, 4, -1);
        config.allow(accessCapability + 12, 4, -1);
        config.allow(accessCapability + PCI_ACCESS_DATA, 4, -1);
        setups = new Setup[largest.length];
        clear();
    }

    /** Adds a capability that says where a structure is (4.1.4). */
    private int structure(int type, int offset, int length, int... more) {
        ByteBuffer b = ByteBuffer.allocate(14 + 4 * more.length).order(ByteOrder.LITTLE_ENDIAN);
        b.put((byte) (b.capacity() + 2)).put((byte) type).putInt(0).putInt(offset).putInt(length);
        for (int v : more) {
            b.putInt(v);
        }
        return config.addCapability(VENDOR_CAPABILITY, b.array());
    }

    private void clear() {
        offeredSelect = 0;
        acceptedSelect = 0;
        accepted = 0;
        queueSelect = 0;
        configVector = NO_VECTOR;
        running = null;
        for (int i = 0; i < setups.length; i++) {
            setups[i] = new Setup();
            setups[i].size = largest[i];
        }
    }

    // ---- PCI ----------------------------------------------------------------------------------------------------

    @Override
    public PciConfig config() {
        return config;
    }

    @Override
    public MsiX msix() {
        return msix;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public Map<String, Long> counts() {
        return traffic.counts();
    }

    @Override
    public void connect(Pin to) {
        pin = to;
    }

    @Override
    public int readConfig(int offset, int size) {
        if (offset == accessCapability + PCI_ACCESS_DATA) {
            access(true);
        }
        return config.get(offset, size);
    }

    @Override
    public void writeConfig(int offset, int size, int v) {
        config.write(offset, size, v);
        if (offset == accessCapability + PCI_ACCESS_DATA) {
            access(false);
        }
        msix.maskChanged();
        updatePin();
    }

    /** Access to BAR 0 by way of configuration space (4.1.4.9). */
    private void access(boolean read) {
        int bar = config.get(accessCapability + 4, 1);
        long offset = config.get(accessCapability + 8, 4) & 0xffffffffL;
        int size = config.get(accessCapability + 12, 4);
        if (bar != 0 || size != 1 && size != 2 && size != 4 || offset % size != 0 || offset > BAR_SIZE - size) {
            return;
        }
        if (read) {
            config.put(accessCapability + PCI_ACCESS_DATA, size, (int) load((int) offset, size));
        } else {
            store((int) offset, size, config.get(accessCapability + PCI_ACCESS_DATA, size) & 0xffffffffL);
        }
    }

    private void updatePin() {
        synchronized (state) {
            boolean asserted = interruptStatus != 0 && !msix.enabled();
            config.interruptStatus(asserted);
            pin.set(asserted && !config.command(PciConfig.COMMAND_INTX_DISABLE));
        }
    }

    /** From any thread. */
    private void interrupt(int cause, int vector) {
        traffic.interrupts.increment();
        if (msix.enabled()) {
            msix.fire(vector);
            return;
        }
        synchronized (state) {
            interruptStatus |= cause;
        }
        updatePin();
    }

    @Override
    public synchronized void close() {
        stopQueues();
        device.close();
    }

    // ---- BAR 0 --------------------------------------------------------------------------------------------------

    @Override
    public long load(int offset, int size) {
        if (offset >= MSIX_PENDING) {
            return narrow(msix.loadPending(offset - MSIX_PENDING & ~3), offset, size);
        }
        if (offset >= MSIX_TABLE) {
            return narrow(msix.loadTable(offset - MSIX_TABLE & ~3), offset, size);
        }
        if (offset >= NOTIFY) {
            return 0;
        }
        if (offset >= DEVICE) {
            return loadDevice(offset - DEVICE, size);
        }
        if (offset >= INTERRUPT_STATUS) {
            return offset == INTERRUPT_STATUS ? takeInterruptStatus() : 0;
        }
        synchronized (this) {
            return loadCommon(offset);
        }
    }

    /** The part of a word that a narrower load wants. */
    private static long narrow(int word, int offset, int size) {
        return (word & 0xffffffffL) >>> 8 * (offset & 3) & (size >= 4 ? 0xffffffffL : (1L << 8 * size) - 1);
    }

    private long loadDevice(int offset, int size) {
        byte[] bytes = device.config();
        long v = 0;
        for (int i = size - 1; i >= 0; i--) {
            v = v << 8 | (offset + i < bytes.length ? bytes[offset + i] & 0xff : 0);
        }
        return v;
    }

    /** Reading takes away (4.1.4.5). */
    private int takeInterruptStatus() {
        int v;
        synchronized (state) {
            v = interruptStatus;
            interruptStatus = 0;
        }
        updatePin();
        return v;
    }

    private long loadCommon(int offset) {
        Setup q = queueSelect < setups.length ? setups[queueSelect] : null;
        return switch (offset) {
            case 0x00 -> offeredSelect & 0xffffffffL;
            case 0x04 -> word(offered, offeredSelect);
            case 0x08 -> acceptedSelect & 0xffffffffL;
            case 0x0c -> word(accepted, acceptedSelect);
            case 0x10 -> configVector;
            case 0x12 -> setups.length;
            case 0x14 -> status();
            case 0x15 -> generation();
            case 0x16 -> queueSelect;
            case 0x18 -> q == null ? 0 : q.size;
            case 0x1a -> q == null ? NO_VECTOR : q.vector;
            case 0x1c -> q != null && q.enabled ? 1 : 0;
            case 0x1e -> q == null ? 0 : queueSelect;
            case 0x20, 0x24 -> q == null ? 0 : word(q.descriptors, offset - 0x20 >> 2);
            case 0x28, 0x2c -> q == null ? 0 : word(q.available, offset - 0x28 >> 2);
            case 0x30, 0x34 -> q == null ? 0 : word(q.used, offset - 0x30 >> 2);
            default -> 0;
        };
    }

    /** Word 0 or 1 of a doubleword; all others are 0. */
    private static long word(long v, int select) {
        return select == 0 ? v & 0xffffffffL : select == 1 ? v >>> 32 : 0;
    }

    private static long withWord(long v, int select, long word) {
        return select == 0 ? v & ~0xffffffffL | word & 0xffffffffL : select == 1 ? v & 0xffffffffL | word << 32 : v;
    }

    private int status() {
        synchronized (state) {
            return status;
        }
    }

    private int generation() {
        synchronized (state) {
            return generation & 0xff;
        }
    }

    @Override
    public void store(int offset, int size, long v) {
        if (offset >= MSIX_PENDING) {
            return;
        }
        if (offset >= MSIX_TABLE) {
            if (size >= 4 && (offset & 3) == 0) {
                msix.storeTable(offset - MSIX_TABLE, (int) v);
                if (size == 8) {
                    msix.storeTable(offset - MSIX_TABLE + 4, (int) (v >>> 32));
                }
            }
        } else if (offset >= NOTIFY) {
            int queue = (offset - NOTIFY) / NOTIFY_MULTIPLIER;
            if (queue < setups.length && (status() & (DRIVER_OK | NEEDS_RESET)) == DRIVER_OK) {
                traffic.kicks.increment();
                device.notify(queue);
            }
        } else if (offset >= DEVICE) {
            int length = device.config().length;
            for (int i = 0; i < size && offset - DEVICE + i < length; i++) {
                device.writeConfig(offset - DEVICE + i, (int) (v >>> 8 * i) & 0xff);
            }
        } else if (offset < INTERRUPT_STATUS) {
            synchronized (this) {
                storeCommon(offset, v);
                if (size == 8) {
                    storeCommon(offset + 4, v >>> 32);
                }
            }
        }
    }

    private void storeCommon(int offset, long v) {
        switch (offset) {
            case 0x00 -> offeredSelect = (int) v;
            case 0x08 -> acceptedSelect = (int) v;
            case 0x0c -> {
                if ((status() & FEATURES_OK) == 0) {
                    accepted = withWord(accepted, acceptedSelect, v);
                }
            }
            case 0x10 -> configVector = vector(v);
            case 0x14 -> setStatus((int) v & 0xff);
            case 0x16 -> queueSelect = (int) v & 0xffff;
            default -> {
                if (queueSelect < setups.length) {
                    storeQueue(setups[queueSelect], offset, v);
                }
            }
        }
    }

    private int vector(long v) {
        return (v & 0xffff) < msix.vectors() ? (int) v & 0xffff : NO_VECTOR;
    }

    private void storeQueue(Setup q, int offset, long v) {
        if (offset == 0x1a) {
            q.vector = vector(v);
            return;
        }
        // An enabled queue is not to be moved (4.1.4.3.2).
        if (q.enabled) {
            return;
        }
        switch (offset) {
            case 0x18 -> q.size = (int) v & 0xffff;
            case 0x1c -> q.enabled = (v & 1) != 0;
            case 0x20, 0x24 -> q.descriptors = withWord(q.descriptors, offset - 0x20 >> 2, v);
            case 0x28, 0x2c -> q.available = withWord(q.available, offset - 0x28 >> 2, v);
            case 0x30, 0x34 -> q.used = withWord(q.used, offset - 0x30 >> 2, v);
            default -> {
                // Read-only, or nothing.
            }
        }
    }

    // ---- life of a driver (3.1) ---------------------------------------------------------------------------------

    private void setStatus(int v) {
        if (v == 0) {
            reset();
            return;
        }
        boolean starts;
        synchronized (state) {
            int next = v | status & NEEDS_RESET;
            // Features that were not offered are refused by not taking the bit, and without version 1 we cannot work.
            if ((next & FEATURES_OK) != 0 && ((accepted & ~offered) != 0 || (accepted >>> VERSION_1 & 1) == 0)) {
                next &= ~FEATURES_OK;
            }
            starts = (next & ~status & DRIVER_OK) != 0 && (next & FEATURES_OK) != 0 && (next & NEEDS_RESET) == 0;
            if (!starts && (status & DRIVER_OK) == 0) {
                next &= ~DRIVER_OK;
            }
            status = starts ? next & ~DRIVER_OK : next;
        }
        if (starts) {
            start();
        }
    }

    private void start() {
        Virtqueue[] queues = new Virtqueue[setups.length];
        for (int i = 0; i < queues.length; i++) {
            Setup q = setups[i];
            if (!q.enabled) {
                continue;
            }
            if (q.size > largest[i] || !Virtqueue.valid(memory, q.size, q.descriptors, q.available, q.used)) {
                fail();
                return;
            }
            queues[i] = new Virtqueue(memory, q.size, q.descriptors, q.available, q.used, has(INDIRECT_DESCRIPTORS),
                    has(EVENT_INDEX), traffic, () -> interrupt(QUEUE_INTERRUPT, q.vector), this::fail);
        }
        running = queues;
        device.start(new VirtioSession(accepted, queues, this::configChanged, this::fail));
        synchronized (state) {
            status |= DRIVER_OK;
        }
    }

    private boolean has(int feature) {
        return (accepted >>> feature & 1) != 0;
    }

    private void stopQueues() {
        if (running != null) {
            for (Virtqueue q : running) {
                if (q != null) {
                    q.stop();
                }
            }
        }
    }

    private void reset() {
        stopQueues();
        device.reset();
        clear();
        synchronized (state) {
            status = 0;
            interruptStatus = 0;
        }
        updatePin();
    }

    private void configChanged() {
        synchronized (state) {
            generation++;
        }
        interrupt(CONFIG_INTERRUPT, configVector);
    }

    /** The driver broke the rules: it is told, and nothing more happens until it resets the device (2.1.2). */
    private void fail() {
        synchronized (state) {
            if ((status & NEEDS_RESET) != 0) {
                return;
            }
            status |= NEEDS_RESET;
        }
        configChanged();
    }
}
