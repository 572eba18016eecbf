package io.nestling.runtime.device.block;

import io.nestling.runtime.device.virtio.DescriptorChain;
import io.nestling.runtime.device.virtio.QueueWorker;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioSession;
import io.nestling.runtime.device.virtio.Virtqueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A block device (Virtual I/O Device Version 1.2, 5.2) with one queue. Requests are served in order: reads of what
 * the host has at hand within the notification, all others, and what follows them, on a thread of the device. When the machine
 * must repeat exactly, everything is done within the notification.
 */
public final class VirtioBlock implements VirtioDevice {
    private static final int QUEUE_SIZE = 256;
    /** Segments of a request: a queue's worth, less header and status. */
    private static final int SEGMENTS = QUEUE_SIZE - 2;
    private static final int HEADER = 16;
    private static final int SERIAL_LENGTH = 20;
    /** How long a finished request may wait for others to be reported with it. */
    private static final long SIGNAL_NANOS = 100_000;
    /** Bytes a request moves at most; no driver asks for more, and a hostile one should not keep us for long. */
    private static final long MAX_TRANSFER = 64L << 20;

    /** Bytes that are moved on a vCPU's thread before ours takes over: what takes longer than the hand-over. */
    private static final long MAX_AT_ONCE = 256 << 10;

    /** Ranges of a request to discard, bytes of each, and sectors of all at most. */
    private static final int MAX_RANGES = 64;
    private static final int RANGE = 16;
    private static final int MAX_DISCARD = (int) (1L << 30 >> 9);
    /** Ranges to discard should begin at multiples of 64 KiB, in sectors: clusters of images and pages of file systems. */
    private static final int DISCARD_ALIGNMENT = 128;

    // Feature bits (5.2.3).
    private static final int SEG_MAX = 2;
    private static final int READ_ONLY = 5;
    private static final int BLOCK_SIZE = 6;
    private static final int FLUSH = 9;
    private static final int DISCARD = 13;

    // Request types, and status (5.2.6).
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int DO_FLUSH = 4;
    private static final int GET_ID = 8;
    private static final int DO_DISCARD = 11;
    private static final int OK = 0;
    private static final int IO_ERROR = 1;
    private static final int UNSUPPORTED = 2;

    /** What the driver asks for. */
    private record Request(VirtioSession session, DescriptorChain chain, int type, long sector) {
        /** The status is the very last byte, whatever came before it. */
        void finish(int status) {
            chain.wrote(chain.writable() - 1);
            chain.write(new byte[] {(byte) status}, 0, 1);
        }
    }

    private final Disk disk;
    private final String serial;
    private final boolean synchronous;
    private final byte[] config;
    private final QueueWorker worker;
    /** The request that a vCPU's thread leaves to ours; only the one that serves looks at it. */
    private Request left;

    /**
     * A device in front of a disk, which stays the caller's to close.
     *
     * @param serial what the guest sees as its serial number; 20 bytes of it count
     * @param synchronous true to serve requests within the notification
     */
    public VirtioBlock(Disk disk, String serial, boolean synchronous) {
        this.disk = disk;
        this.serial = serial;
        this.synchronous = synchronous;
        config = configuration();
        worker = new QueueWorker("block " + serial, synchronous, this::serve);
    }

    private byte[] configuration() {
        ByteBuffer b = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(0, disk.size() / Disk.SECTOR);
        b.putInt(12, SEGMENTS);
        b.putInt(20, Disk.SECTOR);
        b.putInt(36, MAX_DISCARD).putInt(40, MAX_RANGES).putInt(44, DISCARD_ALIGNMENT);
        return b.array();
    }

    @Override
    public int type() {
        return BLOCK;
    }

    @Override
    public String name() {
        return "block";
    }

    @Override
    public int pciClass() {
        return 0x010000;
    }

    @Override
    public long features() {
        long features = 1L << SEG_MAX | 1L << BLOCK_SIZE | 1L << FLUSH;
        return disk.readOnly() ? features | 1L << READ_ONLY : features | 1L << DISCARD;
    }

    @Override
    public int[] queues() {
        return new int[] {QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return config;
    }

    @Override
    public void start(VirtioSession s) {
        worker.start(s);
    }

    @Override
    public void notify(int queue) {
        worker.notified();
    }

    @Override
    public void reset() {
        worker.reset();
    }

    @Override
    public void close() {
        worker.close();
    }

    private boolean serve(VirtioSession s, boolean mayWait) {
        Virtqueue queue = s.queue(0);
        if (queue == null) {
            return true;
        }
        long signalled = System.nanoTime();
        long moved = 0;
        while (worker.current(s)) {
            Request request = next(s, queue);
            if (request == null) {
                break;
            }
            if (mayWait) {
                request.finish(execute(request));
            } else {
                moved += request.chain.writable();
                if (moved > MAX_AT_ONCE || !readNow(request)) {
                    left = request;
                    queue.signal();
                    return false;
                }
            }
            queue.put(request.chain);
            // One interrupt for what is done quickly, unless requests take their time.
            if (mayWait && !synchronous && System.nanoTime() - signalled > SIGNAL_NANOS) {
                queue.signal();
                signalled = System.nanoTime();
            }
        }
        queue.signal();
        return true;
    }

    /** The next request; null when there is none, or when what came is none and stops the device. */
    private Request next(VirtioSession s, Virtqueue queue) {
        Request waiting = left;
        left = null;
        if (waiting != null && waiting.session == s) {
            return waiting;
        }
        DescriptorChain chain = queue.take();
        if (chain == null) {
            return null;
        }
        byte[] header = new byte[HEADER];
        if (chain.read(header, 0, HEADER) < HEADER || chain.writable() < 1) {
            s.fail();
            return null;
        }
        ByteBuffer b = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        return new Request(s, chain, b.getInt(0), b.getLong(8));
    }

    /** Serves a read of what the host has at hand; false for anything else. */
    private boolean readNow(Request r) {
        long length = r.chain.writable() - 1;
        if (r.type != IN || !inside(r.sector, length)) {
            return false;
        }
        long position = r.sector * Disk.SECTOR;
        for (ByteBuffer part : r.chain.nextToWrite(length)) {
            if (!disk.readNow(part, position)) {
                return false;
            }
            position += part.remaining();
        }
        r.finish(OK);
        return true;
    }

    private int execute(Request r) {
        try {
            return execute(r.type, r.sector, r.chain);
        } catch (IOException e) {
            return IO_ERROR;
        }
    }

    private int execute(int type, long sector, DescriptorChain chain) throws IOException {
        switch (type) {
            case IN -> {
                long length = chain.writable() - 1;
                if (!inside(sector, length)) {
                    return IO_ERROR;
                }
                long position = sector * Disk.SECTOR;
                for (ByteBuffer part : chain.nextToWrite(length)) {
                    int n = part.remaining();
                    disk.read(part, position);
                    position += n;
                }
                return OK;
            }
            case OUT -> {
                long length = chain.readable();
                if (disk.readOnly() || !inside(sector, length)) {
                    return IO_ERROR;
                }
                long position = sector * Disk.SECTOR;
                for (ByteBuffer part : chain.nextToRead(length)) {
                    int n = part.remaining();
                    disk.write(part, position);
                    position += n;
                }
                return OK;
            }
            case DO_FLUSH -> {
                disk.flush();
                return OK;
            }
            case DO_DISCARD -> {
                return discard(chain);
            }
            case GET_ID -> {
                byte[] id = new byte[SERIAL_LENGTH];
                byte[] text = serial.getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(text, 0, id, 0, Math.min(text.length, SERIAL_LENGTH));
                chain.write(id, 0, (int) Math.min(SERIAL_LENGTH, chain.writable() - 1));
                return OK;
            }
            default -> {
                return UNSUPPORTED;
            }
        }
    }

    /** Ranges of sector, count and flags (5.2.6); all are checked before the first is done. */
    private int discard(DescriptorChain chain) throws IOException {
        byte[] bytes = new byte[MAX_RANGES * RANGE];
        if (disk.readOnly() || chain.readable() > bytes.length || chain.readable() % RANGE != 0) {
            return disk.readOnly() ? IO_ERROR : UNSUPPORTED;
        }
        ByteBuffer b = ByteBuffer.wrap(bytes, 0, chain.read(bytes, 0, bytes.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < b.limit(); at += RANGE) {
            // Flags are for writing zeroes, which is not offered.
            if (b.getInt(at + 12) != 0) {
                return UNSUPPORTED;
            }
            long count = b.getInt(at + 8) & 0xffffffffL;
            long sector = b.getLong(at);
            if (count > MAX_DISCARD || sector < 0 || sector > disk.size() / Disk.SECTOR - count) {
                return IO_ERROR;
            }
        }
        for (int at = 0; at < b.limit(); at += RANGE) {
            disk.discard(b.getLong(at) * Disk.SECTOR, (b.getInt(at + 8) & 0xffffffffL) * Disk.SECTOR);
        }
        return OK;
    }

    private boolean inside(long sector, long length) {
        return length % Disk.SECTOR == 0 && length <= MAX_TRANSFER && sector >= 0
                && sector <= disk.size() / Disk.SECTOR - length / Disk.SECTOR;
    }
}
