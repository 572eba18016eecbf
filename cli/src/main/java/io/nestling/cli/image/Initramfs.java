package io.nestling.cli.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The first root file system of our guests: one busybox and a few lines of shell. */
public final class Initramfs {
    /** What the guest prints when user space is reached; tests and {@code --expect} wait for it. */
    public static final String MARKER = "nestling: userspace reached";

    private Initramfs() {}

    /** Writes the archive, uncompressed: the guest has no time to lose and a local file costs none. */
    public static void write(OutputStream out, byte[] busybox) throws IOException {
        try (var cpio = new CpioWriter(out)) {
            for (String directory : new String[] {"bin", "dev", "etc", "proc", "root", "sys", "tmp", "mnt"}) {
                cpio.directory(directory);
            }
            cpio.characterDevice("dev/console", 0600, 5, 1);
            cpio.characterDevice("dev/null", 0666, 1, 3);
            cpio.file("bin/busybox", 0755, busybox);
            cpio.symlink("bin/sh", "busybox");
            cpio.symlink("sbin", "bin");
            cpio.symlink("usr", ".");
            cpio.file("init", 0755, resource("init.sh"));
            cpio.file("etc/profile", 0644, resource("profile.sh"));
            cpio.file("etc/console", 0755, resource("console.sh"));
            cpio.file("etc/inittab", 0644, resource("inittab"));
            cpio.file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n".getBytes());
            cpio.file("etc/group", 0644, "root:x:0:\n".getBytes());
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
