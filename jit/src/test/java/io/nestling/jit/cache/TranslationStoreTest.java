package io.nestling.jit.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.memory.CompiledCode.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Translations on disk: kept, shared, bounded, and never trusted blindly. */
class TranslationStoreTest {
    private static final byte[] VERSION = "0123456789abcdef".getBytes();
    private static final byte[] OTHER_VERSION = "0123456789abcdeg".getBytes();
    private static final long LIMIT = 1 << 20;

    @TempDir
    private Path root;
    private Path directory;
    private final List<String> reports = new ArrayList<>();

    @BeforeEach
    void place() {
        directory = root.resolve("cache/translations");
    }

    private TranslationStore open(byte[] version, long limit) {
        return new TranslationStore(directory, version, limit, reports::add);
    }

    private static ContentKey key(int n) {
        return new ContentKey(n * 31L, ~n, n & 1023, Tier.values()[n % 3]);
    }

    private static byte[] code(int n) {
        byte[] b = new byte[1000 + n % 100];
        new SplittableRandom(n).nextBytes(b);
        return b;
    }

    private void fill(int from, int to) {
        try (TranslationStore s = open(VERSION, LIMIT)) {
            for (int n = from; n < to; n++) {
                s.add(key(n), new int[] {n & 1023, 1023}, code(n));
            }
        }
    }

    /** How many of the translations are there; those that are must be right. */
    private int count(TranslationStore s, int from, int to) {
        int found = 0;
        for (int n = from; n < to; n++) {
            for (TranslationStore.Found f : s.find(key(n).high(), key(n).low())) {
                TranslationStore.Stored t = s.read(f);
                if (t == null) {
                    continue;
                }
                found++;
                assertArrayEquals(t.entries(), f.entries());
                assertEquals(key(n), t.key());
                assertArrayEquals(code(n), t.code());
                assertArrayEquals(new int[] {n & 1023, 1023}, t.entries());
            }
        }
        return found;
    }

    private List<Path> segments() throws IOException {
        try (var list = Files.list(directory)) {
            return list.filter(f -> f.toString().endsWith(".translations"))
                    .sorted(Comparator.comparing(Path::toString)).toList();
        }
    }

    @Test
    void whatOneRunAddsTheNextFinds() {
        fill(0, 100);
        try (TranslationStore s = open(VERSION, LIMIT)) {
            assertTrue(s.has(key(7).high(), key(7).low()));
            assertFalse(s.has(key(7).high(), key(8).low()));
            assertEquals(100, count(s, 0, 200));
            assertEquals(0, count(s, 0, 200), "each is given once");
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void anotherVersionsTranslationsAreNotUsedAndGo() throws IOException {
        fill(0, 10);
        try (TranslationStore s = open(OTHER_VERSION, LIMIT)) {
            assertEquals(0, count(s, 0, 10));
            s.add(key(5), new int[] {5, 1023}, code(5));
        }
        assertEquals(1, segments().size());
        try (TranslationStore s = open(OTHER_VERSION, LIMIT)) {
            assertEquals(1, count(s, 0, 10));
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void damageIsFoundWhereverItIsReportedInOneLineAndMended() throws IOException {
        fill(0, 3);
        byte[] good = Files.readAllBytes(segments().getFirst());
        for (int at = 0; at < good.length; at += at < 200 ? 1 : 97) {
            for (Path old : segments()) {
                Files.delete(old);
            }
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(directory.resolve("x.translations"), bad);
            reports.clear();
            try (TranslationStore s = open(VERSION, LIMIT)) {
                int found = count(s, 0, 3);
                assertTrue(found < 3, "byte " + at);
                // A damaged version is just another version.
                assertEquals(at >= 8 && at < 24 ? 0 : 1, reports.size(), "byte " + at + " " + reports);
                for (int n = 0; n < 3; n++) {
                    s.add(key(n), new int[] {n & 1023, 1023}, code(n));
                }
            }
            try (TranslationStore s = open(VERSION, LIMIT)) {
                assertTrue(count(s, 0, 3) >= 1);
            }
            fill(0, 3);
            try (TranslationStore s = open(VERSION, LIMIT)) {
                assertEquals(3, count(s, 0, 3), "byte " + at);
            }
        }
    }

    @Test
    void filesThatEndEarlyOrAreSomethingElseAreDamage() throws IOException {
        fill(0, 3);
        byte[] good = Files.readAllBytes(segments().getFirst());
        for (int length : new int[] {0, 5, 31, 32, 100, good.length - 1}) {
            Files.write(segments().getFirst(), java.util.Arrays.copyOf(good, length));
            reports.clear();
            try (TranslationStore s = open(VERSION, LIMIT)) {
                assertTrue(count(s, 0, 3) < 3);
            }
            assertEquals(1, reports.size(), "length " + length);
            fill(0, 3);
        }
    }

    @Test
    void cutOffWhileOpen() throws IOException {
        fill(0, 3);
        try (TranslationStore s = open(VERSION, LIMIT)) {
            Files.write(segments().getFirst(), new byte[50]);
            assertEquals(0, count(s, 0, 3));
        }
        assertEquals(1, reports.size(), reports.toString());
    }

    @Test
    void twoWritersBothKeepWhatTheyAdd() {
        TranslationStore a = open(VERSION, LIMIT);
        TranslationStore b = open(VERSION, LIMIT);
        a.add(key(1), new int[] {1, 1023}, code(1));
        b.add(key(2), new int[] {2, 1023}, code(2));
        b.add(key(1), new int[] {1, 1023}, code(1));
        a.close();
        b.close();
        try (TranslationStore s = open(VERSION, LIMIT)) {
            assertEquals(1, s.find(key(2).high(), key(2).low()).size());
            assertEquals(1, s.find(key(1).high(), key(1).low()).size());
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void manyRunsMergeAndTheSizeIsBounded() throws IOException {
        for (int run = 0; run < 30; run++) {
            // What the first run added is used by all.
            try (TranslationStore s = open(VERSION, LIMIT)) {
                assertEquals(run == 0 ? 0 : 50, count(s, 0, 50), "run " + run);
                for (int n = 0; n < 50; n++) {
                    s.add(key(n), new int[] {n & 1023, 1023}, code(n));
                }
                for (int n = 1000 + 100 * run; n < 1100 + 100 * run; n++) {
                    s.add(key(n), new int[] {n & 1023, 1023}, code(n));
                }
            }
            long total = 0;
            for (Path file : segments()) {
                total += Files.size(file);
            }
            assertTrue(total <= LIMIT, "run " + run + ": " + total);
            assertTrue(segments().size() <= 6);
        }
        try (TranslationStore s = open(VERSION, LIMIT)) {
            assertEquals(100, count(s, 3900, 4000), "the newest stay");
            assertTrue(count(s, 1000, 1100) < 100, "the oldest go");
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void aPlaceWhereOthersMayWriteIsNotTrusted() throws IOException {
        fill(0, 3);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (TranslationStore s = open(VERSION, LIMIT)) {
            assertEquals(0, count(s, 0, 3));
            s.add(key(4), new int[] {4}, code(4));
        }
        assertEquals(1, reports.size());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        Path file = segments().getFirst();
        assertEquals(1, segments().size());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (TranslationStore s = open(VERSION, LIMIT)) {
            assertEquals(0, count(s, 0, 3));
        }
        assertEquals(2, reports.size());
    }

    @Test
    void aPlaceThatCannotBeIsReported() throws IOException {
        Files.createDirectories(root.resolve("cache"));
        Files.write(directory, new byte[1]);
        try (TranslationStore s = open(VERSION, LIMIT)) {
            s.add(key(1), new int[] {1}, code(1));
        }
        assertEquals(1, reports.size(), reports.toString());
    }

    @Test
    void theVersionIsOfThisProgram() throws IOException {
        assertEquals(StoreVersion.LENGTH, StoreVersion.current().length);
        assertArrayEquals(StoreVersion.current(), StoreVersion.current());
    }
}
