package io.nestling.cli.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Where Debian packages come from. */
public interface PackageSource {
    /** Debian's name for the architecture of our guests, little-endian 64-bit Power. */
    String GUEST = "ppc64el";

    /** Opens the packages of a release for an architecture; the directory is for the source's own files. */
    interface Opener {
        PackageSource open(Path work, String suite, String architecture) throws IOException;
    }

    /** Address of the archive, for the guest's own apt. */
    String address();

    /** Makes the package lists current. */
    void update(Progress progress) throws IOException, InterruptedException;

    /** Names of the packages that {@code name} depends on, direct ones only. */
    List<String> dependencies(String name) throws IOException, InterruptedException;

    /** Version of the package that {@link #download} would fetch. */
    String version(String name) throws IOException, InterruptedException;

    /** Fetches a package, checks it against the signed lists, and gives the file. */
    Path download(String name, Progress progress) throws IOException, InterruptedException;

    /**
     * Fetches packages with all they depend on, checked likewise, and gives the files that an earlier call has not given.
     *
     * @param names packages, or patterns of apt such as {@code ?essential}
     */
    List<Path> downloadAll(List<String> names, Progress progress) throws IOException, InterruptedException;

    /** The file tree of a package as a tar stream; closing it before the end is allowed. */
    InputStream tar(Path deb) throws IOException;
}
