package io.nestling.cli.image;

import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.hv.machine.ConfigurationException;
import io.nestling.hv.machine.Machine;
import io.nestling.hv.machine.PSeries;
import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.StoreVersion;
import io.nestling.jit.cache.TranslationStore;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.device.block.Disk;
import io.nestling.runtime.device.block.DiskFormat;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.share.Virtio9p;
import io.nestling.runtime.time.RealClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Debian system on a disk, made without root in two stages. The first, here, lays the essential packages and the kernel's
 * modules on a file system as they are. The second runs inside the guest: dpkg installs all packages, with their scripts.
 */
final class SystemImage {
    private static final long SIZE = 8L << 30;
    private static final long MEMORY = 2L << 30;
    private static final long HOURS = 2;
    private static final String ESSENTIAL = "?essential";
    private static final List<String> PACKAGES = List.of(ESSENTIAL, "apt", "systemd", "systemd-sysv", "libpam-systemd", "udev", "dbus",
            "kmod", "iproute2", "iputils-ping", "netbase", "openssh-server", "openssh-client", "ca-certificates",
            "debian-archive-keyring", "e2fsprogs", "less", "procps");
    /** Since Debian 12 these are links, made before anything is unpacked. */
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");
    /** A guest has none of the hardware that most modules are for. */
    private static final String MODULES = "lib/modules/[^/]+/(modules\\..*|kernel/(arch|block|crypto|fs|kernel|lib|mm|net|security|virt)/.*"
            + "|kernel/drivers/(block|char|md|net|scsi|vhost|virtio|dax|nvdimm)/[^/]*\\.ko(\\.xz)?)";
    private static final String DONE = "nestling: install ended with status 0";

    private final PackageSource packages;
    private final GuestRecipe recipe;
    private final Path temporary;
    private final Path files;
    private final Path store;

    /**
     * @param temporary for what is gone afterwards
     * @param files     where the results go; kernel and initramfs are there already
     * @param store     root of the store, for the log and for translations
     */
    SystemImage(PackageSource packages, GuestRecipe recipe, Path temporary, Path files, Path store) {
        this.packages = packages;
        this.recipe = recipe;
        this.temporary = temporary;
        this.files = files;
        this.store = store;
    }

    /** Makes the disk and gives facts for the manifest. */
    Map<String, String> build(Path kernelDeb, Progress progress) throws IOException, InterruptedException {
        List<Path> base = packages.downloadAll(List.of(ESSENTIAL), progress);
        List<Path> rest = packages.downloadAll(PACKAGES, progress);
        int count = base.size() + rest.size();
        Path folder = base.getFirst().getParent();
        Files.writeString(folder.resolve("base"), names(base));
        Files.writeString(folder.resolve("rest"), names(rest));
        Files.writeString(folder.resolve("mirror"), packages.address());
        Files.writeString(folder.resolve("suite"), recipe.suite());
        try (InputStream script = SystemImage.class.getResourceAsStream("install.sh")) {
            Path install = folder.resolve("install.sh");
            Files.copy(script, install);
            install.toFile().setExecutable(true);
        }
        progress.step("making the disk");
        Path disk = files.resolve(ImageStore.ROOT);
        firstStage(disk, base, kernelDeb);
        progress.step("installing " + count + " packages inside the guest");
        secondStage(disk, folder, count, progress);
        return Map.of("packages", Integer.toString(count));
    }

    private static String names(List<Path> debs) {
        return debs.stream().map(deb -> deb.getFileName().toString()).sorted().collect(Collectors.joining("\n", "", "\n"));
    }

    private void firstStage(Path disk, List<Path> base, Path kernelDeb) throws IOException {
        byte[] uuid = new byte[16];
        new SecureRandom().nextBytes(uuid);
        // A random one, by its own account (RFC 9562 4).
        uuid[6] = (byte) (uuid[6] & 0x0f | 0x40);
        uuid[8] = (byte) (uuid[8] & 0x3f | 0x80);
        long now = System.currentTimeMillis() / 1000;
        try (var fs = new Ext4Writer(disk, SIZE, uuid, recipe.name())) {
            for (String directory : MERGED) {
                fs.directory("usr/" + directory, 0755, 0, 0, now);
                fs.symlink(directory, "usr/" + directory, 0, 0, now);
            }
            for (Path deb : base) {
                try (InputStream tar = packages.tar(deb)) {
                    fs.unpack(tar, path -> true);
                }
            }
            try (InputStream tar = packages.tar(kernelDeb)) {
                fs.unpack(tar, path -> path.matches(MODULES));
            }
            for (String file : List.of("status", "available")) {
                fs.file("var/lib/dpkg/" + file, 0644, 0, 0, now, new byte[0]);
            }
            fs.finish();
        }
    }

    private void secondStage(Path image, Path folder, int count, Progress progress) throws IOException, InterruptedException {
        Path log = store.resolve(recipe.name() + "-build.log");
        var finished = new CountDownLatch(1);
        try (var out = new Watched(Files.newOutputStream(log), count, progress);
                var engine = new JitEngine(Translator.Settings.DEFAULT, new TranslationStore(store.resolve("translations"),
                        StoreVersion.current(), TranslationStore.DEFAULT_LIMIT, Messages::say));
                Disk disk = DiskFormat.RAW.open(image, false, false)) {
            var console = new Console(out);
            console.endInput();
            try (Machine machine = new PSeries().memory(MEMORY).kernel(files.resolve(ImageStore.KERNEL))
                    .initrd(files.resolve(ImageStore.INITRD)).append("console=hvc0 panic=-1 nestling.install").clock(new RealClock())
                    .console(console).engine(engine).drive(disk)
                    .device(new Virtio9p(folder, "packages", true, false))
                    .device(new Virtio9p(results(), "results", false, false)).build()) {
                Thread.ofPlatform().daemon().name("deadline").start(() -> stopLate(machine, finished));
                machine.run();
            } catch (ConfigurationException e) {
                throw new UserError("image build " + recipe.name() + ": " + e.getMessage(), e);
            } finally {
                finished.countDown();
            }
            if (!out.done) {
                throw new UserError("image build " + recipe.name() + ": the installation inside the guest failed (" + out.last
                        + "): look into " + log);
            }
        }
        Path key = results().resolve("ssh-key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.move(key, files.resolve("ssh-key"));
        Files.deleteIfExists(log);
    }

    private Path results() throws IOException {
        return Files.createDirectories(temporary.resolve("results"));
    }

    private static void stopLate(Machine machine, CountDownLatch finished) {
        try {
            if (!finished.await(HOURS, TimeUnit.HOURS)) {
                machine.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The console of the second stage: goes to a log, and is read for how far dpkg is. */
    private static final class Watched extends OutputStream {
        private static final String STEPS = "(Unpacking|Setting up) .*";

        private final OutputStream log;
        private final int count;
        private final Progress progress;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int steps;
        boolean done;
        String last = "nothing was said";

        Watched(OutputStream log, int count, Progress progress) {
            this.log = log;
            this.count = count;
            this.progress = progress;
        }

        @Override
        public void write(int b) throws IOException {
            log.write(b);
            if (b != '\n') {
                line.write(b);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8).strip();
            line.reset();
            if (text.matches(STEPS)) {
                progress.percent(++steps * 100 / (2 * count));
            }
            if (text.equals(DONE)) {
                done = true;
            }
            last = text.isEmpty() ? last : Messages.oneLine(text);
        }

        @Override
        public void flush() throws IOException {
            log.flush();
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
