package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The initramfs as a kernel would read it. */
class CpioWriterTest {
    /** An entry: mode, device numbers and content. */
    private record Entry(int mode, int major, int minor, byte[] content) {}

    @Test
    void writesWhatTheKernelReads() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var cpio = new CpioWriter(out)) {
            cpio.directory("d");
            cpio.characterDevice("d/null", 0666, 1, 3);
            cpio.file("d/odd", 0755, new byte[] {1, 2, 3});
            cpio.symlink("link", "d/odd");
        }
        assertEquals(0, out.size() % 512);
        var entries = read(out.toByteArray());
        assertEquals("[d, d/null, d/odd, link]", entries.keySet().toString());
        assertEquals(0040755, entries.get("d").mode);
        assertEquals(1, entries.get("d/null").major);
        assertEquals(3, entries.get("d/null").minor);
        assertEquals(0100755, entries.get("d/odd").mode);
        assertArrayEquals(new byte[] {1, 2, 3}, entries.get("d/odd").content);
        assertEquals("d/odd", new String(entries.get("link").content, StandardCharsets.UTF_8));
    }

    @Test
    void initramfsHasTheStartScriptAndIsReproducible() throws IOException {
        var first = new ByteArrayOutputStream();
        var second = new ByteArrayOutputStream();
        Initramfs.write(first, new byte[] {42}, Map.of());
        Initramfs.write(second, new byte[] {42}, Map.of());
        assertArrayEquals(first.toByteArray(), second.toByteArray());
        var entries = read(first.toByteArray());
        assertEquals(0100755, entries.get("init").mode);
        assertEquals("busybox", new String(entries.get("bin/sh").content, StandardCharsets.UTF_8));
        assertEquals(true, new String(entries.get("etc/console").content, StandardCharsets.UTF_8).contains(Initramfs.MARKER));
    }

    private static Map<String, Entry> read(byte[] archive) {
        var entries = new LinkedHashMap<String, Entry>();
        int at = 0;
        while (true) {
            assertEquals("070701", new String(archive, at, 6, StandardCharsets.US_ASCII));
            int size = field(archive, at, 6);
            int nameLength = field(archive, at, 11);
            String name = new String(archive, at + 110, nameLength - 1, StandardCharsets.UTF_8);
            int content = at + 110 + nameLength + 3 & ~3;
            if (name.equals("TRAILER!!!")) {
                return entries;
            }
            entries.put(name, new Entry(field(archive, at, 1), field(archive, at, 9), field(archive, at, 10),
                    Arrays.copyOfRange(archive, content, content + size)));
            at = content + size + 3 & ~3;
        }
    }

    private static int field(byte[] archive, int at, int number) {
        return Integer.parseInt(new String(archive, at + 6 + 8 * number, 8, StandardCharsets.US_ASCII), 16);
    }
}
