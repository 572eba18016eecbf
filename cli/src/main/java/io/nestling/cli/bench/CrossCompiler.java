package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The host's C compiler for little-endian Power, which makes the guest program. */
final class CrossCompiler {
    /** Debian's name of it, which starts with what kbuild calls {@code CROSS_COMPILE}. */
    static final String PREFIX = "powerpc64le-linux-gnu-";
    private static final List<String> SOURCES = List.of("main.c", "integer.c", "memory.c", "float.c", "vector.c", "system.c");
    /** Loops stay loops: what is vector code and what is a call of the C library is for the sources to say. */
    private static final List<String> OPTIONS = List.of("-std=gnu11", "-O2", "-mcpu=power9", "-fno-tree-vectorize",
            "-fno-tree-loop-distribute-patterns", "-ffp-contract=fast", "-static", "-s");

    private CrossCompiler() {}

    /** The benchmark program, a static executable. Built in {@code directory}, which the caller deletes. */
    static Path benchmarkProgram(Path directory) throws IOException, InterruptedException {
        return program(directory, "cpubench", List.of("cpubench.h"), SOURCES, List.of("-lm"));
    }

    /** A static executable made of sources of ours. */
    static Path program(Path directory, String name, List<String> headers, List<String> sources, List<String> libraries)
            throws IOException, InterruptedException {
        require(PREFIX + "gcc", "gcc-powerpc64le-linux-gnu and libc6-dev-ppc64el-cross");
        var command = new ArrayList<>(List.of(PREFIX + "gcc"));
        command.addAll(OPTIONS);
        for (String header : headers) {
            copy(header, directory);
        }
        for (String source : sources) {
            command.add(copy(source, directory).toString());
        }
        Path program = directory.resolve(name);
        command.addAll(libraries);
        command.addAll(List.of("-o", program.toString()));
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        compiler.getOutputStream().close();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (compiler.waitFor() != 0) {
            String first = said.lines().filter(line -> line.contains("error")).findFirst().orElse(said);
            throw new UserError("bench: " + PREFIX + "gcc cannot build the guest program (" + first
                    + "): install the packages gcc-powerpc64le-linux-gnu and libc6-dev-ppc64el-cross");
        }
        return program;
    }

    /** Fails with one line that names the package unless the tool is on the path. */
    static void require(String tool, String packages) {
        if (!onPath(tool)) {
            throw new UserError("bench: " + tool + " not found: install " + packages);
        }
    }

    static boolean onPath(String tool) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }

    private static Path copy(String resource, Path directory) throws IOException {
        Path file = directory.resolve(resource);
        try (InputStream in = CrossCompiler.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }
}
