package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems of ours, judged by e2fsprogs. */
class Ext4WriterTest {
    private static final long SIZE = 384L << 20;

    @TempDir
    private Path temporary;

    private static String run(String... command) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor(), String.join(" ", command) + "\n" + text);
        return text;
    }

    private static String tool(String name) {
        for (String directory : new String[] {"/usr/sbin/", "/sbin/", "/usr/bin/"}) {
            if (Files.isExecutable(Path.of(directory + name))) {
                return directory + name;
            }
        }
        assertTrue(System.getenv("CI") == null, name + " is missing");
        Assumptions.abort(name + " of e2fsprogs is not installed");
        return "";
    }

    @Test
    void theToolsOfExt4FindNoFault() throws Exception {
        String fsck = tool("e2fsck");
        String debugfs = tool("debugfs");
        Path image = temporary.resolve("image");
        byte[] large = new byte[150 << 20];
        new SplittableRandom(1).nextBytes(large);
        try (var fs = new Ext4Writer(image, SIZE, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "test")) {
            fs.directory("usr/lib", 0755, 0, 0, 1_700_000_000);
            fs.symlink("lib", "usr/lib", 0, 0, 1_700_000_000);
            fs.directory("home/user", 0750, 1000, 70_000, 1_700_000_000);
            fs.file("lib/large", 0644, 0, 0, 1_700_000_000, large);
            fs.file("home/user/su", 04755, 1000, 1000, 1_700_000_000, "old".getBytes());
            fs.file("home/user/su", 04755, 1000, 1000, 1_700_000_000, "new".getBytes());
            fs.hardLink("home/other", "home/user/su");
            fs.symlink("long", "x/".repeat(100), 0, 0, 1_700_000_000);
            fs.file("empty", 0600, 0, 0, 1_700_000_000, new byte[0]);
            for (int i = 0; i < 3000; i++) {
                fs.file("many/name-" + "n".repeat(i % 200) + i, 0644, 0, 0, 1_700_000_000, new byte[i % 50]);
            }
            fs.finish();
        }
        assertEquals(SIZE, Files.size(image));
        String verdict = run(fsck, "-fn", image.toString());
        assertTrue(!verdict.contains("Fix?"), verdict);
        run(debugfs, "-R", "dump /usr/lib/large " + temporary.resolve("out"), image.toString());
        assertArrayEquals(large, Files.readAllBytes(temporary.resolve("out")));
        String stat = run(debugfs, "-R", "stat /home/user/su", image.toString());
        assertTrue(stat.contains("Mode:  04755") && stat.contains("User:  1000") && stat.contains("Links: 2"), stat);
        assertTrue(run(debugfs, "-R", "stat /home/user", image.toString()).contains("Group: 70000"));
        assertEquals("new", run(debugfs, "-R", "cat /home/other", image.toString()).replaceAll("(?s)^debugfs[^\n]*\n", ""));
    }

    @Test
    void aFullDiskIsAnError() throws IOException {
        try (var fs = new Ext4Writer(temporary.resolve("image"), 128L << 20, new byte[16], "")) {
            assertThrows(IOException.class, () -> fs.file("a", 0644, 0, 0, 0, new byte[130 << 20]));
        }
    }
}
