package io.nestling.cli.command;

import io.nestling.cli.ExitCode;
import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.cli.bench.Bench;
import io.nestling.cli.bench.Emulator;
import io.nestling.cli.bench.Report;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageBuilder;
import io.nestling.cli.image.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Options that all measurements of guests have, and what they have in common. */
final class BenchOptions {
    private static final int RUNS = 3;

    /** What a benchmark makes of the things all of them need. */
    interface Measurement {
        Report run(Bench bench) throws IOException, InterruptedException, Bench.Disagreement;
    }

    @Option(names = "--peer", paramLabel = "NAME", description = "Compare with this emulator: qemu.")
    private Optional<String> peer = Optional.empty();

    @Option(names = "--engine", paramLabel = "NAME", split = ",", defaultValue = "jit",
            description = "Engines of Nestling to measure, separated by commas. Default: ${DEFAULT-VALUE}.")
    private List<String> engines = List.of();

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each. Default: 3, or 1 of a nest.")
    private Optional<Integer> runs = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "Write all values to this file.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the result into this file, as SVG.")
    private Optional<Path> plot = Optional.empty();

    @Option(names = "--timeout", paramLabel = "TIME", converter = Sizes.Time.class, defaultValue = "30m",
            description = "Give up when one run takes longer. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    /** Measures the default guest. */
    int measure(Measurement measurement) throws InterruptedException {
        return measure(Optional.of(GuestRecipe.DEFAULT), RUNS, Report::plot, measurement);
    }

    /**
     * Measures, prints the table and writes the files that were asked for.
     *
     * @param recipe   guest to measure with, built if it is not there; none for a benchmark that brings its own
     * @param often    runs of each, unless the user says otherwise
     * @param picture  what {@code --plot} is to show
     */
    int measure(Optional<GuestRecipe> recipe, int often, Function<Report, String> picture, Measurement measurement) throws InterruptedException {
        int count = runs.orElse(often);
        if (count < 1) {
            throw new UserError("--runs " + count + ": give 1 or more");
        }
        for (String engine : engines) {
            if (!BootCommand.engineNames().contains(engine)) {
                throw new UserError("--engine " + engine + ": no such thing: choose from " + String.join(", ", BootCommand.engineNames()));
            }
        }
        if (peer.isPresent() && !peer.get().equals("qemu")) {
            throw new UserError("--peer " + peer.get() + ": no such thing: choose qemu");
        }
        try {
            Path work = Files.createTempDirectory("nestling-bench");
            try {
                return measure(recipe, count, picture, measurement, work);
            } finally {
                delete(work);
            }
        } catch (IOException e) {
            throw new UserError("a file cannot be used (" + e.getMessage() + "): see that the disk has room and is writable", e);
        }
    }

    private int measure(Optional<GuestRecipe> recipe, int count, Function<Report, String> picture, Measurement measurement, Path work)
            throws IOException, InterruptedException {
        var emulators = new ArrayList<Emulator>();
        engines.forEach(name -> emulators.add(Emulator.nestling(name)));
        Optional<Emulator> other = peer.isPresent() ? Optional.of(Emulator.qemu()) : Optional.empty();
        other.ifPresent(emulators::add);
        var image = recipe.isPresent()
                ? Optional.of(ImageBuilder.throughApt(ImageStore.ofUser(), Optional.empty()).get(recipe.get(), ImageCommand.progress()))
                : Optional.<ImageStore.Image>empty();
        Report report;
        try (var progress = ImageCommand.progress()) {
            report = measurement.run(new Bench(image, emulators, other, count, timeout, work, progress::step));
        } catch (Bench.Disagreement e) {
            Messages.say(e.getMessage());
            return ExitCode.INTERNAL;
        }
        System.out.print(report.table());
        write("--json", json, report.json());
        write("--plot", plot, picture.apply(report));
        return ExitCode.OK;
    }

    private static void write(String option, Optional<Path> file, String text) {
        if (file.isPresent()) {
            try {
                Files.writeString(file.get(), text);
            } catch (IOException e) {
                Host.discard(file.get());
                throw new UserError(option + " " + file.get() + " cannot be written (" + Host.reason(e)
                        + "): name a file in a directory that is there, writable and not full", e);
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
