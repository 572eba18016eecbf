package io.nestling.runtime.memory;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * RAM as hypercalls, firmware calls and devices see it: every method takes any address a guest may have given, says
 * with {@code false} (or by {@link #contains}) when it is not all RAM, and keeps decoded code in step with stores.
 */
public final class GuestMemory {
    private final Ram ram;
    private final CodePages codePages;

    /** Over all of a machine's RAM. */
    public GuestMemory(Ram ram, CodePages codePages) {
        this.ram = ram;
        this.codePages = codePages;
    }

    /** True when all of it is RAM. */
    public boolean contains(long address, long length) {
        return ram.contains(address, length);
    }

    /** Copies bytes out; false when some are not RAM, and then nothing is copied. */
    public boolean read(long address, byte[] to, int length) {
        if (!ram.contains(address, length)) {
            return false;
        }
        ram.read(address, to, 0, length);
        return true;
    }

    /** Copies bytes in; false when some would not go to RAM, and then nothing is stored. */
    public boolean write(long address, byte[] from, int length) {
        if (!ram.contains(address, length)) {
            return false;
        }
        ram.write(address, from, 0, length);
        stored(address, length);
        return true;
    }

    /** Loads doublewords in a byte order, at any alignment; false when some are not RAM, and then none is loaded. */
    public boolean loadDoubles(long address, long[] to, int count, boolean bigEndian) {
        if (!ram.contains(address, 8L * count)) {
            return false;
        }
        long from = ram.base() + address;
        for (int i = 0; i < count; i++) {
            long v = HostMemory.getDouble(from + 8L * i);
            to[i] = bigEndian ? Long.reverseBytes(v) : v;
        }
        return true;
    }

    /** Stores doublewords; false when some would not go to RAM, and then none is stored. */
    public boolean storeDoubles(long address, long[] from, int count, boolean bigEndian) {
        if (!ram.contains(address, 8L * count)) {
            return false;
        }
        long to = ram.base() + address;
        for (int i = 0; i < count; i++) {
            HostMemory.putDouble(to + 8L * i, bigEndian ? Long.reverseBytes(from[i]) : from[i]);
        }
        stored(address, 8L * count);
        return true;
    }

    /** Big-endian scalar of 1, 2, 4 or 8 bytes, zero-extended; the address must be inside RAM. Atomic when aligned. */
    public long load(long address, int size) {
        if (size == 4 && (address & 3) == 0) {
            return ram.getWordBe(address) & 0xffffffffL;
        }
        if (size == 8 && (address & 7) == 0) {
            return ram.getDoubleBe(address);
        }
        long v = 0;
        for (int i = 0; i < size; i++) {
            v = v << 8 | ram.getByte(address + i);
        }
        return v;
    }

    /** Stores the low {@code size} bytes of {@code v}, big-endian; the address must be inside RAM. */
    public void store(long address, int size, long v) {
        if (size == 4 && (address & 3) == 0) {
            ram.putWordBe(address, (int) v);
        } else if (size == 8 && (address & 7) == 0) {
            ram.putDoubleBe(address, v);
        } else {
            for (int i = 0; i < size; i++) {
                ram.putByte(address + i, (int) (v >>> 8 * (size - 1 - i)));
            }
        }
        stored(address, size);
    }

    /** Little-endian scalar of 1, 2, 4 or 8 bytes in one access, zero-extended; the address must be inside RAM. */
    public long loadLe(long address, int size) {
        long host = host(address, size);
        return switch (size) {
            case 1 -> HostMemory.getByte(host);
            case 2 -> HostMemory.getHalf(host);
            case 4 -> HostMemory.getWord(host);
            default -> HostMemory.getDouble(host);
        };
    }

    /** Stores the low {@code size} bytes of {@code v}, little-endian, in one access; the address must be inside RAM. */
    public void storeLe(long address, int size, long v) {
        long host = host(address, size);
        switch (size) {
            case 1 -> HostMemory.putByte(host, v);
            case 2 -> HostMemory.putHalf(host, v);
            case 4 -> HostMemory.putWord(host, v);
            default -> HostMemory.putDouble(host, v);
        }
        stored(address, size);
    }

    /**
     * A window on RAM for transfers without a copy; after bytes were put into it, {@link #stored} must be told.
     *
     * @param length at most 2^31 - 1
     * @throws IndexOutOfBoundsException when it is not all RAM
     */
    public ByteBuffer window(long address, int length) {
        return HostMemory.slice(host(address, length), length).asByteBuffer();
    }

    private long host(long address, int length) {
        if (!ram.contains(address, length)) {
            throw new IndexOutOfBoundsException("0x" + Long.toHexString(address) + " is outside RAM");
        }
        return ram.base() + address;
    }

    /** After the store: code decoded before it, by any vCPU, is dropped, and what is decoded later has seen it. */
    public void stored(long address, long length) {
        if (length == 0) {
            return;
        }
        VarHandle.fullFence();
        long last = address + length - 1 >>> CodePage.SHIFT;
        for (long frame = address >>> CodePage.SHIFT; frame <= last; frame++) {
            long hra = frame << CodePage.SHIFT;
            if (codePages.isWatched(hra)) {
                codePages.written(hra);
            }
        }
    }
}
