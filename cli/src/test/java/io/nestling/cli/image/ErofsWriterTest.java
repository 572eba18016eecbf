package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The read-only disk as a kernel would read it. */
class ErofsWriterTest {
    private static final int INODES = 1;

    @TempDir
    private Path directory;

    /** Reads what the writer wrote, by the format's description. */
    private record Reader(ByteBuffer disk, int blockSize) {
        static Reader of(Path file) throws IOException {
            var disk = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0xe0f5e1e2, disk.getInt(1024));
            assertEquals(0, disk.getInt(1024 + 80), "no features that a kernel may lack");
            int blockSize = 1 << disk.get(1024 + 12);
            assertEquals(disk.limit(), (long) disk.getInt(1024 + 36) * blockSize);
            assertEquals(INODES, disk.getInt(1024 + 40));
            return new Reader(disk, blockSize);
        }

        int inode(long number) {
            return INODES * blockSize + (int) number * 32;
        }

        int mode(long number) {
            return disk.getShort(inode(number) + 4) & 0xffff;
        }

        byte[] content(long number) {
            byte[] bytes = new byte[disk.getInt(inode(number) + 8)];
            disk.get(disk.getInt(inode(number) + 16) * blockSize, bytes);
            return bytes;
        }

        Map<String, Long> entries(long number) {
            var all = new TreeMap<String, Long>();
            var order = new ArrayList<String>();
            byte[] content = content(number);
            for (int start = 0; start < content.length; start += blockSize) {
                int size = Math.min(blockSize, content.length - start);
                var block = ByteBuffer.wrap(content, start, size).slice().order(ByteOrder.LITTLE_ENDIAN);
                int count = block.getShort(8) / 12;
                for (int i = 0; i < count; i++) {
                    int from = block.getShort(i * 12 + 8);
                    int to = i + 1 < count ? block.getShort((i + 1) * 12 + 8) : size;
                    while (to > from && block.get(to - 1) == 0) {
                        to--;
                    }
                    byte[] name = new byte[to - from];
                    block.get(from, name);
                    order.add(new String(name, StandardCharsets.UTF_8));
                    all.put(order.getLast(), block.getLong(i * 12));
                    assertEquals(Map.of(0040000, 2, 0100000, 1, 0120000, 7).get(mode(block.getLong(i * 12)) & 0170000),
                            (int) block.get(i * 12 + 10));
                }
            }
            assertEquals(order.stream().sorted().toList(), order, "a kernel searches by halves");
            return all;
        }
    }

    @Test
    void holdsFilesDirectoriesAndLinks() throws IOException {
        Path big = Files.write(directory.resolve("big"), new byte[10_000]);
        var writer = new ErofsWriter(4096);
        writer.file("b/c/file", 0755, new byte[] {1, 2, 3});
        writer.file("big", 0644, big);
        writer.file("empty", 0644, new byte[0]);
        writer.symlink("b/link", "c/file");
        writer.directory("b/none");
        Path file = directory.resolve("disk");
        writer.write(file);
        var disk = Reader.of(file);
        var root = disk.entries(0);
        assertEquals("[., .., b, big, empty]", root.keySet().toString());
        assertEquals(0L, root.get(".."));
        assertEquals(10_000, disk.content(root.get("big")).length);
        assertEquals(0, disk.content(root.get("empty")).length);
        var b = disk.entries(root.get("b"));
        assertEquals("[., .., c, link, none]", b.keySet().toString());
        assertEquals(root.get("b"), b.get("."));
        assertEquals("c/file", new String(disk.content(b.get("link")), StandardCharsets.UTF_8));
        long inner = disk.entries(b.get("c")).get("file");
        assertArrayEquals(new byte[] {1, 2, 3}, disk.content(inner));
        assertEquals(0100755, disk.mode(inner));
        assertEquals(2, disk.entries(b.get("none")).size());
    }

    @Test
    void directoriesMayBeLongerThanABlock() throws IOException {
        var writer = new ErofsWriter(4096);
        for (int i = 0; i < 1000; i++) {
            writer.file("file-with-a-name-of-some-length-" + i, 0644, new byte[] {(byte) i});
        }
        Path file = directory.resolve("disk");
        writer.write(file);
        var disk = Reader.of(file);
        var root = disk.entries(0);
        assertEquals(1002, root.size());
        assertArrayEquals(new byte[] {(byte) 777}, disk.content(root.get("file-with-a-name-of-some-length-777")));
    }

    @Test
    void equalContentsGiveEqualBytesAtEveryBlockSize() throws IOException {
        for (int blockSize : new int[] {4096, 65536}) {
            byte[][] disks = new byte[2][];
            for (int i = 0; i < 2; i++) {
                var writer = new ErofsWriter(blockSize);
                writer.file(i == 0 ? "a" : "z", 0644, new byte[5000]);
                writer.file(i == 0 ? "z" : "a", 0644, new byte[5000]);
                Path file = directory.resolve("disk" + i);
                writer.write(file);
                disks[i] = Files.readAllBytes(file);
                assertTrue(disks[i].length % blockSize == 0);
            }
            assertArrayEquals(disks[0], disks[1]);
        }
    }
}
