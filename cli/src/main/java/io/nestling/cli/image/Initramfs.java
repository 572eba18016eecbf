package io.nestling.cli.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The first root file system of our guests: one busybox and a few lines of shell. */
public final class Initramfs {
    /** What the guest prints when user space is reached; tests and {@code --expect} wait for it. */
    public static final String MARKER = "nestling: userspace reached";

    private Initramfs() {}

    /**
     * Modules of the kernel for the devices a machine can have, and for what may be on its disks. They are loaded when a
     * device is there or a file system is mounted.
     */
    static final List<String> MODULES = List.of("virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtio_rng", "9pnet_virtio",
            "9p", "ext4", "squashfs", "erofs", "isofs", "af_packet", "crc32c_generic", "libcrc32c", "crc32c_vpmsum");

    /**
     * Writes the archive, uncompressed: the guest has no time to lose and a local file costs none.
     *
     * @param modules kernel modules by name, those they need among them; may be empty
     */
    public static void write(OutputStream out, byte[] busybox, Map<String, byte[]> modules) throws IOException {
        write(out, busybox, modules, "init.sh");
    }

    /** The same whose first process mounts a disk and hands over to the system there. */
    static void writeForDisk(OutputStream out, byte[] busybox, Map<String, byte[]> modules) throws IOException {
        write(out, busybox, modules, "root.sh");
    }

    private static void write(OutputStream out, byte[] busybox, Map<String, byte[]> modules, String init) throws IOException {
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
            cpio.file("init", 0755, resource(init));
            cpio.file("etc/profile", 0644, resource("profile.sh"));
            cpio.file("etc/console", 0755, resource("console.sh"));
            cpio.file("etc/inittab", 0644, resource("inittab"));
            cpio.file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n".getBytes());
            cpio.file("etc/group", 0644, "root:x:0:\n".getBytes());
            if (!modules.isEmpty()) {
                write(cpio, modules);
            }
        }
    }

    /** Modules, and the two indexes by which modprobe(8) finds them: what they need, and what they are good for. */
    private static void write(CpioWriter cpio, Map<String, byte[]> modules) throws IOException {
        String release = KernelModules.facts(modules.values().iterator().next(), "vermagic").getFirst().split(" ")[0];
        String directory = "lib/modules/" + release;
        cpio.directory("lib");
        cpio.directory("lib/modules");
        cpio.directory(directory);
        var needs = new StringBuilder();
        var aliases = new StringBuilder();
        for (var module : modules.entrySet()) {
            String name = module.getKey();
            cpio.file(directory + "/" + name + ".ko", 0644, module.getValue());
            needs.append(name).append(".ko:");
            // All of them, those to be loaded first at the end (modules.dep(5)).
            var all = new LinkedHashSet<String>();
            collectNeeds(name, modules, all);
            all.reversed().forEach(need -> needs.append(' ').append(need).append(".ko"));
            needs.append('\n');
            KernelModules.facts(module.getValue(), "alias")
                    .forEach(alias -> aliases.append("alias ").append(alias).append(' ').append(name).append('\n'));
        }
        cpio.file(directory + "/modules.dep", 0644, needs.toString().getBytes());
        cpio.file(directory + "/modules.alias", 0644, aliases.toString().getBytes());
    }

    /** Adds what a module needs, and before it what that needs in turn. */
    private static void collectNeeds(String name, Map<String, byte[]> modules, Set<String> to) {
        for (String need : KernelModules.needs(modules.get(name))) {
            if (modules.containsKey(need)) {
                collectNeeds(need, modules, to);
                to.add(need);
            }
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
