package io.nestling.runtime.memory;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which reservation granules were stored to by atomic instructions, for machines with several vCPUs: a count for each of
 * some thousand classes of granules. It is odd while such a store is under way, and another even number after it, so that
 * a reservation that remembers the count is lost to the store even if the old value is back by then.
 *
 * <p>Plain stores do not count: a store conditional notices them by the value they leave.
 */
public final class Reservations {
    /** log2 of the bytes that are reserved at once, as on POWER9. */
    private static final int GRANULE_SHIFT = 7;
    private static final int CLASSES_SHIFT = 14;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(1 << CLASSES_SHIFT);

    private static int index(long host) {
        return (int) ((host >>> GRANULE_SHIFT) * SPREAD >>> 64 - CLASSES_SHIFT);
    }

    /** The count to remember before the reserved storage is read. */
    public int count(long host) {
        return counts.get(index(host));
    }

    /** Begins a store conditional; false when the reservation made at {@code count} is lost. */
    public boolean begin(long host, int count) {
        return (count & 1) == 0 && counts.compareAndSet(index(host), count, count + 1);
    }

    /** Begins a store that cannot fail, once others are done. */
    public void begin(long host) {
        while (!begin(host, count(host))) {
            Thread.onSpinWait();
        }
    }

    /** Ends what was begun; {@code stored} is false when nothing was changed after all. */
    public void end(long host, boolean stored) {
        counts.getAndAdd(index(host), stored ? 1 : -1);
    }

    /** Another atomic instruction has stored. */
    public void stored(long host) {
        counts.getAndAdd(index(host), 2);
    }
}
