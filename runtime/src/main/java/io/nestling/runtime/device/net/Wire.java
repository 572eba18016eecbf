package io.nestling.runtime.device.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as they are on the wire, big-endian, and the Internet checksum (RFC 1071). */
final class Wire {
    static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_TCP = 6;
    static final int PROTOCOL_UDP = 17;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Wire() {}

    static int get8(byte[] b, int at) {
        return b[at] & 0xff;
    }

    static int get16(byte[] b, int at) {
        return (short) SHORT.get(b, at) & 0xffff;
    }

    static int get32(byte[] b, int at) {
        return (int) INT.get(b, at);
    }

    static void put16(byte[] b, int at, int v) {
        SHORT.set(b, at, (short) v);
    }

    static void put32(byte[] b, int at, int v) {
        INT.set(b, at, v);
    }

    /** Adds the 16-bit words of a range to a running sum that is not yet folded; an odd last byte counts as a high one. */
    static long sum(byte[] b, int at, int length, long start) {
        long sum = start;
        int end = at + length;
        int i = at;
        for (; i <= end - 4; i += 4) {
            sum += get32(b, i) & 0xffff_ffffL;
        }
        for (; i <= end - 2; i += 2) {
            sum += get16(b, i);
        }
        return i < end ? sum + (get8(b, i) << 8) : sum;
    }

    /** The one's complement sum of 16 bits. */
    static int fold(long sum) {
        long s = (sum >>> 32) + (sum & 0xffff_ffffL);
        s = (s >>> 16) + (s & 0xffff);
        s = (s >>> 16) + (s & 0xffff);
        return (int) ((s >>> 16) + (s & 0xffff)) & 0xffff;
    }

    /** Sum of the pseudo header that TCP (RFC 9293, 3.1) and UDP (RFC 768) checksums cover. */
    static long pseudoHeader(int source, int destination, int protocol, int length) {
        return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + length;
    }
}
