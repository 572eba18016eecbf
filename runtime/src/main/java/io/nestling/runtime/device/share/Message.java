package io.nestling.runtime.device.share;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A 9P message: size[4] type[1] tag[2] and fields, little-endian (Plan 9 manual, intro(5)). Strings are bytes, one in a
 * char. Reading beyond the end is EINVAL.
 */
final class Message {
    static final int HEADER = 7;

    private final ByteBuffer bytes;

    /** A message in a direct buffer. */
    Message(ByteBuffer direct) {
        bytes = direct.order(ByteOrder.LITTLE_ENDIAN);
    }

    ByteBuffer bytes() {
        return bytes;
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    private void need(int n) throws Errno {
        if (bytes.remaining() < n) {
            throw new Errno(Errno.EINVAL);
        }
    }

    int get1() throws Errno {
        need(1);
        return bytes.get() & 0xff;
    }

    int get2() throws Errno {
        need(2);
        return bytes.getShort() & 0xffff;
    }

    int get4() throws Errno {
        need(4);
        return bytes.getInt();
    }

    long get8() throws Errno {
        need(8);
        return bytes.getLong();
    }

    String text() throws Errno {
        int n = get2();
        need(n);
        byte[] b = new byte[n];
        bytes.get(b);
        return new String(b, StandardCharsets.ISO_8859_1);
    }

    /** A name inside a directory: one component, and neither of the two that every directory has. */
    String name() throws Errno {
        String s = text();
        if (s.isEmpty() || s.equals(".") || s.equals("..") || s.indexOf('/') >= 0 || s.indexOf('\0') >= 0) {
            throw new Errno(Errno.EINVAL);
        }
        if (s.length() > LibC.NAME_MAX) {
            throw new Errno(Errno.ENAMETOOLONG);
        }
        return s;
    }

    /** The next {@code n} bytes in place. */
    MemorySegment take(int n) throws Errno {
        if (n < 0) {
            throw new Errno(Errno.EINVAL);
        }
        need(n);
        MemorySegment s = MemorySegment.ofBuffer(bytes).asSlice(0, n);
        bytes.position(bytes.position() + n);
        return s;
    }

    // ---- writing ------------------------------------------------------------------------------------------------

    /** Starts an answer. */
    void begin(int type, int tag) {
        bytes.clear();
        bytes.putInt(0).put((byte) type).putShort((short) tag);
    }

    /** Ends an answer; the buffer holds it from its start to its limit. */
    void end() {
        bytes.putInt(0, bytes.position());
        bytes.flip();
    }

    Message put1(int v) {
        bytes.put((byte) v);
        return this;
    }

    Message put2(int v) {
        bytes.putShort((short) v);
        return this;
    }

    Message put4(int v) {
        bytes.putInt(v);
        return this;
    }

    Message put8(long v) {
        bytes.putLong(v);
        return this;
    }

    Message text(String s) {
        byte[] b = s.getBytes(StandardCharsets.ISO_8859_1);
        bytes.putShort((short) b.length).put(b);
        return this;
    }
}
