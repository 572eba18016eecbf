package io.nestling.runtime.device.virtio;

import io.nestling.runtime.memory.GuestMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chain of buffers that the driver gave: first those the device reads, then those it writes, all inside RAM. Both parts
 * are seen as streams of bytes with a position; how they are cut into buffers does not matter (2.7.4). One thread at a
 * time uses a chain.
 */
public final class DescriptorChain {
    /** Entry of the descriptor table that the chain begins with. */
    final int head;

    private final GuestMemory memory;
    private long[] addresses = new long[4];
    private long[] lengths = new long[4];
    private int count;
    private int readers;
    private long readable;
    private long writable;

    // Positions: buffer and offset in it, of both streams.
    private int readBuffer;
    private long readOffset;
    private int writeBuffer = -1;
    private long writeOffset;
    private long written;
    private long taken;

    DescriptorChain(GuestMemory memory, int head) {
        this.memory = memory;
        this.head = head;
    }

    /** Adds a buffer inside RAM; false when it is for reading and comes after one for writing. */
    boolean add(long address, long length, boolean write) {
        if (!write && count > readers) {
            return false;
        }
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        addresses[count] = address;
        lengths[count++] = length;
        if (write) {
            writable += length;
        } else {
            readers = count;
            readable += length;
        }
        return true;
    }

    /** Bytes that are left to read. */
    public long readable() {
        return readable - taken;
    }

    /** Bytes that are left to write. */
    public long writable() {
        return writable - written;
    }

    /** Bytes written so far, or passed over. */
    public long written() {
        return written;
    }

    /** Bytes read so far. */
    public long taken() {
        return taken;
    }

    /** The next bytes to read, copied; fewer than {@code length} at the end. The result is how many. */
    public int read(byte[] to, int offset, int length) {
        int n = (int) Math.min(length, readable());
        int at = offset;
        for (ByteBuffer part : nextToRead(n)) {
            int size = part.remaining();
            part.get(to, at, size);
            at += size;
        }
        return n;
    }

    /** The next bytes to write, copied; what does not fit is left out. The result is how many were. */
    public int write(byte[] from, int offset, int length) {
        int n = (int) Math.min(length, writable());
        int at = offset;
        for (ByteBuffer part : nextToWrite(n)) {
            int size = part.remaining();
            part.put(from, at, size);
            at += size;
        }
        wrote(n);
        return n;
    }

    /**
     * The next {@code length} bytes to read, in place; they count as read.
     *
     * @param length at most {@link #readable}
     */
    public List<ByteBuffer> nextToRead(long length) {
        checkLength(length, readable());
        List<ByteBuffer> parts = new ArrayList<>();
        long left = length;
        while (left > 0) {
            long n = Math.min(Math.min(left, lengths[readBuffer] - readOffset), Integer.MAX_VALUE);
            if (n > 0) {
                parts.add(memory.window(addresses[readBuffer] + readOffset, (int) n));
                readOffset += n;
                left -= n;
            }
            if (readOffset == lengths[readBuffer]) {
                readBuffer++;
                readOffset = 0;
            }
        }
        taken += length;
        return parts;
    }

    /**
     * The room for the next {@code length} bytes to write, in place; the position stays until {@link #wrote}.
     *
     * @param length at most {@link #writable}
     */
    public List<ByteBuffer> nextToWrite(long length) {
        checkLength(length, writable());
        List<ByteBuffer> parts = new ArrayList<>();
        int i = writeBuffer < 0 ? readers : writeBuffer;
        long offset = writeOffset;
        long left = length;
        while (left > 0) {
            long n = Math.min(Math.min(left, lengths[i] - offset), Integer.MAX_VALUE);
            if (n > 0) {
                parts.add(memory.window(addresses[i] + offset, (int) n));
                offset += n;
                left -= n;
            }
            if (offset == lengths[i]) {
                i++;
                offset = 0;
            }
        }
        return parts;
    }

    /** The next {@code length} bytes to write have been written, or are to be passed over. */
    public void wrote(long length) {
        checkLength(length, writable());
        if (writeBuffer < 0) {
            writeBuffer = readers;
        }
        long left = length;
        while (left > 0) {
            long n = Math.min(left, lengths[writeBuffer] - writeOffset);
            memory.stored(addresses[writeBuffer] + writeOffset, n);
            writeOffset += n;
            left -= n;
            if (writeOffset == lengths[writeBuffer]) {
                writeBuffer++;
                writeOffset = 0;
            }
        }
        written += length;
    }

    private static void checkLength(long length, long most) {
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(length + " bytes of " + most);
        }
    }
}
