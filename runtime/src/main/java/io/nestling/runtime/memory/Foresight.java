package io.nestling.runtime.memory;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Has the host provide RAM a little before the guest gets there. A host clears a page of 2 MiB when it is first touched,
 * which takes long enough to be noticed: milliseconds, where the host is a guest itself. Guests mostly take memory in
 * order; so when one has used two such pages side by side, another thread touches the next ones in that direction.
 */
final class Foresight {
    private static final int SHIFT = 21;
    /** Pages ahead: as much is provided in vain at most where a guest turns elsewhere. */
    private static final int AHEAD = 3;
    /** From Linux 5.14 on; the call fails before, and who needs the memory touches it. */
    static final int MADV_POPULATE_WRITE = 23;

    private final long begin;
    private final long end;
    private final MethodHandle madvise;
    private final boolean[] used;
    private final boolean[] asked;
    private ExecutorService thread;
    private boolean closed;

    /**
     * For memory between two host addresses.
     *
     * @param madvise as in madvise(2)
     */
    Foresight(long begin, long end, MethodHandle madvise) {
        this.begin = begin;
        this.end = end;
        this.madvise = madvise;
        used = new boolean[page(end - 1) + 1];
        asked = new boolean[used.length];
    }

    private int page(long address) {
        return (int) ((address >>> SHIFT) - (begin >>> SHIFT));
    }

    /** The guest uses memory at a host address. From any thread: what races may lose or do twice is not worth a lock. */
    void used(long address) {
        int page = page(address);
        if (!used[page]) {
            used[page] = true;
            ahead(page, 1);
            ahead(page, -1);
        }
    }

    private void ahead(int page, int step) {
        int before = page - step;
        if (before < 0 || before >= used.length || !used[before]) {
            return;
        }
        for (int n = 1, next = page + step; n <= AHEAD && next >= 0 && next < used.length; n++, next += step) {
            if (!used[next] && !asked[next]) {
                asked[next] = true;
                ask(next);
            }
        }
    }

    private synchronized void ask(int page) {
        if (closed) {
            return;
        }
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("ram").daemon().factory());
        }
        thread.execute(() -> provide(page));
    }

    private void provide(int page) {
        long from = Math.max(begin, (begin >>> SHIFT) + page << SHIFT);
        long to = Math.min(end, (begin >>> SHIFT) + page + 1 << SHIFT);
        Ram.advise(madvise, from, to - from, MADV_POPULATE_WRITE);
    }

    /** Waits until all that was asked for is done, and asks for no more: the memory may be unmapped afterwards. */
    void finish() {
        ExecutorService t;
        synchronized (this) {
            closed = true;
            t = thread;
        }
        if (t != null) {
            t.close();
        }
    }
}
