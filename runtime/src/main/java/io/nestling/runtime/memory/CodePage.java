package io.nestling.runtime.memory;

import java.util.Arrays;

/**
 * One 4 KiB frame of RAM seen as code: its instructions pre-decoded, lazily, one {@code long} each. Bits 63..48 are the
 * engine's dispatch number, 47..32 the row of the instruction table, 31..0 the instruction word; 0 means not decoded
 * yet. A store to the frame clears the page, so an entry never outlives the bytes it was made from.
 */
public final class CodePage {
    /** log2 of the frame size. */
    public static final int SHIFT = 12;
    /** Instructions in a page. */
    public static final int SLOTS = 1 << (SHIFT - 2);

    /** In the slot behind the last: the dispatch number that means "go on in the next page". */
    public static final long END_OF_PAGE = 1L << 48;

    /** The pre-decoded instructions, and {@link #END_OF_PAGE}. */
    public final long[] ops = new long[SLOTS + 1];
    /** Translations by entry slot; null until an engine that translates has prepared the page, and after a clear. */
    public CompiledCode[] compiled;
    /** Arrivals by slot, for such an engine. */
    public int[] heat;
    /** Host address of the frame. */
    public final long hostAddress;
    /** Frame number: HRA of the frame shifted by {@link #SHIFT}. */
    public final int frame;
    /** True when instruction words in this page are big-endian. */
    public final boolean bigEndian;
    /** True while stores to the frame are trapped: set before any op is decoded, cleared by {@link #clear}. */
    public boolean watched;

    private int version;
    private Object content;

    CodePage(int frame, long hostAddress, boolean bigEndian) {
        this.frame = frame;
        this.hostAddress = hostAddress;
        this.bigEndian = bigEndian;
        ops[SLOTS] = END_OF_PAGE;
    }

    /** The instruction word in slot {@code i}, 0..1023, as it stands in memory now. */
    public int word(int i) {
        int w = (int) HostMemory.getWord(hostAddress + 4L * i);
        return bigEndian ? Integer.reverseBytes(w) : w;
    }

    /** Counts how often the page was cleared: a translation made before a clear must not be installed after it. */
    public synchronized int version() {
        return version;
    }

    /** What an engine has noted about the bytes of the page, or null. */
    public synchronized Object content() {
        return content;
    }

    /** Notes something about the bytes of the page, to be forgotten when they change. */
    public synchronized void content(int version, Object note) {
        if (this.version == version) {
            content = note;
        }
    }

    /**
     * Installs a translation, unless the page has changed since {@code version}.
     *
     * @param slots its entries
     * @param replace true when it takes the place of others
     */
    public synchronized void install(int version, CompiledCode code, int[] slots, boolean replace) {
        if (this.version != version || compiled == null) {
            return;
        }
        for (int slot : slots) {
            if (replace || compiled[slot] == null) {
                compiled[slot] = code;
            }
        }
    }

    /** Forgets every pre-decoded instruction and every translation. */
    public synchronized void clear() {
        watched = false;
        version++;
        content = null;
        compiled = null;
        heat = null;
        Arrays.fill(ops, 0, SLOTS, 0);
    }
}
