package io.nestling.runtime.memory;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * One 4 KiB frame of RAM seen as code: its instructions pre-decoded, lazily, one {@code long} each. Bits 63..48 are the
 * engine's dispatch number, 47..32 the row of the instruction table, 31..0 the instruction word; 0 means not decoded
 * yet. A store to the frame clears the page, so an entry never outlives the bytes it was made from.
 *
 * <p>The pre-decoded instructions may be taken away at any time to make room ({@link CodePages}). Their array is emptied
 * then, so that whoever still runs from it comes to an instruction that is not decoded yet and looks the page up again.
 * Pages with the same bytes share an array ({@link CodeTables}); it is emptied for all of them, and left to the others.
 */
public final class CodePage {
    /** log2 of the frame size. */
    public static final int SHIFT = 12;
    /** Instructions in a page. */
    public static final int SLOTS = 1 << (SHIFT - 2);

    /** In the slot behind the last: the dispatch number that means "go on in the next page". */
    public static final long END_OF_PAGE = 1L << 48;

    /** What a page has with no instruction decoded. */
    private static final long[] NONE = undecoded();

    /** The pre-decoded instructions, and {@link #END_OF_PAGE}; to be looked up anew where control enters the page. */
    public long[] ops = NONE;
    /**
     * Translations by entry slot, shared with other pages of the same bytes; null until an engine that translates has
     * prepared the page, after a clear, and whenever room was needed.
     */
    public volatile CompiledCode[] compiled;
    /** The tables that {@link #compiled} belongs to; null when it is, which another vCPU may bring about any time. */
    private CodeTables tables;
    /** Host address of the frame. */
    public final long hostAddress;
    /** Frame number: HRA of the frame shifted by {@link #SHIFT}. */
    public final int frame;
    /** True when instruction words in this page are big-endian. */
    public final boolean bigEndian;
    /** True while stores to the frame are reported, from before their cached permissions are withdrawn. */
    private volatile boolean watched;
    /** True once all of them are withdrawn: only then may bytes be read for decoding. */
    private volatile boolean settled;

    /** For {@link CodePages}: is the page one of those that may have instructions pre-decoded? */
    boolean inRooms;

    private volatile int version;
    private Object content;

    CodePage(int frame, long hostAddress, boolean bigEndian) {
        this.frame = frame;
        this.hostAddress = hostAddress;
        this.bigEndian = bigEndian;
    }

    static long[] undecoded() {
        long[] ops = new long[SLOTS + 1];
        ops[SLOTS] = END_OF_PAGE;
        return ops;
    }

    boolean watched() {
        return watched;
    }

    /** True while no store can change the page without a {@link #clear} before it. */
    public boolean settled() {
        return settled;
    }

    /** Starts to have stores reported; the result goes to {@link #settle}. */
    synchronized int watch() {
        watched = true;
        return version;
    }

    /** Says that cached permissions are withdrawn; void when the page was cleared meanwhile. */
    synchronized void settle(int since) {
        settled |= version == since;
    }

    /** True when the page has place for pre-decoded instructions. */
    boolean hasRoom() {
        return ops != NONE;
    }

    /** Gives the page place for pre-decoded instructions, or those that pages with the same bytes have. */
    synchronized void makeRoom() {
        if (ops == NONE) {
            long[] room = tables == null ? undecoded() : tables.room();
            // Other vCPUs find the array without a lock.
            VarHandle.releaseFence();
            ops = room;
        }
    }

    /** Takes the place for pre-decoded instructions away. */
    synchronized void takeRoom() {
        if (tables != null) {
            tables.forget(ops);
        }
        empty();
    }

    /** Leaves the array of pre-decoded instructions to others that share it, who decode what they need again. */
    private void empty() {
        long[] room = ops;
        if (room != NONE) {
            ops = NONE;
            Arrays.fill(room, 0, SLOTS, 0);
        }
    }

    /** Sets the pre-decoded form of a slot, if there is place and the page has not changed since {@code version}. */
    public synchronized void decoded(int version, int i, long op) {
        if (this.version == version && settled && ops != NONE) {
            ops[i] = op;
        }
    }

    /**
     * Gives the page tables for translations, unless it has changed since {@code version}.
     *
     * @param known those of another page with the same bytes, or new ones
     */
    public synchronized void prepare(int version, CodeTables known) {
        if (this.version == version) {
            tables = known;
            compiled = known.compiled;
        }
    }

    /** Takes the tables away, to make room. */
    public synchronized void unprepare() {
        compiled = null;
        tables = null;
    }

    /** Counts an arrival at a slot; 0 when the tables are gone. */
    public int arrived(int slot) {
        CodeTables known = tables;
        return known == null ? 0 : ++known.heat[slot];
    }

    /** Arrivals counted at a slot; negative when unknown. */
    public int arrivals(int slot) {
        CodeTables known = tables;
        return known == null ? -1 : known.heat[slot];
    }

    /** Forgets the arrivals at a slot. */
    public void cool(int slot) {
        CodeTables known = tables;
        if (known != null) {
            known.heat[slot] = -1;
        }
    }

    /** The instruction word in slot {@code i}, 0..1023, as it stands in memory now. */
    public int word(int i) {
        int w = (int) HostMemory.getWord(hostAddress + 4L * i);
        return bigEndian ? Integer.reverseBytes(w) : w;
    }

    /** Counts how often the page was cleared: a translation made before a clear must not be installed after it. */
    public int version() {
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
     * Installs a translation, unless the page has changed since {@code version}. One for the optimizing compiler takes the
     * place of others that are still asked whether something better is worth while.
     *
     * @param slots its entries
     */
    public synchronized void install(int version, CompiledCode code, int[] slots) {
        if (this.version != version || compiled == null) {
            return;
        }
        // Other vCPUs find the translation in the table without a lock.
        VarHandle.releaseFence();
        for (int slot : slots) {
            CompiledCode old = compiled[slot];
            if (old == null || code.tier.optimized() && (old.retired >= 0 || slot == code.start)) {
                compiled[slot] = code;
            }
        }
    }

    /** Forgets every pre-decoded instruction and every translation. */
    public synchronized void clear() {
        settled = false;
        watched = false;
        version++;
        content = null;
        empty();
        compiled = null;
        tables = null;
    }
}
