package io.nestling.runtime.device.net;

import io.nestling.runtime.device.virtio.DescriptorChain;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioSession;
import io.nestling.runtime.device.virtio.Virtqueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * A network card (Virtual I/O Device Version 1.2, 5.1) with one pair of queues. It leaves checksums and the cutting of
 * large TCP segments to whoever needs them: between two ends in one computer that is nobody. Frames move on the network's
 * thread; a notification only wakes that.
 */
public final class VirtioNet implements VirtioDevice, Port {
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int QUEUE_SIZE = 1024;

    // Feature bits (5.1.3).
    private static final int CHECKSUM = 0;
    private static final int GUEST_CHECKSUM = 1;
    private static final int MAC = 5;
    private static final int GUEST_TSO4 = 7;
    private static final int HOST_TSO4 = 11;
    private static final int MERGEABLE_BUFFERS = 15;
    private static final int STATUS = 16;

    // Header of a frame (5.1.6).
    private static final int HEADER = 12;
    private static final int NEEDS_CHECKSUM = 1;
    private static final int SEGMENT_TCP4 = 1;
    private static final int ALL_HEADERS = 54;

    private final Network network;
    private final byte[] config;
    private final byte[] header = new byte[HEADER];
    /** The same bytes as numbers. */
    private final ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);

    /** Guards what follows; held while a frame is moved, never while the network is called. */
    private final Object lock = new Object();
    private VirtioSession session;
    /** Receive buffers taken from the queue and not filled yet. */
    private final ArrayDeque<DescriptorChain> held = new ArrayDeque<>();
    private long heldBytes;
    private boolean received;
    private boolean transmitted;

    /**
     * A card plugged into a network, which stays the caller's to close.
     *
     * @param mac 6 bytes
     */
    public VirtioNet(Network network, byte[] mac) {
        this.network = network;
        ByteBuffer b = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        // Link up; one pair of queues.
        b.put(mac, 0, 6).putShort((short) 1).putShort((short) 1);
        config = b.array();
    }

    @Override
    public int type() {
        return NETWORK;
    }

    @Override
    public String name() {
        return "net";
    }

    @Override
    public int pciClass() {
        return 0x020000;
    }

    @Override
    public long features() {
        return 1L << CHECKSUM | 1L << GUEST_CHECKSUM | 1L << MAC | 1L << GUEST_TSO4 | 1L << HOST_TSO4
                | 1L << MERGEABLE_BUFFERS | 1L << STATUS;
    }

    @Override
    public int[] queues() {
        return new int[] {QUEUE_SIZE, QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return config.clone();
    }

    @Override
    public void start(VirtioSession s) {
        synchronized (lock) {
            session = s;
        }
        network.plug(this);
    }

    @Override
    public void notify(int queue) {
        network.kick();
    }

    @Override
    public void reset() {
        synchronized (lock) {
            session = null;
            held.clear();
            heldBytes = 0;
            received = false;
            transmitted = false;
        }
        network.reset();
    }

    @Override
    public void close() {
        reset();
        network.unplug(this);
    }

    // ---- the network's side -------------------------------------------------------------------------------------

    @Override
    public boolean poll(Frame into) {
        synchronized (lock) {
            Virtqueue queue = session == null ? null : session.queue(TRANSMIT);
            if (queue == null) {
                return false;
            }
            for (int i = 0; i < QUEUE_SIZE; i++) {
                DescriptorChain chain = queue.take();
                if (chain == null) {
                    return false;
                }
                boolean good = read(chain, into);
                queue.put(chain);
                transmitted = true;
                if (good) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Copies a frame out of its buffers; false when it is none. */
    private boolean read(DescriptorChain chain, Frame into) {
        into.clear();
        if (chain.read(header, 0, HEADER) < HEADER || chain.readable() > Frame.MAX_LENGTH) {
            return false;
        }
        into.length = chain.read(into.data, 0, Frame.MAX_LENGTH);
        into.checksumPartial = (header[0] & NEEDS_CHECKSUM) != 0;
        into.checksumStart = fields.getShort(6) & 0xffff;
        into.checksumOffset = fields.getShort(8) & 0xffff;
        into.segmentSize = header[1] == 0 ? 0 : fields.getShort(4) & 0xffff;
        return true;
    }

    @Override
    public boolean offer(Frame frame) {
        synchronized (lock) {
            Virtqueue queue = session == null ? null : session.queue(RECEIVE);
            if (queue == null) {
                // Nobody is there to make room: the frame is lost, as on a card that is down.
                return true;
            }
            boolean merge = session.has(MERGEABLE_BUFFERS);
            int length = HEADER + frame.length;
            while (held.isEmpty() || merge && heldBytes < length) {
                DescriptorChain chain = queue.take();
                if (chain == null) {
                    return false;
                }
                held.add(chain);
                heldBytes += chain.writable();
            }
            if (heldBytes < length) {
                // Larger than the buffers of a driver that promised large ones.
                return true;
            }
            describe(frame, length);
            fill(queue, frame);
            received = true;
            return true;
        }
    }

    private void describe(Frame frame, int length) {
        Arrays.fill(header, (byte) 0);
        if (frame.checksumPartial && !session.has(GUEST_CHECKSUM)) {
            frame.completeChecksum();
        }
        if (frame.checksumPartial) {
            header[0] = NEEDS_CHECKSUM;
            fields.putShort(6, (short) frame.checksumStart);
            fields.putShort(8, (short) frame.checksumOffset);
        }
        if (frame.segmentSize != 0) {
            header[1] = SEGMENT_TCP4;
            fields.putShort(2, (short) ALL_HEADERS);
            fields.putShort(4, (short) frame.segmentSize);
        }
        int buffers = 0;
        long room = 0;
        for (DescriptorChain chain : held) {
            if (room >= length) {
                break;
            }
            room += chain.writable();
            buffers++;
        }
        fields.putShort(10, (short) buffers);
    }

    /** Lays header and frame into as many buffers as they need. */
    private void fill(Virtqueue queue, Frame frame) {
        int at = -HEADER;
        while (at < frame.length) {
            DescriptorChain chain = held.remove();
            heldBytes -= chain.writable();
            if (at < 0) {
                at += chain.write(header, HEADER + at, -at);
            }
            if (at >= 0) {
                at += chain.write(frame.data, at, frame.length - at);
            }
            queue.put(chain);
        }
    }

    @Override
    public void flush() {
        synchronized (lock) {
            if (session == null) {
                return;
            }
            if (received) {
                received = false;
                session.queue(RECEIVE).signal();
            }
            if (transmitted) {
                transmitted = false;
                session.queue(TRANSMIT).signal();
            }
        }
    }

    @Override
    public boolean takesLargeSegments() {
        synchronized (lock) {
            return session != null && session.has(GUEST_TSO4) && session.has(GUEST_CHECKSUM);
        }
    }
}
