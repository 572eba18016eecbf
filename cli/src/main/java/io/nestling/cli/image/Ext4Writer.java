package io.nestling.cli.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Writes an ext4 file system with owners and permissions of our choice, which no unprivileged mkfs can. Only what every
 * kernel knows: extents, a journal, 4 KiB blocks, nothing that needs checksums. Contents are written as they come; the rest
 * when it is closed. The layout is that of the kernel's documentation, "ext4 Data Structures and Algorithms".
 */
final class Ext4Writer implements AutoCloseable {
    static final int DIRECTORY = 0040000;
    static final int REGULAR = 0100000;
    static final int LINK = 0120000;

    private static final int BLOCK = 4096;
    private static final int GROUP = 8 * BLOCK;
    private static final int INODES_PER_GROUP = 8192;
    private static final int INODE = 256;
    private static final int INODE_TABLE = INODES_PER_GROUP * INODE / BLOCK;
    private static final int DESCRIPTOR = 32;
    private static final int FIRST_INODE = 11;
    private static final int ROOT_INODE = 2;
    private static final int JOURNAL_INODE = 8;
    private static final int JOURNAL_BLOCKS = 4096;
    private static final int JOURNAL_MAGIC = 0xc03b3998;
    private static final int MAGIC = 0xef53;
    private static final int EXTENT_MAGIC = 0xf30a;
    private static final int EXTENTS_FLAG = 0x80000;
    private static final int INLINE_EXTENTS = 4;
    private static final int FAST_LINK = 60;
    private static final int EXTRA = 32;
    private static final int LINKS_FOLLOWED = 8;

    private static final int HAS_JOURNAL = 4;
    private static final int FILE_TYPE = 2;
    private static final int EXTENTS = 0x40;
    private static final int SPARSE_SUPER = 1;
    private static final int LARGE_FILE = 2;
    private static final int EXTRA_SIZE = 0x40;

    /** A run of blocks. */
    private record Extent(long start, int length) {}

    private static final class Node {
        final int number;
        final int mode;
        final int user;
        final int group;
        final long time;
        int links;
        long size;
        List<Extent> extents = List.of();
        /** Of a short symbolic link. */
        byte[] target = {};
        /** Of a directory. */
        final Map<String, Node> children = new TreeMap<>();
        String linkText = "";

        Node(int number, int mode, int user, int group, long time) {
            this.number = number;
            this.mode = mode;
            this.user = user;
            this.group = group;
            this.time = time;
        }

        boolean is(int type) {
            return (mode & 0170000) == type;
        }
    }

    private final FileChannel channel;
    private final int groups;
    private final int descriptorBlocks;
    private final byte[] uuid;
    private final String label;
    private final BitSet used = new BitSet();
    private final List<Node> nodes = new ArrayList<>();
    private final Node root;
    private long next;

    /**
     * Starts a file system in a new file.
     *
     * @param size bytes, a multiple of 128 MiB
     * @param uuid 16 bytes
     */
    Ext4Writer(Path file, long size, byte[] uuid, String label) throws IOException {
        groups = Math.toIntExact(size / BLOCK / GROUP);
        if (groups == 0 || size % ((long) BLOCK * GROUP) != 0) {
            throw new IllegalArgumentException("size " + size);
        }
        this.uuid = uuid.clone();
        this.label = label;
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
        descriptorBlocks = (groups * DESCRIPTOR + BLOCK - 1) / BLOCK;
        for (int g = 0; g < groups; g++) {
            used.set(g * GROUP, g * GROUP + overhead(g));
        }
        long now = System.currentTimeMillis() / 1000;
        root = node(ROOT_INODE, DIRECTORY | 0755, 0, 0, now);
        Node journal = node(JOURNAL_INODE, REGULAR | 0600, 0, 0, now);
        journal.links = 1;
        journal.size = (long) JOURNAL_BLOCKS * BLOCK;
        journal.extents = allocate(JOURNAL_BLOCKS);
        writeJournal(journal.extents.getFirst().start);
        nodes.addAll(List.of(root, journal));
        root.children.put("lost+found", add(DIRECTORY | 0700, 0, 0, now));
    }

    private static Node node(int number, int mode, int user, int group, long time) {
        return new Node(number, mode, user, group, time);
    }

    private Node add(int mode, int user, int group, long time) throws IOException {
        int number = nodes.size() - 2 + FIRST_INODE;
        if (number > groups * INODES_PER_GROUP) {
            throw new IOException("the disk image has no inodes left: make it larger");
        }
        Node n = node(number, mode, user, group, time);
        nodes.add(n);
        return n;
    }

    // ---- the tree -----------------------------------------------------------------------------------------------

    /** Makes a directory, or gives one that is there its owner and permissions. */
    void directory(String path, int mode, int user, int group, long time) throws IOException {
        Node parent = parent(path);
        String name = name(path);
        Node old = name.isEmpty() ? root : parent.children.get(name);
        if (old != null && (old.is(DIRECTORY) || old.is(LINK))) {
            // A link to a directory stays one: merged /usr.
            return;
        }
        parent.children.put(name, add(DIRECTORY | mode & 07777, user, group, time));
    }

    void file(String path, int mode, int user, int group, long time, byte[] content) throws IOException {
        Node n = add(REGULAR | mode & 07777, user, group, time);
        store(n, content);
        put(path, n);
    }

    void symlink(String path, String target, int user, int group, long time) throws IOException {
        Node n = add(LINK | 0777, user, group, time);
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        n.linkText = target;
        if (bytes.length < FAST_LINK) {
            n.target = bytes;
            n.size = bytes.length;
        } else {
            store(n, bytes);
        }
        put(path, n);
    }

    /** Gives a file that is there another name. */
    void hardLink(String path, String existing) throws IOException {
        Node n = parent(existing).children.get(name(existing));
        if (n == null || n.is(DIRECTORY)) {
            throw new IOException("a hard link to " + existing + ", which is no file");
        }
        put(path, n);
    }

    private void put(String path, Node n) throws IOException {
        n.links++;
        Node old = parent(path).children.put(name(path), n);
        if (old != null && --old.links == 0) {
            old.extents.forEach(e -> used.clear((int) e.start, (int) e.start + e.length));
        }
    }

    /** The file at a path, or null; links on the way are followed. */
    private Node find(String path) throws IOException {
        return path.isEmpty() ? root : parent(path).children.get(name(path));
    }

    /** True when something is there. */
    boolean exists(String path) throws IOException {
        return find(path) != null;
    }

    private Node parent(String path) throws IOException {
        Node at = root;
        String[] parts = strip(path).split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            at = child(at, parts[i], 0);
        }
        return at;
    }

    private Node child(Node directory, String name, int depth) throws IOException {
        Node n = directory.children.get(name);
        if (n == null) {
            n = add(DIRECTORY | 0755, 0, 0, root.time);
            directory.children.put(name, n);
        }
        if (n.is(LINK) && depth < LINKS_FOLLOWED && !n.linkText.contains("..")) {
            Node at = n.linkText.startsWith("/") ? root : directory;
            for (String part : strip(n.linkText).split("/")) {
                at = child(at, part, depth + 1);
            }
            return at;
        }
        if (!n.is(DIRECTORY)) {
            throw new IOException(name + " is no directory");
        }
        return n;
    }

    private static String strip(String path) {
        return path.replaceAll("^(\\./|/)+|/+$", "");
    }

    private static String name(String path) {
        String p = strip(path);
        return p.substring(p.lastIndexOf('/') + 1);
    }

    // ---- blocks -------------------------------------------------------------------------------------------------

    private static boolean hasBackup(int group) {
        return group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
    }

    private static boolean isPower(int n, int base) {
        int p = base;
        while (p < n) {
            p *= base;
        }
        return p == n;
    }

    private int reserved(int group) {
        return hasBackup(group) ? 1 + descriptorBlocks : 0;
    }

    private int overhead(int group) {
        return reserved(group) + 2 + INODE_TABLE;
    }

    private List<Extent> allocate(int count) throws IOException {
        List<Extent> extents = new ArrayList<>();
        int left = count;
        while (left > 0) {
            int start = used.nextClearBit((int) next);
            int end = used.nextSetBit(start);
            int most = Math.min(end < 0 ? groups * GROUP : end, (start / GROUP + 1) * GROUP) - start;
            if (most <= 0) {
                throw new IOException("the disk image is full: make it larger");
            }
            int n = Math.min(left, most);
            used.set(start, start + n);
            extents.add(new Extent(start, n));
            next = start + n;
            left -= n;
        }
        if (extents.size() > INLINE_EXTENTS) {
            throw new IOException("a file of " + count + " blocks is too large for this writer");
        }
        return extents;
    }

    private void store(Node n, byte[] content) throws IOException {
        n.size = content.length;
        n.extents = allocate((content.length + BLOCK - 1) / BLOCK);
        ByteBuffer b = ByteBuffer.wrap(content);
        for (Extent e : n.extents) {
            b.limit((int) Math.min(content.length, b.position() + (long) e.length * BLOCK));
            write(b, e.start * BLOCK);
        }
    }

    private void write(ByteBuffer b, long position) throws IOException {
        long at = position;
        while (b.hasRemaining()) {
            at += channel.write(b, at);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    /** Lays down directories, inodes, bitmaps and superblocks. */
    void finish() throws IOException {
        link(root, root);
        int free = 0;
        ByteBuffer descriptors = buffer(descriptorBlocks * BLOCK);
        for (int g = 0; g < groups; g++) {
            free += group(g, descriptors);
        }
        // Root and journal are among the reserved ones; what another file has replaced has no links and is free again.
        int taken = FIRST_INODE - 1 + (int) nodes.stream().filter(n -> n.number >= FIRST_INODE && n.links > 0).count();
        for (int g = 0; g < groups; g++) {
            if (hasBackup(g)) {
                long start = (long) g * GROUP * BLOCK;
                write(superblock(g, free, groups * INODES_PER_GROUP - taken), start + (g == 0 ? 1024 : 0));
                write(descriptors.duplicate().clear(), start + BLOCK);
            }
        }
        long size = (long) groups * GROUP * BLOCK;
        if (channel.size() < size) {
            write(ByteBuffer.allocate(1), size - 1);
        }
    }

    /** Writes a directory and those below, and counts their links. */
    private void link(Node directory, Node parent) throws IOException {
        var out = buffer(BLOCK);
        List<byte[]> blocks = new ArrayList<>();
        entry(out, directory.number, ".", 2);
        int last = entry(out, parent.number, "..", 2);
        directory.links += 2;
        for (var child : directory.children.entrySet()) {
            Node n = child.getValue();
            byte[] name = child.getKey().getBytes(StandardCharsets.UTF_8);
            if (out.remaining() < 8 + (name.length + 3 & -4)) {
                close(out, last);
                blocks.add(out.array());
                out = buffer(BLOCK);
            }
            last = entry(out, n.number, child.getKey(), n.is(DIRECTORY) ? 2 : n.is(LINK) ? 7 : 1);
            if (n.is(DIRECTORY)) {
                directory.links++;
                link(n, directory);
            }
        }
        close(out, last);
        blocks.add(out.array());
        ByteBuffer all = ByteBuffer.allocate(blocks.size() * BLOCK);
        blocks.forEach(all::put);
        store(directory, all.array());
    }

    /** Adds an entry and gives where it starts. */
    private static int entry(ByteBuffer out, int number, String name, int type) {
        int at = out.position();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.putInt(number).putShort((short) (8 + (bytes.length + 3 & -4))).put((byte) bytes.length).put((byte) type).put(bytes);
        out.position(at + 8 + (bytes.length + 3 & -4));
        return at;
    }

    /** The last entry of a block takes all that is left of it. */
    private static void close(ByteBuffer out, int last) {
        out.putShort(last + 4, (short) (BLOCK - last));
    }

    /** Writes bitmaps and inodes of a group and its descriptor; gives the number of its free blocks. */
    private int group(int g, ByteBuffer descriptors) throws IOException {
        int first = g * GROUP;
        int meta = first + reserved(g);
        BitSet blocks = used.get(first, first + GROUP);
        write(ByteBuffer.wrap(bitmap(blocks)), (long) meta * BLOCK);
        BitSet inodes = new BitSet();
        inodes.set(INODES_PER_GROUP, BLOCK * 8);
        if (g == 0) {
            inodes.set(0, FIRST_INODE - 1);
        }
        int directories = 0;
        int low = g * INODES_PER_GROUP;
        for (Node n : nodes) {
            int index = n.number - 1 - low;
            if (index >= 0 && index < INODES_PER_GROUP && n.links > 0) {
                inodes.set(index);
                directories += n.is(DIRECTORY) ? 1 : 0;
                write(inode(n), ((long) meta + 2) * BLOCK + (long) index * INODE);
            }
        }
        write(ByteBuffer.wrap(bitmap(inodes)), (long) (meta + 1) * BLOCK);
        int freeBlocks = GROUP - blocks.cardinality();
        descriptors.position(g * DESCRIPTOR);
        descriptors.putInt(meta).putInt(meta + 1).putInt(meta + 2).putShort((short) freeBlocks)
                .putShort((short) (BLOCK * 8 - inodes.cardinality())).putShort((short) directories);
        return freeBlocks;
    }

    private static byte[] bitmap(BitSet bits) {
        return Arrays.copyOf(bits.toByteArray(), BLOCK);
    }

    private static ByteBuffer inode(Node n) {
        ByteBuffer b = buffer(INODE);
        int time = (int) n.time;
        int blocks = n.extents.stream().mapToInt(Extent::length).sum();
        b.putShort(0, (short) n.mode).putShort(2, (short) n.user).putInt(4, (int) n.size);
        b.putInt(8, time).putInt(12, time).putInt(16, time);
        b.putShort(24, (short) n.group).putShort(26, (short) n.links).putInt(28, blocks * (BLOCK / 512));
        b.putInt(108, (int) (n.size >>> 32)).putShort(120, (short) (n.user >>> 16)).putShort(122, (short) (n.group >>> 16));
        b.putShort(128, (short) EXTRA);
        if (n.target.length > 0) {
            b.put(40, n.target);
            return b;
        }
        b.putInt(32, EXTENTS_FLAG);
        b.putShort(40, (short) EXTENT_MAGIC).putShort(42, (short) n.extents.size()).putShort(44, (short) INLINE_EXTENTS);
        int logical = 0;
        int at = 52;
        for (Extent e : n.extents) {
            b.putInt(at, logical).putShort(at + 4, (short) e.length).putInt(at + 8, (int) e.start);
            logical += e.length;
            at += 12;
        }
        return b;
    }

    private ByteBuffer superblock(int group, int freeBlocks, int freeInodes) {
        ByteBuffer b = buffer(1024);
        int time = (int) root.time;
        b.putInt(0, groups * INODES_PER_GROUP).putInt(4, groups * GROUP).putInt(12, freeBlocks).putInt(16, freeInodes);
        b.putInt(24, 2).putInt(28, 2).putInt(32, GROUP).putInt(36, GROUP).putInt(40, INODES_PER_GROUP);
        b.putInt(48, time).putShort(54, (short) -1).putShort(56, (short) MAGIC).putShort(58, (short) 1).putShort(60, (short) 1);
        b.putInt(64, time).putInt(76, 1).putInt(84, FIRST_INODE).putShort(88, (short) INODE).putShort(90, (short) group);
        b.putInt(92, HAS_JOURNAL).putInt(96, FILE_TYPE | EXTENTS).putInt(100, SPARSE_SUPER | LARGE_FILE | EXTRA_SIZE);
        b.put(104, uuid, 0, 16).put(120, label.getBytes(StandardCharsets.US_ASCII));
        b.putInt(224, JOURNAL_INODE).put(236, uuid, 0, 16).put(252, (byte) 1).putInt(264, time);
        b.putShort(348, (short) EXTRA).putShort(350, (short) EXTRA).putInt(352, 1);
        return b;
    }

    /** An empty journal (the same documentation, "Journal (jbd2)"); big-endian. */
    private void writeJournal(long block) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(BLOCK);
        b.putInt(0, JOURNAL_MAGIC).putInt(4, 4).putInt(12, BLOCK).putInt(16, JOURNAL_BLOCKS).putInt(20, 1).putInt(24, 1);
        b.put(48, uuid, 0, 16).putInt(64, 1);
        write(b, block * BLOCK);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Unpacks an archive into the file system; entries that are not wanted are left out. */
    void unpack(InputStream tarStream, Predicate<String> wanted) throws IOException {
        var tar = new TarReader(tarStream);
        while (tar.next()) {
            String path = strip(tar.name().equals(".") ? "" : tar.name());
            if (path.isEmpty() || !wanted.test(path)) {
                continue;
            }
            switch (tar.type()) {
                case '5' -> directory(path, tar.mode(), tar.user(), tar.group(), tar.time());
                case '2' -> {
                    Node old = find(path);
                    if (old == null || !old.is(DIRECTORY)) {
                        symlink(path, tar.link(), tar.user(), tar.group(), tar.time());
                    }
                }
                case '1' -> hardLink(path, tar.link());
                case '0', 0 -> file(path, tar.mode(), tar.user(), tar.group(), tar.time(), tar.content());
                default -> throw new IOException("a package has " + path + " of type " + (char) tar.type());
            }
        }
    }
}
