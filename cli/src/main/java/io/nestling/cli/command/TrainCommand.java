package io.nestling.cli.command;

import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/**
 * Boots a {@link TinyGuest}. The launcher runs this once after a build, with the JVM recording which classes a boot needs,
 * so that later starts find them ready in an ahead-of-time cache.
 */
@Command(name = "train", hidden = true, description = "Boots a tiny guest, for the JVM to learn from.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public Integer call() throws IOException {
        Path kernel = Files.createTempFile("nestling", ".elf");
        try {
            Files.write(kernel, TinyGuest.elf(TinyGuest.ECHO));
            return new GuestSession(new GuestSession.Settings(kernel, null, "", 1L << 30, VirtualClock::new,
                    Interpreter::new, Optional.of(PATIENCE), Optional.of(Pattern.compile("ok")), Optional.empty(),
                    Optional.empty(), Optional.empty(), false, true)).run();
        } finally {
            Files.delete(kernel);
        }
    }
}
