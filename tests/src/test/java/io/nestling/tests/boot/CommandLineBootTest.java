package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.ExitCode;
import io.nestling.cli.Main;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.Initramfs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line with a real guest: typing into its shell, reboot, panic, exit codes. */
@Timeout(600)
class CommandLineBootTest {
    @TempDir
    private Path directory;
    private final StringBuilder shown = new StringBuilder();

    private Process nestling(String... arguments) throws IOException, InterruptedException {
        Guests.files(GuestRecipe.DEFAULT.name());
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Access to the insides of the platform as this JVM has it.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(a -> a.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "boot", "--timeout", "300s"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
    }

    /** Reads the console until a text that is new has come. */
    private void await(Process process, String text) throws IOException {
        int from = shown.length();
        while (shown.indexOf(text, from) < 0) {
            int b = process.getInputStream().read();
            assertTrue(b >= 0, () -> "the console ended without \"" + text + "\": " + shown);
            shown.append((char) b);
        }
    }

    private static void type(Process process, String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    private String finish(Process process, int code) throws IOException, InterruptedException {
        process.getOutputStream().close();
        shown.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(code, process.waitFor(), () -> shown.toString());
        return Files.readString(directory.resolve("stderr"));
    }

    @Test
    void typeIntoTheShellInterruptRebootAndPowerOff() throws Exception {
        Path log = directory.resolve("log");
        Process process = nestling("--append", "console=hvc0 quiet", "--console-log", log.toString());
        await(process, Initramfs.MARKER);
        await(process, "# ");
        type(process, "echo $((6*7))-typed\n");
        await(process, "42-typed");
        // The line is typed so that its echo does not look like its output: only that says that the job can be interrupted.
        type(process, "sh -c 'echo asleep-$((40+2)); sleep 1000'\n");
        await(process, "asleep-42");
        type(process, "\003");
        await(process, "# ");
        type(process, "echo status-$?\n");
        await(process, "status-130");
        type(process, "reboot\n");
        await(process, Initramfs.MARKER);
        await(process, "# ");
        type(process, "poweroff\n");
        assertEquals("", finish(process, ExitCode.OK));
        assertEquals(shown.toString(), Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    @Test
    void panicHasItsExitCode() throws Exception {
        Process process = nestling("--append", "console=hvc0 rdinit=/no/such init=/no/such", "--time", "virtual");
        String err = finish(process, ExitCode.PANIC);
        assertTrue(shown.indexOf("Kernel panic") > 0, shown.toString());
        assertTrue(err.contains("panicked"), err);
    }

    @Test
    void expectedTextEndsTheRun() throws Exception {
        Process process = nestling("--expect", "Linux version [0-9.]+", "--time", "virtual", "--stats");
        String err = finish(process, ExitCode.OK);
        assertTrue(err.contains("instructions"), err);
    }

    @Test
    void missingTextHasItsExitCode() throws Exception {
        Process process = nestling("--append", "console=hvc0 nestling.run=true", "--expect", "no such text", "--time",
                "virtual");
        assertTrue(finish(process, ExitCode.NOT_EXPECTED).contains("no such text"));
    }
}
