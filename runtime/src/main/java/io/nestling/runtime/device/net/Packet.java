package io.nestling.runtime.device.net;

/**
 * An IPv4 packet (RFC 791) inside a frame, its header checked: version, lengths, checksum.
 *
 * @param data     the frame
 * @param source   address
 * @param target   address
 * @param protocol number of the transport protocol
 * @param header   where the packet starts
 * @param start    where its payload starts
 * @param end      where its payload ends
 */
record Packet(byte[] data, int source, int target, int protocol, int header, int start, int end) {
    static final int HEADER = 20;
    private static final int MORE_FRAGMENTS_OR_OFFSET = 0x3fff;

    /** Reads the packet at {@code at}; null when it is malformed, or a fragment: those are not put together here. */
    static Packet read(byte[] data, int at, int end) {
        if (end - at < HEADER || data[at] >> 4 != 4) {
            return null;
        }
        int header = (data[at] & 15) * 4;
        int total = Wire.get16(data, at + 2);
        if (header < HEADER || total < header || total > end - at
                || Wire.fold(Wire.sum(data, at, header, 0)) != 0xffff
                || (Wire.get16(data, at + 6) & MORE_FRAGMENTS_OR_OFFSET) != 0) {
            return null;
        }
        return new Packet(data, Wire.get32(data, at + 12), Wire.get32(data, at + 16), Wire.get8(data, at + 9), at, at + header,
                at + total);
    }

    int length() {
        return end - start;
    }

    /** True when the checksum over pseudo header and payload is right. */
    boolean transportChecksumHolds() {
        return Wire.fold(Wire.sum(data, start, length(), Wire.pseudoHeader(source, target, protocol, length()))) == 0xffff;
    }
}
