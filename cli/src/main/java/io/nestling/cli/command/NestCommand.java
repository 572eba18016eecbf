package io.nestling.cli.command;

import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.cli.bench.NestBench;
import io.nestling.cli.bench.Report;
import io.nestling.cli.image.GuestRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs guests in guests. */
@Command(name = "nest", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs a Debian guest whose QEMU runs a Debian guest, and so on, and tells what each level cost.",
            "The guest is made of Debian's packages on first use."})
final class NestCommand implements Callable<Integer> {
    private static final long LEAST_MEMORY = 1L << 30;

    @Option(names = "--levels", paramLabel = "N", converter = Depths.class, defaultValue = "2",
            description = "How many guests are one in another; 1,3 or 1..5 makes a run for each. Default: ${DEFAULT-VALUE}.")
    private List<Integer> levels;

    @Option(names = "--memory", paramLabel = "SIZE", converter = Sizes.Bytes.class,
            description = "Memory of the first guest; each gives the next what it can spare. Default: 2G, and 256M more for each level below"
                    + " the sixth.")
    private Optional<Long> memory = Optional.empty();

    @Option(names = "--smp", paramLabel = "N", converter = Smp.Converter.class, defaultValue = "1",
            description = "Processors of the first guest; the others have one. Default: ${DEFAULT-VALUE}.")
    private Smp smp;

    @Option(names = "--time", paramLabel = TimeMode.LABEL, converter = TimeMode.Converter.class, defaultValue = "real",
            description = TimeMode.DESCRIPTION)
    private TimeMode time;

    @Option(names = "--image", paramLabel = "NAME", completionCandidates = Images.class,
            description = "Guest to nest: ${COMPLETION-CANDIDATES}. Default: nest.")
    private String image = GuestRecipe.DEFAULT_NEST.name();

    @Mixin
    private BenchOptions options;

    /** Names for the completion script. */
    static final class Images extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Images() {
            super(GuestRecipe.names(GuestRecipe.NESTS));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        long given = memory.orElse(LEAST_MEMORY);
        if (given < LEAST_MEMORY || given > Host.memory()) {
            throw new UserError("--memory " + Sizes.text(given) + ": give between " + Sizes.text(LEAST_MEMORY) + " and the "
                    + Sizes.text(Host.memory() >> 20 << 20) + " of this host");
        }
        var recipe = ImageCommand.recipe("--image", image, GuestRecipe.NESTS);
        return options.measure(Optional.of(recipe), 1, Report::curve,
                bench -> new NestBench(bench, levels, memory, smp.processors(), List.of("--time", time.text()), Messages::say).run());
    }
}
