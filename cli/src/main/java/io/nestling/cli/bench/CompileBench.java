package io.nestling.cli.bench;

import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.PackageSource;
import io.nestling.cli.image.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files of the Linux kernel through Debian's gcc in the guest; the objects have to be the same everywhere. */
public final class CompileBench {
    private static final String DONE = "compile done";
    private static final Pattern LINE = Pattern.compile("compiled (\\S+) ([0-9a-f]{64})");

    private final Bench bench;
    private final String size;
    private final ImageStore store;
    private final PackageSource.Opener packages;
    private final Progress progress;

    /**
     * @param size     small, medium or full
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
        var total = new Report.Row("compile", count + " files", "s", false, Optional.of(1.0));
        var totalCpu = new Report.Row("compile", count + " files, CPU", "s", false, Optional.empty());
        var all = new Report.Row("compile", "with boot and power-off", "s", false, Optional.empty());
        var allCpu = new Report.Row("compile", "with boot and power-off, CPU", "s", false, Optional.empty());
        var memory = new Report.Row("compile", "memory besides guest RAM", "MB", false, Optional.empty());
        var single = new java.util.LinkedHashMap<String, Report.Row>();
        var sums = new HashMap<String, String>();
        var faults = new ArrayList<String>();
        bench.inTurn("compiling " + count + " files", (_, emulator) -> {
            String name = emulator.name();
            GuestRun guest = bench.boot(emulator, initrd, "console=hvc0 quiet", DONE, Map.of());
            GuestRun.Line before = guest.line(Bench.MARKER);
            total.add(name, guest.line(DONE).seconds() - before.seconds());
            totalCpu.add(name, guest.line(DONE).cpu() - before.cpu());
            all.add(name, guest.seconds());
            allCpu.add(name, guest.cpu());
            memory.add(name, guest.memory() / 1e6);
            int compiled = 0;
            for (GuestRun.Line line : guest.lines()) {
                var m = LINE.matcher(line.text());
                if (m.find()) {
                    compiled++;
                    single.computeIfAbsent(m.group(1), file -> new Report.Row("files", file, "s", false, Optional.empty()))
                            .add(name, line.seconds() - before.seconds());
                    before = line;
                    String known = sums.putIfAbsent(m.group(1), m.group(2));
                    if (known != null && !known.equals(m.group(2))) {
                        faults.add(m.group(1) + ".o is " + m.group(2) + " on " + name + " and " + known + " before");
                    }
                } else if (line.text().contains("compile failed") || line.text().contains("internal compiler error")) {
                    faults.add(name + ": " + line.text());
                }
            }
            if (compiled != count) {
                faults.add(name + " made " + compiled + " of " + count + " objects");
            }
        });
        if (!faults.isEmpty()) {
            throw new Bench.Disagreement("bench kernel-compile: " + String.join("; ", faults));
        }
        var rows = new ArrayList<>(List.of(total, totalCpu, all, allCpu, memory));
        rows.addAll(single.values());
        return bench.report("kernel-compile " + size, rows);
    }
}
