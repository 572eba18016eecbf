package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The kernels of the guest program, all in one boot. Each runs a few times in a process of its own: the first time shows
 * what warming up costs, the median of the others is the speed.
 */
public final class CpuBench {
    private static final String DONE = "cpubench done";
    static final Pattern LINE = Pattern.compile("cpubench (\\S+) (\\d+) (\\S+) (\\S+) (\\S+) ([0-9a-f]{16})");

    private final Bench bench;
    private final List<GuestKernel> kernels;
    private final int repeat;
    private final Map<String, String> checks = new HashMap<>();

    /**
     * @param filter kernels whose names it finds are run
     * @param repeat times each kernel runs in one boot, at least 2
     */
    public CpuBench(Bench bench, Pattern filter, int repeat) {
        this.bench = bench;
        this.kernels = GuestKernel.ALL.stream().filter(k -> filter.matcher(k.name()).find()).toList();
        this.repeat = repeat;
        if (kernels.isEmpty()) {
            throw new UserError("--filter " + filter + " fits no kernel: they are "
                    + GuestKernel.ALL.stream().map(GuestKernel::name).collect(Collectors.joining(", ")));
        }
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException, Bench.Disagreement {
        var program = CrossCompiler.benchmarkProgram(bench.work());
        var initrd = bench.initramfs(program);
        String append = "console=hvc0 quiet repeat=" + repeat + " bench="
                + kernels.stream().map(GuestKernel::name).collect(Collectors.joining(","));
        var warm = new LinkedHashMap<String, Report.Row>();
        var first = new LinkedHashMap<String, Report.Row>();
        var faults = new ArrayList<String>();
        var memory = new Report.Row("host", "memory besides guest RAM", "MB", false, Optional.empty());
        bench.inTurn(kernels.size() + " kernels", (_, emulator) -> {
            GuestRun guest = bench.boot(emulator, initrd, append, DONE, Map.of());
            for (GuestKernel kernel : kernels) {
                var speeds = new ArrayList<Double>();
                for (var line : guest.lines()) {
                    var m = LINE.matcher(line.text());
                    if (m.find() && m.group(1).equals(kernel.name())) {
                        speeds.add(Double.parseDouble(m.group(3)));
                        compare(kernel, emulator, m.group(6), faults);
                        warm.computeIfAbsent(kernel.name(), _ -> new Report.Row(kernel.group(), kernel.name(), m.group(4), true,
                                Optional.of(kernel.target())));
                        first.computeIfAbsent(kernel.name(), _ -> new Report.Row(kernel.group() + ", first time", kernel.name() + " (first)",
                                m.group(4), true, Optional.empty()));
                    }
                }
                if (speeds.size() != repeat) {
                    faults.add(kernel.name() + " ran " + speeds.size() + " times instead of " + repeat + " on " + emulator.name());
                } else {
                    first.get(kernel.name()).add(emulator.name(), speeds.getFirst());
                    warm.get(kernel.name()).add(emulator.name(), Report.median(speeds.subList(1, repeat)));
                }
            }
            memory.add(emulator.name(), guest.memory() / 1e6);
        });
        if (!faults.isEmpty()) {
            throw new Bench.Disagreement("bench cpu: " + String.join("; ", faults));
        }
        var rows = Bench.rows();
        rows.addAll(warm.values());
        rows.addAll(first.values());
        rows.add(memory);
        return bench.report("cpu", rows);
    }

    /** A kernel gives the same check each time and everywhere. */
    private void compare(GuestKernel kernel, Emulator emulator, String check, List<String> faults) {
        String known = checks.putIfAbsent(kernel.name(), check);
        if (known != null && !known.equals(check)) {
            faults.add(kernel.name() + " computed " + check + " on " + emulator.name() + " and " + known + " before");
        }
    }
}
