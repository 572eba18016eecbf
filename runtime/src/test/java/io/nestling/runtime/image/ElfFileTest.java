package io.nestling.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.memory.Ram;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    private static final int ADDRESS = 0x1000;

    /** A kernel of one segment: two instructions in the file, a page in memory. */
    private static byte[] kernel(ByteOrder order) {
        ByteBuffer b = ByteBuffer.allocate(128 + 8).order(order);
        b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1), 1});
        b.putShort(16, (short) 2).putShort(18, (short) 21).putInt(20, 1);
        b.putLong(24, 0xc000000000001004L).putLong(32, 64);
        b.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 1);
        b.putInt(64, 1).putInt(68, 7).putLong(72, 128).putLong(80, 0xc000000000001000L).putLong(88, ADDRESS)
                .putLong(96, 8).putLong(104, 4096).putLong(112, 0x10000);
        b.putInt(128, 0x60000000).putInt(132, 0x4e800020);
        return b.array();
    }

    private static String complaint(byte[] bytes) {
        String message = assertThrows(ImageException.class, () -> ElfFile.parse(MemorySegment.ofArray(bytes)))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private static String complaintAfter(int at, long v, int size) {
        ByteBuffer b = ByteBuffer.wrap(kernel(ByteOrder.LITTLE_ENDIAN)).order(ByteOrder.LITTLE_ENDIAN);
        switch (size) {
            case 1 -> b.put(at, (byte) v);
            case 2 -> b.putShort(at, (short) v);
            case 4 -> b.putInt(at, (int) v);
            default -> b.putLong(at, v);
        }
        return complaint(b.array());
    }

    @Test
    void readsBothByteOrders() throws ImageException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            ElfFile elf = ElfFile.parse(MemorySegment.ofArray(kernel(order)));
            assertEquals(order == ByteOrder.BIG_ENDIAN, elf.bigEndian());
            assertEquals(0x1004, elf.entry());
            assertEquals(0x1000, elf.start());
            assertEquals(0x2000, elf.end());
            try (Ram ram = new Ram(1 << 20)) {
                elf.load(ram);
                assertEquals(order == ByteOrder.BIG_ENDIAN ? 0x60000000 : 0x00000060, ram.getWordBe(0x1000));
            }
        }
    }

    @Test
    void namesWhatIsWrong() {
        assertTrue(complaint(new byte[0]).contains("empty"));
        assertTrue(complaint("#!/bin/sh".getBytes()).contains("not an ELF file"));
        assertTrue(complaint(new byte[] {0x1f, (byte) 0x8b, 8, 0}).contains("gzip"));
        assertTrue(complaint(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}).contains("xz"));
        assertTrue(complaint(Arrays.copyOf(kernel(ByteOrder.LITTLE_ENDIAN), 40)).contains("truncated"));
        assertTrue(complaint(Arrays.copyOf(kernel(ByteOrder.LITTLE_ENDIAN), 100)).contains("truncated"));
        assertTrue(complaint(Arrays.copyOf(kernel(ByteOrder.LITTLE_ENDIAN), 132)).contains("truncated"));
        assertTrue(complaintAfter(4, 1, 1).contains("32-bit"));
        assertTrue(complaintAfter(5, 9, 1).contains("byte order"));
        assertTrue(complaintAfter(18, 62, 2).contains("x86-64"));
        assertTrue(complaintAfter(16, 1, 2).contains("not an executable"));
        assertTrue(complaintAfter(56, 0, 2).contains("no program headers"));
        assertTrue(complaintAfter(24, 0xdeadbeef0L, 8).contains("entry point"));
        assertTrue(complaintAfter(72, -8, 8).contains("truncated"));
        assertTrue(complaintAfter(104, 4, 8).contains("damaged"));
        assertTrue(complaintAfter(104, Long.MAX_VALUE, 8).contains("outside"));
        assertTrue(complaintAfter(88, 0x7000000000000000L, 8).contains("outside"));
    }

    @Test
    void refusesWhatDoesNotFit() throws ImageException {
        ElfFile elf = ElfFile.parse(MemorySegment.ofArray(kernel(ByteOrder.LITTLE_ENDIAN)));
        ByteBuffer far = ByteBuffer.wrap(kernel(ByteOrder.LITTLE_ENDIAN)).order(ByteOrder.LITTLE_ENDIAN);
        far.putLong(88, 1 << 20).putLong(24, 1 << 20);
        ElfFile high = ElfFile.parse(MemorySegment.ofArray(far.array()));
        try (Ram ram = new Ram(1 << 20)) {
            elf.load(ram);
            assertTrue(assertThrows(ImageException.class, () -> high.load(ram)).getMessage().contains("memory"));
        }
    }

    @Test
    void anyBytesAreAcceptedOrRefused() {
        SplittableRandom random = new SplittableRandom(20260101);
        try (Ram ram = new Ram(1 << 20)) {
            for (int i = 0; i < 200_000; i++) {
                byte[] bytes;
                if (i % 4 == 0) {
                    bytes = new byte[random.nextInt(300)];
                    random.nextBytes(bytes);
                } else {
                    bytes = kernel(i % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
                    for (int k = random.nextInt(4); k >= 0; k--) {
                        mutate(bytes, random);
                    }
                    bytes = Arrays.copyOf(bytes, random.nextInt(8) == 0 ? random.nextInt(160) : bytes.length);
                }
                try {
                    ElfFile.parse(MemorySegment.ofArray(bytes)).load(ram);
                } catch (ImageException expected) {
                    assertFalse(expected.getMessage().isBlank());
                }
            }
        }
    }

    /** One field-sized change: a random byte, or eight bytes of a value that likes to overflow. */
    private static void mutate(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(120);
        if (random.nextBoolean()) {
            bytes[at] = (byte) random.nextInt();
            return;
        }
        long v = switch (random.nextInt(4)) {
            case 0 -> -random.nextLong(0x100);
            case 1 -> Long.MAX_VALUE - random.nextLong(0x100);
            case 2 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
        ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .putLong(at & ~7, v);
    }
}
