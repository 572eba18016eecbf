package io.nestling.runtime.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Little-endian access to host memory by address: the last step of every guest access. The segment is a constant of
 * the whole address space so that the JIT folds its bounds and liveness checks away; that an address lies inside guest
 * RAM is the duty of whoever made it (the MMU's soft-TLB fill, or {@link Ram}'s checked methods), never of a guest.
 */
public final class HostMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ALIGNED_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ALIGNED_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private HostMemory() {}

    /** Byte, zero-extended. */
    public static long getByte(long address) {
        return ALL.get(BYTE, address) & 0xffL;
    }

    /** Halfword, zero-extended. */
    public static long getHalf(long address) {
        return ALL.get(SHORT, address) & 0xffffL;
    }

    /** Word, zero-extended. */
    public static long getWord(long address) {
        return ALL.get(INT, address) & 0xffffffffL;
    }

    /** Doubleword. */
    public static long getDouble(long address) {
        return ALL.get(LONG, address);
    }

    /** Stores the low byte. */
    public static void putByte(long address, long v) {
        ALL.set(BYTE, address, (byte) v);
    }

    /** Stores the low halfword. */
    public static void putHalf(long address, long v) {
        ALL.set(SHORT, address, (short) v);
    }

    /** Stores the low word. */
    public static void putWord(long address, long v) {
        ALL.set(INT, address, (int) v);
    }

    /** Stores a doubleword. */
    public static void putDouble(long address, long v) {
        ALL.set(LONG, address, v);
    }

    /** Atomic compare-and-set of an aligned doubleword, sequentially consistent. */
    public static boolean casDouble(long address, long expected, long v) {
        return (boolean) ALIGNED_LONG.compareAndSet(ALL, address, expected, v);
    }

    /** Atomic compare-and-set of an aligned word, sequentially consistent. */
    public static boolean casWord(long address, int expected, int v) {
        return (boolean) ALIGNED_INT.compareAndSet(ALL, address, expected, v);
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
            int old = (int) ALIGNED_INT.getVolatile(ALL, word);
            if ((old >>> shift & mask) != (expected & mask)) {
                return false;
            }
            if (casWord(word, old, old & ~(mask << shift) | ((int) v & mask) << shift)) {
                return true;
            }
        }
    }

    /**
     * Held while a quadword is compared and set, and while one is loaded with reservation. The platform has no 16-byte
     * compare-and-set: quadwords are atomic to each other, and each half to everything else.
     */
    public static final Object QUAD_LOCK = new Object();

    /** Compare-and-set of an aligned quadword, given as the doublewords at {@code address} and 8 bytes on. */
    public static boolean casQuad(long address, long expected, long expected2, long v, long v2) {
        synchronized (QUAD_LOCK) {
            if (getDouble(address + 8) != expected2 || !casDouble(address, expected, v)) {
                return false;
            }
            putDouble(address + 8, v2);
            return true;
        }
    }

    /** A view of {@code length} bytes at a host address the caller has validated. */
    public static MemorySegment slice(long address, long length) {
        return ALL.asSlice(address, length);
    }
}
