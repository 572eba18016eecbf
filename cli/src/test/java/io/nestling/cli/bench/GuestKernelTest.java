package io.nestling.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GuestKernelTest {
    /** A line of a table in the sources, such as {@code {"alu", "Mrounds/s", 1e6, alu},}. */
    private static final Pattern ENTRY = Pattern.compile("^    \\{\"(\\w+)\", \"\\S+\", [0-9e]+, \\w+},$", Pattern.MULTILINE);

    @Test
    void listsWhatTheProgramHas() throws IOException {
        var names = new ArrayList<String>();
        for (String source : List.of("integer.c", "memory.c", "float.c", "vector.c", "system.c")) {
            try (InputStream in = CrossCompiler.class.getResourceAsStream(source)) {
                Matcher m = ENTRY.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                while (m.find()) {
                    names.add(m.group(1));
                }
            }
        }
        assertEquals(names.stream().sorted().toList(), GuestKernel.ALL.stream().map(GuestKernel::name).sorted().toList());
    }
}
