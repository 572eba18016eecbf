package io.nestling.runtime.device.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A disk in a qcow2 image without a backing file (QEMU's published specification, docs/interop/qcow2), versions 2 and 3:
 * clusters are found through two levels of tables and come into being when they are first written. Compressed clusters
 * (zlib) are read, and written uncompressed. Clusters that internal snapshots share are copied when they are written.
 *
 * <p>Order of writes: whatever an entry of a table points to is in the file before the entry is, and on the host's storage
 * before it when the entry replaces one that counted; see also {@link Qcow2Refcounts}. Nothing that the image says is
 * trusted: what does not fit is an I/O error of the request that met it.
 */
final class Qcow2Disk implements Disk {
    // Entries of L1 and L2 tables.
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;
    /** Bytes of L2 tables that are kept in memory; a table of 64 KiB is for 512 MiB of the disk. */
    private static final int CACHE = 16 << 20;

    private final Qcow2Header header;
    private final Qcow2File file;
    private final boolean readOnly;
    private final int clusterBits;
    private final int clusterSize;
    private final int l2Bits;
    private final long[] l1;
    private final Qcow2Refcounts refcounts;
    private final Map<Long, long[]> tables = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, long[]> eldest) {
            return size() << clusterBits > CACHE;
        }
    };
    private final Inflater inflater = new Inflater(true);
    /** The compressed cluster read last, by its entry; they are often read in parts. */
    private long inflatedEntry;
    private ByteBuffer inflated;

    Qcow2Disk(HostFile image, boolean readOnly) throws IOException {
        this.readOnly = readOnly;
        header = Qcow2Header.read(image.channel());
        clusterBits = header.clusterBits();
        clusterSize = 1 << clusterBits;
        l2Bits = clusterBits - 3;
        file = new Qcow2File(image, clusterBits);
        l1 = file.readTable(header.l1Offset(), header.l1Entries());
        if (readOnly) {
            refcounts = null;
            return;
        }
        if (!header.clean()) {
            throw new IOException("is a qcow2 image that was not closed in order: run 'qemu-img check -r all' on it, or add"
                    + " ,readonly or ,snapshot");
        }
        file.addMetadata(header.l1Offset(), (8L * l1.length + clusterSize - 1) / clusterSize);
        for (long entry : l1) {
            if ((entry & OFFSET) != 0) {
                file.addMetadata(entry & OFFSET, 1);
            }
        }
        refcounts = new Qcow2Refcounts(file, header);
        if (header.version() > 2) {
            file.writeEntry(Qcow2Header.AUTOCLEAR_AT, 0);
        }
    }

    @Override
    public long size() {
        return header.size();
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void flush() throws IOException {
        if (!readOnly) {
            file.force();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (refcounts != null) {
                refcounts.close();
                file.force();
            }
        } finally {
            inflater.end();
            file.close();
        }
    }

    // ---- mapping ------------------------------------------------------------------------------------------------

    /** The entry of the cluster with this number; 0 when it was never written. */
    private long entry(long cluster) throws IOException {
        long table = l1[(int) (cluster >>> l2Bits)] & OFFSET;
        return table == 0 ? 0 : table(table)[(int) cluster & (1 << l2Bits) - 1];
    }

    private long[] table(long offset) throws IOException {
        long[] table = tables.get(offset);
        if (table == null) {
            file.check(offset);
            table = file.readTable(offset, 1 << l2Bits);
            tables.put(offset, table);
        }
        return table;
    }

    /** Sets an entry; its L2 table is made, or copied when a snapshot shares it. */
    private void setEntry(long cluster, long entry) throws IOException {
        int i = (int) (cluster >>> l2Bits);
        long offset = l1[i] & OFFSET;
        if (offset == 0 || (l1[i] & COPIED) == 0) {
            long[] table = offset == 0 ? new long[1 << l2Bits] : table(offset).clone();
            long fresh = refcounts.allocate();
            ByteBuffer bytes = ByteBuffer.allocate(clusterSize);
            bytes.asLongBuffer().put(table);
            file.write(bytes, fresh);
            file.force();
            file.writeEntry(header.l1Offset() + 8L * i, fresh | COPIED);
            l1[i] = fresh | COPIED;
            tables.put(fresh, table);
            file.addMetadata(fresh, 1);
            if (offset != 0) {
                file.force();
                refcounts.release(offset);
            }
            offset = fresh;
        }
        long[] table = table(offset);
        int slot = (int) cluster & (1 << l2Bits) - 1;
        file.writeEntry(offset + 8L * slot, entry);
        table[slot] = entry;
    }

    private boolean zero(long entry) {
        return (entry & COMPRESSED) == 0 && ((entry & OFFSET) == 0 || header.version() > 2 && (entry & ZERO) != 0);
    }

    /** Where a plain cluster's bytes are. */
    private long data(long entry) throws IOException {
        long offset = entry & OFFSET;
        file.check(offset);
        return offset;
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
        long at = position;
        int limit = to.limit();
        while (to.position() < limit) {
            long cluster = at >>> clusterBits;
            int within = (int) at & clusterSize - 1;
            long entry = entry(cluster);
            int n = Math.min(limit - to.position(), clusterSize - within);
            if (zero(entry)) {
                Qcow2File.zero(to, n);
            } else if ((entry & COMPRESSED) != 0) {
                ByteBuffer whole = inflate(entry);
                to.put(whole.slice(within, n));
            } else {
                long offset = data(entry);
                // Clusters that follow each other in the file are read at once.
                while (n < limit - to.position() && follows(cluster + (within + n >>> clusterBits), offset + within + n)) {
                    n += Math.min(limit - to.position() - n, clusterSize);
                }
                to.limit(to.position() + n);
                file.read(to, offset + within);
                to.limit(limit);
            }
            at += n;
        }
    }

    private boolean follows(long cluster, long offset) throws IOException {
        long entry = entry(cluster);
        return (entry & COMPRESSED) == 0 && !zero(entry) && (entry & OFFSET) == offset && offset < file.end();
    }

    /** log2 of the bytes that the length of compressed data is counted in is 9; here: bits of its offset. */
    private int compressedOffsetBits() {
        return 62 - (clusterBits - 8);
    }

    private ByteBuffer inflate(long entry) throws IOException {
        if (inflated != null && inflatedEntry == entry) {
            return inflated;
        }
        long offset = entry & (1L << compressedOffsetBits()) - 1;
        int sectors = (int) ((entry & ~(COPIED | COMPRESSED)) >>> compressedOffsetBits()) + 1;
        int length = sectors * SECTOR - (int) (offset & SECTOR - 1);
        if (offset < clusterSize || offset >= file.end()) {
            throw new IOException("the image has compressed data at 0x" + Long.toHexString(offset));
        }
        ByteBuffer compressed = ByteBuffer.allocate(length);
        file.read(compressed, offset);
        byte[] plain = new byte[clusterSize];
        inflater.reset();
        inflater.setInput(compressed.array());
        try {
            int n = 0;
            while (n < clusterSize) {
                int more = inflater.inflate(plain, n, clusterSize - n);
                if (more == 0) {
                    throw new IOException("the image has compressed data that ends early");
                }
                n += more;
            }
        } catch (DataFormatException e) {
            throw new IOException("the image has damaged compressed data", e);
        }
        inflated = ByteBuffer.wrap(plain);
        inflatedEntry = entry;
        return inflated;
    }

    // ---- writing ------------------------------------------------------------------------------------------------

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        if (readOnly) {
            throw new IOException("the image was opened for reading only");
        }
        long at = position;
        int limit = from.limit();
        while (from.position() < limit) {
            int within = (int) at & clusterSize - 1;
            int n = Math.min(limit - from.position(), clusterSize - within);
            from.limit(from.position() + n);
            writeCluster(at >>> clusterBits, within, from);
            from.limit(limit);
            at += n;
        }
    }

    /** Clusters that are wholly inside are given up: they read as zeroes from then on. */
    @Override
    public void discard(long position, long length) throws IOException {
        long first = position + clusterSize - 1 >>> clusterBits;
        // The last cluster of the disk may be cut short.
        long last = position + length == size() ? size() + clusterSize - 1 >>> clusterBits : position + length >>> clusterBits;
        List<Long> gone = new ArrayList<>();
        for (long cluster = first; cluster < last; cluster++) {
            long entry = entry(cluster);
            if (!zero(entry)) {
                setEntry(cluster, 0);
                gone.add(entry);
            }
        }
        if (!gone.isEmpty()) {
            // Nothing may be given out again that a crash of the host could leave an entry for.
            file.force();
            for (long entry : gone) {
                release(entry);
            }
        }
    }

    private void writeCluster(long cluster, int within, ByteBuffer from) throws IOException {
        long entry = entry(cluster);
        boolean plain = (entry & COMPRESSED) == 0 && (entry & OFFSET) != 0;
        boolean ours = plain && (entry & COPIED) != 0 && (l1[(int) (cluster >>> l2Bits)] & COPIED) != 0;
        if (ours) {
            long offset = data(entry);
            if (file.isMetadata(offset)) {
                throw new IOException("the image has data where its tables are, at 0x" + Long.toHexString(offset));
            }
            if (!zero(entry)) {
                file.write(from, offset + within);
                return;
            }
        }
        // A cluster of our own is needed, or one that counted as zeroes is to count as it is.
        long home = ours ? data(entry) : refcounts.allocate();
        try {
            fill(home, cluster, within, from);
        } catch (IOException e) {
            if (!ours) {
                refcounts.giveBack(home);
            }
            throw e;
        }
        if (entry != 0) {
            // What was there must not be lost with the host: first the copy, then the entry, then the end of the old.
            file.force();
        }
        setEntry(cluster, home | COPIED);
        if (entry != 0 && !ours) {
            release(entry);
        }
    }

    /** Writes a part of a cluster to a place of its own, and around it what the disk has there now. */
    private void fill(long home, long cluster, int within, ByteBuffer from) throws IOException {
        if (from.remaining() == clusterSize) {
            file.write(from, home);
        } else if (zero(entry(cluster)) && home >= file.end()) {
            // Around it the file has, or is read as, zeroes.
            file.write(from, home + within);
        } else {
            ByteBuffer whole = ByteBuffer.allocateDirect(clusterSize);
            read(whole, cluster << clusterBits);
            whole.put(within, from, from.position(), from.remaining());
            from.position(from.limit());
            file.write(whole.flip(), home);
        }
    }

    /** Gives up what an entry pointed to: a cluster, or the ones that compressed data touches. */
    private void release(long entry) throws IOException {
        if ((entry & COMPRESSED) == 0) {
            if ((entry & OFFSET) != 0) {
                refcounts.release(data(entry));
            }
            return;
        }
        inflated = null;
        long offset = entry & (1L << compressedOffsetBits()) - 1;
        long sectors = (entry & ~(COPIED | COMPRESSED)) >>> compressedOffsetBits();
        long last = (offset & -SECTOR) + sectors * SECTOR;
        for (long at = offset & -clusterSize; at <= last; at += clusterSize) {
            refcounts.release(at);
        }
    }
}
