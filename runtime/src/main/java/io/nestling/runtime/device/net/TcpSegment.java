package io.nestling.runtime.device.net;

/** A TCP segment (RFC 9293 3.1) inside a packet whose lengths and checksum were found right. */
record TcpSegment(Packet packet, int payload) {
    static final int OPTION_SEGMENT_SIZE = 2;
    static final int OPTION_WINDOW_SCALE = 3;
    private static final int HEADER = 20;

    /** Reads the segment; null when it is malformed. */
    static TcpSegment read(Packet p) {
        if (p.length() < HEADER) {
            return null;
        }
        int header = (p.data()[p.start() + 12] >> 4 & 15) * 4;
        return header < HEADER || header > p.length() ? null : new TcpSegment(p, p.start() + header);
    }

    byte[] data() {
        return packet.data();
    }

    int sourcePort() {
        return Wire.get16(data(), packet.start());
    }

    int targetPort() {
        return Wire.get16(data(), packet.start() + 2);
    }

    int sequence() {
        return Wire.get32(data(), packet.start() + 4);
    }

    int acknowledgement() {
        return Wire.get32(data(), packet.start() + 8);
    }

    boolean has(int flag) {
        return (data()[packet.start() + 13] & flag) != 0;
    }

    int window() {
        return Wire.get16(data(), packet.start() + 14);
    }

    /** Bytes of payload. */
    int length() {
        return packet.end() - payload;
    }

    /** Value of an option of 1 or 2 bytes, or -1. */
    int option(int kind, int size) {
        int at = packet.start() + HEADER;
        while (at < payload) {
            int k = Wire.get8(data(), at);
            if (k == 0) {
                return -1;
            }
            if (k == 1) {
                at++;
                continue;
            }
            if (at + 1 >= payload) {
                return -1;
            }
            int length = Wire.get8(data(), at + 1);
            if (length < 2 || at + length > payload) {
                return -1;
            }
            if (k == kind && length == 2 + size) {
                return size == 1 ? Wire.get8(data(), at + 2) : Wire.get16(data(), at + 2);
            }
            at += length;
        }
        return -1;
    }
}
