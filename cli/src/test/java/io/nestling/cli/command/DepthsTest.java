package io.nestling.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class DepthsTest {
    @Test
    void readsNumbersListsAndRanges() {
        var depths = new Depths();
        assertEquals(List.of(3), depths.convert("3"));
        assertEquals(List.of(1, 3, 4, 5), depths.convert("1,3..5,4"));
    }

    @Test
    void refusesTheRest() {
        for (String text : List.of("", "0", "65", "5..3", "1..2..3", "x", "1,,2", "-1", "99999999999")) {
            assertThrows(TypeConversionException.class, () -> new Depths().convert(text), text);
        }
    }
}
