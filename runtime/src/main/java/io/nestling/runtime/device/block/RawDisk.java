package io.nestling.runtime.device.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A disk whose bytes are those of a file. What the file has beyond the last whole sector is left alone. */
public final class RawDisk implements Disk {
    private final HostFile file;
    private final boolean readOnly;
    private final long size;

    /** Over a file, which the disk closes. */
    RawDisk(HostFile file, boolean readOnly) throws IOException {
        this.file = file;
        this.readOnly = readOnly;
        size = file.channel().size() / SECTOR * SECTOR;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
        readFully(file.channel(), to, position);
    }

    @Override
    public boolean readNow(ByteBuffer to, long position) {
        return file.readNow(to, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        writeFully(file.channel(), from, position);
    }

    @Override
    public void discard(long position, long length) {
        file.punch(position, length);
    }

    @Override
    public void flush() throws IOException {
        if (!readOnly) {
            file.channel().force(false);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Fills a buffer; a file that ends before, because somebody cut it, is an error. */
    static void readFully(FileChannel file, ByteBuffer to, long position) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int n = file.read(to, at);
            if (n < 0) {
                throw new EOFException("the file ends at byte " + at);
            }
            at += n;
        }
    }

    static void writeFully(FileChannel file, ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += file.write(from, at);
        }
    }
}
