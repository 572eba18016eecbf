package io.nestling.cli.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Writes ELF files that only have a name and needs. */
final class ElfBytes {
    private static final long BASE = 0x10000;

    private ElfBytes() {}

    /** @param name of a library, or empty for a program */
    static byte[] of(String name, String... needed) {
        var strings = new ByteArrayOutputStream();
        strings.write(0);
        var entries = new ArrayList<long[]>();
        for (String need : needed) {
            entries.add(new long[] {1, strings.size()});
            strings.writeBytes((need + "\0").getBytes(StandardCharsets.UTF_8));
        }
        if (!name.isEmpty()) {
            entries.add(new long[] {14, strings.size()});
            strings.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        int table = 64 + 2 * 56;
        int dynamic = table + strings.size();
        entries.add(new long[] {5, BASE + table});
        entries.add(new long[] {0, 0});
        int size = dynamic + entries.size() * 16;
        var file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1).putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 2);
        header(file, 64, 1, 0, size);
        header(file, 64 + 56, 2, dynamic, entries.size() * 16);
        file.position(table).put(strings.toByteArray());
        for (long[] entry : entries) {
            file.putLong(entry[0]).putLong(entry[1]);
        }
        return file.array();
    }

    private static void header(ByteBuffer file, int at, int type, long offset, long size) {
        file.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, BASE + offset).putLong(at + 32, size).putLong(at + 40, size);
    }
}
