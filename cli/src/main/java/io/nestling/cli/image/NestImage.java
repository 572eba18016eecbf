package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A guest that starts a guest of its own: Debian's kernel, and a read-only disk with that kernel again, its KVM modules and
 * Debian's QEMU with the libraries it loads. The initramfs has just what it takes to mount the disk. Every level hands the
 * same disk to the next.
 */
final class NestImage {
    /** The emulator of the guest, which runs its guests in KVM. */
    static final String QEMU_PACKAGE = "qemu-system-ppc";
    static final String QEMU_DATA = "qemu-system-data";
    static final String QEMU_FILE = "usr/bin/qemu-system-ppc64";
    /** The firmware that QEMU needs when it starts a kernel by itself. */
    static final String FIRMWARE = "usr/share/qemu/vof.bin";
    /** Loaded before the disk can be mounted. The file system wants a checksum that it does not name among its needs. */
    private static final List<String> DISK_MODULES = List.of("virtio_pci", "virtio_blk", "crc32c_generic", "erofs");
    private static final List<String> KVM_MODULES = List.of("kvm_hv");
    /** Loaded by the deepest level when it has a program to run. */
    private static final List<String> TREE_MODULES = List.of("overlay");
    private static final Pattern PAGES_64K = Pattern.compile("^CONFIG_PPC_64K_PAGES=y$", Pattern.MULTILINE);

    private NestImage() {}

    /**
     * Writes the files of the guest.
     *
     * @param kernelDeb kernel package, with the modules
     * @param busybox   the program
     * @param work      empty directory for what is unpacked
     * @param files     where the results go; the kernel is there already
     * @return versions and such, for the manifest
     */
    static Map<String, String> build(PackageSource packages, Path kernelDeb, byte[] busybox, Path work, Path files, Progress progress)
            throws IOException, InterruptedException {
        var unpacked = PackageFiles.unpack(packages, kernelDeb, Files.createDirectories(work.resolve("kernel")),
                path -> path.matches(KernelModules.FILES + "|boot/config-.*"));
        var modules = new KernelModules(unpacked.stream().filter(p -> !p.getFileName().toString().startsWith("config-")).toList());
        int pageSize = 4 << 10;
        for (Path path : unpacked) {
            if (path.getFileName().toString().startsWith("config-") && PAGES_64K.matcher(Files.readString(path)).find()) {
                pageSize = 64 << 10;
            }
        }
        Path initrd = files.resolve(ImageStore.INITRD);
        try (var out = Files.newOutputStream(initrd)) {
            initramfs(out, busybox, modules.withNeeds(DISK_MODULES));
        }
        var disk = new ErofsWriter(pageSize);
        disk.file("vmlinux", 0644, files.resolve(ImageStore.KERNEL));
        disk.file("initrd.cpio", 0644, initrd);
        addModules("", modules.withNeeds(KVM_MODULES), disk::file);
        addModules("tree/", modules.withNeeds(TREE_MODULES), disk::file);
        for (var file : qemu(packages, work, progress).entrySet()) {
            disk.file("qemu/" + file.getKey(), 0755, file.getValue());
        }
        progress.step("making the disk");
        disk.write(files.resolve(ImageStore.DISK));
        return Map.of("qemu.version", packages.version(QEMU_PACKAGE), "page.size", Integer.toString(pageSize));
    }

    /** QEMU, its libraries and its firmware, by the names the guest uses. */
    static Map<String, Path> qemu(PackageSource packages, Path work, Progress progress) throws IOException, InterruptedException {
        var found = new TreeMap<String, Path>();
        Path program = single(packages, QEMU_PACKAGE, QEMU_FILE, work, progress);
        found.putAll(new Program(packages, work, progress).libraries(program, QEMU_PACKAGE));
        found.put(program.getFileName().toString(), program);
        Path firmware = single(packages, QEMU_DATA, FIRMWARE, work, progress);
        found.put(firmware.getFileName().toString(), firmware);
        return found;
    }

    private static Path single(PackageSource packages, String name, String file, Path work, Progress progress)
            throws IOException, InterruptedException {
        Path deb = packages.download(name, progress);
        var found = PackageFiles.unpack(packages, deb, Files.createDirectories(work.resolve(name)), file::equals);
        Files.delete(deb);
        if (found.isEmpty()) {
            throw new UserError("image build: no " + file + " in the package " + name + ": report this");
        }
        return found.getFirst();
    }

    private static void initramfs(OutputStream out, byte[] busybox, Map<String, byte[]> modules) throws IOException {
        try (var cpio = new CpioWriter(out)) {
            for (String directory : List.of("bin", "dev", "proc", "sys", "tmp", "nest", "modules")) {
                cpio.directory(directory);
            }
            cpio.characterDevice("dev/console", 0600, 5, 1);
            cpio.characterDevice("dev/null", 0666, 1, 3);
            cpio.file("bin/busybox", 0755, busybox);
            cpio.symlink("bin/sh", "busybox");
            addModules("", modules, cpio::file);
            try (InputStream in = NestImage.class.getResourceAsStream("nest.sh")) {
                cpio.file("init", 0755, in.readAllBytes());
            }
        }
    }

    /** Something that takes a file: an initramfs or a disk. */
    private interface Tree {
        void file(String path, int permissions, byte[] content) throws IOException;
    }

    private static void addModules(String place, Map<String, byte[]> modules, Tree to) throws IOException {
        var order = new ArrayList<String>();
        for (var module : modules.entrySet()) {
            order.add(module.getKey());
            to.file(place + "modules/" + module.getKey() + ".ko", 0644, module.getValue());
        }
        to.file(place + "modules/order", 0644, (String.join("\n", order) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
