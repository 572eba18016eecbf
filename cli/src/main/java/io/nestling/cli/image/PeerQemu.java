package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Debian 13's QEMU for the architecture of this host, with all its libraries and their own dynamic linker, so that it runs on
 * hosts of other releases too: the emulator that benchmarks compare with.
 */
public final class PeerQemu {
    /** What users type. */
    public static final String NAME = "qemu-peer";
    static final String SUITE = "trixie";
    private static final String LINKER = "linker";

    private PeerQemu() {}

    /** Puts it into the store. Call it while the store is locked. */
    static void build(PackageSource packages, ImageStore store, Path temporary, Progress progress) throws IOException, InterruptedException {
        Path work = Files.createDirectories(temporary.resolve("unpacked"));
        Path files = Files.createDirectories(temporary.resolve("image"));
        String linker = "";
        for (var file : NestImage.qemu(packages, work, progress).entrySet()) {
            Path place = Files.move(file.getValue(), files.resolve(file.getKey()));
            if (file.getKey().startsWith("ld")) {
                linker = file.getKey();
                if (!place.toFile().setExecutable(true)) {
                    throw new IOException(place + " cannot be made executable");
                }
            }
        }
        if (linker.isEmpty()) {
            throw new UserError("image build " + NAME + ": no dynamic linker among the libraries: report this");
        }
        store.put(NAME, temporary, files, Map.of(LINKER, linker, "qemu.version", packages.version(NestImage.QEMU_PACKAGE), "suite", SUITE));
    }

    /** The words that start it, if it is in the store. */
    public static Optional<List<String>> command(ImageStore store) {
        if (!store.has(NAME)) {
            return Optional.empty();
        }
        String linker = store.verified(NAME).get(LINKER);
        Path place = store.directory(NAME);
        return Optional.of(List.of(place.resolve(linker).toString(), "--library-path", place.toString(),
                place.resolve(NestImage.QEMU_FILE.substring(NestImage.QEMU_FILE.lastIndexOf('/') + 1)).toString(), "-L", place.toString()));
    }

    /** Debian's name of this host's architecture. */
    static String hostArchitecture() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("dpkg", "--print-architecture").redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UserError("image build " + NAME + ": dpkg not found: it can be fetched only on a Debian or Ubuntu host; elsewhere"
                    + " install a qemu-system-ppc64 of your own", e);
        }
        process.getOutputStream().close();
        String name = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return name;
    }
}
