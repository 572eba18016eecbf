package io.nestling.cli.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an archive in the "newc" format of cpio, the one a Linux kernel unpacks as its initramfs. Owners are root and
 * times are zero, so equal contents give equal bytes.
 */
public final class CpioWriter implements AutoCloseable {
    private static final int DIRECTORY = 0040000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int REGULAR = 0100000;
    private static final int SYMLINK = 0120000;

    private final OutputStream out;
    private long written;
    private int inode;

    public CpioWriter(OutputStream out) {
        this.out = out;
    }

    public void directory(String path) throws IOException {
        entry(path, DIRECTORY | 0755, 2, 0, 0, new byte[0]);
    }

    public void characterDevice(String path, int permissions, int major, int minor) throws IOException {
        entry(path, CHARACTER_DEVICE | permissions, 1, major, minor, new byte[0]);
    }

    public void symlink(String path, String target) throws IOException {
        entry(path, SYMLINK | 0777, 1, 0, 0, target.getBytes(StandardCharsets.UTF_8));
    }

    public void file(String path, int permissions, byte[] content) throws IOException {
        entry(path, REGULAR | permissions, 1, 0, 0, content);
    }

    /** Ends the archive; the stream below is closed too. */
    @Override
    public void close() throws IOException {
        inode = -1;
        entry("TRAILER!!!", 0, 1, 0, 0, new byte[0]);
        pad(512);
        out.close();
    }

    private void entry(String path, int mode, int links, int major, int minor, byte[] content) throws IOException {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        int[] fields = {++inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length, 0};
        var header = new StringBuilder("070701");
        for (int field : fields) {
            header.append("%08X".formatted(field));
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(name);
        pad(4);
        write(content);
        pad(4);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad(int unit) throws IOException {
        write(new byte[(int) (-written & (unit - 1))]);
    }
}
