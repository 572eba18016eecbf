package io.nestling.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {
    @Test
    void sizes() {
        var bytes = new Sizes.Bytes();
        assertEquals(1L << 31, bytes.convert("2G"));
        assertEquals(512L << 20, bytes.convert("512m"));
        assertEquals(512L << 20, bytes.convert("512MiB"));
        assertEquals(4096, bytes.convert("4096"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "-1G", "2X", "1.5G", "0x10", "2 G", "99999999999T", "9999999999999999999999"})
    void noSizes(String text) {
        assertThrows(TypeConversionException.class, () -> new Sizes.Bytes().convert(text));
    }

    @Test
    void times() {
        var time = new Sizes.Time();
        assertEquals(Duration.ofSeconds(120), time.convert("120s"));
        assertEquals(Duration.ofSeconds(120), time.convert("2m"));
        assertEquals(Duration.ofSeconds(7), time.convert("7"));
        assertEquals(Duration.ofMillis(1500), time.convert("1.5s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "0", "1y", "1e9", "99999999999s"})
    void noTimes(String text) {
        assertThrows(TypeConversionException.class, () -> new Sizes.Time().convert(text));
    }

    @Test
    void sizesAsText() {
        assertEquals("2G", Sizes.text(1L << 31));
        assertEquals("512M", Sizes.text(512L << 20));
        assertEquals("1025K", Sizes.text(1025L << 10));
        assertEquals("7", Sizes.text(7));
    }
}
