package io.nestling.runtime.memory;

import io.nestling.runtime.cpu.Vcpu;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.FlightRecorder;

/**
 * Which frames of RAM hold decoded or translated code. The MMU asks {@link #isWatched} before it lets stores to a frame
 * go unchecked, and calls {@link #written} for the ones that must be looked at; listeners (soft TLBs) are told when a
 * frame starts to be watched, so that they withdraw write permission they had given.
 *
 * <p>With many vCPUs: a page is decoded only when every soft TLB has withdrawn its permission, and whoever gives itself
 * permission looks afterwards whether the frame is watched by now. Whatever stores without a soft TLB reports the frame
 * after it has stored.
 */
public final class CodePages {
    /** Told that stores to a frame must be trapped from now on. */
    @FunctionalInterface
    public interface WatchListener {
        /** Withdraw cached write permission for the frame at this host address before {@code by} settles its mailbox. */
        void watch(long hostAddress, Vcpu by);
    }

    /** Pages that may have instructions pre-decoded at a time: 64 MiB. */
    private static final int ROOMS = 8192;

    private final Ram ram;
    private final CodePage[] little;
    private final CodePage[] big;
    private final List<WatchListener> listeners = new CopyOnWriteArrayList<>();
    private volatile long invalidations;
    /** The pages with pre-decoded instructions, in the order in which they got place for them from {@link #nextRoom} on. */
    private final CodePage[] rooms;
    private int nextRoom;

    /** For all of a machine's RAM. */
    public CodePages(Ram ram) {
        this(ram, ROOMS);
    }

    /** With the given number of pages that may have instructions pre-decoded at a time. */
    CodePages(Ram ram, int rooms) {
        this.ram = ram;
        this.rooms = new CodePage[rooms];
        int frames = (int) (ram.size() >>> CodePage.SHIFT);
        little = new CodePage[frames];
        big = new CodePage[frames];
    }

    /** Adds a soft TLB to be told of newly watched frames. */
    public void addListener(WatchListener listener) {
        listeners.add(listener);
    }

    /** The code page of the frame with this HRA, made on first use. */
    public CodePage get(long hra, boolean bigEndian) {
        int frame = (int) (hra >>> CodePage.SHIFT);
        CodePage[] pages = bigEndian ? big : little;
        CodePage page = pages[frame];
        return page != null ? page : make(pages, frame, bigEndian);
    }

    private synchronized CodePage make(CodePage[] pages, int frame, boolean bigEndian) {
        if (pages[frame] == null) {
            CodePage page = new CodePage(frame, ram.base() + ((long) frame << CodePage.SHIFT), bigEndian);
            VarHandle.releaseFence();
            pages[frame] = page;
        }
        return pages[frame];
    }

    /**
     * Makes sure that stores to a page are trapped; to be called before its bytes are read for decoding. May wait for
     * other vCPUs, and do what they ask meanwhile: not for use with a lock held or in the middle of an instruction.
     *
     * @return the version of the page of which this is true; whatever is made of the bytes is void once it has another
     */
    public int watch(CodePage page, Vcpu by) {
        int version = page.version();
        while (!page.settled()) {
            version = page.watch();
            VarHandle.fullFence();
            for (WatchListener listener : listeners) {
                listener.watch(page.hostAddress, by);
            }
            by.mailbox.settle();
            page.settle(version);
        }
        return version;
    }

    /**
     * Makes sure that a page has place for pre-decoded instructions, if need be that of the page that has had its place for
     * the longest time. What is decoded costs little and is decoded again where it is still needed; pages that are run
     * often have translations.
     */
    public void room(CodePage page) {
        if (page.hasRoom()) {
            return;
        }
        synchronized (this) {
            if (!page.inRooms) {
                CodePage oldest = rooms[nextRoom];
                if (oldest != null) {
                    oldest.takeRoom();
                    oldest.inRooms = false;
                }
                page.inRooms = true;
                rooms[nextRoom] = page;
                nextRoom = (nextRoom + 1) % rooms.length;
            }
            page.makeRoom();
        }
    }

    /** True when stores to the frame at this HRA must be reported to {@link #written}. */
    public boolean isWatched(long hra) {
        int frame = (int) (hra >>> CodePage.SHIFT);
        CodePage l = little[frame];
        CodePage b = big[frame];
        return l != null && l.watched() || b != null && b.watched();
    }

    /** A guest's store is about to change the frame at this HRA, or a device's or hypercall's has. */
    public void written(long hra) {
        int frame = (int) (hra >>> CodePage.SHIFT);
        clear(little[frame]);
        clear(big[frame]);
    }

    private void clear(CodePage page) {
        if (page != null && page.watched()) {
            page.clear();
            if (FlightRecorder.isInitialized()) {
                InvalidationEvent.record(page.frame);
            }
            synchronized (this) {
                invalidations++;
            }
        }
    }

    /** Pages cleared by stores so far; one more only once its page is clear. */
    public long invalidations() {
        return invalidations;
    }
}
