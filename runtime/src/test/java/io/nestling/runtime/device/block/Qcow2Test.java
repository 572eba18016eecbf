package io.nestling.runtime.device.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images in the qcow2 format: what is written is read again, by us and by QEMU; damaged ones do no harm. */
@Timeout(120)
class Qcow2Test {
    @TempDir
    private Path directory;

    private Path image(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("image.qcow2"), bytes);
    }

    private static byte[] readAll(Disk disk) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) disk.size());
        disk.read(all, 0);
        return all.array();
    }

    /** Random writes and reads next to an array that says what has to come out. */
    private static void exercise(Disk disk, byte[] model, SplittableRandom random, int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            int length = 512 * (1 + random.nextInt(random.nextInt(8) == 0 ? 64 : 6));
            int at = 512 * random.nextInt(model.length / 512);
            length = Math.min(length, model.length - at);
            if (random.nextInt(3) != 0) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                disk.write(ByteBuffer.wrap(bytes), at);
                System.arraycopy(bytes, 0, model, at, length);
            } else {
                ByteBuffer b = ByteBuffer.allocate(length);
                disk.read(b, at);
                assertArrayEquals(Arrays.copyOfRange(model, at, at + length), b.array());
            }
            if (random.nextInt(50) == 0) {
                disk.flush();
            }
            if (random.nextInt(10) == 0) {
                discard(disk, model, at, Math.min(length * random.nextInt(1, 40), model.length - at));
            }
        }
    }

    /** Afterwards a byte is what it was or zero, for good. */
    private static void discard(Disk disk, byte[] model, int at, int length) throws IOException {
        disk.discard(at, length);
        ByteBuffer b = ByteBuffer.allocate(length);
        disk.read(b, at);
        for (int i = 0; i < length; i++) {
            assertTrue(b.get(i) == 0 || b.get(i) == model[at + i]);
            model[at + i] = b.get(i);
        }
    }

    @ParameterizedTest
    @CsvSource({"2,16,4", "3,16,4", "3,9,4", "3,9,0", "3,12,1", "3,10,2", "3,12,3", "3,12,5", "3,12,6", "2,9,4"})
    void keepsWhatIsWritten(int version, int clusterBits, int refcountOrder) throws Exception {
        int size = clusterBits > 12 ? 12_345 * 512 : 3_001 * 512;
        Path file = image(Qcow2Image.empty(version, size, clusterBits, refcountOrder));
        byte[] model = new byte[size];
        var random = new SplittableRandom(clusterBits * 100 + refcountOrder);
        for (int round = 0; round < 4; round++) {
            try (Disk disk = DiskFormat.of(file).open(file, false, false)) {
                assertEquals(size, disk.size());
                assertArrayEquals(model, readAll(disk));
                exercise(disk, model, random, 150);
            }
            Qcow2Image.check(file);
        }
        byte[] before = Files.readAllBytes(file);
        try (Disk disk = DiskFormat.QCOW2.open(file, false, true)) {
            byte[] changed = model.clone();
            exercise(disk, changed, random, 100);
            assertArrayEquals(changed, readAll(disk));
        }
        assertArrayEquals(before, Files.readAllBytes(file));
        try (Disk disk = DiskFormat.QCOW2.open(file, true, false)) {
            assertArrayEquals(model, readAll(disk));
            assertTrue(disk.readOnly());
        }
    }

    @Test
    void growsItsRefcountTable() throws Exception {
        // A table of one cluster of 512 bytes is for 8 MiB of image.
        int size = 24 << 20;
        Path file = image(Qcow2Image.empty(2, size, 9, 4));
        byte[] model = new byte[size];
        new SplittableRandom(1).nextBytes(model);
        try (Disk disk = DiskFormat.QCOW2.open(file, false, false)) {
            disk.write(ByteBuffer.wrap(model), 0);
        }
        Qcow2Image.check(file);
        try (Disk disk = DiskFormat.QCOW2.open(file, true, false)) {
            assertArrayEquals(model, readAll(disk));
        }
    }

    @ParameterizedTest
    @CsvSource({"9", "12", "16", "21"})
    void readsAndReplacesCompressedClusters(int clusterBits) throws Exception {
        byte[] content = new byte[1 << clusterBits];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / 37);
        }
        Path file = image(Qcow2Image.compressed(clusterBits, content));
        Qcow2Image.check(file);
        byte[] model = Arrays.copyOf(content, 4 << clusterBits);
        try (Disk disk = DiskFormat.QCOW2.open(file, false, false)) {
            assertArrayEquals(model, readAll(disk));
            byte[] sector = new byte[Disk.SECTOR];
            Arrays.fill(sector, (byte) 0x5a);
            disk.write(ByteBuffer.wrap(sector), 0);
            System.arraycopy(sector, 0, model, 0, sector.length);
            assertArrayEquals(model, readAll(disk));
        }
        Qcow2Image.check(file);
    }

    @Test
    void whatWasFlushedOutlivesACrash() throws Exception {
        int size = 4 << 20;
        Path file = image(Qcow2Image.empty(3, size, 12, 4));
        byte[] model = new byte[size];
        // Not closed, as after a crash: the copy is what the host has then.
        Disk disk = DiskFormat.QCOW2.open(file, false, false);
        exercise(disk, model, new SplittableRandom(7), 300);
        disk.flush();
        Path copy = Files.copy(file, directory.resolve("copy.qcow2"));
        disk.close();
        try (Disk again = DiskFormat.QCOW2.open(copy, false, false)) {
            assertArrayEquals(model, readAll(again));
            exercise(again, model, new SplittableRandom(8), 300);
            assertArrayEquals(model, readAll(again));
        }
    }

    @Test
    void anImageCutWhileInUseGivesErrors() throws Exception {
        int size = 1 << 20;
        Path file = image(Qcow2Image.empty(3, size, 12, 4));
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 1);
        try (Disk disk = DiskFormat.QCOW2.open(file, false, false)) {
            disk.write(ByteBuffer.wrap(bytes), 0);
            disk.flush();
            try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
                other.truncate(1 << 19);
            }
            assertThrows(IOException.class, () -> readAll(disk));
            ByteBuffer start = ByteBuffer.allocate(4096);
            disk.read(start, 0);
            assertArrayEquals(Arrays.copyOf(bytes, 4096), start.array());
        }
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        for (var change : new Object[][] {{8, 0x200L, "backing file"}, {28, 0x100L, "encrypted"}, {72, 4L, "unknown features"},
            {72, 8L, "compression"}, {0, 0x514649fb_00000009L, "version 9"}, {24, 513L, "damaged"}, {24, 1L << 60, "damaged"},
            {40, 77L, "damaged"}, {48, -4096L, "damaged"}}) {
            ByteBuffer b = ByteBuffer.wrap(Qcow2Image.empty(3, 1 << 20, 12, 4));
            b.putLong((Integer) change[0], (Long) change[1]);
            Path file = image(b.array());
            String message = assertThrows(IOException.class, () -> DiskFormat.QCOW2.open(file, true, false)).getMessage();
            assertTrue(message.contains((String) change[2]), message);
        }
        Path dirty = image(ByteBuffer.wrap(Qcow2Image.empty(3, 1 << 20, 12, 4)).putLong(72, 1).array());
        assertTrue(assertThrows(IOException.class, () -> DiskFormat.QCOW2.open(dirty, false, false)).getMessage()
                .contains("qemu-img check"));
        DiskFormat.QCOW2.open(dirty, true, false).close();
    }

    /** Images with random damage, and cut ones: every operation works or is an IOException. */
    @Test
    void damagedImagesGiveErrorsOnly() throws Exception {
        int rounds = Integer.getInteger("nestling.fuzz.qcow2", 400);
        long seed = Long.getLong("nestling.fuzz.seed", 20261121);
        var random = new SplittableRandom(seed);
        Path good = image(Qcow2Image.empty(3, 1 << 20, 9, 4));
        byte[] model = new byte[1 << 20];
        try (Disk disk = DiskFormat.QCOW2.open(good, false, false)) {
            exercise(disk, model, new SplittableRandom(3), 40);
        }
        byte[] sample = Files.readAllBytes(good);
        int opened = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = (round % 8 == 7 ? Qcow2Image.compressed(12, new byte[4096]) : sample).clone();
            if (random.nextInt(6) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            int damages = random.nextInt(1, 20);
            for (int i = 0; i < damages && bytes.length > 0; i++) {
                // Mostly where tables are: in the header and in the first clusters.
                int at = random.nextInt(Math.min(bytes.length, random.nextInt(4) == 0 ? 112 : 8192));
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
            }
            Path file = image(bytes);
            boolean readOnly = random.nextBoolean();
            try (Disk disk = DiskFormat.QCOW2.open(file, readOnly, random.nextInt(4) == 0)) {
                opened++;
                poke(disk, random);
            } catch (IOException e) {
                // What we want of damage that matters.
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round " + round + " of seed " + seed, e);
            }
        }
        assertTrue(opened > rounds / 10, opened + " of " + rounds + " opened");
    }

    private static void poke(Disk disk, SplittableRandom random) {
        long sectors = disk.size() / Disk.SECTOR;
        for (int i = 0; i < 40; i++) {
            int length = (int) Math.min(sectors, 1 + random.nextInt(40));
            long at = random.nextLong(sectors - length + 1) * Disk.SECTOR;
            try {
                if (!disk.readOnly() && random.nextInt(8) == 0) {
                    disk.discard(at, (long) length * Disk.SECTOR);
                } else if (disk.readOnly() || random.nextBoolean()) {
                    disk.read(ByteBuffer.allocate(length * Disk.SECTOR), at);
                } else {
                    disk.write(ByteBuffer.allocate(length * Disk.SECTOR), at);
                }
            } catch (IOException e) {
                // As above.
            }
        }
    }

    // ---- against QEMU -------------------------------------------------------------------------------------------

    private String qemuImg(String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(java.util.List.of("qemu-img"));
        command.addAll(java.util.List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "true".equals(System.getenv("CI")) ? fail("qemu-img is needed: install qemu-utils") : abort("no qemu-img here");
        }
        String out = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + out);
        return out;
    }

    @ParameterizedTest
    @CsvSource({"compat=0.10", "compat=1.1", "'cluster_size=4096,refcount_bits=1'", "'preallocation=metadata,cluster_size=512'"})
    void agreesWithQemu(String options) throws Exception {
        int size = 5 << 20;
        byte[] model = new byte[size];
        new SplittableRandom(5).nextBytes(model);
        Arrays.fill(model, 1 << 20, 2 << 20, (byte) 0);
        Files.write(directory.resolve("raw"), model);
        qemuImg("convert", "-f", "raw", "-O", "qcow2", "-o", options, "raw", "image.qcow2");
        Path file = directory.resolve("image.qcow2");
        try (Disk disk = DiskFormat.of(file).open(file, false, false)) {
            assertArrayEquals(model, readAll(disk));
            exercise(disk, model, new SplittableRandom(6), 400);
        }
        Files.write(directory.resolve("raw"), model);
        qemuImg("check", "image.qcow2");
        qemuImg("compare", "-f", "raw", "-F", "qcow2", "raw", "image.qcow2");
    }

    @Test
    void leavesSnapshotsAndCompressedClustersOfQemuAsTheyAre() throws Exception {
        int size = 3 << 20;
        byte[] model = new byte[size];
        for (int i = 0; i < size; i++) {
            model[i] = (byte) (i >> 9);
        }
        Files.write(directory.resolve("raw"), model);
        Files.write(directory.resolve("first"), model);
        qemuImg("convert", "-c", "-f", "raw", "-O", "qcow2", "raw", "image.qcow2");
        qemuImg("snapshot", "-c", "before", "image.qcow2");
        Path file = directory.resolve("image.qcow2");
        try (Disk disk = DiskFormat.of(file).open(file, false, false)) {
            exercise(disk, model, new SplittableRandom(9), 200);
            assertArrayEquals(model, readAll(disk));
        }
        Files.write(directory.resolve("raw"), model);
        qemuImg("check", "image.qcow2");
        qemuImg("compare", "-f", "raw", "-F", "qcow2", "raw", "image.qcow2");
        qemuImg("snapshot", "-a", "before", "image.qcow2");
        qemuImg("compare", "-f", "raw", "-F", "qcow2", "first", "image.qcow2");
    }
}
