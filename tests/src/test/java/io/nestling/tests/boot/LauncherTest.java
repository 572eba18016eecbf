package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The start script, which must find a JDK wherever it lies and say what is missing where there is none. */
@Timeout(120)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../nestling").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private record Result(int code, String out) {}

    private static Result run(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }

    @Test
    void startsTheBuiltJar() throws Exception {
        assumeTrue(Files.exists(LAUNCHER.resolveSibling("cli/target/nestling.jar")), "needs mvn package");
        var result = run(LAUNCHER, Map.of("NESTLING_NO_BUILD", "1", "JAVA_HOME", System.getProperty("java.home")), "--version");
        assertEquals(0, result.code, result.out);
        assertTrue(result.out.startsWith("nestling "), result.out);
        assertEquals(1, result.out.lines().count(), result.out);
    }

    @Test
    void saysWhatToInstallWithoutJdk() throws Exception {
        Path launcher = Files.writeString(directory.resolve("nestling"),
                Files.readString(LAUNCHER).replace("NEEDED=25", "NEEDED=999"));
        var result = run(launcher, Map.of(), "--version");
        assertEquals(2, result.code);
        assertTrue(result.out.startsWith("nestling: ") && result.out.contains("JDK 999"), result.out);
        assertEquals(1, result.out.lines().count(), result.out);
    }

    @Test
    void saysWhatToInstallWithoutMaven() throws Exception {
        Path launcher = Files.copy(LAUNCHER, directory.resolve("nestling"));
        Path tools = Files.createDirectory(directory.resolve("bin"));
        for (String tool : List.of("dirname", "readlink", "sed", "find", "head", "mkdir", "cksum", "cut", "cat", "rm")) {
            Path real = Path.of("/usr/bin", tool);
            Path wrapper = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
            assumeTrue(Files.isExecutable(real) && wrapper.toFile().setExecutable(true), "needs " + real);
        }
        var result = run(launcher, Map.of("PATH", tools.toString(), "JAVA_HOME", System.getProperty("java.home")), "--version");
        assertEquals(2, result.code, result.out);
        assertTrue(result.out.startsWith("nestling: ") && result.out.contains("Maven"), result.out);
        assertEquals(1, result.out.lines().count(), result.out);
    }
}
