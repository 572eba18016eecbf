package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The guests that were built, each a directory of files with a manifest that holds their sizes and checksums. A guest
 * comes into being by one rename of a complete directory, so there is never a half of one. The SHA-256 sum says what the
 * file is; CRC-32C, ten times faster, finds damage each time a guest boots.
 */
public final class ImageStore {
    /** Names of the files of a guest. */
    public static final String KERNEL = "vmlinux";
    public static final String INITRD = "initrd.cpio";
    /** Only some guests have one. */
    public static final String DISK = "disk.img";
    /** The disk of a guest that writes to it, so that nothing can be said of its content. Only some guests have one. */
    public static final String ROOT = "root.img";

    /** Raised when guests built by an older Nestling must be made anew. */
    static final String FORMAT = "3";
    private static final String MANIFEST = "manifest";
    private static final String SIZE = ".size";
    private static final String CRC = ".crc32c";

    private final Path root;

    /** @param root directory of the store; made when something is put in */
    public ImageStore(Path root) {
        this.root = root;
    }

    /** The store of this user: {@code $XDG_CACHE_HOME/nestling}, else {@code ~/.cache/nestling}. */
    public static ImageStore ofUser() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
        Path cache = xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(home, ".cache");
        return new ImageStore(cache.resolve("nestling"));
    }

    public Path root() {
        return root;
    }

    /** A guest that is in the store; its files were checked when {@link #find} gave it. */
    public record Image(Path kernel, Path initrd, Optional<Path> disk, Optional<Path> root, Map<String, String> facts) {}

    /** Whether a guest of the current format is there; nothing is checked. */
    public boolean has(String name) {
        return manifest(name).map(m -> FORMAT.equals(m.getProperty("format"))).orElse(false);
    }

    /** What the manifest says of a guest, if there is a readable one. */
    public Optional<Map<String, String>> facts(String name) {
        return manifest(name).map(ImageStore::asMap);
    }

    /**
     * Gives a guest after comparing every file with the manifest.
     *
     * @throws UserError if a file is missing or was changed
     */
    public Image find(String name) {
        return image(name, verified(name));
    }

    /**
     * What the manifest says, after comparing every file with it.
     *
     * @throws UserError if a file is missing or was changed
     */
    Map<String, String> verified(String name) {
        Properties manifest = manifest(name)
                .orElseThrow(() -> damaged(name, directory(name).resolve(MANIFEST), "cannot be read"));
        for (String file : files(manifest)) {
            Path path = directory(name).resolve(file);
            try {
                if (Files.size(path) != Long.parseLong(manifest.getProperty(file + SIZE, "-1"))) {
                    throw damaged(name, path, "has another size than when it was built");
                }
                if (!crc32c(path).equals(manifest.getProperty(file + CRC))) {
                    throw damaged(name, path, "has another checksum than when it was built");
                }
            } catch (IOException | NumberFormatException e) {
                throw damaged(name, path, "cannot be read");
            }
        }
        return asMap(manifest);
    }

    private Image image(String name, Map<String, String> manifest) {
        Path place = directory(name);
        return new Image(place.resolve(KERNEL), place.resolve(INITRD),
                there(place, DISK, manifest), there(place, ROOT, manifest), manifest);
    }

    private static Optional<Path> there(Path place, String file, Map<String, String> manifest) {
        return manifest.containsKey(file + SIZE) ? Optional.of(place.resolve(file)) : Optional.empty();
    }

    private static List<String> files(Properties manifest) {
        return manifest.stringPropertyNames().stream().filter(key -> key.endsWith(CRC))
                .map(key -> key.substring(0, key.length() - CRC.length())).sorted().toList();
    }

    private static UserError damaged(String name, Path file, String why) {
        return new UserError("--image " + name + ": the cached file " + file + " " + why + ": run 'nestling image build " + name
                + "' to fetch it again");
    }

    /** Work inside the store that must not run twice at once. */
    public interface Work<T> {
        T in(Path temporary) throws IOException, InterruptedException;
    }

    /**
     * Runs work with a temporary directory of the store while no other process does. The directory is gone afterwards,
     * however the work ends; what a killed process left is removed too.
     *
     * @param waiting run before another process is waited for
     */
    public <T> T locked(Runnable waiting, Work<T> work) throws IOException, InterruptedException {
        Files.createDirectories(root);
        try (var channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = lock(channel, waiting)) {
            Path temporary = root.resolve("building");
            delete(temporary);
            Files.createDirectories(temporary);
            var hook = new Thread(() -> delete(temporary));
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                return work.in(temporary);
            } finally {
                delete(temporary);
                removeHook(hook);
            }
        }
    }

    private static FileLock lock(FileChannel channel, Runnable waiting) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            waiting.run();
            lock = channel.lock();
        }
        return lock;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already ending and runs the hook itself.
        }
    }

    /**
     * Puts a guest into the store in place of an older one. Call it inside {@link #locked}.
     *
     * @param files directory inside the temporary one with the files of the guest and nothing else; it is gone afterwards
     */
    public Image put(String name, Path temporary, Path files, Map<String, String> facts) throws IOException {
        var manifest = new TreeMap<>(facts);
        manifest.put("format", FORMAT);
        try (var listed = Files.list(files)) {
            for (Path file : listed.toList()) {
                describe(file, manifest);
            }
        }
        var text = new StringBuilder();
        manifest.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(files.resolve(MANIFEST), text);
        Path place = directory(name);
        Files.createDirectories(place.getParent());
        if (Files.exists(place)) {
            Files.move(place, temporary.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(files, place, StandardCopyOption.ATOMIC_MOVE);
        return image(name, manifest);
    }

    private static void describe(Path file, Map<String, String> manifest) throws IOException {
        String name = file.getFileName().toString();
        manifest.put(name + SIZE, Long.toString(Files.size(file)));
        if (name.equals(ROOT)) {
            return;
        }
        MessageDigest digest = digest();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        manifest.put(name + ".sha256", HexFormat.of().formatHex(digest.digest()));
        manifest.put(name + CRC, crc32c(file));
    }

    /** Where the files of a guest are. */
    Path directory(String name) {
        return root.resolve("images").resolve(name);
    }

    private Optional<Properties> manifest(String name) {
        var manifest = new Properties();
        try (InputStream in = Files.newInputStream(directory(name).resolve(MANIFEST))) {
            manifest.load(in);
            return Optional.of(manifest);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> asMap(Properties manifest) {
        var map = new TreeMap<String, String>();
        manifest.stringPropertyNames().forEach(key -> map.put(key, manifest.getProperty(key)));
        return map;
    }

    private static String crc32c(Path file) throws IOException {
        try (var channel = FileChannel.open(file); var arena = Arena.ofConfined()) {
            return crc32c(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer());
        }
    }

    private static String crc32c(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Deletes a tree as far as it can; what stays is removed by the next {@link #locked}. */
    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // A temporary directory that stays behind harms nobody.
        }
    }
}
