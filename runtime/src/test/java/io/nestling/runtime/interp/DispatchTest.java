package io.nestling.runtime.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The generated interpreter classes are what the table and the semantics classes give today. */
class DispatchTest {
    @Test
    void generatedClassesAreUpToDate() throws IOException {
        DispatchGenerator generator = new DispatchGenerator();
        check("GeneratedLoop.java", generator.loop(false));
        check("TieredLoop.java", generator.loop(true));
        check("GeneratedStraight.java", generator.straight());
        check("GeneratedCold.java", generator.cold());
        check("GeneratedIndex.java", generator.index());
    }

    private static void check(String name, String source) throws IOException {
        Path file = DispatchGenerator.OUT.resolve(name);
        String text = DispatchGenerator.tidy(source);
        if (Boolean.getBoolean("nestling.regenerate")) {
            Files.writeString(file, text);
        }
        assertEquals(text, Files.readString(file), name + " is stale; its header says how to regenerate it");
    }
}
