package io.nestling.jit.cache;

import io.nestling.runtime.memory.CompiledCode.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One file of the {@link TranslationStore}, big-endian: magic (8 bytes), version (16), number of items (4), CRC-32C of
 * all that and the index (4); the index of 32 bytes an item: content hash (16), slot (2), tier (2), offset in the file
 * (4), length (4) and CRC-32C (4) of its data; and the data: number of entries (2), entries (2 each), class file.
 *
 * <p>The index is read at once, data when asked for. Nothing is mapped into memory: a file that somebody cuts off while
 * it is open is an error like others.
 */
final class Segment implements AutoCloseable {
    private static final long MAGIC = 0x4e4553544a495431L;
    private static final int HEADER = 32;
    private static final int ITEM = 32;
    private static final int VERSION = 16;
    /** No class file or entry table is larger. */
    private static final int LARGEST = 1 << 20;

    /** One translation in this file. */
    record Item(Segment segment, ContentKey key, int offset, int bytes, int crc) {
        /** Reads where the translation can be entered, unchecked: for choosing what to {@link #read}. */
        int[] entries() throws IOException {
            int count = segment.read(offset, 2).getShort();
            if (count < 0 || 2 + 2 * count > bytes) {
                throw new IOException("a translation has more entries than it is long");
            }
            return entries(segment.read(offset + 2, 2 * count), count);
        }

        private static int[] entries(ByteBuffer data, int count) {
            int[] entries = new int[count];
            Arrays.setAll(entries, _ -> data.getShort());
            return entries;
        }

        /** Reads and checks the data. */
        TranslationStore.Stored read() throws IOException {
            ByteBuffer data = segment.read(offset, bytes);
            if (checksum(data) != crc) {
                throw new IOException("a translation has another checksum than when it was written");
            }
            int[] entries = entries(data, data.getShort());
            byte[] code = new byte[data.remaining()];
            data.get(code);
            return new TranslationStore.Stored(key, entries, code);
        }
    }

    private final Path file;
    private final FileChannel channel;
    private final List<Item> items = new ArrayList<>();

    private Segment(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file.
     *
     * @return null when it was written by another version
     * @throws IOException when it cannot be read or is not what it should be
     */
    static Segment open(Path file, byte[] version) throws IOException {
        Segment s = new Segment(file, FileChannel.open(file, StandardOpenOption.READ));
        try {
            if (s.load(version)) {
                return s;
            }
        } catch (IOException e) {
            s.close();
            throw e;
        }
        s.close();
        return null;
    }

    private boolean load(byte[] version) throws IOException {
        long size = channel.size();
        ByteBuffer header = read(0, HEADER);
        if (header.getLong() != MAGIC) {
            throw new IOException("it is something else");
        }
        byte[] written = new byte[VERSION];
        header.get(written);
        if (!Arrays.equals(written, version)) {
            return false;
        }
        int count = header.getInt();
        int crc = header.getInt();
        if (count < 0 || HEADER + (long) count * ITEM > size) {
            throw new IOException("its index is longer than the file");
        }
        ByteBuffer all = read(0, HEADER + count * ITEM);
        all.putInt(HEADER - 4, 0);
        if (checksum(all) != crc) {
            throw new IOException("its index has another checksum than when it was written");
        }
        ByteBuffer index = all.position(HEADER);
        for (int i = 0; i < count; i++) {
            ContentKey key = new ContentKey(index.getLong(), index.getLong(), index.getShort(), tier(index.getShort()));
            Item item = new Item(this, key, index.getInt(), index.getInt(), index.getInt());
            if (item.offset < 0 || item.bytes < 2 || item.bytes > LARGEST || (long) item.offset + item.bytes > size) {
                throw new IOException("a translation lies outside the file");
            }
            items.add(item);
        }
        return true;
    }

    private static Tier tier(int number) throws IOException {
        Tier[] tiers = Tier.values();
        if (number < 0 || number >= tiers.length) {
            throw new IOException("a translation is of no tier");
        }
        return tiers[number];
    }

    private ByteBuffer read(int offset, int length) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(length);
        while (b.hasRemaining()) {
            if (channel.read(b, offset + b.position()) < 0) {
                throw new IOException("it ends too early");
            }
        }
        return b.flip();
    }

    private static int checksum(ByteBuffer b) {
        CRC32C crc = new CRC32C();
        crc.update(b.duplicate());
        return (int) crc.getValue();
    }

    Path file() {
        return file;
    }

    List<Item> items() {
        return items;
    }

    /** Writes a new file. */
    static void write(Path file, byte[] version, List<TranslationStore.Stored> what) throws IOException {
        ByteBuffer index = ByteBuffer.allocate(HEADER + what.size() * ITEM);
        index.putLong(MAGIC).put(version, 0, VERSION).putInt(what.size()).putInt(0);
        long offset = index.capacity();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.position(offset);
            for (TranslationStore.Stored s : what) {
                ByteBuffer data = ByteBuffer.allocate(2 + 2 * s.entries().length + s.code().length);
                data.putShort((short) s.entries().length);
                for (int e : s.entries()) {
                    data.putShort((short) e);
                }
                data.put(s.code()).flip();
                index.putLong(s.key().high()).putLong(s.key().low()).putShort((short) s.key().slot())
                        .putShort((short) s.key().tier().ordinal()).putInt((int) offset).putInt(data.remaining()).putInt(checksum(data));
                offset += data.remaining();
                if (offset > Integer.MAX_VALUE) {
                    throw new IOException("more translations than fit into a file");
                }
                writeFully(out, data);
            }
            index.flip();
            index.putInt(HEADER - 4, checksum(index));
            out.position(0);
            writeFully(out, index);
        }
    }

    private static void writeFully(FileChannel out, ByteBuffer b) throws IOException {
        while (b.hasRemaining()) {
            out.write(b);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
