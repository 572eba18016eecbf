package io.nestling.jit.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Translations on disk, found by what a page contains. A directory of {@link Segment}s, each written once by one run and
 * brought into place by a rename, so that any number of emulators can share it; when there are many, or too many bytes,
 * whoever ends next merges them under a lock. What this run used is kept first, then what is newest.
 *
 * <p>The store is code that will run: it is used only if it belongs to the user and nobody else can write to it. Damage
 * is found by checksums, reported in one line, and mended by writing anew.
 */
public final class TranslationStore implements AutoCloseable {
    /** Bytes that users get. */
    public static final long DEFAULT_LIMIT = 256L << 20;

    private static final String SUFFIX = ".translations";
    private static final String TEMPORARY = ".tmp";
    private static final int MOST_SEGMENTS = 6;
    /** New translations are kept in memory up to this size. */
    private static final long MOST_UNWRITTEN = 16 << 20;
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** A translation as stored: its key, where it can be entered, and its class. */
    public record Stored(ContentKey key, int[] entries, byte[] code) {}

    /**
     * A translation that is on disk still: many are found for each that is wanted.
     *
     * @param entries unchecked
     */
    record Found(Segment.Item item, int[] entries) {
        ContentKey key() {
            return item.key();
        }
    }

    private record Page(long high, long low) {}

    private final Path directory;
    private final byte[] version;
    private final long limit;
    private final Consumer<String> report;
    private final boolean trusted;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<Page, List<Segment.Item>> pages = new HashMap<>();
    /** What this run read or added. */
    private final Set<ContentKey> mine = new HashSet<>();
    private final List<Stored> added = new ArrayList<>();
    private long addedBytes;
    private boolean damaged;
    private boolean closed;

    /**
     * Opens or makes the store; never fails: a store that cannot be used is empty.
     *
     * @param version tells code whose translations fit from code whose do not; see {@link StoreVersion}
     * @param limit most bytes to leave on disk
     * @param report takes one line about each thing that is wrong
     */
    public TranslationStore(Path directory, byte[] version, long limit, Consumer<String> report) {
        this.directory = directory;
        this.version = version.clone();
        this.limit = limit;
        this.report = report;
        boolean usable = false;
        try {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            if (!Files.exists(directory)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            usable = isOurs(directory);
            if (usable) {
                for (Path file : files()) {
                    load(file);
                }
            } else {
                report.accept("the stored translations in " + directory
                        + " are not used: others may write there; remove it or correct its owner and permissions");
            }
        } catch (IOException | UnsupportedOperationException e) {
            usable = false;
            report.accept("the stored translations in " + directory + " cannot be used (" + e + "): this run starts without");
        }
        trusted = usable;
    }

    private static boolean isOurs(Path path) throws IOException {
        PosixFileAttributes a = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return a.owner().getName().equals(System.getProperty("user.name"))
                && a.permissions().stream().noneMatch(OTHERS_WRITE::contains);
    }

    /** Segments, the newest first. */
    private List<Path> files() throws IOException {
        try (var list = Files.list(directory)) {
            return list.filter(f -> f.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparingLong((Path f) -> f.toFile().lastModified()).reversed()).toList();
        }
    }

    private void load(Path file) {
        try {
            if (!isOurs(file)) {
                throw new IOException("it has another owner, or others may write to it");
            }
            Segment segment = Segment.open(file, version);
            if (segment == null) {
                // Made by another version of this program, and removed by the next merge.
                return;
            }
            segments.add(segment);
            for (Segment.Item item : segment.items()) {
                pages.computeIfAbsent(new Page(item.key().high(), item.key().low()), p -> new ArrayList<>(4)).add(item);
            }
        } catch (IOException e) {
            damaged(file, e.getMessage());
        }
    }

    private void damaged(Path file, String why) {
        if (!damaged) {
            report.accept("stored translations are damaged and will be made anew: " + file + ": " + why);
        }
        damaged = true;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Then it will be found damaged again.
        }
    }

    /** Whether there are translations for a page with this content; cheap. */
    public synchronized boolean has(long high, long low) {
        return pages.containsKey(new Page(high, low));
    }

    /** The translations for a page with this content; each is given once. */
    synchronized List<Found> find(long high, long low) {
        List<Found> found = new ArrayList<>();
        Page page = new Page(high, low);
        for (Segment.Item item : pages.getOrDefault(page, List.of())) {
            try {
                if (found.stream().noneMatch(f -> f.key().equals(item.key()))) {
                    found.add(new Found(item, item.entries()));
                }
            } catch (IOException e) {
                damaged(item.segment().file(), e.getMessage());
            }
        }
        pages.remove(page);
        return found;
    }

    /** Reads and checks a translation; null if it is damaged. */
    synchronized Stored read(Found found) {
        try {
            if (!closed) {
                Stored stored = found.item.read();
                mine.add(stored.key());
                return stored;
            }
        } catch (IOException e) {
            damaged(found.item.segment().file(), e.getMessage());
        }
        return null;
    }

    /** Keeps a new translation for later runs. */
    public synchronized void add(ContentKey key, int[] entries, byte[] code) {
        if (!trusted || !mine.add(key)) {
            return;
        }
        added.add(new Stored(key, entries, code));
        addedBytes += code.length;
        if (addedBytes > MOST_UNWRITTEN) {
            try {
                flush();
            } catch (IOException e) {
                report.accept(failure(e));
            }
        }
    }

    /** Writes what is new, and tidies up. */
    @Override
    public synchronized void close() {
        try {
            if (trusted) {
                save();
            }
        } catch (IOException e) {
            report.accept(failure(e));
        } finally {
            closed = true;
            pages.clear();
            segments.forEach(Segment::close);
        }
    }

    private String failure(IOException e) {
        return "translations cannot be stored in " + directory + " (" + e + ")";
    }

    private void flush() throws IOException {
        try {
            if (!added.isEmpty()) {
                write(added);
            }
        } finally {
            added.clear();
            addedBytes = 0;
        }
    }

    private void save() throws IOException {
        flush();
        try (var channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null) {
                tidy();
            }
        } catch (OverlappingFileLockException e) {
            // Somebody else does it.
        }
    }

    private void write(List<Stored> what) throws IOException {
        Path temporary = Files.createTempFile(directory, "new", TEMPORARY);
        try {
            Segment.write(temporary, version, what);
            String name = Long.toHexString(System.currentTimeMillis()) + "-" + temporary.getFileName();
            Files.move(temporary, directory.resolve(name.replace(TEMPORARY, SUFFIX)), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Removes what other versions left, and merges when there are many segments or too many bytes. */
    private void tidy() throws IOException {
        long total = 0;
        List<Segment> current = new ArrayList<>();
        try {
            for (Path file : files()) {
                Segment segment = isOurs(file) ? Segment.open(file, version) : null;
                if (segment == null) {
                    Files.delete(file);
                } else {
                    current.add(segment);
                    total += Files.size(file);
                }
            }
            if (current.size() > MOST_SEGMENTS || total > limit) {
                merge(current);
            }
        } finally {
            current.forEach(Segment::close);
        }
    }

    private void merge(List<Segment> current) throws IOException {
        Map<ContentKey, Stored> kept = new LinkedHashMap<>();
        // Room for what the next runs add before the limit is met again.
        long room = limit / 4 * 3;
        for (boolean first : new boolean[] {true, false}) {
            for (Segment segment : current) {
                for (Segment.Item item : segment.items()) {
                    if (mine.contains(item.key()) == first && !kept.containsKey(item.key()) && (room -= item.bytes()) >= 0) {
                        kept.put(item.key(), item.read());
                    }
                }
            }
        }
        List<Path> old = current.stream().map(Segment::file).toList();
        write(new ArrayList<>(kept.values()));
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
    }
}
