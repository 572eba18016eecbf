package io.nestling.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nestling.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line on a terminal, which script(1) plays: keys, raw mode, and the terminal afterwards. */
@Timeout(120)
class TerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    private Path directory;
    private String nestling;
    private final StringBuilder shown = new StringBuilder();

    @BeforeEach
    void makeGuest() throws IOException {
        assumeTrue(Files.isExecutable(SCRIPT), "needs script(1), package bsdutils");
        Path kernel = Files.write(directory.resolve("echo.elf"), TinyGuest.elf(TinyGuest.ECHO));
        nestling = Cli.command("boot", "--kernel", kernel.toString(), "--memory", "256M", "--timeout", "60s").stream()
                .map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    /** Runs shell text on a terminal; the settings of the terminal before and after land in files. */
    private Process terminal(String shell) throws IOException {
        Path text = Files.writeString(directory.resolve("run.sh"), "stty -g >before\n" + shell + "\necho code $?\nstty -g >after\n");
        return new ProcessBuilder(SCRIPT.toString(), "-qfc", "sh " + text, "/dev/null").directory(directory.toFile())
                .redirectErrorStream(true).start();
    }

    /** Reads what the terminal shows until a text has come. */
    private void await(Process process, String text) throws IOException {
        int from = shown.length();
        while (shown.indexOf(text, from) < 0) {
            int b = process.getInputStream().read();
            assertTrue(b >= 0, () -> "the terminal ended without \"" + text + "\": " + shown);
            shown.append((char) b);
        }
    }

    private static void type(Process process, String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        process.getOutputStream().flush();
    }

    private void assertRestored(Process process) throws IOException, InterruptedException {
        process.getInputStream().readAllBytes();
        process.waitFor();
        assertEquals(Files.readString(directory.resolve("before")), Files.readString(directory.resolve("after")));
    }

    @Test
    void keysAreForTheGuestExceptThoseAfterCtrlA() throws Exception {
        Process process = terminal(nestling);
        await(process, "ok");
        type(process, "\003");
        await(process, "\003");
        type(process, "typed");
        await(process, "typed");
        type(process, "\001\001.");
        await(process, "\001.");
        type(process, "\001h");
        await(process, "Ctrl-a x");
        type(process, "\001c");
        await(process, "MIPS");
        type(process, "\001x");
        await(process, "code 0");
        assertRestored(process);
    }

    @Test
    void terminalIsRestoredAfterSignals() throws Exception {
        for (String signal : List.of("TERM", "HUP", "KILL")) {
            // The shell sends the signal once the guest talks; the second wait is for the guardian of a killed JVM.
            Process process = terminal("mkfifo go; " + nestling + " </dev/tty & pid=$!; read line <go; kill -" + signal
                    + " $pid; wait $pid; sleep 1; rm go; true");
            await(process, "ok");
            Files.writeString(directory.resolve("go"), "now\n");
            assertRestored(process);
        }
    }

    @Test
    void terminalIsRestoredAfterTimeout() throws Exception {
        Process process = terminal(nestling.replace("'60s'", "'3s'"));
        await(process, "code 4");
        assertRestored(process);
    }
}
