package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import io.nestling.cli.image.CpioReader;
import io.nestling.cli.image.CpioWriter;
import io.nestling.cli.image.ErofsWriter;
import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.PackageSource;
import io.nestling.cli.image.Progress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * The initramfs of the kernel-compile benchmark: Debian's compiler for the guest, and files of Debian's kernel source which
 * the host has preprocessed, since the headers of a kernel are many and reading them is no test of a processor.
 */
final class CompileImage {
    /** Raised when what an older Nestling made must be made anew. */
    private static final String FORMAT = "1";
    static final String SUITE = "bookworm";
    /** A size that is made of the next one. */
    private static final String TINY = "tiny";
    private static final String SMALL = "small";
    private static final String SOURCE = "linux-source-6.1";
    /** The compiler and what it needs; gcc 12 is the compiler of this release. */
    private static final List<String> PACKAGES = List.of("gcc-12", "cpp-12", "binutils-powerpc64le-linux-gnu", "libbinutils",
            "libc6", "libgcc-s1", "libgmp10", "libmpfr6", "libmpc3", "libisl23", "libzstd1", "zlib1g", "libctf0", "libjansson4",
            "busybox-static");
    private static final Pattern WANTED = Pattern.compile("bin/busybox|usr/bin/powerpc64le-linux-gnu-(gcc-12|as)"
            + "|usr/lib/gcc/powerpc64le-linux-gnu/12/cc1|(usr/)?lib/powerpc64le-linux-gnu/[^/]*\\.so[^/]*|lib64/[^/]*"
            + "|lib/powerpc64le-linux-gnu/ld64[^/]*");
    /** Options of the preprocessor, of warnings and of output, which a preprocessed file needs no more. */
    private static final Pattern DROPPED = Pattern.compile("-(E|I.*|D.*|W.*|nostdinc|isystem|include|fmacro-prefix-map.*)");

    private CompileImage() {}

    /** The files of a size, {@code kernel/fork.c} and so on. */
    static List<String> files(String size) throws IOException {
        var files = new ArrayList<String>();
        for (String line : resource("kernel-files.txt").lines().toList()) {
            if (line.equals("= " + size)) {
                return files;
            } else if (!line.startsWith("#") && !line.startsWith("=")) {
                files.add(line);
            }
        }
        throw new UserError("--size " + size + ": no such size: choose tiny, small, medium or full");
    }

    /** The initramfs from the store, made first if it is not there. */
    static Path get(String size, ImageStore store, PackageSource.Opener packages, Progress progress) throws IOException, InterruptedException {
        Path place = store.root().resolve("bench").resolve("kernel-compile-" + size + "-" + FORMAT + ".cpio");
        List<String> files = files(size);
        if (Files.exists(place)) {
            return place;
        }
        if (size.equals(TINY)) {
            Path small = get(SMALL, store, packages, progress);
            return store.locked(() -> progress.step("waiting for another nestling that builds a guest"), temporary -> {
                Path file = temporary.resolve("image.cpio");
                reduce(small, file, files);
                return Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
            });
        }
        for (String tool : List.of("make", "flex", "bison", "bc", "xz", "tar", "dpkg-deb", "cc")) {
            CrossCompiler.require(tool, "the packages make, flex, bison, bc, xz-utils, tar and gcc");
        }
        CrossCompiler.require(CrossCompiler.PREFIX + "gcc", "gcc-powerpc64le-linux-gnu");
        return store.locked(() -> progress.step("waiting for another nestling that builds a guest"), temporary -> {
            if (Files.exists(place)) {
                return place;
            }
            Path file = temporary.resolve("image.cpio");
            build(file, files, temporary, packages.open(Files.createDirectories(temporary.resolve("apt")), SUITE, PackageSource.GUEST), progress);
            Files.createDirectories(place.getParent());
            return Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /**
     * The same as a disk for a guest of a nest.
     *
     * @param initramfs what {@link #get} gave
     * @param blockSize of its file system
     */
    static Path disk(Path initramfs, int blockSize, ImageStore store, Progress progress) throws IOException, InterruptedException {
        Path place = initramfs.resolveSibling(initramfs.getFileName().toString().replace(".cpio", "-" + blockSize + ".img"));
        if (Files.exists(place)) {
            return place;
        }
        return store.locked(() -> progress.step("waiting for another nestling that builds a guest"), temporary -> {
            progress.step("making the disk of the compiler");
            var disk = new ErofsWriter(blockSize);
            Path files = Files.createDirectories(temporary.resolve("files"));
            try (var in = new BufferedInputStream(Files.newInputStream(initramfs))) {
                var cpio = new CpioReader(in);
                for (int count = 0; cpio.next(); count++) {
                    if (cpio.directory()) {
                        disk.directory(cpio.name());
                    } else if (cpio.symlink()) {
                        disk.symlink(cpio.name(), new String(cpio.content(), StandardCharsets.UTF_8));
                    } else if (cpio.file()) {
                        disk.file(cpio.name(), cpio.permissions(), Files.write(files.resolve(Integer.toString(count)), cpio.content()));
                    }
                }
            }
            disk.file("init", 0755, resource("compile.sh").getBytes(StandardCharsets.UTF_8));
            Path file = temporary.resolve("disk.img");
            disk.write(file);
            return Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private static void build(Path file, List<String> files, Path temporary, PackageSource packages, Progress progress)
            throws IOException, InterruptedException {
        packages.update(progress);
        Path source = temporary.resolve("source");
        unpack(packages.download(SOURCE, progress), source);
        Path guest = temporary.resolve("guest");
        for (String name : PACKAGES) {
            unpack(packages.download(name, progress), guest);
        }
        progress.step("unpacking " + SOURCE);
        run(temporary, "tar", "-xJf", source.resolve("usr/src").resolve(SOURCE + ".tar.xz").toString());
        Path tree = temporary.resolve(SOURCE);
        progress.step("preprocessing " + files.size() + " kernel files");
        var make = new ArrayList<>(List.of("make", "-s", "ARCH=powerpc", "CROSS_COMPILE=" + CrossCompiler.PREFIX));
        make.add("pseries_le_defconfig");
        run(tree, make.toArray(String[]::new));
        make.removeLast();
        files.forEach(f -> make.add(f.replaceFirst("c$", "i")));
        run(tree, make.toArray(String[]::new));
        progress.step("making the initramfs");
        try (var cpio = new CpioWriter(new BufferedOutputStream(Files.newOutputStream(file)))) {
            var directories = new HashSet<String>();
            for (String directory : List.of("dev", "proc", "tmp", "work")) {
                parents(cpio, directory + "/x", directories);
            }
            devices(cpio);
            addTree(cpio, guest, directories);
            // What the compiler calls it; the link is in a package with nothing else of use.
            cpio.symlink("usr/bin/as", "powerpc64le-linux-gnu-as");
            cpio.file("init", 0755, resource("compile.sh").getBytes(StandardCharsets.UTF_8));
            var list = new StringBuilder();
            for (String name : files) {
                Path path = tree.resolve(name);
                String stem = stem(name);
                String flat = flat(name);
                cpio.file("work/" + flat + ".i.gz", 0644, gzip(Files.readAllBytes(tree.resolve(stem + ".i"))));
                String command = Files.readString(path.resolveSibling("." + path.getFileName().toString().replaceFirst("c$", "i") + ".cmd"));
                list.append(flat).append(" -w ").append(options(command)).append('\n');
            }
            cpio.file("work/list", 0644, list.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Makes an initramfs with fewer files of another one. */
    static void reduce(Path larger, Path file, List<String> files) throws IOException {
        Set<String> kept = files.stream().map(CompileImage::flat).collect(Collectors.toSet());
        try (var in = new BufferedInputStream(Files.newInputStream(larger));
                var to = new CpioWriter(new BufferedOutputStream(Files.newOutputStream(file)))) {
            var from = new CpioReader(in);
            while (from.next()) {
                String name = from.name();
                if (from.directory()) {
                    to.directory(name);
                } else if (from.symlink()) {
                    to.symlink(name, new String(from.content(), StandardCharsets.UTF_8));
                } else if (name.equals("work/list")) {
                    String list = new String(from.content(), StandardCharsets.UTF_8).lines()
                            .filter(line -> kept.contains(line.substring(0, line.indexOf(' ')))).collect(Collectors.joining("\n", "", "\n"));
                    to.file(name, from.permissions(), list.getBytes(StandardCharsets.UTF_8));
                } else if (from.file() && (!name.startsWith("work/") || kept.contains(name.replaceAll("^work/|\\.i\\.gz$", "")))) {
                    to.file(name, from.permissions(), from.content());
                }
            }
            devices(to);
        }
    }

    private static void devices(CpioWriter cpio) throws IOException {
        cpio.characterDevice("dev/console", 0600, 5, 1);
        cpio.characterDevice("dev/null", 0666, 1, 3);
    }

    private static String stem(String file) {
        return file.replaceFirst("\\.c$", "");
    }

    /** The name of a file in the guest. */
    private static String flat(String file) {
        return stem(file).replace('/', '_');
    }

    /** What the compiler itself is told, from the command that kbuild noted: {@code cmd_kernel/fork.i := gcc ...}. */
    static String options(String command) {
        // kbuild gives most of them twice.
        var kept = new LinkedHashSet<String>();
        String[] words = command.lines().findFirst().orElse("").replaceFirst("^\\S+ := \\S+", "").strip().split("\\s+");
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals("-o")) {
                break;
            } else if (Set.of("-I", "-include", "-isystem").contains(words[i])) {
                i++;
            } else if (words[i].startsWith("-") && (!DROPPED.matcher(words[i]).matches() || words[i].startsWith("-Wa,"))) {
                kept.add(words[i]);
            }
        }
        return String.join(" ", kept);
    }

    private static void addTree(CpioWriter cpio, Path root, Set<String> directories) throws IOException {
        var paths = new TreeSet<String>();
        try (var walk = Files.walk(root)) {
            walk.map(p -> root.relativize(p).toString()).filter(p -> WANTED.matcher(p).matches()).forEach(paths::add);
        }
        for (String name : paths) {
            Path path = root.resolve(name);
            parents(cpio, name, directories);
            if (Files.isSymbolicLink(path)) {
                cpio.symlink(name, Files.readSymbolicLink(path).toString());
            } else if (Files.isRegularFile(path)) {
                cpio.file(name, 0755, Files.readAllBytes(path));
            }
        }
    }

    private static void parents(CpioWriter cpio, String name, Set<String> directories) throws IOException {
        for (int i = name.indexOf('/'); i >= 0; i = name.indexOf('/', i + 1)) {
            if (directories.add(name.substring(0, i))) {
                cpio.directory(name.substring(0, i));
            }
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream(content.length / 4);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static void unpack(Path deb, Path directory) throws IOException, InterruptedException {
        run(deb.getParent(), "dpkg-deb", "-x", deb.toString(), directory.toString());
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "KBUILD_BUILD_TIMESTAMP", "2022-01-01", "KBUILD_BUILD_USER", "nestling",
                "KBUILD_BUILD_HOST", "nestling"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new UserError("bench: " + command[0] + " " + command[1] + " failed (" + said.lines().filter(l -> l.contains("rror"))
                    .findFirst().orElse(said) + "): see that make, flex, bison, bc, gcc and gcc-powerpc64le-linux-gnu are installed"
                    + " and that the disk has 2 GB free");
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CompileImage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
