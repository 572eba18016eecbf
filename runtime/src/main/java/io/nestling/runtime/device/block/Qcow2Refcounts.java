package io.nestling.runtime.device.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which clusters of a qcow2 image are in use (specification, "Host cluster management"), and new ones.
 *
 * <p>New clusters are marked as used by the batch, and the marks are on the host's storage before the first of the batch is
 * given out. So however we end, no cluster is in use and not marked, which would give it out twice; what a crash leaves is
 * some marks too many, which cost space only.
 */
final class Qcow2Refcounts {
    private static final int BATCH = 256;
    /** Bytes of blocks that are kept in memory. */
    private static final int CACHE = 8 << 20;
    /** Clusters looked at for a batch at most: a damaged image may claim that everything is in use. */
    private static final int MOST_LOOKS = 1 << 26;

    private static final long MAX_TABLE = 64L << 20;

    private final Qcow2File file;
    private final int order;
    private final int clusterBits;
    /** log2 of the clusters that a block is for. */
    private final int blockBits;
    private long tableOffset;
    private int tableClusters;
    private long[] table;
    private long next = 1;
    private final ArrayDeque<Long> reserved = new ArrayDeque<>();
    private final Map<Long, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() << clusterBits > CACHE;
        }
    };

    Qcow2Refcounts(Qcow2File file, Qcow2Header header) throws IOException {
        this.file = file;
        order = header.refcountOrder();
        clusterBits = header.clusterBits();
        blockBits = clusterBits + 3 - order;
        tableOffset = header.refcountOffset();
        tableClusters = header.refcountClusters();
        table = file.readTable(tableOffset, tableClusters << clusterBits - 3);
        file.addMetadata(tableOffset, tableClusters);
        for (long block : table) {
            if (block != 0) {
                file.check(block);
                file.addMetadata(block, 1);
            }
        }
    }

    /** Offset of a new cluster. Its content is undefined. */
    long allocate() throws IOException {
        if (reserved.isEmpty()) {
            reserve();
        }
        return reserved.remove() << clusterBits;
    }

    /** Takes back a cluster that was not used after all. */
    void giveBack(long offset) {
        reserved.addFirst(offset >>> clusterBits);
    }

    /** Gives up one use of a cluster. */
    void release(long offset) throws IOException {
        long cluster = offset >>> clusterBits;
        long count = get(cluster);
        if (count == 0) {
            throw new IOException("the image uses a cluster at 0x" + Long.toHexString(offset) + " that is free");
        }
        set(cluster, count - 1);
        if (count == 1) {
            next = Math.min(next, cluster);
        }
    }

    /** Takes back the marks of clusters that were not given out after all. */
    void close() throws IOException {
        while (!reserved.isEmpty()) {
            set(reserved.remove(), 0);
        }
    }

    private void reserve() throws IOException {
        int looks = 0;
        while (reserved.size() < BATCH) {
            long cluster = next;
            if (++looks > MOST_LOOKS) {
                throw new IOException("the image has no free clusters");
            }
            if (get(cluster) != 0 || file.isMetadata(cluster << clusterBits)) {
                next++;
                continue;
            }
            ensureBlock(cluster);
            // The block may have taken that very cluster for itself.
            if (get(cluster) == 0) {
                set(cluster, 1);
                reserved.add(cluster);
            }
            next = cluster + 1;
        }
        file.force();
    }

    private long get(long cluster) throws IOException {
        long index = cluster >>> blockBits;
        if (index >= table.length || table[(int) index] == 0) {
            return 0;
        }
        byte[] block = block(table[(int) index]);
        long i = cluster & (1L << blockBits) - 1;
        if (order < 3) {
            return block[(int) (i >>> 3 - order)] >>> ((i << order) & 7) & (1 << (1 << order)) - 1;
        }
        long v = 0;
        int bytes = 1 << order - 3;
        for (int k = 0; k < bytes; k++) {
            v = v << 8 | block[(int) i * bytes + k] & 0xff;
        }
        return v;
    }

    /** The cluster's block must be there. */
    private void set(long cluster, long count) throws IOException {
        long offset = table[(int) (cluster >>> blockBits)];
        byte[] block = block(offset);
        long i = cluster & (1L << blockBits) - 1;
        int at = put(block, (int) i, count);
        int bytes = order < 3 ? 1 : 1 << order - 3;
        file.write(ByteBuffer.wrap(block, at, bytes), offset + at);
    }

    /** Puts a count into a block; the result is the first byte that changed. */
    private int put(byte[] block, int i, long count) {
        if (order < 3) {
            int at = i >>> 3 - order;
            int shift = i << order & 7;
            int mask = (1 << (1 << order)) - 1 << shift;
            block[at] = (byte) (block[at] & ~mask | (int) count << shift & mask);
            return at;
        }
        int bytes = 1 << order - 3;
        for (int k = 0; k < bytes; k++) {
            block[i * bytes + k] = (byte) (count >>> 8 * (bytes - 1 - k));
        }
        return i * bytes;
    }

    private byte[] block(long offset) throws IOException {
        byte[] block = blocks.get(offset);
        if (block == null) {
            file.check(offset);
            block = new byte[1 << clusterBits];
            file.read(ByteBuffer.wrap(block), offset);
            blocks.put(offset, block);
        }
        return block;
    }

    /** Makes sure that a free cluster's count has a place. A new block lies in the first cluster that it is for. */
    private void ensureBlock(long cluster) throws IOException {
        long index = cluster >>> blockBits;
        if (index >= table.length) {
            growTable();
        }
        if (table[(int) index] != 0) {
            return;
        }
        long home = index << blockBits;
        while (file.isMetadata(home << clusterBits)) {
            home++;
        }
        if (home >>> blockBits != index) {
            throw new IOException("the image has no room for its refcounts");
        }
        byte[] block = new byte[1 << clusterBits];
        put(block, (int) (home & (1L << blockBits) - 1), 1);
        long offset = home << clusterBits;
        file.write(ByteBuffer.wrap(block), offset);
        file.force();
        blocks.put(offset, block);
        file.addMetadata(offset, 1);
        table[(int) index] = offset;
        file.writeEntry(tableOffset + 8 * index, offset);
    }

    /** Moves the table, twice as large, to clusters that the old one had no place for, together with their block. */
    private void growTable() throws IOException {
        int clusters = 2 * Math.max(tableClusters, 1);
        long first = (long) table.length << blockBits;
        if (clusters + 1 > 1L << blockBits || (long) clusters << clusterBits > MAX_TABLE
                || first > Long.MAX_VALUE >>> clusterBits + 1) {
            throw new IOException("the image cannot grow any more");
        }
        long offset = first << clusterBits;
        long blockOffset = offset + ((long) clusters << clusterBits);
        byte[] block = new byte[1 << clusterBits];
        for (int i = 0; i <= clusters; i++) {
            put(block, i, 1);
        }
        long[] larger = Arrays.copyOf(table, clusters << clusterBits - 3);
        larger[table.length] = blockOffset;
        ByteBuffer bytes = ByteBuffer.allocate(clusters << clusterBits);
        bytes.asLongBuffer().put(larger);
        file.write(bytes, offset);
        file.write(ByteBuffer.wrap(block), blockOffset);
        file.force();
        file.write(ByteBuffer.allocate(12).putLong(offset).putInt(clusters).flip(), Qcow2Header.REFCOUNT_TABLE_AT);
        file.force();
        long oldOffset = tableOffset;
        int oldClusters = tableClusters;
        table = larger;
        tableOffset = offset;
        tableClusters = clusters;
        blocks.put(blockOffset, block);
        file.addMetadata(offset, clusters + 1);
        file.removeMetadata(oldOffset, oldClusters);
        for (int i = 0; i < oldClusters; i++) {
            release(oldOffset + ((long) i << clusterBits));
        }
    }
}
