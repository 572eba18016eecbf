package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TarReaderTest {
    @Test
    void readsNamesShortAndLong() throws IOException {
        String deep = "./usr/" + "directory/".repeat(20) + "file";
        byte[] archive = new TarBytes().entry("./boot/", '5', new byte[0]).file("./boot/a", new byte[] {1})
                .file(deep, new byte[600]).end();
        var tar = new TarReader(new ByteArrayInputStream(archive));
        assertTrue(tar.next());
        assertFalse(tar.regularFile());
        assertTrue(tar.next());
        assertEquals("boot/a", tar.name());
        assertArrayEquals(new byte[] {1}, tar.content());
        assertTrue(tar.next());
        assertEquals(deep.substring(2), tar.name());
        assertFalse(tar.next());
    }

    @Test
    void damageIsAnIoException() throws IOException {
        byte[] cut = new TarBytes().file("a", new byte[2000]).cut(1000);
        var tar = new TarReader(new ByteArrayInputStream(cut));
        assertTrue(tar.next());
        assertThrows(IOException.class, tar::content);
        for (int seed = 0; seed < 200; seed++) {
            byte[] junk = new byte[4096];
            new Random(seed).nextBytes(junk);
            assertThrows(IOException.class, () -> readAll(junk), "seed " + seed);
        }
    }

    private static void readAll(byte[] bytes) throws IOException {
        var tar = new TarReader(new ByteArrayInputStream(bytes));
        while (tar.next()) {
            tar.content();
        }
    }
}
