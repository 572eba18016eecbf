package io.nestling.decoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The executable parts of a 64-bit PowerPC ELF file of either endianness, for disassembly: its executable sections or,
 * in a file without section headers, its executable segments.
 */
public final class ElfCode {
    private static final int EHDR = 64;
    private static final int PHDR = 56;
    private static final int SHDR = 64;
    private static final int SYM = 24;
    private static final int EM_PPC64 = 21;
    private static final int SHT_PROGBITS = 1;
    private static final int SHT_SYMTAB = 2;
    private static final int SHT_DYNSYM = 11;
    private static final int SHF_EXECINSTR = 4;
    private static final int PT_LOAD = 1;
    private static final int PF_X = 1;

    private final ByteBuffer file;
    private final List<Section> sections = new ArrayList<>();
    private final TreeMap<Long, String> symbols = new TreeMap<>(Long::compareUnsigned);

    /**
     * A run of code.
     *
     * @param name    the section's name, or "segment N"
     * @param address of its first byte
     * @param code    its bytes, in the file's byte order
     */
    public record Section(String name, long address, ByteBuffer code) {}

    private ElfCode(ByteBuffer file) throws IOException {
        this.file = file;
        if (file.limit() < EHDR || file.getInt(0) != 0x7f454c46) {
            throw new IOException("not an ELF file");
        }
        if (file.get(4) != 2) {
            throw new IOException("not a 64-bit ELF file");
        }
        file.order(file.get(5) == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (file.getShort(18) != EM_PPC64) {
            throw new IOException("an ELF file for machine " + file.getShort(18) + ", not for 64-bit PowerPC");
        }
        readSections();
        if (sections.isEmpty()) {
            readSegments();
        }
        if (sections.isEmpty()) {
            throw new IOException("no executable section or segment");
        }
    }

    /** Reads {@code path}; throws an IOException that says what is wrong with a file that cannot be used. */
    public static ElfCode read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("larger than 2 GiB");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // The loop's condition reads on until the file is complete.
            }
            return new ElfCode(bytes.flip());
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("a truncated or damaged ELF file", e);
        }
    }

    /** Executable sections in file order. */
    public List<Section> sections() {
        return List.copyOf(sections);
    }

    /** {@code <name+0x10>} for an address at or after a symbol in the same section, or "" when there is none. */
    public String describe(long address) {
        Map.Entry<Long, String> symbol = symbols.floorEntry(address);
        if (symbol == null || !inOneSection(symbol.getKey(), address)) {
            return "";
        }
        long offset = address - symbol.getKey();
        return offset == 0 ? "<" + symbol.getValue() + ">" : "<" + symbol.getValue() + "+0x" + Long.toHexString(offset) + ">";
    }

    /** The symbol at exactly {@code address}, or null. */
    public String symbolAt(long address) {
        return symbols.get(address);
    }

    private boolean inOneSection(long a, long b) {
        for (Section s : sections) {
            int size = s.code().limit();
            if (Long.compareUnsigned(a - s.address(), size) < 0 && Long.compareUnsigned(b - s.address(), size) < 0) {
                return true;
            }
        }
        return false;
    }

    private void readSections() throws IOException {
        long table = file.getLong(40);
        int count = file.getShort(60) & 0xffff;
        int nameSection = file.getShort(62) & 0xffff;
        if (table == 0 || count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = at(table, (long) i * SHDR);
            int type = file.getInt(at + 4);
            if (type == SHT_PROGBITS && (file.getLong(at + 8) & SHF_EXECINSTR) != 0) {
                int names = at(table, (long) nameSection * SHDR);
                String name = string(file.getLong(names + 24), file.getInt(at));
                sections.add(new Section(name, file.getLong(at + 16), slice(file.getLong(at + 24), file.getLong(at + 32))));
            } else if (type == SHT_SYMTAB || type == SHT_DYNSYM) {
                int strings = at(table, (long) file.getInt(at + 40) * SHDR);
                readSymbols(file.getLong(at + 24), file.getLong(at + 32), file.getLong(strings + 24));
            }
        }
    }

    private void readSymbols(long offset, long size, long strings) throws IOException {
        for (long i = 0; i + SYM <= size; i += SYM) {
            int at = at(offset, i);
            int type = file.get(at + 4) & 15;
            boolean defined = file.getShort(at + 6) != 0;
            if (defined && (type == 0 || type == 2) && file.getInt(at) != 0) {
                symbols.putIfAbsent(file.getLong(at + 8), string(strings, file.getInt(at)));
            }
        }
    }

    private void readSegments() throws IOException {
        long table = file.getLong(32);
        int count = file.getShort(56) & 0xffff;
        for (int i = 0; i < count; i++) {
            int at = at(table, (long) i * PHDR);
            if (file.getInt(at) == PT_LOAD && (file.getInt(at + 4) & PF_X) != 0) {
                sections.add(new Section("segment " + i, file.getLong(at + 16), slice(file.getLong(at + 8), file.getLong(at + 32))));
            }
        }
    }

    private ByteBuffer slice(long offset, long size) throws IOException {
        int from = at(offset, 0);
        if (size < 0 || size > file.limit() - from) {
            throw new IOException("a truncated ELF file");
        }
        return file.slice(from, (int) size).order(file.order());
    }

    private int at(long table, long offset) throws IOException {
        if (table < 0 || table > file.limit() || offset < 0 || table + offset > file.limit()) {
            throw new IOException("a truncated or damaged ELF file");
        }
        return (int) (table + offset);
    }

    private String string(long table, int offset) throws IOException {
        int start = at(table, offset);
        int end = start;
        while (end < file.limit() && file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), start, end - start, StandardCharsets.UTF_8);
    }
}
