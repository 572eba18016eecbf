package io.nestling.cli.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Takes files out of packages. */
final class PackageFiles {
    private PackageFiles() {}

    /** The first regular file that is wanted, or null. */
    static byte[] first(PackageSource packages, Path deb, Predicate<String> wanted) throws IOException {
        try (InputStream in = packages.tar(deb)) {
            var tar = new TarReader(in);
            while (tar.next()) {
                if (tar.regularFile() && wanted.test(tar.name())) {
                    return tar.content();
                }
            }
            return null;
        }
    }

    /** Puts the regular files that are wanted into a directory, flat, and gives their paths. */
    static List<Path> unpack(PackageSource packages, Path deb, Path directory, Predicate<String> wanted) throws IOException {
        var paths = new ArrayList<Path>();
        try (InputStream in = packages.tar(deb)) {
            var tar = new TarReader(in);
            while (tar.next()) {
                if (tar.regularFile() && wanted.test(tar.name())) {
                    String name = tar.name().substring(tar.name().lastIndexOf('/') + 1);
                    paths.add(Files.write(directory.resolve(name), tar.content()));
                }
            }
        }
        return paths;
    }
}
