package io.nestling.runtime.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The machine's RAM: one private anonymous mapping, committed by the host only as it is touched, by guests or a little
 * ahead of them ({@link Foresight}). Offsets into it are host real addresses (HRA). The methods here check bounds and are
 * for devices, hypercalls and loaders; guest loads and stores go through the soft TLB to {@link HostMemory} instead.
 */
public final class Ram implements AutoCloseable {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANON_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;

    private final long base;
    private final long size;
    private final Foresight foresight;
    private boolean closed;

    /**
     * Maps {@code size} bytes of zeroes.
     *
     * @param size bytes, a positive multiple of 64 KiB
     * @throws IllegalArgumentException when the host cannot map that much
     */
    public Ram(long size) {
        if (size <= 0 || (size & 0xffff) != 0) {
            throw new IllegalArgumentException("RAM size " + size + " is not a positive multiple of 64 KiB");
        }
        this.size = size;
        this.base = map(size);
        MethodHandle madvise = madvise();
        // Pages of 2 MiB, where the host has them to give: fewer misses in its own TLB, fewer faults. No matter if not.
        advise(madvise, base, size, MADV_HUGEPAGE);
        foresight = new Foresight(base, base + size, madvise);
    }

    /** The host's madvise(2): address, length, advice. */
    static MethodHandle madvise() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("madvise"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    /** Calls that; whether the host takes the advice is its own affair. */
    static void advise(MethodHandle madvise, long address, long length, int advice) {
        try {
            int unused = (int) madvise.invokeExact(address, length, advice);
        } catch (Throwable e) {
            throw new IllegalStateException("madvise failed", e);
        }
    }

    private static long map(long size) {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = linker.downcallHandle(linker.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        long address;
        try {
            address = (long) mmap.invokeExact(0L, size, PROT_READ_WRITE, MAP_PRIVATE_ANON_NORESERVE, -1, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap failed", e);
        }
        if (address == -1) {
            throw new IllegalArgumentException("the host refused to map " + (size >> 20) + " MiB of memory");
        }
        return address;
    }

    /** Unmaps; no vCPU may run any more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        foresight.finish();
        Linker linker = Linker.nativeLinker();
        MethodHandle munmap = linker.downcallHandle(linker.defaultLookup().findOrThrow("munmap"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        try {
            int unused = (int) munmap.invokeExact(base, size);
        } catch (Throwable e) {
            throw new IllegalStateException("munmap failed", e);
        }
    }

    /** Bytes. */
    public long size() {
        return size;
    }

    /** Host address of HRA 0. */
    public long base() {
        return base;
    }

    /** A guest begins to use memory at {@code hra}, which lies inside RAM. */
    public void used(long hra) {
        foresight.used(base + hra);
    }

    /** True when {@code length} bytes at {@code hra} lie inside RAM; any arguments are allowed. */
    public boolean contains(long hra, long length) {
        return hra >= 0 && length >= 0 && hra <= size - length;
    }

    private long at(long hra, int length) {
        if (closed || !contains(hra, length)) {
            throw new IndexOutOfBoundsException("HRA 0x" + Long.toHexString(hra) + " is outside RAM");
        }
        return base + hra;
    }

    /** Byte, zero-extended. */
    public int getByte(long hra) {
        return (int) HostMemory.getByte(at(hra, 1));
    }

    /** Stores the low byte. */
    public void putByte(long hra, int v) {
        HostMemory.putByte(at(hra, 1), v);
    }

    /** Big-endian word. */
    public int getWordBe(long hra) {
        return Integer.reverseBytes((int) HostMemory.getWord(at(hra, 4)));
    }

    /** Stores a big-endian word. */
    public void putWordBe(long hra, int v) {
        HostMemory.putWord(at(hra, 4), Integer.reverseBytes(v));
    }

    /** Big-endian doubleword. */
    public long getDoubleBe(long hra) {
        return Long.reverseBytes(HostMemory.getDouble(at(hra, 8)));
    }

    /** Stores a big-endian doubleword. */
    public void putDoubleBe(long hra, long v) {
        HostMemory.putDouble(at(hra, 8), Long.reverseBytes(v));
    }

    /** Replaces a big-endian doubleword if it still holds {@code expected}; {@code hra} must be 8-byte aligned. */
    public boolean casDoubleBe(long hra, long expected, long v) {
        return HostMemory.casDouble(at(hra, 8), Long.reverseBytes(expected), Long.reverseBytes(v));
    }

    /** Copies bytes into RAM. */
    public void write(long hra, byte[] bytes, int offset, int length) {
        if (!contains(hra, length)) {
            throw new IndexOutOfBoundsException("HRA 0x" + Long.toHexString(hra) + " is outside RAM");
        }
        MemorySegment.copy(bytes, offset, HostMemory.slice(base + hra, length), ValueLayout.JAVA_BYTE, 0, length);
    }

    /** Copies bytes out of RAM. */
    public void read(long hra, byte[] bytes, int offset, int length) {
        if (!contains(hra, length)) {
            throw new IndexOutOfBoundsException("HRA 0x" + Long.toHexString(hra) + " is outside RAM");
        }
        MemorySegment.copy(HostMemory.slice(base + hra, length), ValueLayout.JAVA_BYTE, 0, bytes, offset, length);
    }

    /** A bounds-checked segment over all of RAM, for bulk loading. */
    public MemorySegment segment() {
        return HostMemory.slice(base, size);
    }

}
