package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.nestling.cli.UserError;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageBuilder;
import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.Progress;
import java.util.List;
import java.util.Optional;

/** Which Debian guests this run of the suite boots, and where their files are. */
final class Guests {
    private Guests() {}

    /** The names: one, or all with {@code -Pboot-suite}. */
    static List<String> names() {
        return System.getProperty("nestling.boot.guests", "").equals("all") ? GuestRecipe.names(GuestRecipe.SHELLS)
                : List.of(GuestRecipe.DEFAULT.name());
    }

    /** The files of a guest, fetched if they are not here yet; without apt or network the test is skipped, in CI it fails. */
    static ImageStore.Image files(String name) throws InterruptedException {
        try {
            return ImageBuilder.throughApt(ImageStore.ofUser(), Optional.empty())
                    .get(GuestRecipe.byName(name).orElseThrow(), new Progress(System.err, false));
        } catch (UserError e) {
            return "true".equals(System.getenv("CI")) ? fail(e.getMessage()) : abort(e.getMessage());
        }
    }
}
