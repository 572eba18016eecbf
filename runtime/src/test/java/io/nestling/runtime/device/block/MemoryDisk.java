package io.nestling.runtime.device.block;

import java.nio.ByteBuffer;

/** A disk in an array. */
final class MemoryDisk implements Disk {
    final byte[] bytes;
    int flushes;

    MemoryDisk(int size) {
        bytes = new byte[size];
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public void read(ByteBuffer to, long position) {
        to.put(bytes, (int) position, to.remaining());
    }

    @Override
    public void write(ByteBuffer from, long position) {
        from.get(bytes, (int) position, from.remaining());
    }

    @Override
    public void flush() {
        flushes++;
    }

    @Override
    public void close() {}
}
