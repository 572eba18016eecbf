package io.nestling.runtime.device.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;

/** Makes qcow2 images and checks them, straight from the specification and apart from what is tested. */
final class Qcow2Image {
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;

    private Qcow2Image() {}

    /** An image of a disk without contents: header, refcount table, one refcount block, L1 table. */
    static byte[] empty(int version, long size, int clusterBits, int refcountOrder) {
        int cluster = 1 << clusterBits;
        long perL1 = 1L << 2 * clusterBits - 3;
        int l1Entries = (int) ((size + perL1 - 1) / perL1);
        int l1Clusters = Math.max(1, (8 * l1Entries + cluster - 1) / cluster);
        ByteBuffer b = ByteBuffer.allocate((3 + l1Clusters) * cluster);
        b.putInt(0, 0x514649fb).putInt(4, version).putInt(20, clusterBits).putLong(24, size).putInt(36, l1Entries)
                .putLong(40, 3L * cluster).putLong(48, cluster).putInt(56, 1);
        if (version == 3) {
            b.putInt(96, refcountOrder).putInt(100, 104);
        }
        b.putLong(cluster, 2L * cluster);
        for (int i = 0; i < 3 + l1Clusters; i++) {
            putCount(b, 2 * cluster, i, refcountOrder, 1);
        }
        return b.array();
    }

    private static void putCount(ByteBuffer b, int block, int i, int order, int count) {
        if (order >= 3) {
            int bytes = 1 << order - 3;
            b.put(block + i * bytes + bytes - 1, (byte) count);
        } else {
            int at = block + (i << order) / 8;
            b.put(at, (byte) (b.get(at) | count << (i << order) % 8));
        }
    }

    /** An image whose first cluster is compressed data, made of {@link #empty} by adding an L2 table and the data. */
    static byte[] compressed(int clusterBits, byte[] content) {
        int cluster = 1 << clusterBits;
        byte[] empty = empty(3, 4L * cluster, clusterBits, 4);
        int l2 = empty.length;
        ByteBuffer b = ByteBuffer.allocate(empty.length + 3 * cluster);
        b.put(empty);
        b.putLong(3 * cluster, l2 | COPIED);
        var deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[cluster];
        int length = deflater.deflate(packed);
        deflater.end();
        // Not at the start of a sector, as the format allows.
        int at = l2 + cluster + 100;
        b.put(at, packed, 0, length);
        long sectors = (at + length - 1) / 512 - at / 512;
        b.putLong(l2, COMPRESSED | sectors << 62 - (clusterBits - 8) | at);
        for (int i = empty.length / cluster; i < empty.length / cluster + 2; i++) {
            putCount(b, 2 * cluster, i, 4, 1);
        }
        return b.array();
    }

    /** Counts the uses of every cluster by walking all tables, and compares with the counts that the image has. */
    static void check(Path path) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(path));
        int bits = b.getInt(20);
        long cluster = 1L << bits;
        int order = b.getInt(4) == 3 ? b.getInt(96) : 4;
        Map<Long, Integer> uses = new HashMap<>();
        use(uses, 0, 1);
        long l1 = b.getLong(40);
        int entries = b.getInt(36);
        use(uses, l1 >> bits, Math.max(1, (8L * entries + cluster - 1) / cluster));
        long table = b.getLong(48);
        int tableClusters = b.getInt(56);
        use(uses, table >> bits, tableClusters);
        for (int i = 0; i < tableClusters * cluster / 8; i++) {
            long block = b.getLong((int) table + 8 * i);
            if (block != 0) {
                use(uses, block >> bits, 1);
            }
        }
        for (int i = 0; i < entries; i++) {
            long l2 = b.getLong((int) l1 + 8 * i) & OFFSET;
            if (l2 == 0) {
                continue;
            }
            use(uses, l2 >> bits, 1);
            for (int k = 0; k < cluster / 8; k++) {
                long entry = b.getLong((int) l2 + 8 * k);
                if ((entry & COMPRESSED) != 0) {
                    int shift = 62 - (bits - 8);
                    long at = entry & (1L << shift) - 1;
                    long end = (at & -512) + ((entry & ~(COPIED | COMPRESSED)) >>> shift) * 512;
                    use(uses, at >> bits, (end >> bits) - (at >> bits) + 1);
                } else if ((entry & OFFSET) != 0) {
                    use(uses, (entry & OFFSET) >> bits, 1);
                    if ((entry & COPIED) == 0) {
                        throw new AssertionError("entry without the copied flag");
                    }
                }
            }
        }
        long perBlock = cluster * 8 >> order;
        for (long i = 0; i < tableClusters * cluster / 8 * perBlock; i++) {
            long block = b.getLong((int) (table + 8 * (i / perBlock)));
            if (block == 0) {
                i += perBlock - 1;
                continue;
            }
            long count = count(b, (int) block, (int) (i % perBlock), order);
            if (count != uses.getOrDefault(i, 0)) {
                throw new AssertionError("cluster " + i + " has count " + count + " and " + uses.getOrDefault(i, 0) + " uses");
            }
            uses.remove(i);
        }
        if (!uses.isEmpty()) {
            throw new AssertionError("clusters without counts: " + uses);
        }
    }

    private static long count(ByteBuffer b, int block, int i, int order) {
        return switch (order) {
            case 0, 1, 2 -> b.get(block + (i << order) / 8) >> (i << order) % 8 & (1 << (1 << order)) - 1;
            case 3 -> b.get(block + i);
            case 4 -> b.getShort(block + 2 * i);
            case 5 -> b.getInt(block + 4 * i);
            default -> b.getLong(block + 8 * i);
        };
    }

    private static void use(Map<Long, Integer> uses, long first, long clusters) {
        for (long i = first; i < first + clusters; i++) {
            uses.merge(i, 1, Integer::sum);
        }
    }
}
