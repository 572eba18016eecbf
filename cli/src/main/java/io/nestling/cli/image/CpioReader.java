package io.nestling.cli.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads an archive that {@link CpioWriter} wrote, entry by entry. */
public final class CpioReader {
    private static final int HEADER = 110;
    private static final int LONGEST_NAME = 1 << 12;

    private final InputStream in;
    private long read;
    private int mode;
    private String name = "";
    private byte[] content = {};

    public CpioReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next entry; false at the end of the archive. */
    public boolean next() throws IOException {
        String header = new String(bytes(HEADER), StandardCharsets.US_ASCII);
        if (!header.startsWith("070701")) {
            throw new IOException("no cpio archive");
        }
        mode = field(header, 1);
        int length = field(header, 11);
        if (length < 1 || length > LONGEST_NAME) {
            throw new IOException("the archive has a name of " + length + " bytes");
        }
        name = new String(bytes(length), 0, length - 1, StandardCharsets.UTF_8);
        align();
        content = bytes(field(header, 6));
        align();
        return !name.equals("TRAILER!!!");
    }

    public String name() {
        return name;
    }

    /** Bytes of a file, or the target of a symbolic link. */
    public byte[] content() {
        return content;
    }

    public boolean file() {
        return (mode & 0170000) == 0100000;
    }

    public boolean directory() {
        return (mode & 0170000) == 0040000;
    }

    public boolean symlink() {
        return (mode & 0170000) == 0120000;
    }

    public int permissions() {
        return mode & 07777;
    }

    private static int field(String header, int index) throws IOException {
        try {
            return Integer.parseUnsignedInt(header.substring(6 + 8 * index, 14 + 8 * index), 16);
        } catch (NumberFormatException e) {
            throw new IOException("the archive has a damaged header", e);
        }
    }

    private byte[] bytes(int count) throws IOException {
        if (count < 0) {
            throw new IOException("the archive has a damaged header");
        }
        byte[] bytes = in.readNBytes(count);
        if (bytes.length != count) {
            throw new EOFException("the archive ends early");
        }
        read += count;
        return bytes;
    }

    private void align() throws IOException {
        bytes((int) (-read & 3));
    }
}
