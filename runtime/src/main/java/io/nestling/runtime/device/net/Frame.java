package io.nestling.runtime.device.net;

/**
 * One Ethernet frame without its check sequence, and what the two ends of a virtual wire may leave undone on it: the
 * transport checksum, and cutting a large TCP segment into ones that fit the wire. Reused from frame to frame.
 */
public final class Frame {
    /** Bytes of a frame at most: an Ethernet header and the largest IPv4 packet. */
    public static final int MAX_LENGTH = 14 + 65_535;

    /** The frame. */
    public final byte[] data;
    /** Bytes of it. */
    public int length;
    /**
     * The transport checksum covers the pseudo header only; the one who needs it whole must sum from {@link #checksumStart}
     * to the end and store the complement at {@link #checksumStart} + {@link #checksumOffset}.
     */
    public boolean checksumPartial;
    /** Where summing starts, from the start of the frame. */
    public int checksumStart;
    /** Where the checksum is, from {@link #checksumStart}. */
    public int checksumOffset;
    /** Payload bytes of the TCP segments that this frame stands for, or 0 when it is one as it is. */
    public int segmentSize;

    /** An empty frame with room for the largest one. */
    public Frame() {
        this(MAX_LENGTH);
    }

    private Frame(int capacity) {
        data = new byte[capacity];
    }

    /** Forgets everything but the room. */
    public void clear() {
        length = 0;
        checksumPartial = false;
        checksumStart = 0;
        checksumOffset = 0;
        segmentSize = 0;
    }

    /** A copy that stays when this one is reused. */
    Frame copy() {
        Frame f = new Frame(length);
        System.arraycopy(data, 0, f.data, 0, length);
        f.length = length;
        f.checksumPartial = checksumPartial;
        f.checksumStart = checksumStart;
        f.checksumOffset = checksumOffset;
        f.segmentSize = segmentSize;
        return f;
    }

    /** Makes a partial checksum whole. */
    public void completeChecksum() {
        if (checksumPartial && checksumStart + checksumOffset + 2 <= length) {
            int at = checksumStart + checksumOffset;
            int sum = Wire.fold(Wire.sum(data, checksumStart, length - checksumStart, 0)) ^ 0xffff;
            // UDP spells a sum of zero as its other form (RFC 768); TCP takes both.
            Wire.put16(data, at, sum == 0 ? 0xffff : sum);
        }
        checksumPartial = false;
    }
}
