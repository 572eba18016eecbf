package io.nestling.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class CompileImageTest {
    @Test
    void sizesHoldEachOther() throws IOException {
        var small = CompileImage.files("small");
        var medium = CompileImage.files("medium");
        var full = CompileImage.files("full");
        assertEquals(4, small.size());
        assertEquals(40, medium.size());
        assertEquals(small, medium.subList(0, 4));
        assertEquals(medium, full.subList(0, 40));
        assertEquals(full.size(), new HashSet<>(full).size());
        assertTrue(full.stream().allMatch(f -> f.matches("[a-z0-9/_-]+\\.c")), full::toString);
        assertThrows(UserError.class, () -> CompileImage.files("huge"));
    }

    @Test
    void optionsOfTheCompilerOnly() {
        assertEquals("-std=gnu11 -mcpu=power8 -Wa,-many -O2 -pg", CompileImage.options("savedcmd_a/b.i := powerpc64le-linux-gnu-gcc -E"
                + " -Wall -Wp,-MMD,a/.b.i.d -nostdinc -I./include -I ./arch -include ./k.h -D__KERNEL__ -std=gnu11 -mcpu=power8 -Wa,-many"
                + " -O2 -O2 -pg -DKBUILD_MODNAME='\"b\"' -o a/b.i a/b.c\n\nsource := x"));
    }
}
