package io.nestling.cli.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes small tar archives for tests. */
final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TarBytes file(String name, byte[] content) {
        return entry(name, '0', content);
    }

    TarBytes entry(String name, char type, byte[] content) {
        if (name.length() > 99) {
            entry("././@LongLink", 'L', (name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        byte[] header = new byte[512];
        put(header, 0, name.substring(0, Math.min(99, name.length())));
        put(header, 124, "%011o".formatted(content.length));
        header[156] = (byte) type;
        put(header, 257, "ustar  ");
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    byte[] cut(int length) {
        return java.util.Arrays.copyOf(out.toByteArray(), length);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
