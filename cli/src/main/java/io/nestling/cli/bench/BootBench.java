package io.nestling.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Debian guest from the start of the process to user space and to power-off. A cold run finds no translations of
 * earlier runs, a warm one finds those of a run before.
 */
public final class BootBench {
    private static final String APPEND = "console=hvc0 nestling.run=true";
    private static final String DONE = "nestling: run ended";

    private final Bench bench;

    public BootBench(Bench bench) {
        this.bench = bench;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        var toUser = row("to user space, warm", Optional.of(0.5));
        var toUserCpu = row("to user space, warm, CPU", Optional.empty());
        var toEnd = row("to power-off, warm", Optional.empty());
        var toEndCpu = row("to power-off, warm, CPU", Optional.empty());
        var coldToUser = row("to user space, cold", Optional.of(0.25));
        var coldToEnd = row("to power-off, cold", Optional.empty());
        var coldToEndCpu = row("to power-off, cold, CPU", Optional.empty());
        bench.inTurn("boot", (run, emulator) -> {
            boolean peer = bench.peer().filter(emulator::equals).isPresent();
            // What persists between runs lies below this directory.
            Path cache = Files.createDirectories(bench.work().resolve(emulator.name() + run));
            var environment = Map.of("XDG_CACHE_HOME", cache.toString());
            String name = emulator.name();
            GuestRun cold = boot(emulator, environment);
            // The peer keeps nothing: one run is both.
            GuestRun warm = peer ? cold : boot(emulator, environment);
            coldToUser.add(name, cold.line(Bench.MARKER).seconds());
            coldToEnd.add(name, cold.seconds());
            coldToEndCpu.add(name, cold.cpu());
            toUser.add(name, warm.line(Bench.MARKER).seconds());
            toUserCpu.add(name, warm.line(Bench.MARKER).cpu());
            toEnd.add(name, warm.seconds());
            toEndCpu.add(name, warm.cpu());
        });
        return bench.report("boot", List.of(toUser, toUserCpu, toEnd, toEndCpu, coldToUser, coldToEnd, coldToEndCpu));
    }

    private GuestRun boot(Emulator emulator, Map<String, String> environment) throws IOException, InterruptedException {
        return bench.boot(emulator, bench.image().initrd(), APPEND, DONE, environment);
    }

    private static Report.Row row(String name, Optional<Double> target) {
        return new Report.Row("boot", name, "s", false, target);
    }
}
