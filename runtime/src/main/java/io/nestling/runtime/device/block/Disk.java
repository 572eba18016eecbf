package io.nestling.runtime.device.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk of bytes: what block devices read and write. It outlives machines. One thread at a time uses it; positions and
 * lengths lie inside {@link #size}, which the caller sees to.
 */
public interface Disk extends Closeable {
    /** Bytes; a multiple of {@link #SECTOR}. */
    long size();

    /** True when it cannot be written. */
    boolean readOnly();

    /** Fills the buffer from a position; an error leaves it filled in part. */
    void read(ByteBuffer to, long position) throws IOException;

    /**
     * Fills a buffer if that takes no waiting for storage; otherwise the result is false, and some of it may be filled. Its
     * position is what it was in either case.
     */
    default boolean readNow(ByteBuffer to, long position) {
        return false;
    }

    /** Writes the buffer at a position; what is written is safe from a crash of the host after {@link #flush} only. */
    void write(ByteBuffer from, long position) throws IOException;

    /**
     * The guest does not need what is there any more: the host may have the space. What is read there afterwards is what was
     * there or zeroes.
     */
    default void discard(long position, long length) throws IOException {}

    /** When this returns, everything written before is on the host's storage. */
    void flush() throws IOException;

    /** Unit of all positions and lengths, in bytes. */
    int SECTOR = 512;
}
