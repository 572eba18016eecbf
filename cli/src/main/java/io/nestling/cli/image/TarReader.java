package io.nestling.cli.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads a tar stream entry by entry (ustar and GNU long names, which is what dpkg writes). */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 1 << 16;

    private final InputStream in;
    private long unread;
    private long padding;
    private String name = "";
    private String link = "";
    private int type;
    private int mode;
    private int user;
    private int group;
    private long time;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next entry; false at the end of the archive. */
    boolean next() throws IOException {
        String longName = null;
        String longLink = null;
        while (true) {
            in.skipNBytes(unread + padding);
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || header.length == BLOCK && allZero(header)) {
                return false;
            }
            if (header.length < BLOCK) {
                throw new EOFException("the archive ends in a header");
            }
            unread = octal(header, 124, 12);
            padding = -unread & (BLOCK - 1);
            type = header[156];
            if (type == 'L' || type == 'K') {
                if (unread > LONGEST_NAME) {
                    throw new IOException("the archive has a name of " + unread + " bytes");
                }
                String text = text(in.readNBytes((int) unread), 0, (int) unread);
                if (type == 'L') {
                    longName = text;
                } else {
                    longLink = text;
                }
                unread = 0;
                continue;
            }
            String prefix = header[262] == ' ' ? "" : text(header, 345, 155);
            String shortName = text(header, 0, 100);
            name = longName != null ? longName : prefix.isEmpty() ? shortName : prefix + "/" + shortName;
            link = longLink != null ? longLink : text(header, 157, 100);
            mode = (int) octal(header, 100, 8);
            user = (int) octal(header, 108, 8);
            group = (int) octal(header, 116, 8);
            time = octal(header, 136, 12);
            return true;
        }
    }

    /** Path of the entry, without a leading {@code ./}. */
    String name() {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    boolean regularFile() {
        return type == '0' || type == 0;
    }

    /** What it is: {@code 0} or zero a file, {@code 1} a hard link, {@code 2} a symbolic link, {@code 5} a directory. */
    int type() {
        return type;
    }

    /** Where a link leads, as the archive has it. */
    String link() {
        return link;
    }

    int mode() {
        return mode;
    }

    int user() {
        return user;
    }

    int group() {
        return group;
    }

    /** Seconds since 1970. */
    long time() {
        return time;
    }

    /** The content of the entry; shorter than promised means a damaged archive. */
    byte[] content() throws IOException {
        if (unread > Integer.MAX_VALUE - 16) {
            throw new IOException(name + " has " + unread + " bytes");
        }
        byte[] bytes = in.readNBytes((int) unread);
        if (bytes.length != unread) {
            throw new EOFException("the archive ends in " + name);
        }
        unread = 0;
        return bytes;
    }

    private static boolean allZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] from, int at, int length) {
        int end = at;
        while (end < at + length && end < from.length && from[end] != 0) {
            end++;
        }
        return new String(from, at, end - at, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int at, int length) throws IOException {
        String digits = text(header, at, length).strip();
        try {
            long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through: one message for all damage.
        }
        throw new IOException("the archive has a damaged header");
    }
}
