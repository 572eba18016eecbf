package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nestling.cli.ExitCode;
import io.nestling.cli.Main;
import io.nestling.cli.image.GuestRecipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian in Debian, each in its own QEMU with KVM: two levels always, more and other kernels with {@code -Pnest-suite}. */
@Timeout(1800)
class NestTest {
    private static final boolean ALL = "all".equals(System.getProperty("nestling.nests"));
    private static final Pattern INSTRUCTIONS = Pattern.compile("all instructions\"[^\\[]*\\[([^\\]]*)\\]");

    @TempDir
    private Path directory;

    /** Runs the command and gives its table. */
    private String nest(String image, String... arguments) throws IOException, InterruptedException {
        Guests.files(image);
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Access to the insides of the platform as this JVM has it; the emulator below gets the same.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(a -> a.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx768m", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "nest",
                "--image", image, "--timeout", "20m"));
        command.addAll(List.of(arguments));
        Path errors = directory.resolve("stderr");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(ExitCode.OK, process.waitFor(), () -> table + read(errors));
        String told = read(errors);
        assertTrue(told.contains("level 1 powers off"), told);
        return table;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void guestRunsAGuest() throws Exception {
        String table = nest(GuestRecipe.DEFAULT_NEST.name());
        assertTrue(table.contains("2 levels: level 2 in user space") && table.contains("level 2 exits: hypercall"), table);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nest-6.1", "nest-6.12"})
    void otherKernelsRunGuests(String image) throws Exception {
        assumeTrue(ALL, "part of -Pnest-suite");
        nest(image);
    }

    @Test
    void firstGuestMayHaveTwoProcessors() throws Exception {
        assumeTrue(ALL, "part of -Pnest-suite");
        nest(GuestRecipe.DEFAULT_NEST.name(), "--smp", "2");
    }

    @Test
    void fiveLevels() throws Exception {
        assumeTrue(ALL, "part of -Pnest-suite");
        String table = nest(GuestRecipe.DEFAULT_NEST.name(), "--levels", "5");
        assertTrue(table.contains("level 5 in user space"), table);
    }

    @Test
    void virtualTimeRepeats() throws Exception {
        assumeTrue(ALL, "part of -Pnest-suite");
        Path json = directory.resolve("json");
        nest(GuestRecipe.DEFAULT_NEST.name(), "--time", "virtual", "--levels", "3", "--runs", "3", "--json", json.toString());
        var m = INSTRUCTIONS.matcher(Files.readString(json));
        assertTrue(m.find(), () -> read(json));
        List<String> counts = List.of(m.group(1).split(", "));
        assertEquals(List.of(counts.getFirst(), counts.getFirst(), counts.getFirst()), counts);
    }
}
