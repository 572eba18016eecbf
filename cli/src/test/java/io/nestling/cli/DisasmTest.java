package io.nestling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasmTest {
    @Test
    void words() {
        var result = Cli.run("disasm", "--word", "7c0802a6", "0x4e800020", "--address", "1000");
        assertEquals(new Cli(0, "7c0802a6  mflr    r0\n4e800020  blr\n", ""), result);
        assertEquals("48000004  b       0x1004\n", Cli.run("disasm", "--address=1000", "--word=48000004").out());
        assertTrue(Cli.run("disasm", "--word", "00000000").out().contains(".long 0x0"));
    }

    @Test
    void badWordsAndFiles(@TempDir Path directory) throws Exception {
        assertRefused(Cli.run("disasm", "--word", "xyz"), "'xyz'");
        assertRefused(Cli.run("disasm", "--word", "123456789"), "32 bits");
        assertRefused(Cli.run("disasm"), "FILE");
        assertRefused(Cli.run("disasm", "/no/such/file"), "/no/such/file: no such file");
        assertRefused(Cli.run("disasm", directory.toString()), directory.toString());
        Path text = Files.writeString(directory.resolve("text"), "hello");
        assertRefused(Cli.run("disasm", text.toString()), "not an ELF file");
    }

    private static void assertRefused(Cli result, String words) {
        assertEquals(ExitCode.USAGE, result.code(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains(words), result.err());
    }
}
