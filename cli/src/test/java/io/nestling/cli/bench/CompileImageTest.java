package io.nestling.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.UserError;
import io.nestling.cli.image.CpioReader;
import io.nestling.cli.image.CpioWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileImageTest {
    @Test
    void sizesHoldEachOther() throws IOException {
        var tiny = CompileImage.files("tiny");
        var small = CompileImage.files("small");
        var medium = CompileImage.files("medium");
        var full = CompileImage.files("full");
        assertEquals(1, tiny.size());
        assertEquals(tiny, small.subList(0, 1));
        assertEquals(4, small.size());
        assertEquals(40, medium.size());
        assertEquals(small, medium.subList(0, 4));
        assertEquals(medium, full.subList(0, 40));
        assertEquals(full.size(), new HashSet<>(full).size());
        assertTrue(full.stream().allMatch(f -> f.matches("[a-z0-9/_-]+\\.c")), full::toString);
        assertThrows(UserError.class, () -> CompileImage.files("huge"));
    }

    @Test
    void aSizeIsMadeOfALargerOne(@TempDir Path directory) throws IOException {
        Path large = directory.resolve("large");
        try (var cpio = new CpioWriter(Files.newOutputStream(large))) {
            cpio.directory("work");
            cpio.file("init", 0755, new byte[] {1});
            cpio.symlink("as", "gas");
            cpio.file("work/fs_open.i.gz", 0644, new byte[] {2});
            cpio.file("work/mm_mmap.i.gz", 0644, new byte[] {3});
            cpio.file("work/list", 0644, "mm_mmap -w -O2\nfs_open -w -O2\n".getBytes(StandardCharsets.UTF_8));
        }
        Path small = directory.resolve("small");
        CompileImage.reduce(large, small, List.of("fs/open.c"));
        var found = new TreeMap<String, String>();
        try (var in = Files.newInputStream(small)) {
            for (var cpio = new CpioReader(in); cpio.next();) {
                found.put(cpio.name(), new String(cpio.content(), StandardCharsets.UTF_8));
            }
        }
        assertEquals(Map.of("work", "", "init", "\1", "as", "gas", "work/fs_open.i.gz", "\2", "work/list", "fs_open -w -O2\n",
                "dev/console", "", "dev/null", ""), found);
    }

    @Test
    void optionsOfTheCompilerOnly() {
        assertEquals("-std=gnu11 -mcpu=power8 -Wa,-many -O2 -pg", CompileImage.options("savedcmd_a/b.i := powerpc64le-linux-gnu-gcc -E"
                + " -Wall -Wp,-MMD,a/.b.i.d -nostdinc -I./include -I ./arch -include ./k.h -D__KERNEL__ -std=gnu11 -mcpu=power8 -Wa,-many"
                + " -O2 -O2 -pg -DKBUILD_MODNAME='\"b\"' -o a/b.i a/b.c\n\nsource := x"));
    }
}
