package io.nestling.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What exits cost at every level of nesting, measured by {@link CostPayload} with the timebase and, in between two lines on
 * the console, with the clock of this host.
 */
public final class ExitsBench {
    static final String COMPUTE = "compute";
    private static final String NULL = "null";
    private static final String FAULT = "fault";
    private static final String TIMER = "timer";
    /** The kinds of exits, as the payload calls them. */
    static final List<String> EXITS = List.of(NULL, FAULT, TIMER);

    private static final String DONE = "exits done";
    private static final Pattern BEGIN = Pattern.compile("exits level=(\\d+) (\\w+) begins");
    private static final Pattern END =
            Pattern.compile("exits level=(\\d+) (\\w+) iterations=(\\d+) ticks=(\\d+) served=(\\d+) check=(\\d+)");
    private static final double TICKS_PER_SECOND = 512e6;
    /** How many times as fast as the peer a null exit of level 2 is to be. */
    private static final double TARGET = 3;

    private static final int LOOPS = 40_000_000;
    private static final int NULLS = 100_000;
    private static final int FAULTS = 20_000;
    private static final int TIMERS = 20_000;
    private static final int LEAST = 50;

    private final Bench bench;
    private final List<Integer> levels;
    private final CostPayload payload;

    /**
     * What the payload says of one quantity at one level.
     *
     * @param ticks  of the timebase
     * @param served how many exits the parent has counted meanwhile
     * @param check  of the compute loop its result; of exits 0 when all is well
     * @param host   seconds between the lines before and after it
     */
    record Result(int level, String what, long iterations, long ticks, long served, String check, double host) {
        double seconds() {
            return ticks / TICKS_PER_SECOND;
        }
    }

    /** @param levels to tell of */
    public ExitsBench(Bench bench, List<Integer> levels) {
        this.bench = bench;
        this.levels = levels.stream().sorted().toList();
        payload = new CostPayload(this.levels.getLast(), LOOPS, NULLS, FAULTS, TIMERS, LEAST);
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException, Bench.Disagreement {
        Path kernel = Files.write(bench.work().resolve("payload"), payload.elf());
        var guest = new Guest(kernel, Optional.empty(), "", CostPayload.MEMORY, List.of(), true, false, List.of());
        var rows = new LinkedHashMap<String, Report.Row>();
        var checks = new LinkedHashMap<String, String>();
        var faults = new ArrayList<String>();
        bench.inTurn("exits of " + NestBench.levels(payload.levels()), (_, emulator) -> {
            GuestRun run = GuestRun.of(emulator, guest, DONE, Map.of(), bench.limit());
            var results = results(run.lines());
            wrong(payload, results).forEach(w -> faults.add(w + " on " + emulator.name()));
            double first = 0;
            for (Result result : results) {
                first = result.level == 1 && result.what.equals(COMPUTE) ? result.seconds() : first;
                if (result.what.equals(COMPUTE)) {
                    checks.putIfAbsent(emulator.name(), result.check);
                }
                if (levels.contains(result.level)) {
                    add(rows, emulator.name(), result, first);
                }
            }
        });
        if (checks.values().stream().distinct().count() > 1) {
            faults.add("the compute loop gives " + checks);
        }
        if (!faults.isEmpty()) {
            throw new Bench.Disagreement("bench exits: " + String.join("; ", faults));
        }
        return bench.report("exits", List.copyOf(rows.values()));
    }

    private static void add(Map<String, Report.Row> rows, String emulator, Result result, double first) {
        String name = "level " + result.level + " " + result.what;
        if (result.what.equals(COMPUTE)) {
            row(rows, COMPUTE, name, "M/s", true, Optional.empty()).add(emulator, result.iterations / result.seconds() / 1e6);
            row(rows, COMPUTE + ", part of level 1's speed", name + " of level 1", "%", true, Optional.empty())
                    .add(emulator, 100 * first / result.seconds());
        } else {
            var target = result.level == 2 && result.what.equals(NULL) ? Optional.of(TARGET) : Optional.<Double>empty();
            row(rows, result.what, name, "us", false, target).add(emulator, 1e6 * result.seconds() / result.iterations);
            row(rows, result.what + ", host clock", name + ", host", "us", false, Optional.empty())
                    .add(emulator, 1e6 * result.host / result.iterations);
        }
    }

    private static Report.Row row(Map<String, Report.Row> rows, String group, String name, String unit, boolean rate,
            Optional<Double> target) {
        return rows.computeIfAbsent(name, _ -> new Report.Row(group, name, unit, rate, target));
    }

    /** What a console says. */
    static List<Result> results(List<GuestRun.Line> console) {
        var results = new ArrayList<Result>();
        double begun = 0;
        for (GuestRun.Line line : console) {
            if (BEGIN.matcher(line.text()).find()) {
                begun = line.seconds();
            }
            Matcher m = END.matcher(line.text());
            if (m.find()) {
                results.add(new Result(Integer.parseInt(m.group(1)), m.group(2), Long.parseLong(m.group(3)), Long.parseLong(m.group(4)),
                        Long.parseLong(m.group(5)), m.group(6), line.seconds() - begun));
            }
        }
        return results;
    }

    /** What of it is not as it has to be: every exit reached the parent once, and what was computed is the same at all levels. */
    static List<String> wrong(CostPayload payload, List<Result> results) {
        var wrong = new ArrayList<String>();
        var counts = Map.of(COMPUTE, payload.loops(), NULL, payload.nulls(), FAULT, payload.faults(), TIMER, payload.timers());
        var expected = new ArrayList<String>();
        for (int level = 1; level <= payload.levels(); level++) {
            expected.add(level + COMPUTE);
            expected.add(level + NULL);
            if (level > 1) {
                expected.add(level + FAULT);
                expected.add(level + TIMER);
            }
        }
        if (!expected.equals(results.stream().map(r -> r.level + r.what).toList())) {
            wrong.add("results are missing");
            return wrong;
        }
        String computed = results.getFirst().check;
        for (Result r : results) {
            boolean compute = r.what.equals(COMPUTE);
            int count = compute ? payload.loops() : payload.atLevel(r.level, counts.get(r.what));
            long served = compute || r.level == 1 ? 0 : count;
            if (r.iterations != count || r.served != served || !r.check.equals(compute ? computed : "0")) {
                wrong.add("level " + r.level + " " + r.what + " has count " + r.iterations + " instead of " + count + ", of which the parent served "
                        + r.served + ", and check " + r.check);
            }
        }
        return wrong;
    }
}
