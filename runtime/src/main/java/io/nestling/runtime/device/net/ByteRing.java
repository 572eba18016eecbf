package io.nestling.runtime.device.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A queue of bytes that grows as it is used, up to {@link #LIMIT}. */
final class ByteRing {
    /** Bytes held at most. */
    static final int LIMIT = 1 << 19;
    private static final int FIRST = 1 << 14;

    private byte[] bytes = new byte[0];
    private int head;
    private int length;

    int length() {
        return length;
    }

    int free() {
        return LIMIT - length;
    }

    /** Adds bytes; there must be room. */
    void append(byte[] from, int at, int n) {
        reserve(n);
        int tail = head + length & bytes.length - 1;
        int first = Math.min(n, bytes.length - tail);
        System.arraycopy(from, at, bytes, tail, first);
        System.arraycopy(from, at + first, bytes, 0, n - first);
        length += n;
    }

    /** Fills from a channel as far as that has bytes and there is room; -1 when the channel is at its end. */
    int fill(ReadableByteChannel from) throws IOException {
        int total = 0;
        while (length < LIMIT) {
            if (length == bytes.length) {
                reserve(1);
            }
            int tail = head + length & bytes.length - 1;
            int room = Math.min(bytes.length - length, bytes.length - tail);
            int n = from.read(ByteBuffer.wrap(bytes, tail, room));
            if (n < 0) {
                return total == 0 ? -1 : total;
            }
            length += n;
            total += n;
            if (n < room) {
                return total;
            }
        }
        return total;
    }

    /** Writes to a channel as much as that takes, and forgets it. */
    void drain(WritableByteChannel to) throws IOException {
        while (length > 0) {
            int run = Math.min(length, bytes.length - head);
            int n = to.write(ByteBuffer.wrap(bytes, head, run));
            discard(n);
            if (n < run) {
                return;
            }
        }
    }

    /** Copies bytes that stay queued. */
    void copy(int offset, byte[] to, int at, int n) {
        int from = head + offset & bytes.length - 1;
        int first = Math.min(n, bytes.length - from);
        System.arraycopy(bytes, from, to, at, first);
        System.arraycopy(bytes, 0, to, at + first, n - first);
    }

    /** Forgets the oldest bytes. */
    void discard(int n) {
        length -= n;
        head = length == 0 ? 0 : head + n & bytes.length - 1;
    }

    private void reserve(int more) {
        int capacity = Math.max(bytes.length, FIRST);
        while (capacity < length + more) {
            capacity <<= 1;
        }
        if (capacity != bytes.length) {
            byte[] grown = new byte[capacity];
            if (length > 0) {
                copy(0, grown, 0, length);
            }
            bytes = grown;
            head = 0;
        }
    }
}
