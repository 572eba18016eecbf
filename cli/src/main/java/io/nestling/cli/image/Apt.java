package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Fetches packages of another architecture through the host's apt, with a state directory of its own: nothing of the host's
 * package system changes, and no root is needed. apt checks the archive's signature and every checksum.
 */
public final class Apt implements PackageSource {
    private final Path work;
    private final AptMirror mirror;
    private final String architecture;

    /**
     * @param work         empty directory for lists and downloads; the caller deletes it
     * @param suite        Debian release
     * @param architecture Debian's name of it
     */
    public Apt(Path work, AptMirror mirror, String suite, String architecture) throws IOException {
        for (String tool : List.of("apt-get", "apt-cache", "dpkg-deb")) {
            if (!onPath(tool)) {
                throw new UserError("image build: " + tool + " not found: guests are fetched through apt, so build them on a"
                        + " Debian or Ubuntu host, or give boot a --kernel FILE and an --initrd FILE");
            }
        }
        this.work = work;
        this.mirror = mirror;
        this.architecture = architecture;
        for (String directory : List.of("sources", "state/lists/partial", "cache/archives/partial", "debs")) {
            Files.createDirectories(work.resolve(directory));
        }
        Files.writeString(work.resolve("state/status"), "");
        Files.writeString(work.resolve("sources/debian.sources"), source(suite));
        Files.writeString(work.resolve("apt.conf"), configuration());
    }

    @Override
    public String address() {
        return mirror.uri();
    }

    @Override
    public void update(Progress progress) throws IOException, InterruptedException {
        progress.step("reading package lists");
        run(progress::percent, "apt-get", "update");
    }

    @Override
    public List<String> dependencies(String name) throws IOException, InterruptedException {
        var names = new ArrayList<String>();
        for (String line : run(p -> {}, "apt-cache", "depends", name)) {
            String[] words = line.replace("|", " ").strip().split("\\s+");
            if (words.length == 2 && words[0].equals("Depends:")) {
                names.add(words[1]);
            }
        }
        return names;
    }

    @Override
    public String version(String name) throws IOException, InterruptedException {
        for (String line : run(p -> {}, "apt-cache", "show", "--no-all-versions", name)) {
            if (line.startsWith("Version:")) {
                return line.substring("Version:".length()).strip();
            }
        }
        throw new UserError("image build: the Debian archive " + mirror.uri() + " has no package " + name
                + ": name another with --mirror URI");
    }

    @Override
    public Path download(String name, Progress progress) throws IOException, InterruptedException {
        progress.step("fetching " + name);
        Path debs = work.resolve("debs");
        run(progress::percent, "apt-get", "download", name);
        try (var files = Files.list(debs)) {
            return files.filter(f -> f.getFileName().toString().startsWith(name + "_")).findFirst()
                    .orElseThrow(() -> new IOException("apt-get left no file for " + name));
        }
    }

    @Override
    public List<Path> downloadAll(List<String> names, Progress progress) throws IOException, InterruptedException {
        progress.step("fetching packages");
        var files = new ArrayList<Path>();
        var plan = new ArrayList<>(List.of("apt-get", "install", "--yes", "--no-install-recommends", "--print-uris"));
        plan.addAll(names);
        // Lines of: 'URI' FILE SIZE CHECKSUM
        for (String line : run(p -> {}, plan.toArray(String[]::new))) {
            String[] words = line.split(" ");
            if (line.startsWith("'") && words.length >= 3) {
                files.add(work.resolve("cache/archives").resolve(words[1]));
            }
        }
        plan.set(plan.indexOf("--print-uris"), "--download-only");
        run(progress::percent, plan.toArray(String[]::new));
        return files;
    }

    @Override
    public InputStream tar(Path deb) throws IOException {
        Process unpack = new ProcessBuilder("dpkg-deb", "--fsys-tarfile", deb.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        unpack.getOutputStream().close();
        return new java.io.FilterInputStream(unpack.getInputStream()) {
            @Override
            public void close() throws IOException {
                super.close();
                unpack.destroy();
            }
        };
    }

    /** Runs a tool of apt and gives the lines of its output. */
    private List<String> run(Consumer<Integer> percent, String... command) throws IOException, InterruptedException {
        var full = new ArrayList<>(List.of(command));
        full.addAll(1, List.of("-qq", "-c", work.resolve("apt.conf").toString()));
        var builder = new ProcessBuilder(full).directory(work.resolve("debs").toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        var lines = new ArrayList<String>();
        try {
            process.getOutputStream().close();
            try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith("dlstatus:")) {
                        percent.accept(percentOf(line));
                    } else {
                        lines.add(line);
                    }
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw failure(String.join(" ", command), lines, status);
            }
            return lines;
        } finally {
            process.destroy();
        }
    }

    /** Percent done from {@code dlstatus:1:45.2000:Retrieving file 1 of 2}. */
    static int percentOf(String line) {
        String[] parts = line.split(":", 4);
        try {
            return parts.length < 3 ? 0 : (int) Double.parseDouble(parts[2]);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private UserError failure(String command, List<String> lines, int status) {
        return failure(command, lines, status, mirror.uri());
    }

    /** Turns apt's complaint into one line with the way out. */
    static UserError failure(String command, List<String> lines, int status, String uri) {
        String all = String.join("\n", lines).toLowerCase(Locale.ROOT);
        String first = lines.stream().filter(l -> l.startsWith("E:") || l.startsWith("W:")).findFirst()
                .orElse("exit status " + status).replaceFirst("^[EW]:\\s*", "");
        if (all.contains("no space left") || all.contains("enough free space")) {
            return new UserError("image build: the disk is full (" + first + "): free some space, or set XDG_CACHE_HOME to a"
                    + " roomier place");
        }
        if (all.contains("resolv") || all.contains("connect") || all.contains("timed out") || all.contains("unreachable")
                || all.contains("failed to fetch")) {
            return new UserError("image build: cannot fetch from " + uri + " (" + first + "): check the network or the proxy,"
                    + " name another Debian archive with --mirror URI, or give boot a --kernel FILE and an --initrd FILE");
        }
        if (all.contains("unable to locate package") || all.contains("no packages found")) {
            return new UserError("image build: " + uri + " lacks a package (" + first + "): name a full Debian archive with"
                    + " --mirror URI");
        }
        return new UserError("image build: " + command + " failed (" + first + "): mend the host's apt, or name another"
                + " Debian archive with --mirror URI");
    }

    private String source(String suite) {
        var text = new StringBuilder("Types: deb\nURIs: " + mirror.uri() + "\nSuites: " + suite + "\nComponents: main\n"
                + "Architectures: " + architecture + "\n");
        if (!mirror.signedBy().isEmpty()) {
            text.append("Signed-By: ").append(mirror.signedBy()).append('\n');
        }
        return text.toString();
    }

    private String configuration() {
        return """
                #clear APT::Update::Pre-Invoke;
                #clear APT::Update::Post-Invoke;
                #clear APT::Update::Post-Invoke-Success;
                #clear DPkg::Pre-Invoke;
                #clear DPkg::Post-Invoke;
                #clear APT::Architectures;
                APT::Architecture "@ARCH@";
                APT::Architectures { "@ARCH@"; };
                APT::Get::List-Cleanup "false";
                APT::Status-Fd "1";
                APT::Update::Error-Mode "any";
                APT::Sandbox::User "root";
                Acquire::Languages "none";
                Acquire::Retries "2";
                Dir::Etc::SourceList "/dev/null";
                Dir::Etc::SourceParts "@WORK@/sources";
                Dir::Etc::Preferences "/dev/null";
                Dir::Etc::PreferencesParts "/dev/null";
                Dir::State "@WORK@/state";
                Dir::State::status "@WORK@/state/status";
                Dir::Cache "@WORK@/cache";
                Dir::Cache::pkgcache "pkgcache.bin";
                Dir::Cache::srcpkgcache "srcpkgcache.bin";
                """.replace("@ARCH@", architecture).replace("@WORK@", work.toString());
    }

    private static boolean onPath(String tool) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }
}
