package io.nestling.runtime.device.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.device.virtio.Driver;
import io.nestling.runtime.device.virtio.Driver.Buffer;
import io.nestling.runtime.device.virtio.VirtioPci;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The block device behind its PCI transport: requests, errors, and queues that no honest driver makes. */
@Timeout(300)
class VirtioBlockTest {
    private static final int RAM = 1 << 20;
    private static final long HEADER = 0x8000;
    private static final int HEADER_LENGTH = 16;
    private static final long STATUS = 0x8100;
    private static final long DATA = 0x9000;
    private static final int NEEDS_RESET = 64;
    private static final int EVENT_INDEX = 29;
    private static final int INDIRECT = 28;

    private final Ram ram = new Ram(RAM);
    private final GuestMemory memory = new GuestMemory(ram, new CodePages(ram));
    private final MemoryDisk disk = new MemoryDisk(1 << 16);
    private boolean line;

    @TempDir
    private Path directory;

    @AfterEach
    void unmap() {
        ram.close();
    }

    private VirtioPci pci(Disk of) {
        var pci = new VirtioPci(new VirtioBlock(of, "test", true), memory);
        pci.connect(asserted -> line = asserted);
        return pci;
    }

    private int request(Driver driver, int type, long sector, Buffer data) {
        memory.storeLe(HEADER, 4, type);
        memory.storeLe(HEADER + 8, 8, sector);
        memory.storeLe(STATUS, 1, 0xff);
        Buffer header = new Buffer(HEADER, 16, false);
        Buffer status = new Buffer(STATUS, 1, true);
        if (data == null) {
            driver.add(header, status);
        } else {
            driver.add(header, data, status);
        }
        driver.kick();
        return (int) memory.loadLe(STATUS, 1);
    }

    @Test
    void movesSectors() {
        VirtioPci pci = pci(disk);
        Driver driver = new Driver(pci, memory);
        driver.start(0);
        assertEquals(15, driver.status());
        assertEquals(disk.bytes.length / 512, pci.load(0x2000, 8));
        byte[] bytes = new byte[1024];
        new SplittableRandom(1).nextBytes(bytes);
        memory.write(DATA, bytes, bytes.length);
        assertEquals(0, request(driver, 1, 3, new Buffer(DATA, 1024, false)));
        assertArrayEquals(bytes, Arrays.copyOfRange(disk.bytes, 3 * 512, 5 * 512));
        assertEquals(0, request(driver, 0, 4, new Buffer(DATA + 4096, 512, true)));
        byte[] back = new byte[512];
        memory.read(DATA + 4096, back, 512);
        assertArrayEquals(Arrays.copyOfRange(bytes, 512, 1024), back);
        assertEquals(513, memory.loadLe(Driver.USED + 4 + 8 + 4, 4));
        assertEquals(0, request(driver, 4, 0, null));
        assertEquals(1, disk.flushes);
        assertEquals(3, driver.used());
        assertTrue(line);
        assertEquals(1, pci.load(0x1000, 1));
        assertEquals(0, pci.load(0x1000, 1));
        assertFalse(line);
        pci.close();
    }

    @Test
    void refusesWhatIsNotOnTheDisk() {
        Driver driver = new Driver(pci(disk), memory);
        driver.start(0);
        assertEquals(1, request(driver, 0, 128, new Buffer(DATA, 512, true)));
        assertEquals(1, request(driver, 0, 127, new Buffer(DATA, 1024, true)));
        assertEquals(1, request(driver, 0, -1, new Buffer(DATA, 512, true)));
        assertEquals(1, request(driver, 1, 0, new Buffer(DATA, 100, false)));
        assertEquals(2, request(driver, 77, 0, new Buffer(DATA, 512, true)));
        assertEquals(15, driver.status());
    }

    @Test
    void discardGivesStorageBack() throws Exception {
        byte[] bytes = new byte[1 << 20];
        Arrays.fill(bytes, (byte) 1);
        Path file = Files.write(directory.resolve("raw"), bytes);
        try (Disk raw = DiskFormat.RAW.open(file, false, false)) {
            VirtioPci pci = pci(raw);
            Driver driver = new Driver(pci, memory);
            driver.start(1L << 13);
            // Two ranges: 64 KiB from sector 128, and the last sector.
            ranges(new long[] {128, 128}, new long[] {2047, 1});
            assertEquals(0, request(driver, 11, 0, new Buffer(DATA, 32, false)));
            ranges(new long[] {2047, 2});
            assertEquals(1, request(driver, 11, 0, new Buffer(DATA, 16, false)));
            ranges(new long[] {0, 1L << 32 | 8});
            assertEquals(2, request(driver, 11, 0, new Buffer(DATA, 16, false)));
            assertEquals(2, request(driver, 11, 0, new Buffer(DATA, 17, false)));
            assertEquals(15, driver.status());
            assertEquals(4L, pci.counts().get("requests"));
            assertEquals(4L * HEADER_LENGTH + 32 + 16 + 16, pci.counts().get("bytes-from-guest"));
            assertEquals(4L, pci.counts().get("bytes-to-guest"));
            assertEquals(4L, pci.counts().get("kicks"));
        }
        Arrays.fill(bytes, 1 << 16, 2 << 16, (byte) 0);
        Arrays.fill(bytes, 2047 * 512, 2048 * 512, (byte) 0);
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    /** Sector and count, with flags above, of ranges to discard, at DATA. */
    private void ranges(long[]... ranges) {
        for (int i = 0; i < ranges.length; i++) {
            memory.storeLe(DATA + 16L * i, 8, ranges[i][0]);
            memory.storeLe(DATA + 16L * i + 8, 8, ranges[i][1]);
        }
    }

    @Test
    void servesFromTheNotificationWhatIsAtHandAndTheRestInOrder() throws Exception {
        byte[] bytes = new byte[1 << 16];
        new SplittableRandom(5).nextBytes(bytes);
        Path file = Files.write(directory.resolve("raw"), bytes);
        try (Disk raw = DiskFormat.RAW.open(file, false, false)) {
            var pci = new VirtioPci(new VirtioBlock(raw, "test", false), memory);
            Driver driver = new Driver(pci, memory);
            for (int round = 0; round < 300; round++) {
                driver.start(0);
                memory.storeLe(HEADER + 16, 4, round % 2);
                memory.storeLe(HEADER + 24, 8, round % 100);
                memory.storeLe(HEADER, 4, 0);
                memory.storeLe(HEADER + 8, 8, round % 100);
                // A write or a read of a sector, and a read of it that must see what was written.
                driver.add(new Buffer(HEADER + 16, 16, false), new Buffer(DATA, 512, round % 2 == 0), new Buffer(STATUS, 1, true));
                driver.add(new Buffer(HEADER, 16, false), new Buffer(DATA + 512, 512, true), new Buffer(STATUS, 1, true));
                byte[] now = new byte[512];
                new SplittableRandom(round).nextBytes(now);
                memory.write(DATA, now, 512);
                driver.kick();
                while (driver.used() < 2) {
                    Thread.onSpinWait();
                }
                byte[] first = new byte[512];
                byte[] second = new byte[512];
                memory.read(DATA, first, 512);
                memory.read(DATA + 512, second, 512);
                assertArrayEquals(first, second, "round " + round);
            }
            pci.close();
        }
    }

    @Test
    void aFileThatShrinksGivesErrorsAndKeepsWhatItHas() throws Exception {
        Path file = Files.write(directory.resolve("raw"), new byte[1 << 16]);
        try (Disk raw = DiskFormat.RAW.open(file, false, false)) {
            Driver driver = new Driver(pci(raw), memory);
            driver.start(0);
            memory.storeLe(DATA, 8, 0x1122334455667788L);
            assertEquals(0, request(driver, 1, 0, new Buffer(DATA, 512, false)));
            assertEquals(0, request(driver, 4, 0, null));
            try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
                other.truncate(4096);
            }
            assertEquals(1, request(driver, 0, 64, new Buffer(DATA, 512, true)));
            assertEquals(0, request(driver, 0, 0, new Buffer(DATA + 512, 512, true)));
            assertEquals(0x1122334455667788L, memory.loadLe(DATA + 512, 8));
        }
        assertEquals((byte) 0x88, Files.readAllBytes(file)[0]);
    }

    @Test
    void resetWaitsForRequestsUnderWay() throws Exception {
        var pci = new VirtioPci(new VirtioBlock(disk, "test", false), memory);
        Driver driver = new Driver(pci, memory);
        for (int round = 0; round < 200; round++) {
            driver.start(0);
            memory.storeLe(HEADER, 4, 0);
            driver.add(new Buffer(HEADER, 16, false), new Buffer(DATA, 512, true), new Buffer(STATUS, 1, true));
            driver.kick();
            if (round % 2 == 0) {
                pci.store(0x14, 1, 0);
                memory.storeLe(STATUS, 1, 0x77);
                Thread.onSpinWait();
                assertEquals(0x77, memory.loadLe(STATUS, 1));
            } else {
                while (driver.used() == 0) {
                    Thread.onSpinWait();
                }
            }
        }
        pci.close();
    }

    @Test
    void wrongChainsStopTheDeviceUntilItIsReset() {
        Driver driver = new Driver(pci(disk), memory);
        Buffer header = new Buffer(HEADER, 16, false);
        Buffer status = new Buffer(STATUS, 1, true);
        Buffer[][] wrong = {
            {header, new Buffer(RAM - 100, 512, true), status},
            {header, new Buffer(-512, 512, true), status},
            {header, new Buffer(0, 0xffffffffL, true), status},
            {status, header},
            {new Buffer(HEADER, 3, false), status},
            {header},
        };
        for (Buffer[] chain : wrong) {
            driver.start(0);
            driver.add(chain);
            driver.kick();
            assertEquals(NEEDS_RESET, driver.status() & NEEDS_RESET);
            assertEquals(0, driver.used());
            driver.kick();
        }
        // A loop, an index outside the table, and more chains than there is room for.
        for (int i = 0; i < 3; i++) {
            driver.start(0);
            driver.add(header, status);
            if (i == 0) {
                memory.storeLe(Driver.DESCRIPTORS + 12, 2, 1);
                memory.storeLe(Driver.DESCRIPTORS + 14, 2, 0);
            } else if (i == 1) {
                memory.storeLe(Driver.AVAILABLE + 4, 2, Driver.SIZE);
            } else {
                memory.storeLe(Driver.AVAILABLE + 2, 2, 1000);
            }
            driver.kick();
            assertEquals(NEEDS_RESET, driver.status() & NEEDS_RESET, "case " + i);
        }
        for (long[] places : new long[][] {{8, RAM - 16, 0x2000, 0x3000}, {8, 0x1000, -2, 0x3000}, {8, 0x1000, 0x2000, Long.MAX_VALUE - 3},
            {7, 0x1000, 0x2000, 0x3000}, {512, 0x1000, 0x2000, 0x3000}, {8, 0x1001, 0x2000, 0x3000}}) {
            driver.start(0, (int) places[0], places[1], places[2], places[3]);
            assertEquals(NEEDS_RESET, driver.status() & NEEDS_RESET);
        }
        driver.start(0);
        assertEquals(0, request(driver, 0, 0, new Buffer(DATA, 512, true)));
    }

    /**
     * Random queues: descriptors, rings and configuration that are half plausible and half noise. Each either works or
     * stops the device; nothing throws. {@code -Dnestling.fuzz.queues=N} for more or fewer.
     */
    @Test
    void randomQueuesDoNoHarm() {
        int rounds = Integer.getInteger("nestling.fuzz.queues", 1_000_000);
        long seed = Long.getLong("nestling.fuzz.seed", 20261121);
        VirtioPci pci = pci(disk);
        Driver driver = new Driver(pci, memory);
        int stopped = 0;
        int served = 0;
        for (int round = 0; round < rounds; round++) {
            var random = new SplittableRandom(seed + round);
            try {
                randomQueue(random, pci, driver);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("-Dnestling.fuzz.seed=" + (seed + round) + " -Dnestling.fuzz.queues=1", e);
            }
            stopped += (driver.status() & NEEDS_RESET) != 0 ? 1 : 0;
            served += memory.loadLe(Driver.USED + 2, 2) != 0 ? 1 : 0;
        }
        if (rounds > 1000) {
            assertTrue(stopped > rounds / 10 && served > rounds / 20, stopped + " stopped and " + served + " served of " + rounds);
        }
    }

    private void randomQueue(SplittableRandom random, VirtioPci pci, Driver driver) {
        memory.storeLe(Driver.USED, 8, 0);
        memory.storeLe(Driver.AVAILABLE, 8, 0);
        long features = random.nextLong() & (1L << INDIRECT | 1L << EVENT_INDEX);
        if (random.nextInt(20) == 0) {
            driver.start(features, random.nextInt(1 << 16), random.nextLong() >> random.nextInt(64),
                    random.nextLong() >> random.nextInt(64), random.nextLong() >> random.nextInt(64));
        } else {
            driver.start(features, Driver.SIZE, Driver.DESCRIPTORS, Driver.AVAILABLE, Driver.USED);
        }
        boolean noisy = random.nextInt(3) == 0;
        // The descriptor table, and an indirect one at DATA.
        for (int i = 0; i < 2 * Driver.SIZE; i++) {
            long at = i < Driver.SIZE ? Driver.DESCRIPTORS + 16L * i : DATA + 16L * (i - Driver.SIZE);
            boolean last = random.nextInt(3) == 0;
            int role = i % 4 == 0 ? 0 : last ? 2 : 1;
            boolean indirect = i < Driver.SIZE && random.nextInt(5) == 0;
            long address = indirect ? DATA : role == 0 ? HEADER : random.nextInt(RAM);
            long length = indirect ? 16 * random.nextInt(1, 9) : role == 0 ? 16 : role == 2 ? 1 : 512L * random.nextInt(9);
            int flags = indirect ? 4 : (role == 2 || random.nextInt(4) == 0 && role != 0 ? 2 : 0) | (role == 2 ? 0 : 1);
            int next = (i + 1) % Driver.SIZE;
            if (noisy && random.nextInt(4) == 0) {
                switch (random.nextInt(4)) {
                    case 0 -> address = random.nextLong() >>> random.nextInt(64);
                    case 1 -> length = random.nextInt() >>> random.nextInt(32);
                    case 2 -> flags = random.nextInt(8);
                    default -> next = random.nextInt(1 << 16) >>> random.nextInt(16);
                }
            }
            memory.storeLe(at, 8, address);
            memory.storeLe(at + 8, 4, length);
            memory.storeLe(at + 12, 2, flags);
            memory.storeLe(at + 14, 2, next);
        }
        memory.storeLe(HEADER, 4, random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(12));
        memory.storeLe(HEADER + 8, 8, random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(140));
        for (int i = 0; i < Driver.SIZE; i++) {
            memory.storeLe(Driver.AVAILABLE + 4 + 2L * i, 2, noisy && random.nextInt(6) == 0 ? random.nextInt(1 << 16) : i & ~3);
        }
        memory.storeLe(Driver.AVAILABLE + 2, 2, random.nextInt(10) == 0 ? random.nextInt(1 << 16) : random.nextInt(5));
        driver.kick();
        // Registers and configuration space take anything too.
        for (int i = 0; i < 4; i++) {
            int size = 1 << random.nextInt(4);
            int offset = random.nextInt((1 << 16) / size) * size;
            if (random.nextInt(4) == 0) {
                offset = random.nextInt(64 / size) * size;
            }
            if (random.nextBoolean()) {
                pci.load(offset, size);
            } else if (offset > 0x15 || offset < 0x14) {
                pci.store(offset, size, random.nextLong());
            }
            int narrow = Math.min(size, 4);
            int register = random.nextInt(256 / narrow) * narrow;
            pci.readConfig(register, narrow);
            pci.writeConfig(register, narrow, random.nextInt());
        }
    }
}
