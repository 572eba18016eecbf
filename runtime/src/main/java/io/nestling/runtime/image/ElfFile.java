package io.nestling.runtime.image;

import io.nestling.runtime.memory.Ram;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A 64-bit PowerPC ELF executable such as a Linux {@code vmlinux}, of either byte order: its loadable segments and its
 * entry point (System V ABI, chapters 4 and 5). Every field is checked before it is used, so any bytes may be offered.
 */
public final class ElfFile {
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int EM_PPC64 = 21;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int PT_LOAD = 1;
    private static final int MAX_SEGMENTS = 1024;
    /** Linux links its kernel at this effective address for real address 0. */
    private static final long KERNEL_BASE = 0xc000000000000000L;
    private static final long REAL_MASK = 0x0fffffffffffffffL;

    /**
     * Bytes of the file that go to RAM.
     *
     * @param address real address, bytes
     * @param offset in the file, bytes
     * @param fileSize bytes taken from the file
     * @param memorySize bytes occupied in RAM; what the file does not fill is zero
     */
    public record Segment(long address, long offset, long fileSize, long memorySize) {
        /** Real address behind the segment. */
        public long end() {
            return address + memorySize;
        }
    }

    private final MemorySegment bytes;
    private final boolean bigEndian;
    private final long entry;
    private final List<Segment> segments;

    private ElfFile(MemorySegment bytes, boolean bigEndian, long entry, List<Segment> segments) {
        this.bytes = bytes;
        this.bigEndian = bigEndian;
        this.entry = entry;
        this.segments = List.copyOf(segments);
    }

    /**
     * Maps and checks a file.
     *
     * @param arena has the mapping
     * @throws IOException when it cannot be read
     * @throws ImageException when it is not a usable kernel
     */
    public static ElfFile read(Path file, Arena arena) throws IOException, ImageException {
        if (Files.isDirectory(file)) {
            throw new ImageException("is a directory; name a vmlinux file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return parse(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** Checks an image in memory. */
    public static ElfFile parse(MemorySegment bytes) throws ImageException {
        requireElf(bytes);
        if (bytes.byteSize() < ELF_HEADER) {
            throw new ImageException("is truncated inside the ELF header; fetch it again");
        }
        int elfClass = bytes.get(ValueLayout.JAVA_BYTE, 4);
        if (elfClass != 2) {
            throw new ImageException(elfClass == 1 ? "is a 32-bit ELF file; give a 64-bit PowerPC vmlinux"
                    : "has an unknown ELF class " + (elfClass & 0xff) + "; give a 64-bit PowerPC vmlinux");
        }
        int data = bytes.get(ValueLayout.JAVA_BYTE, 5);
        if (data != 1 && data != 2) {
            throw new ImageException("has an unknown ELF byte order " + (data & 0xff) + "; fetch it again");
        }
        boolean bigEndian = data == 2;
        Fields f = new Fields(bytes, bigEndian);
        int machine = f.half(18);
        if (machine != EM_PPC64) {
            throw new ImageException("is for " + machineName(machine) + "; give a 64-bit PowerPC (ppc64el) vmlinux");
        }
        int type = f.half(16);
        if (type != ET_EXEC && type != ET_DYN) {
            throw new ImageException("is not an executable (ELF type " + type + "); give a vmlinux");
        }
        List<Segment> segments = segments(f);
        return new ElfFile(bytes, bigEndian, entry(f.doubleword(24), segments), segments);
    }

    private static void requireElf(MemorySegment bytes) throws ImageException {
        long size = bytes.byteSize();
        if (size == 0) {
            throw new ImageException("is empty; give a vmlinux");
        }
        int b0 = bytes.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
        int b1 = size > 1 ? bytes.get(ValueLayout.JAVA_BYTE, 1) & 0xff : 0;
        int b2 = size > 2 ? bytes.get(ValueLayout.JAVA_BYTE, 2) & 0xff : 0;
        int b3 = size > 3 ? bytes.get(ValueLayout.JAVA_BYTE, 3) & 0xff : 0;
        if (b0 == 0x7f && b1 == 'E' && b2 == 'L' && b3 == 'F') {
            return;
        }
        int magic = b0 << 24 | b1 << 16 | b2 << 8 | b3;
        String packed = b0 == 0x1f && b1 == 0x8b ? "gzip" : magic == 0xfd377a58 ? "xz"
                : magic == 0x28b52ffd ? "zstd" : b0 == 'B' && b1 == 'Z' ? "bzip2" : null;
        if (packed != null) {
            throw new ImageException("is " + packed + "-compressed; unpack it first and give the vmlinux inside");
        }
        if (magic == 0x27051956) {
            throw new ImageException("is a U-Boot image; give the plain vmlinux");
        }
        throw new ImageException(String.format("is not an ELF file (it starts with %02x %02x %02x %02x); give a vmlinux",
                b0, b1, b2, b3));
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 3 -> "x86";
            case 20 -> "32-bit PowerPC";
            case 22 -> "s390";
            case 40 -> "ARM";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case 243 -> "RISC-V";
            default -> "another machine (ELF machine " + machine + ")";
        };
    }

    private static List<Segment> segments(Fields f) throws ImageException {
        long size = f.bytes.byteSize();
        long table = f.doubleword(32);
        int entrySize = f.half(54);
        int count = f.half(56);
        if (count == 0) {
            throw new ImageException("has no program headers; give a linked vmlinux, not an object file");
        }
        if (entrySize != PROGRAM_HEADER || count > MAX_SEGMENTS) {
            throw new ImageException("has a damaged program header table (" + count + " entries of " + entrySize
                    + " bytes); fetch it again");
        }
        if (table < ELF_HEADER || table > size - (long) PROGRAM_HEADER * count) {
            throw new ImageException("is truncated: its program headers lie outside the file of " + size
                    + " bytes; fetch it again");
        }
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = table + (long) PROGRAM_HEADER * i;
            if (f.word(at) != PT_LOAD || f.doubleword(at + 40) == 0) {
                continue;
            }
            segments.add(segment(f, at, i, size));
        }
        if (segments.isEmpty()) {
            throw new ImageException("has nothing to load; give a vmlinux");
        }
        for (int i = 0; i < segments.size(); i++) {
            for (Segment other : segments.subList(0, i)) {
                if (segments.get(i).address < other.end() && other.address < segments.get(i).end()) {
                    throw new ImageException(String.format(
                            "has overlapping segments at 0x%x and 0x%x; fetch it again",
                            other.address, segments.get(i).address));
                }
            }
        }
        return segments;
    }

    private static Segment segment(Fields f, long at, int index, long size) throws ImageException {
        long offset = f.doubleword(at + 8);
        long address = f.doubleword(at + 24);
        long fileSize = f.doubleword(at + 32);
        long memorySize = f.doubleword(at + 40);
        if (fileSize < 0 || offset < 0 || offset > size || fileSize > size - offset) {
            throw new ImageException(String.format("is truncated: segment %d needs %d bytes at offset %d of a file of"
                    + " %d bytes; fetch it again", index, fileSize, offset, size));
        }
        if (memorySize < fileSize) {
            throw new ImageException("has a damaged segment " + index
                    + " (larger in the file than in memory); fetch it again");
        }
        if ((address & KERNEL_BASE) == KERNEL_BASE) {
            address &= REAL_MASK;
        }
        if (address < 0 || address > REAL_MASK || memorySize > REAL_MASK - address) {
            throw new ImageException(String.format(
                    "loads segment %d at 0x%x, outside any real storage; give a vmlinux", index, address));
        }
        return new Segment(address, offset, fileSize, memorySize);
    }

    private static long entry(long entry, List<Segment> segments) throws ImageException {
        long real = (entry & KERNEL_BASE) == KERNEL_BASE ? entry & REAL_MASK : entry;
        for (Segment s : segments) {
            if (real >= s.address && real - s.address < s.memorySize && (real & 3) == 0) {
                return real;
            }
        }
        throw new ImageException(String.format("has its entry point 0x%x outside what it loads; give a vmlinux", entry));
    }

    /** True for a big-endian file. */
    public boolean bigEndian() {
        return bigEndian;
    }

    /** Real address of the first instruction. */
    public long entry() {
        return entry;
    }

    /** What goes to RAM, in file order. */
    public List<Segment> segments() {
        return segments;
    }

    /** Lowest real address loaded. */
    public long start() {
        return segments.stream().mapToLong(Segment::address).min().orElseThrow();
    }

    /** Real address behind the highest byte occupied. */
    public long end() {
        return segments.stream().mapToLong(Segment::end).max().orElseThrow();
    }

    /**
     * Copies the segments to RAM, which must hold zeroes where the file does not fill a segment.
     *
     * @throws ImageException when they do not fit
     */
    public void load(Ram ram) throws ImageException {
        for (Segment s : segments) {
            if (!ram.contains(s.address, s.memorySize)) {
                throw new ImageException(String.format("needs memory up to %d MiB but the machine has %d MiB; give it more"
                        + " memory", (s.end() + (1 << 20) - 1) >> 20, ram.size() >> 20));
            }
        }
        MemorySegment target = ram.segment();
        for (Segment s : segments) {
            MemorySegment.copy(bytes, s.offset, target, s.address, s.fileSize);
        }
    }

    /** Scalar fields in the file's byte order, at offsets the caller has checked. */
    private static final class Fields {
        final MemorySegment bytes;
        private final ValueLayout.OfShort half;
        private final ValueLayout.OfInt word;
        private final ValueLayout.OfLong doubleword;

        Fields(MemorySegment bytes, boolean bigEndian) {
            this.bytes = bytes;
            ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            half = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
            word = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
            doubleword = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        }

        int half(long at) {
            return bytes.get(half, at) & 0xffff;
        }

        int word(long at) {
            return bytes.get(word, at);
        }

        long doubleword(long at) {
            return bytes.get(doubleword, at);
        }
    }
}
