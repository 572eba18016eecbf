package io.nestling.runtime.device.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The header of a qcow2 image, versions 2 and 3, as QEMU's published specification has it (docs/interop/qcow2, "Header").
 * All numbers in the format are big-endian. What is kept here has been checked, whatever the file says: a cluster is 512
 * bytes to 2 MiB, the tables are aligned and lie inside the file, and the L1 table covers the disk.
 */
record Qcow2Header(int version, int clusterBits, long size, int l1Entries, long l1Offset, long refcountOffset, int refcountClusters,
        int refcountOrder, boolean clean) {
    static final int MAGIC = 0x514649fb;
    /** Where the header says it, for updates. */
    static final int REFCOUNT_TABLE_AT = 48;
    /** Features that a program which does not know them must switch off before it writes. */
    static final int AUTOCLEAR_AT = 88;

    private static final int V2_LENGTH = 72;
    private static final int V3_LENGTH = 104;
    private static final int MIN_CLUSTER_BITS = 9;
    private static final int MAX_CLUSTER_BITS = 21;
    private static final int MAX_REFCOUNT_ORDER = 6;
    /** Bytes of an L1 table or a refcount table at most, as other programs have it. */
    private static final long MAX_TABLE = 32L << 20;

    // Incompatible features: refcounts may be too small; some structure is known to be wrong.
    private static final long DIRTY = 1;
    private static final long CORRUPT = 2;
    private static final long COMPRESSION_TYPE = 8;
    /** How reasons end that only another program can mend. */
    private static final String CONVERT = ": convert it with 'qemu-img convert -O qcow2'";

    /** Reads and checks. The message of a failure follows the file's name. */
    static Qcow2Header read(FileChannel file) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(V3_LENGTH);
        while (b.hasRemaining() && file.read(b, b.position()) > 0) {
            // Goes on until the header is there or the file ends.
        }
        int there = b.position();
        if (there < V2_LENGTH || b.getInt(0) != MAGIC) {
            throw new IOException("is not a qcow2 image: check the name, or give format=raw");
        }
        int version = b.getInt(4);
        if (version != 2 && version != 3 || version == 3 && there < V3_LENGTH) {
            throw new IOException("is a qcow2 image of version " + (version & 0xffffffffL) + "; 2 and 3 are known" + CONVERT);
        }
        if (b.getLong(8) != 0) {
            throw new IOException("is a qcow2 image with a backing file, which is not supported" + CONVERT);
        }
        if (b.getInt(32) != 0) {
            throw new IOException("is an encrypted qcow2 image, which is not supported" + CONVERT);
        }
        long features = version == 3 ? b.getLong(72) : 0;
        if ((features & ~(DIRTY | CORRUPT | COMPRESSION_TYPE)) != 0) {
            throw new IOException("is a qcow2 image with unknown features (0x" + Long.toHexString(features) + ")" + CONVERT);
        }
        if ((features & COMPRESSION_TYPE) != 0) {
            throw new IOException("is a qcow2 image with a compression other than zlib, which is not supported" + CONVERT);
        }
        var header = new Qcow2Header(version, b.getInt(20), b.getLong(24), b.getInt(36), b.getLong(40), b.getLong(REFCOUNT_TABLE_AT),
                b.getInt(56), version == 3 ? b.getInt(96) : 4, (features & (DIRTY | CORRUPT)) == 0);
        header.check(file.size());
        return header;
    }

    private void check(long fileSize) throws IOException {
        if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
            throw damaged("clusters of 2^" + (clusterBits & 0xffffffffL) + " bytes");
        }
        if (size < 0 || size % Disk.SECTOR != 0) {
            throw damaged("a disk of " + Long.toUnsignedString(size) + " bytes");
        }
        if (l1Entries < 0 || 8L * l1Entries > MAX_TABLE || l1Entries < l1Needed() || !inside(l1Offset, 8L * l1Entries, fileSize)) {
            throw damaged("an L1 table of " + (l1Entries & 0xffffffffL) + " entries at 0x" + Long.toHexString(l1Offset));
        }
        if (refcountOrder < 0 || refcountOrder > MAX_REFCOUNT_ORDER || refcountClusters < 0
                || (long) refcountClusters << clusterBits > MAX_TABLE
                || !inside(refcountOffset, (long) refcountClusters << clusterBits, fileSize)) {
            throw damaged("a refcount table of " + (refcountClusters & 0xffffffffL) + " clusters at 0x"
                    + Long.toHexString(refcountOffset));
        }
    }

    /** L1 entries that a disk of this size takes: an entry is for a cluster full of 8-byte entries for clusters. */
    private long l1Needed() {
        int bits = 2 * clusterBits - 3;
        return (size >>> bits) + ((size & (1L << bits) - 1) == 0 ? 0 : 1);
    }

    private boolean inside(long offset, long length, long fileSize) {
        return offset >= 0 && (offset & (1L << clusterBits) - 1) == 0 && (length == 0 || offset > 0 && offset <= fileSize - length);
    }

    private static IOException damaged(String what) {
        return new IOException("is a damaged qcow2 image (it has " + what + "): restore a copy, or try 'qemu-img check -r all'");
    }
}
