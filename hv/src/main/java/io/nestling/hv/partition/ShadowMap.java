package io.nestling.hv.partition;

import io.nestling.runtime.mmu.Translation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The collapsed translations of one nested guest, from its real addresses to the host's, shared by all vCPUs without
 * locks. A cache: an entry may be missing at any time, and is found again by walking tables. So it is bounded, by its own
 * limit and by a budget of all maps together.
 *
 * <p>An entry is one long, so that readers see all of it or nothing. Pages of each size keep their size: a lookup probes
 * the sizes that are in use.
 */
final class ShadowMap {
    /** Entries of a new map. */
    static final int MIN = 1 << 10;
    /** Most entries of one map: what 16 GiB take in pages of 64 KiB. */
    static final int MAX = 1 << 18;

    /** log2 of the page sizes that radix trees have, as their number in an entry says. */
    private static final int[] SHIFTS = {12, 16, 21, 30};

    // An entry: permissions in bits 0..2, valid 3, size 4..5, host frame 6..32, and the rest of the page number.
    private static final long READ = 1;
    private static final long WRITE = 2;
    private static final long EXECUTE = 4;
    private static final long VALID = 8;
    private static final int SIZE_SHIFT = 4;
    private static final int FRAME_SHIFT = 6;
    private static final int FRAME_BITS = 27;
    private static final int TAG_SHIFT = FRAME_SHIFT + FRAME_BITS;
    /** The bits of a page number that its place in the smallest map says. */
    private static final int INDEX_BITS = 10;
    private static final int PAGE_BITS = INDEX_BITS + 64 - TAG_SHIFT;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    /** Entries that all maps of a machine may have together. */
    static final class Budget {
        private final AtomicLong left;

        Budget(long entries) {
            left = new AtomicLong(entries);
        }

        boolean take(long entries) {
            if (left.addAndGet(-entries) >= 0) {
                return true;
            }
            left.addAndGet(entries);
            return false;
        }

        void giveBack(long entries) {
            left.addAndGet(entries);
        }
    }

    private final Budget budget;
    private volatile long[] table;
    private volatile int sizesUsed;
    /** Counts invalidations, so that a translation found before one is not entered after it. */
    private final AtomicLong generation = new AtomicLong();
    private int replaced;

    ShadowMap(Budget budget) {
        this.budget = budget;
        budget.take(MIN);
        table = new long[MIN];
    }

    /** What to hand to {@link #enter}; to be read before the tables are walked. */
    long generation() {
        return generation.get();
    }

    /** Finds the translation of a guest real address; false when it is not here. */
    boolean find(long gra, Translation out) {
        long[] t = table;
        int used = sizesUsed;
        for (int size = 0; size < SHIFTS.length; size++) {
            if ((used >>> size & 1) == 0) {
                continue;
            }
            long page = gra >>> SHIFTS[size];
            long entry = (long) ENTRY.getOpaque(t, index(page, size, t));
            if ((entry & VALID | entry >>> SIZE_SHIFT & 3) == (VALID | size) && entry >>> TAG_SHIFT == page >>> INDEX_BITS) {
                long mask = (1L << SHIFTS[size]) - 1;
                out.hra = (entry >>> FRAME_SHIFT & (1L << FRAME_BITS) - 1) << 12 | gra & mask;
                out.shift = SHIFTS[size];
                out.allow((entry & READ) != 0, (entry & WRITE) != 0, (entry & EXECUTE) != 0);
                return true;
            }
        }
        return false;
    }

    /**
     * Enters a translation, for as much of its page as both levels map in one piece.
     *
     * @param since the generation before the tables were walked
     */
    void enter(long gra, Translation t, long since) {
        int size = SHIFTS.length - 1;
        while (size > 0 && SHIFTS[size] > t.shift) {
            size--;
        }
        long page = gra >>> SHIFTS[size];
        long frame = (t.hra & -1L << SHIFTS[size]) >>> 12;
        if (page >>> PAGE_BITS != 0 || frame >>> FRAME_BITS != 0) {
            return;
        }
        long entry = page >>> INDEX_BITS << TAG_SHIFT | frame << FRAME_SHIFT | (long) size << SIZE_SHIFT | VALID
                | (t.read ? READ : 0) | (t.write ? WRITE : 0) | (t.execute ? EXECUTE : 0);
        long[] to = table;
        int i = index(page, size, to);
        long old = (long) ENTRY.getOpaque(to, i);
        if ((old & VALID) != 0 && old >>> TAG_SHIFT != entry >>> TAG_SHIFT) {
            to = grow(to);
            i = index(page, size, to);
        }
        if ((sizesUsed >>> size & 1) == 0) {
            use(size);
        }
        ENTRY.setVolatile(to, i, entry);
        if (generation.get() != since) {
            ENTRY.compareAndSet(to, i, entry, 0L);
        }
    }

    /** Two pages at one place a quarter as often as there are places: the map is too small. */
    private synchronized long[] grow(long[] full) {
        long[] now = table;
        if (now != full || ++replaced < now.length / 4 || now.length == MAX || !budget.take(now.length)) {
            return now;
        }
        replaced = 0;
        table = new long[2 * now.length];
        return table;
    }

    private synchronized void use(int size) {
        sizesUsed |= 1 << size;
    }

    private static int index(long page, int size, long[] t) {
        return (int) (page ^ (long) size << 7) & t.length - 1;
    }

    /** Forgets {@code length} bytes from a guest real address. */
    void invalidate(long gra, long length) {
        generation.incrementAndGet();
        long[] t = table;
        if (length >>> 12 > t.length) {
            empty(t);
            return;
        }
        for (int size = 0; size < SHIFTS.length; size++) {
            if ((sizesUsed >>> size & 1) == 0) {
                continue;
            }
            long last = gra + length - 1 >>> SHIFTS[size];
            for (long page = gra >>> SHIFTS[size]; page <= last; page++) {
                // Whatever is at its place: forgetting more is allowed.
                ENTRY.setVolatile(t, index(page, size, t), 0L);
            }
        }
    }

    /** Forgets all, and gives back what it grew by. */
    synchronized void clear() {
        generation.incrementAndGet();
        replaced = 0;
        if (table.length == MIN) {
            empty(table);
        } else {
            budget.giveBack(table.length - MIN);
            table = new long[MIN];
        }
    }

    private static void empty(long[] t) {
        for (int i = 0; i < t.length; i++) {
            ENTRY.setOpaque(t, i, 0L);
        }
        VarHandle.fullFence();
    }

    /** Entries there is place for. */
    int capacity() {
        return table.length;
    }
}
