package io.nestling.runtime.device.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;

/** The file of a qcow2 image as clusters: transfers, where it ends, and which clusters are the format's own. */
final class Qcow2File {
    private final HostFile image;
    private final FileChannel channel;
    private final int clusterBits;
    private final Set<Long> metadata = new HashSet<>();
    private long end;

    Qcow2File(HostFile image, int clusterBits) throws IOException {
        this.image = image;
        channel = image.channel();
        this.clusterBits = clusterBits;
        end = channel.size();
        addMetadata(0, 1);
    }

    /** Bytes of a cluster. */
    int clusterSize() {
        return 1 << clusterBits;
    }

    /** Where the file ends, as far as we have made it or found it. */
    long end() {
        return end;
    }

    /** Notes that clusters hold the format's own tables, which nothing else may use. */
    void addMetadata(long offset, long clusters) {
        for (long i = 0; i < clusters; i++) {
            metadata.add((offset >>> clusterBits) + i);
        }
    }

    void removeMetadata(long offset, long clusters) {
        for (long i = 0; i < clusters; i++) {
            metadata.remove((offset >>> clusterBits) + i);
        }
    }

    boolean isMetadata(long offset) {
        return metadata.contains(offset >>> clusterBits);
    }

    /** Refuses offsets that no cluster can have. */
    void check(long offset) throws IOException {
        if ((offset & clusterSize() - 1) != 0 || offset <= 0 || offset >= end) {
            throw new IOException("the image names a cluster at 0x" + Long.toHexString(offset));
        }
    }

    /** Fills the buffer. A last cluster need not be there in full, but what was there may not be gone. */
    void read(ByteBuffer to, long position) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int n = channel.read(to, at);
            if (n < 0) {
                if (at < end) {
                    throw new EOFException("the image ends at byte " + at);
                }
                zero(to, to.remaining());
                return;
            }
            at += n;
        }
    }

    void write(ByteBuffer from, long position) throws IOException {
        long last = position + from.remaining();
        RawDisk.writeFully(channel, from, position);
        end = Math.max(end, last);
    }

    /** One big-endian entry of a table. */
    void writeEntry(long position, long v) throws IOException {
        write(ByteBuffer.allocate(8).putLong(0, v), position);
    }

    /** A table of big-endian entries. */
    long[] readTable(long offset, int entries) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(8 * entries);
        read(b, offset);
        long[] table = new long[entries];
        b.flip().asLongBuffer().get(table);
        return table;
    }

    void force() throws IOException {
        channel.force(false);
    }

    void close() throws IOException {
        image.close();
    }

    /** Puts zeroes. */
    static void zero(ByteBuffer to, int length) {
        int stop = to.position() + length;
        while (to.position() <= stop - 8) {
            to.putLong(0);
        }
        while (to.position() < stop) {
            to.put((byte) 0);
        }
    }
}
