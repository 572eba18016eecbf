package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import io.nestling.cli.image.ImageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Guests in guests: Debian's kernel starts Debian's QEMU, which starts the same again, to a given depth. Each level prints
 * a line when it is in user space and one before it powers off, and that is what is timed, from outside.
 */
public final class NestBench {
    /** A line of {@code --stats}: value, unit, name. */
    private static final Pattern STATISTIC = Pattern.compile("nestling: +(-?\\d+(?:\\.\\d+)?) .* (\\S+)");
    private static final Pattern LINE = Pattern.compile("nestling: level (\\d+) (reached user space|starts level|powers off|failed)(.*)");
    private static final int LAST_LINES = 4;
    /** Granularity of the memory of QEMU's machine. */
    private static final long STEP = 256L << 20;
    /** How many times as fast as the peer to be, from power-on to power-off, by depth. */
    private static final Map<Integer, Double> TARGETS = Map.of(2, 1.0, 3, 1.5, 5, 3.0);

    private final Bench bench;
    private final List<Integer> depths;
    private final Optional<Long> memory;
    private final int processors;
    private final List<String> ours;
    private final Consumer<String> tell;

    /**
     * @param bench      image with a disk, emulators, time limit
     * @param depths     how many levels, one run for each
     * @param memory     of the first level, in bytes; empty for what the depth takes
     * @param processors of the first level; the others have one
     * @param ours       further options for Nestling
     * @param tell       told of each level that is reached
     */
    public NestBench(Bench bench, List<Integer> depths, Optional<Long> memory, int processors, List<String> ours, Consumer<String> tell) {
        this.bench = bench;
        this.depths = List.copyOf(depths);
        this.memory = memory;
        this.processors = processors;
        this.ours = List.copyOf(ours);
        this.tell = tell;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        var rows = new LinkedHashMap<String, Report.Row>();
        for (int depth : depths) {
            bench.inTurn(levels(depth), (_, emulator) -> run(depth, emulator, rows));
        }
        return bench.report("nest", List.copyOf(rows.values()));
    }

    private void run(int depth, Emulator emulator, Map<String, Report.Row> rows) throws IOException, InterruptedException {
        var options = new ArrayList<>(ours);
        options.add("--stats");
        var guest = guest(bench.image(), depth, "", memory.orElse(memory(depth)), List.of(), options).processors(processors);
        GuestRun run = observe(bench, depth, emulator, guest, tell);
        String group = levels(depth);
        String name = emulator.name();
        for (int level = 1; level <= depth; level++) {
            row(rows, group, "level " + level + " in user space", "s", Optional.empty())
                    .add(name, run.line("level " + level + " reached user space").seconds());
        }
        row(rows, group, "power-off", "s", Optional.ofNullable(TARGETS.get(depth))).add(name, run.seconds());
        row(rows, group, "power-off, CPU", "s", Optional.empty()).add(name, run.cpu());
        row(rows, group, "memory besides guest RAM", "MB", Optional.empty()).add(name, run.memory() / 1e6);
        var counters = new LinkedHashMap<String, Double>();
        for (String line : run.errors()) {
            var m = STATISTIC.matcher(line);
            if (m.matches()) {
                counters.put(m.group(2), Double.parseDouble(m.group(1)));
            }
        }
        for (var figure : LevelFigures.of(depth, counters)) {
            row(rows, group, figure.name(), figure.unit(), Optional.empty()).add(name, figure.value());
        }
    }

    /**
     * The first guest of a nest.
     *
     * @param words of the kernels' command lines at all levels, each with a space before it
     * @param disks for the deepest level
     */
    static Guest guest(ImageStore.Image image, int depth, String words, long memory, List<Path> disks, List<String> ours) {
        var all = new ArrayList<>(List.of(image.disk().orElseThrow()));
        all.addAll(disks);
        return new Guest(image.kernel(), Optional.of(image.initrd()), "console=hvc0 quiet panic=-1 nestling.levels=" + depth + words, memory, all, true, false,
                ours);
    }

    /** Runs a nest, and fails unless every level reaches user space and powers off. */
    static GuestRun observe(Bench bench, int depth, Emulator emulator, Guest guest, Consumer<String> tell)
            throws IOException, InterruptedException {
        GuestRun run = GuestRun.observe(emulator, guest, Map.of(), bench.limit(), line -> progress(emulator, line, tell));
        check(depth, emulator, run, bench.limit());
        return run;
    }

    private static Report.Row row(Map<String, Report.Row> rows, String group, String name, String unit, Optional<Double> target) {
        return rows.computeIfAbsent(group + name, _ -> new Report.Row(group, group + ": " + name, unit, false, target));
    }

    /** What a nest of some depth takes: each level keeps a step of QEMU's, and the deepest has three of them. */
    static long memory(int depth) {
        return Math.max(2L << 30, (depth + 2L) * STEP);
    }

    static String levels(int depth) {
        return depth == 1 ? "1 level" : depth + " levels";
    }

    private static void progress(Emulator emulator, GuestRun.Line line, Consumer<String> tell) {
        var m = LINE.matcher(line.text());
        if (m.find() && !m.group(2).equals("starts level")) {
            tell.accept("%s: level %s %s after %.1f s".formatted(emulator.name(), m.group(1),
                    m.group(2) + (m.group(2).equals("failed") ? m.group(3) : ""), line.seconds()));
        }
    }

    /** Fails with the level that went wrong and the last lines of the console, unless all is well. */
    static void check(int depth, Emulator emulator, GuestRun run, Duration limit) {
        int reached = 0;
        int off = 0;
        String failure = "";
        for (GuestRun.Line line : run.lines()) {
            var m = LINE.matcher(line.text());
            if (m.find()) {
                switch (m.group(2)) {
                    case "reached user space" -> reached = Math.max(reached, Integer.parseInt(m.group(1)));
                    case "powers off" -> off++;
                    case "failed" -> failure = failure.isEmpty() ? "level " + m.group(1) + " failed" + m.group(3) : failure;
                    default -> { }
                }
            }
        }
        boolean asked = run.status() == 0 && !run.late();
        if (asked && reached == depth && off == depth && failure.isEmpty()) {
            return;
        }
        String what;
        if (run.late()) {
            what = "took more than " + limit.toSeconds() + " s";
        } else if (!failure.isEmpty()) {
            what = "did not work: " + failure;
        } else if (run.status() != 0) {
            what = "ended with status " + run.status() + (run.errors().isEmpty() ? "" : " (" + run.errors().getLast() + ")");
        } else {
            what = "ended early";
        }
        String far = reached == 0 ? "no level reached user space" : reached < depth ? "level " + reached + " of " + depth
                + " was the deepest in user space" : "all levels reached user space, " + off + " powered off";
        var text = run.lines().stream().map(GuestRun.Line::text).filter(t -> !t.isBlank()).toList();
        throw new UserError("nest: a nest of " + levels(depth) + " on " + emulator.name() + " " + what + "; " + far
                + "; the console's last lines: " + String.join(" | ", text.subList(Math.max(0, text.size() - LAST_LINES), text.size())));
    }
}
