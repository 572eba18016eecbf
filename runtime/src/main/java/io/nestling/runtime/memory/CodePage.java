package io.nestling.runtime.memory;

import java.util.Arrays;

/**
 * One 4 KiB frame of RAM seen as code: its instructions pre-decoded, lazily, one {@code long} each. The high half is the
 * dispatch number from the instruction table, the low half the instruction word; 0 means not decoded yet. A store to
 * the frame clears the page, so an entry never outlives the bytes it was made from.
 */
public final class CodePage {
    /** log2 of the frame size. */
    public static final int SHIFT = 12;
    /** Instructions in a page. */
    public static final int SLOTS = 1 << (SHIFT - 2);

    /** The pre-decoded instructions. */
    public final long[] ops = new long[SLOTS];
    /** Host address of the frame. */
    public final long hostAddress;
    /** Frame number: HRA of the frame shifted by {@link #SHIFT}. */
    public final int frame;
    /** True when instruction words in this page are big-endian. */
    public final boolean bigEndian;
    /** True while stores to the frame are trapped: set before any op is decoded, cleared by {@link #clear}. */
    public boolean watched;

    CodePage(int frame, long hostAddress, boolean bigEndian) {
        this.frame = frame;
        this.hostAddress = hostAddress;
        this.bigEndian = bigEndian;
    }

    /** The instruction word in slot {@code i}, 0..1023, as it stands in memory now. */
    public int word(int i) {
        int w = (int) HostMemory.getWord(hostAddress + 4L * i);
        return bigEndian ? Integer.reverseBytes(w) : w;
    }

    /** Forgets every pre-decoded instruction. */
    public void clear() {
        watched = false;
        Arrays.fill(ops, 0);
    }
}
