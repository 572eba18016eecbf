package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A program of a Debian package with just the shared libraries that it and they name. Packages depend on more than a program
 * loads; so libraries are looked for in the packages next to it first, and further packages are fetched only while a name
 * is still missing.
 */
final class Program {
    private static final String LIBRARY = "(usr/)?lib(64|/[^/]+)/[^/]*\\.so[^/]*";
    private static final String LIBRARY_PACKAGE = "(lib|zlib1g).*";

    private final PackageSource packages;
    private final Path work;
    private final Progress progress;
    /** All libraries seen, by the name others ask for. */
    private final Map<String, Path> seen = new HashMap<>();

    /** @param work directory for what is unpacked */
    Program(PackageSource packages, Path work, Progress progress) {
        this.packages = packages;
        this.work = work;
        this.progress = progress;
    }

    /**
     * Finds the libraries.
     *
     * @param program      the ELF file
     * @param packageName  where it came from
     * @return files by the names under which the program and its libraries ask for them, the dynamic linker among them
     */
    Map<String, Path> libraries(Path program, String packageName) throws IOException, InterruptedException {
        var visited = new LinkedHashSet<String>();
        var queue = new ArrayDeque<>(List.of(packageName));
        var closed = new TreeMap<String, Path>();
        Set<String> missing = close(program, closed);
        while (!missing.isEmpty()) {
            var level = new TreeSet<String>();
            for (; !queue.isEmpty(); queue.remove()) {
                packages.dependencies(queue.peek()).stream().filter(name -> name.matches(LIBRARY_PACKAGE) && visited.add(name))
                        .forEach(level::add);
            }
            if (level.isEmpty()) {
                throw new UserError("image build: no package that " + packageName + " depends on has the libraries "
                        + String.join(", ", missing) + ": report this");
            }
            for (String name : level) {
                if (!missing.isEmpty()) {
                    unpack(name);
                    missing = close(program, closed);
                }
                queue.add(name);
            }
        }
        return closed;
    }

    private void unpack(String name) throws IOException, InterruptedException {
        Path deb = packages.download(name, progress);
        Path directory = Files.createDirectories(work.resolve(name));
        for (Path library : PackageFiles.unpack(packages, deb, directory, path -> path.matches(LIBRARY))) {
            Elf.of(library).name().ifPresent(asked -> seen.put(asked, library));
        }
        Files.delete(deb);
    }

    /** Follows names as far as files are there; gives those that are not. */
    private Set<String> close(Path program, Map<String, Path> closed) throws IOException {
        var missing = new TreeSet<String>();
        var files = new ArrayList<>(List.of(program));
        closed.clear();
        while (!files.isEmpty()) {
            for (String asked : Elf.of(files.removeLast()).needed()) {
                Path library = seen.get(asked);
                if (library == null) {
                    missing.add(asked);
                } else if (closed.putIfAbsent(asked, library) == null) {
                    files.add(library);
                }
            }
        }
        return missing;
    }
}
