package io.nestling.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a read-only file system of the EROFS format, which Debian's kernels mount from a module: directories, files and
 * symbolic links, uncompressed, each beginning at a block of its own. Owners are root and times are zero, so equal contents
 * give equal bytes. No tool and no root are needed.
 *
 * <p>Layout (Linux, {@code Documentation/filesystems/erofs.rst}): the superblock at byte 1,024; then the inodes, 32 bytes
 * each, whose numbers count 32-byte slots; then the contents. All numbers are little-endian.
 */
public final class ErofsWriter {
    private static final int SUPERBLOCK = 1024;
    private static final int MAGIC = 0xe0f5e1e2;
    private static final int INODE = 32;
    private static final int ENTRY = 12;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int SYMLINK = 0120000;

    /** Writes the bytes of a file when all is written. */
    private interface Content {
        void to(FileChannel channel) throws IOException;
    }

    private static final class Node {
        final int mode;
        final long size;
        final Content content;
        final Map<String, Node> children = new TreeMap<>(ErofsWriter::compareBytes);
        Node parent = this;
        int number;
        long block;

        Node(int mode, long size, Content content) {
            this.mode = mode;
            this.size = size;
            this.content = content;
        }

        boolean directory() {
            return (mode & 0170000) == DIRECTORY;
        }

        /** The type in a directory entry: 1 a file, 2 a directory, 7 a symbolic link. */
        int type() {
            return directory() ? 2 : (mode & 0170000) == SYMLINK ? 7 : 1;
        }
    }

    private final int blockSize;
    private final Node root = new Node(DIRECTORY | 0755, 0, null);

    /** @param blockSize a power of two from 4,096 on; kernels before 6.4 mount it only if it is their page size */
    public ErofsWriter(int blockSize) {
        if (Integer.bitCount(blockSize) != 1 || blockSize < 4096) {
            throw new IllegalArgumentException("block size " + blockSize);
        }
        this.blockSize = blockSize;
    }

    public void file(String path, int permissions, byte[] content) {
        put(path, new Node(REGULAR | permissions, content.length, channel -> write(channel, ByteBuffer.wrap(content))));
    }

    /** A file of the host, which must stay as it is until the end. */
    public void file(String path, int permissions, Path source) throws IOException {
        long size = Files.size(source);
        if (size > 0xffff_ffffL) {
            throw new IOException(source + " has more than 4 GiB");
        }
        put(path, new Node(REGULAR | permissions, size, channel -> {
            try (var in = FileChannel.open(source)) {
                for (long at = 0; at < size;) {
                    long moved = in.transferTo(at, size - at, channel);
                    if (moved <= 0) {
                        throw new IOException(source + " became shorter");
                    }
                    at += moved;
                }
            }
        }));
    }

    public void symlink(String path, String target) {
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        put(path, new Node(SYMLINK | 0777, bytes.length, channel -> write(channel, ByteBuffer.wrap(bytes))));
    }

    /** An empty directory; those that files lie in come by themselves. */
    public void directory(String path) {
        Node at = root;
        for (String name : path.split("/")) {
            Node parent = at;
            at = parent.children.computeIfAbsent(name, _ -> new Node(DIRECTORY | 0755, 0, null));
            at.parent = parent;
        }
    }

    private void put(String path, Node node) {
        int slash = path.lastIndexOf('/');
        Node parent = root;
        if (slash > 0) {
            directory(path.substring(0, slash));
            for (String name : path.substring(0, slash).split("/")) {
                parent = parent.children.get(name);
            }
        }
        node.parent = parent;
        parent.children.put(path.substring(slash + 1), node);
    }

    /** Writes everything that was added. */
    public void write(Path file) throws IOException {
        var nodes = new ArrayList<Node>();
        collect(root, nodes);
        long block = 1 + blocks((long) nodes.size() * INODE);
        var directories = new TreeMap<Integer, byte[]>();
        var inodes = ByteBuffer.allocate(nodes.size() * INODE).order(ByteOrder.LITTLE_ENDIAN);
        for (Node node : nodes) {
            long size = node.size;
            if (node.directory()) {
                byte[] entries = entries(node);
                directories.put(node.number, entries);
                size = entries.length;
            }
            node.block = block;
            block += blocks(size);
            // A compact inode with its content in one piece: mode, links, size, first block, number.
            inodes.putShort((short) 0).putShort((short) 0).putShort((short) node.mode)
                    .putShort((short) (node.directory() ? 2 + node.children.values().stream().filter(Node::directory).count() : 1))
                    .putInt((int) size).putInt(0).putInt((int) node.block).putInt(node.number + 1).putShort((short) 0).putShort((short) 0)
                    .putInt(0);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel.position(SUPERBLOCK), superblock(nodes.size(), block));
            write(channel.position(blockSize), inodes.flip());
            for (Node node : nodes) {
                channel.position(node.block * blockSize);
                if (node.directory()) {
                    write(channel, ByteBuffer.wrap(directories.get(node.number)));
                } else {
                    node.content.to(channel);
                }
            }
            if (channel.size() < block * blockSize) {
                write(channel.position(block * blockSize - 1), ByteBuffer.allocate(1));
            }
        }
    }

    private static void collect(Node node, List<Node> nodes) {
        node.number = nodes.size();
        nodes.add(node);
        node.children.values().forEach(child -> collect(child, nodes));
    }

    private ByteBuffer superblock(int inodes, long blocks) {
        // Root is inode 0 of the area of inodes, which begins at block 1.
        return ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN).putInt(0, MAGIC)
                .put(12, (byte) Integer.numberOfTrailingZeros(blockSize)).putShort(14, (short) 0).putLong(16, inodes)
                .putInt(36, (int) blocks).putInt(40, 1);
    }

    /** The blocks of a directory: entries in the order of their names' bytes, each block with its own table and names. */
    private byte[] entries(Node directory) {
        var all = new TreeMap<String, Node>(ErofsWriter::compareBytes);
        all.putAll(directory.children);
        all.put(".", directory);
        all.put("..", directory.parent);
        var done = ByteBuffer.allocate((all.size() * (ENTRY + 255) / blockSize + 1) * 2 * blockSize).order(ByteOrder.LITTLE_ENDIAN);
        var names = new ArrayList<>(all.keySet());
        for (int first = 0; first < names.size();) {
            int start = (int) blocks(done.position()) * blockSize;
            int used = 0;
            int next = first;
            for (; next < names.size(); next++) {
                int more = ENTRY + bytes(names.get(next)).length;
                if (used + more > blockSize) {
                    break;
                }
                used += more;
            }
            int name = (next - first) * ENTRY;
            done.position(start);
            for (int i = first; i < next; i++) {
                Node node = all.get(names.get(i));
                done.putLong(node.number).putShort((short) name).put((byte) node.type()).put((byte) 0);
                name += bytes(names.get(i)).length;
            }
            for (int i = first; i < next; i++) {
                done.put(bytes(names.get(i)));
            }
            first = next;
        }
        return Arrays.copyOf(done.array(), done.position());
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static int compareBytes(String a, String b) {
        return Arrays.compareUnsigned(bytes(a), bytes(b));
    }

    private long blocks(long bytes) {
        return (bytes + blockSize - 1) / blockSize;
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
