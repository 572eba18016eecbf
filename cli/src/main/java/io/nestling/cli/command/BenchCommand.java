package io.nestling.cli.command;

import io.nestling.cli.ExitCode;
import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.cli.bench.Bench;
import io.nestling.cli.bench.BootBench;
import io.nestling.cli.bench.CompileBench;
import io.nestling.cli.bench.CpuBench;
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
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures guests. */
@Command(name = "bench", description = "Measures guests here and, with --peer, on another emulator in turn.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchCommand.Cpu.class, BenchCommand.Boot.class, BenchCommand.KernelCompile.class})
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UserError("bench: say what to measure: nestling bench cpu, nestling bench boot, or nestling bench kernel-compile");
    }

    /** What a benchmark makes of the things all of them need. */
    private interface Measurement {
        Report run(Bench bench) throws IOException, InterruptedException, Bench.Disagreement;
    }

    /** Options that all benchmarks have. */
    static final class Common {
        @Option(names = "--peer", paramLabel = "NAME", description = "Compare with this emulator: qemu.")
        private Optional<String> peer = Optional.empty();

        @Option(names = "--engine", paramLabel = "NAME", split = ",", defaultValue = "jit",
                description = "Engines of Nestling to measure, separated by commas. Default: ${DEFAULT-VALUE}.")
        private List<String> engines = List.of();

        @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "Runs of each. Default: ${DEFAULT-VALUE}.")
        private int runs;

        @Option(names = "--json", paramLabel = "FILE", description = "Write all values to this file.")
        private Optional<Path> json = Optional.empty();

        @Option(names = "--plot", paramLabel = "FILE", description = "Draw the ratios into this file, as SVG.")
        private Optional<Path> plot = Optional.empty();

        @Option(names = "--timeout", paramLabel = "TIME", converter = Sizes.Time.class, defaultValue = "30m",
                description = "Give up when one run takes longer. Default: ${DEFAULT-VALUE}.")
        private Duration timeout;

        int measure(Measurement measurement) throws InterruptedException {
            if (runs < 1) {
                throw new UserError("--runs " + runs + ": give 1 or more");
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
                    return measure(measurement, work);
                } finally {
                    delete(work);
                }
            } catch (IOException e) {
                throw new UserError("bench: a file cannot be used (" + e.getMessage() + "): see that the disk has room and is writable", e);
            }
        }

        private int measure(Measurement measurement, Path work) throws IOException, InterruptedException {
            var emulators = new ArrayList<Emulator>();
            engines.forEach(name -> emulators.add(Emulator.nestling(name)));
            Optional<Emulator> other = peer.isPresent() ? Optional.of(Emulator.qemu()) : Optional.empty();
            other.ifPresent(emulators::add);
            var image = ImageBuilder.throughApt(ImageStore.ofUser(), Optional.empty()).get(GuestRecipe.DEFAULT, ImageCommand.progress());
            Report report;
            try (var progress = ImageCommand.progress()) {
                report = measurement.run(new Bench(image, emulators, other, runs, timeout, work, progress::step));
            } catch (Bench.Disagreement e) {
                Messages.say(e.getMessage());
                return ExitCode.INTERNAL;
            }
            System.out.print(report.table());
            write("--json", json, report.json());
            write("--plot", plot, report.plot());
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

    @Command(name = "cpu", description = "Small kernels: arithmetic, memory, floating point, vectors, and what needs the operating system.",
            mixinStandardHelpOptions = true)
    static final class Cpu implements Callable<Integer> {
        @Mixin
        private Common common;

        @Option(names = "--filter", paramLabel = "REGEX", converter = Patterns.class, defaultValue = "",
                description = "Only kernels whose name matches.")
        private Pattern filter;

        @Option(names = "--repeat", paramLabel = "N", defaultValue = "3",
                description = "Times each kernel runs in one boot; the first only warms up. Default: ${DEFAULT-VALUE}.")
        private int repeat;

        @Override
        public Integer call() throws InterruptedException {
            if (repeat < 2) {
                throw new UserError("--repeat " + repeat + ": give 2 or more, since the first only warms up");
            }
            return common.measure(bench -> new CpuBench(bench, filter, repeat).run());
        }
    }

    @Command(name = "boot", description = "The Debian guest to user space and to power-off, cold and warm.", mixinStandardHelpOptions = true)
    static final class Boot implements Callable<Integer> {
        @Mixin
        private Common common;

        @Override
        public Integer call() throws InterruptedException {
            return common.measure(bench -> new BootBench(bench).run());
        }
    }

    @Command(name = "kernel-compile", description = "Files of the Linux kernel through Debian's gcc 12 in the guest.",
            mixinStandardHelpOptions = true)
    static final class KernelCompile implements Callable<Integer> {
        @Mixin
        private Common common;

        @Option(names = "--size", paramLabel = "SIZE", defaultValue = "small",
                description = "small: 4 files; medium: 40; full: all that kernel, mm, fs and lib always have. Default: ${DEFAULT-VALUE}.")
        private String size;

        @Override
        public Integer call() throws InterruptedException {
            return common.measure(bench -> new CompileBench(bench, size, ImageStore.ofUser(), ImageBuilder.apt(Optional.empty()),
                    ImageCommand.progress()).run());
        }
    }
}
