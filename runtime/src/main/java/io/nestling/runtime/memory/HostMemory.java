package io.nestling.runtime.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Little-endian access to host memory by address: the last step of every guest access. That an address lies inside
 * guest RAM is the duty of whoever made it (the MMU's soft-TLB fill, or {@link Ram}'s checked methods), never of a guest.
 *
 * <p>Through Agrona's intrinsics rather than {@link MemorySegment}: a segment access runs as fast, but is a tree of
 * inlined calls that the JVM's compilers must chew through at each of the many accesses of a translated region.
 */
public final class HostMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("Nestling needs a little-endian host");
        }
    }

    private HostMemory() {}

    /** Byte, zero-extended. */
    public static long getByte(long address) {
        return UnsafeApi.getByte(null, address) & 0xffL;
    }

    /** Halfword, zero-extended. */
    public static long getHalf(long address) {
        return UnsafeApi.getShort(null, address) & 0xffffL;
    }

    /** Word, zero-extended. */
    public static long getWord(long address) {
        return UnsafeApi.getInt(null, address) & 0xffffffffL;
    }

    /** Doubleword. */
    public static long getDouble(long address) {
        return UnsafeApi.getLong(null, address);
    }

    /** Stores the low byte. */
    public static void putByte(long address, long v) {
        UnsafeApi.putByte(null, address, (byte) v);
    }

    /** Stores the low halfword. */
    public static void putHalf(long address, long v) {
        UnsafeApi.putShort(null, address, (short) v);
    }

    /** Stores the low word. */
    public static void putWord(long address, long v) {
        UnsafeApi.putInt(null, address, (int) v);
    }

    /** Stores a doubleword. */
    public static void putDouble(long address, long v) {
        UnsafeApi.putLong(null, address, v);
    }

    /** Atomic compare-and-set of an aligned doubleword, sequentially consistent. */
    public static boolean casDouble(long address, long expected, long v) {
        return UnsafeApi.compareAndSetLong(null, address, expected, v);
    }

    /** Atomic compare-and-set of an aligned word, sequentially consistent. */
    public static boolean casWord(long address, int expected, int v) {
        return UnsafeApi.compareAndSetInt(null, address, expected, v);
    }

    /** Atomic compare-and-set of a byte, by way of the aligned word around it. */
    public static boolean casByte(long address, long expected, long v) {
        return casPart(address, expected, v, 0xff);
    }

    /** Atomic compare-and-set of an aligned halfword, by way of the aligned word around it. */
    public static boolean casHalf(long address, long expected, long v) {
        return casPart(address, expected, v, 0xffff);
    }

    private static boolean casPart(long address, long expected, long v, int mask) {
        long word = address & ~3L;
        int shift = (int) (address & 3) * 8;
        while (true) {
            int old = UnsafeApi.getIntVolatile(null, word);
            if ((old >>> shift & mask) != (expected & mask)) {
                return false;
            }
            if (casWord(word, old, old & ~(mask << shift) | ((int) v & mask) << shift)) {
                return true;
            }
        }
    }

    /**
     * Compare-and-set of an aligned quadword, given as the doublewords at {@code address} and 8 bytes on. Each half is
     * set by itself; who else sets quadwords must be kept out by the caller.
     */
    public static boolean casQuad(long address, long expected, long expected2, long v, long v2) {
        if (getDouble(address + 8) != expected2 || !casDouble(address, expected, v)) {
            return false;
        }
        if (casDouble(address + 8, expected2, v2)) {
            return true;
        }
        // A narrower store came between: undo, unless such a store has taken the first half too.
        casDouble(address, v, expected);
        return false;
    }

    /** A view of {@code length} bytes at a host address the caller has validated. */
    public static MemorySegment slice(long address, long length) {
        return ALL.asSlice(address, length);
    }
}
