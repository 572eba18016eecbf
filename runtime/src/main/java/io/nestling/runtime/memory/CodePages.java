package io.nestling.runtime.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Which frames of RAM hold decoded or translated code. The MMU asks {@link #isWatched} before it lets stores to a frame
 * go unchecked, and calls {@link #written} for the ones that must be looked at; listeners (soft TLBs) are told when a
 * frame starts to be watched, so that they withdraw write permission they had given.
 */
public final class CodePages {
    /** Told that stores to a frame must be trapped from now on. */
    @FunctionalInterface
    public interface WatchListener {
        /** Withdraw cached write permission for the frame at this host address. */
        void watch(long hostAddress);
    }

    private final Ram ram;
    private final CodePage[] little;
    private final CodePage[] big;
    private final List<WatchListener> listeners = new ArrayList<>();
    private long invalidations;

    /** For all of a machine's RAM. */
    public CodePages(Ram ram) {
        this.ram = ram;
        int frames = (int) (ram.size() >>> CodePage.SHIFT);
        little = new CodePage[frames];
        big = new CodePage[frames];
    }

    /** Adds a soft TLB to be told of newly watched frames. */
    public synchronized void addListener(WatchListener listener) {
        listeners.add(listener);
    }

    /** The code page of the frame with this HRA, made on first use. */
    public CodePage get(long hra, boolean bigEndian) {
        int frame = (int) (hra >>> CodePage.SHIFT);
        CodePage[] pages = bigEndian ? big : little;
        CodePage page = pages[frame];
        if (page == null) {
            page = new CodePage(frame, ram.base() + ((long) frame << CodePage.SHIFT), bigEndian);
            pages[frame] = page;
        }
        return page;
    }

    /** Starts trapping stores to a page; to be called before its bytes are read for decoding. */
    public synchronized void watch(CodePage page) {
        if (!page.watched) {
            page.watched = true;
            for (WatchListener listener : listeners) {
                listener.watch(page.hostAddress);
            }
        }
    }

    /** True when stores to the frame at this HRA must be reported to {@link #written}. */
    public boolean isWatched(long hra) {
        int frame = (int) (hra >>> CodePage.SHIFT);
        CodePage l = little[frame];
        CodePage b = big[frame];
        return l != null && l.watched || b != null && b.watched;
    }

    /** A store, by a guest, a device or a hypercall, is about to change the frame at this HRA. */
    public void written(long hra) {
        int frame = (int) (hra >>> CodePage.SHIFT);
        clear(little[frame]);
        clear(big[frame]);
    }

    private void clear(CodePage page) {
        if (page != null && page.watched) {
            page.clear();
            invalidations++;
        }
    }

    /** Pages cleared by stores so far. */
    public long invalidations() {
        return invalidations;
    }
}
