package io.nestling.cli.command;

import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.cli.bench.Bench;
import io.nestling.cli.bench.BootBench;
import io.nestling.cli.bench.CompileBench;
import io.nestling.cli.bench.CostPayload;
import io.nestling.cli.bench.CpuBench;
import io.nestling.cli.bench.ExitsBench;
import io.nestling.cli.bench.IoBench;
import io.nestling.cli.bench.NetworkBench;
import io.nestling.cli.bench.Report;
import io.nestling.cli.bench.SmpBench;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageBuilder;
import io.nestling.cli.image.ImageStore;
import java.nio.file.Files;
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
        subcommands = {BenchCommand.Cpu.class, BenchCommand.Boot.class, BenchCommand.Io.class, BenchCommand.Smp.class,
            BenchCommand.KernelCompile.class, BenchCommand.Exits.class})
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UserError("bench: say what to measure: nestling bench cpu, boot, io, kernel-compile, or exits");
    }

    @Command(name = "cpu", description = "Small kernels: arithmetic, memory, floating point, vectors, and what needs the operating system.",
            mixinStandardHelpOptions = true)
    static final class Cpu implements Callable<Integer> {
        @Mixin
        private BenchOptions options;

        @Option(names = "--filter", paramLabel = "REGEX", converter = Patterns.class, defaultValue = "",
                description = "Only kernels whose name matches.")
        private Pattern filter;

        @Option(names = "--repeat", paramLabel = "N", defaultValue = "5",
                description = "Times each kernel runs in one boot; the first only warms up. Default: ${DEFAULT-VALUE}.")
        private int repeat;

        @Override
        public Integer call() throws InterruptedException {
            if (repeat < 2) {
                throw new UserError("--repeat " + repeat + ": give 2 or more, since the first only warms up");
            }
            return options.measure(bench -> new CpuBench(bench, filter, repeat).run());
        }
    }

    @Command(name = "boot", description = "The Debian guest to user space and to power-off, cold and warm.", mixinStandardHelpOptions = true)
    static final class Boot implements Callable<Integer> {
        @Mixin
        private BenchOptions options;

        @Override
        public Integer call() throws InterruptedException {
            return options.measure(bench -> new BootBench(bench).run());
        }
    }

    @Command(name = "io", description = "Reads of a disk in the guest, and TCP through the user-mode network.", mixinStandardHelpOptions = true)
    static final class Io implements Callable<Integer> {
        private static final int LARGEST = 1024;

        @Mixin
        private BenchOptions options;

        @Option(names = "--size", paramLabel = "MB", defaultValue = "128", description = "Size of the disk. Default: ${DEFAULT-VALUE}.")
        private int size;

        @Option(names = "--only", paramLabel = "PART", defaultValue = "", description = "Only the disk, or the network.")
        private String only;

        @Override
        public Integer call() throws InterruptedException {
            if (size < 1 || size > LARGEST) {
                throw new UserError("--size " + size + ": give 1 to " + LARGEST);
            }
            return switch (only) {
                case "" -> options.measure(bench -> new IoBench(bench, size).run().and(new NetworkBench(bench).run()));
                case "disk" -> options.measure(bench -> new IoBench(bench, size).run());
                case "network" -> options.measure(bench -> new NetworkBench(bench).run());
                default -> throw new UserError("--only " + only + ": give disk or network");
            };
        }
    }

    @Command(name = "smp", description = "Small kernels in one process for each processor, on one processor and on several; and kernel-compile"
            + " with as many jobs.", mixinStandardHelpOptions = true)
    static final class Smp implements Callable<Integer> {
        private static final int MOST = 16;

        @Mixin
        private BenchOptions options;

        @Option(names = "--processors", paramLabel = "N", defaultValue = "2", description = "Processors. Default: ${DEFAULT-VALUE}.")
        private int processors;

        @Option(names = "--filter", paramLabel = "REGEX", converter = Patterns.class,
                defaultValue = "^(alu|coremix|chase4m|matmul|syscall|fork)$", description = "Kernels to run. Default: ${DEFAULT-VALUE}.")
        private Pattern filter;

        @Option(names = "--compile", paramLabel = "SIZE", description = "Compile files of the Linux kernel too: small, medium or full.")
        private Optional<String> size = Optional.empty();

        @Override
        public Integer call() throws InterruptedException {
            if (processors < 2 || processors > MOST) {
                throw new UserError("--processors " + processors + ": give 2 to " + MOST);
            }
            return options.measure(bench -> new SmpBench(bench, processors, filter, size, ImageStore.ofUser(),
                    ImageBuilder.apt(Optional.empty()), ImageCommand.progress()).run());
        }
    }

    @Command(name = "kernel-compile", description = "Files of the Linux kernel through Debian's gcc 12 in the guest.",
            mixinStandardHelpOptions = true)
    static final class KernelCompile implements Callable<Integer> {
        @Mixin
        private BenchOptions options;

        @Option(names = "--size", paramLabel = "SIZE", defaultValue = "small",
                description = "tiny: 1 file; small: 4; medium: 40; full: all that kernel, mm, fs and lib always have. Default: ${DEFAULT-VALUE}.")
        private String size;

        @Option(names = "--levels", paramLabel = "N", converter = Depths.class,
                description = "Compile in the deepest of so many guests in one another; 1,2,3 or 1..3 makes a run for each.")
        private List<Integer> levels = List.of();

        @Override
        public Integer call() throws InterruptedException {
            if (!levels.isEmpty()) {
                return options.measure(Optional.of(GuestRecipe.DEFAULT_NEST), 1, Report::plot, bench -> compile(bench).run(levels, Messages::say));
            }
            return options.measure(bench -> compile(bench).run());
        }

        private CompileBench compile(Bench bench) {
            return new CompileBench(bench, size, ImageStore.ofUser(), ImageBuilder.apt(Optional.empty()), ImageCommand.progress());
        }
    }

    @Command(name = "exits", description = "What an exit costs at each level of nesting, with a small hypervisor that nests itself. Needs no guest image.",
            mixinStandardHelpOptions = true)
    static final class Exits implements Callable<Integer> {
        @Mixin
        private BenchOptions options;

        @Option(names = "--levels", paramLabel = "N", converter = Depths.class, defaultValue = "1..5",
                description = "Levels to tell of: 3, or 1,2,5, or 1..12; all above the deepest run in any case. Default: ${DEFAULT-VALUE}.")
        private List<Integer> levels = List.of();

        @Override
        public Integer call() throws InterruptedException {
            for (int level : levels) {
                if (level > CostPayload.MAX_LEVELS) {
                    throw new UserError("--levels " + level + ": give " + CostPayload.MAX_LEVELS + " at most");
                }
            }
            return options.measure(Optional.empty(), 3, Report::exitCurve, bench -> new ExitsBench(bench, levels).run());
        }
    }
}
