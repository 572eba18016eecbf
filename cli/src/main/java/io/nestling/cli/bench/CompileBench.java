package io.nestling.cli.bench;

import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.PackageSource;
import io.nestling.cli.image.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Files of the Linux kernel through Debian's gcc in the guest; the objects have to be the same everywhere. */
public final class CompileBench {
    private static final String DONE = "compile done";
    /** Of the first guest of a nest. */
    private static final long MEMORY = 3L << 30;
    static final Pattern LINE = Pattern.compile("compiled (\\S+) ([0-9a-f]{64})");

    private final Bench bench;
    private final String size;
    private final ImageStore store;
    private final PackageSource.Opener packages;
    private final Progress progress;
    private final Map<String, String> sums = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    /**
     * @param size     tiny, small, medium or full
     * @param store    keeps the guest's files between runs
     * @param packages where its packages come from
     */
    public CompileBench(Bench bench, String size, ImageStore store, PackageSource.Opener packages, Progress progress) {
        this.bench = bench;
        this.size = size;
        this.store = store;
        this.packages = packages;
        this.progress = progress;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException, Bench.Disagreement {
        int count = CompileImage.files(size).size();
        Path initrd = CompileImage.get(size, store, packages, progress);
        var total = new Report.Row("compile", text(count), "s", false, Optional.of(1.0));
        var totalCpu = new Report.Row("compile", text(count) + ", CPU", "s", false, Optional.empty());
        var all = new Report.Row("compile", "with boot and power-off", "s", false, Optional.empty());
        var allCpu = new Report.Row("compile", "with boot and power-off, CPU", "s", false, Optional.empty());
        var memory = new Report.Row("compile", "memory besides guest RAM", "MB", false, Optional.empty());
        var single = new LinkedHashMap<String, Report.Row>();
        bench.inTurn("compiling " + text(count), (_, emulator) -> {
            String name = emulator.name();
            GuestRun guest = bench.boot(emulator, initrd, "console=hvc0 quiet", DONE, Map.of());
            GuestRun.Line before = guest.line(Bench.MARKER);
            total.add(name, guest.line(DONE).seconds() - before.seconds());
            totalCpu.add(name, guest.line(DONE).cpu() - before.cpu());
            all.add(name, guest.seconds());
            allCpu.add(name, guest.cpu());
            memory.add(name, guest.memory() / 1e6);
            for (GuestRun.Line line : objects(name, guest, count)) {
                String file = LINE.matcher(line.text()).results().findFirst().orElseThrow().group(1);
                single.computeIfAbsent(file, _ -> new Report.Row("files", file, "s", false, Optional.empty()))
                        .add(name, line.seconds() - before.seconds());
                before = line;
            }
        });
        judge();
        var rows = new ArrayList<>(List.of(total, totalCpu, all, allCpu, memory));
        rows.addAll(single.values());
        return bench.report("kernel-compile " + size, rows);
    }

    /**
     * Measures in the deepest guests of nests; the image of the benchmark is that of a nest.
     *
     * @param depths how many levels, a run for each
     * @param tell   told of each level that is reached
     */
    public Report run(List<Integer> depths, Consumer<String> tell) throws IOException, InterruptedException, Bench.Disagreement {
        int count = CompileImage.files(size).size();
        int blockSize = Integer.parseInt(bench.image().facts().get("page.size"));
        Path disk = CompileImage.disk(CompileImage.get(size, store, packages, progress), blockSize, store, progress);
        var rows = new LinkedHashMap<String, Report.Row>();
        for (int depth : depths) {
            String group = "level " + depth;
            bench.inTurn("compiling " + text(count) + " at " + group, (_, emulator) -> {
                var guest = NestBench.guest(bench.image(), depth, " nestling.run=/init", MEMORY, List.of(disk), List.of());
                GuestRun run = NestBench.observe(bench, depth, emulator, guest, tell);
                String name = emulator.name();
                GuestRun.Line before = run.line(Bench.MARKER);
                GuestRun.Line after = run.line(DONE);
                objects(name + " at " + group, run, count);
                row(rows, group, text(count)).add(name, after.seconds() - before.seconds());
                row(rows, group, text(count) + ", CPU").add(name, after.cpu() - before.cpu());
                row(rows, group, "power-off").add(name, run.seconds());
                row(rows, group, "power-off, CPU").add(name, run.cpu());
            });
        }
        judge();
        return bench.report("kernel-compile " + size, List.copyOf(rows.values()));
    }

    private static String text(int count) {
        return count == 1 ? "1 file" : count + " files";
    }

    private static Report.Row row(Map<String, Report.Row> rows, String group, String name) {
        return rows.computeIfAbsent(group + name, _ -> new Report.Row(group, group + ": " + name, "s", false, Optional.empty()));
    }

    /** The lines that tell of objects, whose checksums are compared with those seen before. */
    private List<GuestRun.Line> objects(String where, GuestRun guest, int count) {
        var objects = new ArrayList<GuestRun.Line>();
        for (GuestRun.Line line : guest.lines()) {
            var m = LINE.matcher(line.text());
            if (m.find()) {
                objects.add(line);
                String known = sums.putIfAbsent(m.group(1), m.group(2));
                if (known != null && !known.equals(m.group(2))) {
                    faults.add(m.group(1) + ".o is " + m.group(2) + " on " + where + " and " + known + " before");
                }
            } else if (line.text().contains("compile failed") || line.text().contains("internal compiler error")) {
                faults.add(where + ": " + line.text());
            }
        }
        if (objects.size() != count) {
            faults.add(where + " made " + objects.size() + " of " + count + " objects");
        }
        return objects;
    }

    private void judge() throws Bench.Disagreement {
        if (!faults.isEmpty()) {
            throw new Bench.Disagreement("bench kernel-compile: " + String.join("; ", faults));
        }
    }
}
