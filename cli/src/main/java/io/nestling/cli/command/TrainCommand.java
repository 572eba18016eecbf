package io.nestling.cli.command;

import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageStore;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/**
 * Boots the default guest if it is there, else a {@link TinyGuest}. The launcher runs this once after a build, with the
 * JVM recording which classes a boot needs and where it spends its time, so that later starts find them ready in an
 * ahead-of-time cache.
 */
@Command(name = "train", hidden = true, description = "Boots a guest for the JVM to learn from.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Override
    public Integer call() throws IOException {
        ImageStore store = ImageStore.ofUser();
        if (store.has(GuestRecipe.DEFAULT.name())) {
            ImageStore.Image image = store.find(GuestRecipe.DEFAULT.name());
            return boot(image.kernel(), image.initrd(), "console=hvc0", "userspace reached");
        }
        Path kernel = Files.createTempFile("nestling", ".elf");
        try {
            Files.write(kernel, TinyGuest.elf(TinyGuest.ECHO));
            return boot(kernel, null, "", "ok");
        } finally {
            Files.delete(kernel);
        }
    }

    private static int boot(Path kernel, Path initrd, String append, String expect) {
        return new GuestSession(new GuestSession.Settings(kernel, initrd, append, 1L << 30, new Smp(1, 1), Nesting.DEFAULT, List.of(), false,
                Optional.empty(), List.of(), false, VirtualClock::new, Interpreter::new, Optional.of(PATIENCE),
                Optional.of(Pattern.compile(expect)), Optional.empty(), Optional.empty(), Optional.empty(), false, true)).run();
    }
}
