package io.nestling.runtime.device.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.BitSet;

/**
 * A disk that keeps what is written to it in a scratch file and leaves the one below as it is. Clusters are copied as a
 * whole when they are first written in part, to the same place in the scratch file, which the file system keeps sparse.
 */
public final class SnapshotDisk implements Disk {
    private static final int CLUSTER = 1 << 16;

    private final Disk below;
    private final FileChannel scratch;
    private final BitSet written = new BitSet();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CLUSTER);

    /** Over a disk; closes both when it is closed. */
    public SnapshotDisk(Disk below, FileChannel scratch) {
        this.below = below;
        this.scratch = scratch;
    }

    @Override
    public long size() {
        return below.size();
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    /** One part of a transfer, inside one cluster. */
    private interface Part {
        void move(ByteBuffer bytes, long position, int cluster) throws IOException;
    }

    private static void split(ByteBuffer all, long position, Part part) throws IOException {
        int limit = all.limit();
        long at = position;
        while (all.position() < limit) {
            int n = (int) Math.min(limit - all.position(), CLUSTER - at % CLUSTER);
            all.limit(all.position() + n);
            part.move(all, at, (int) (at / CLUSTER));
            all.limit(limit);
            at += n;
        }
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
        split(to, position, (part, at, cluster) -> {
            if (written.get(cluster)) {
                RawDisk.readFully(scratch, part, at);
            } else {
                below.read(part, at);
            }
        });
    }

    /** What is still below comes from there; what is in the scratch file may be anywhere. */
    @Override
    public boolean readNow(ByteBuffer to, long position) {
        long last = (position + to.remaining() - 1) / CLUSTER;
        int overlaid = written.nextSetBit((int) (position / CLUSTER));
        return (overlaid < 0 || overlaid > last) && below.readNow(to, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        split(from, position, (part, at, cluster) -> {
            long start = (long) cluster * CLUSTER;
            if (!written.get(cluster) && part.remaining() < Math.min(CLUSTER, size() - start)) {
                buffer.clear().limit((int) Math.min(CLUSTER, size() - start));
                below.read(buffer, start);
                RawDisk.writeFully(scratch, buffer.flip(), start);
            }
            RawDisk.writeFully(scratch, part, at);
            written.set(cluster);
        });
    }

    /** Nothing here outlives us. */
    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
        try (below) {
            scratch.close();
        }
    }
}
