package io.nestling.cli.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the dynamic section of a little-endian 64-bit ELF file says (System V ABI, chapter "Dynamic Linking").
 *
 * @param name   DT_SONAME, by which others ask for it
 * @param needed DT_NEEDED, the names it asks for
 */
record Elf(Optional<String> name, List<String> needed) {
    private static final int LOAD = 1;
    private static final int DYNAMIC = 2;
    private static final long NEEDED = 1;
    private static final long STRINGS = 5;
    private static final long SONAME = 14;

    /** Reads a file; one that is no such ELF file, or not dynamic, has no names. */
    static Elf of(Path file) throws IOException {
        try (var channel = FileChannel.open(file); var arena = Arena.ofConfined()) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE), arena);
            return of(bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(file + " is a damaged ELF file", e);
        }
    }

    private static Elf of(ByteBuffer file) {
        var none = new Elf(Optional.empty(), List.of());
        if (file.limit() < 64 || file.getInt(0) != 0x464c457f || file.get(4) != 2 || file.get(5) != 1) {
            return none;
        }
        int dynamic = header(file, DYNAMIC, 0);
        if (dynamic < 0) {
            return none;
        }
        int at = (int) file.getLong(dynamic + 8);
        int end = at + (int) file.getLong(dynamic + 32);
        long strings = 0;
        long name = -1;
        var needed = new ArrayList<Long>();
        for (; at < end && file.getLong(at) != 0; at += 16) {
            long value = file.getLong(at + 8);
            switch ((int) file.getLong(at)) {
                case (int) NEEDED -> needed.add(value);
                case (int) STRINGS -> strings = value;
                case (int) SONAME -> name = value;
                default -> { }
            }
        }
        int load = header(file, LOAD, strings);
        if (load < 0) {
            return none;
        }
        int table = (int) (strings - file.getLong(load + 16) + file.getLong(load + 8));
        return new Elf(name < 0 ? Optional.empty() : Optional.of(text(file, table + (int) name)),
                needed.stream().map(offset -> text(file, table + offset.intValue())).toList());
    }

    /** Offset of the program header of a type that holds a virtual address, or of the first of the type for DYNAMIC. */
    private static int header(ByteBuffer file, int type, long address) {
        for (int i = 0; i < file.getShort(56); i++) {
            int header = (int) file.getLong(32) + i * file.getShort(54);
            long start = file.getLong(header + 16);
            if (file.getInt(header) == type
                    && (type == DYNAMIC || address >= start && address < start + file.getLong(header + 32))) {
                return header;
            }
        }
        return -1;
    }

    private static String text(ByteBuffer file, int at) {
        int end = at;
        while (file.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        file.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
