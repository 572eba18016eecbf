package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import io.nestling.cli.image.CpioWriter;
import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.PackageSource;
import io.nestling.cli.image.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What several processors are worth: the guest program's kernels in as many processes as there are processors, speeds
 * added, and kernel-compile with as many jobs.
 */
public final class SmpBench {
    private static final String KERNELS_DONE = "cpubench done";
    private static final String COMPILE_DONE = "compile done";
    /** The first time warms up. */
    private static final int REPEAT = 3;

    private final Bench bench;
    private final int processors;
    private final List<GuestKernel> kernels;
    private final Optional<String> size;
    private final ImageStore store;
    private final PackageSource.Opener packages;
    private final Progress progress;
    private final Map<String, Report.Row> rows = new LinkedHashMap<>();
    private final Map<String, String> checks = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    /**
     * @param filter   kernels whose names it finds are run
     * @param size     of kernel-compile, if that is to be run too
     * @param store    keeps the compiler's guest between runs
     * @param packages where its packages come from
     */
    public SmpBench(Bench bench, int processors, Pattern filter, Optional<String> size, ImageStore store, PackageSource.Opener packages,
            Progress progress) {
        this.bench = bench;
        this.processors = processors;
        this.kernels = GuestKernel.ALL.stream().filter(k -> filter.matcher(k.name()).find()).toList();
        this.size = size;
        this.store = store;
        this.packages = packages;
        this.progress = progress;
        if (kernels.isEmpty() && size.isEmpty()) {
            throw new UserError("--filter " + filter + " fits no kernel: see the table of nestling bench cpu");
        }
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException, Bench.Disagreement {
        if (!kernels.isEmpty()) {
            Path initrd = bench.initramfs(CrossCompiler.benchmarkProgram(bench.work()));
            for (int count : new int[] {1, processors}) {
                bench.inTurn(kernels.size() + " kernels on " + name(count), (_, emulator) -> kernels(emulator, initrd, count));
            }
        }
        if (size.isPresent()) {
            int files = CompileImage.files(size.get()).size();
            Path initrd = withScript(CompileImage.get(size.get(), store, packages, progress));
            for (int count : new int[] {1, processors}) {
                bench.inTurn("compiling " + files + " files on " + name(count), (_, emulator) -> compile(emulator, initrd, files, count));
            }
        }
        if (!faults.isEmpty()) {
            throw new Bench.Disagreement("bench smp: " + String.join("; ", faults));
        }
        return bench.report("smp", List.copyOf(rows.values()));
    }

    private static String name(int count) {
        return count == 1 ? "1 processor" : count + " processors";
    }

    private Report.Row row(int count, String what, String unit, boolean rate, Optional<Double> target) {
        return rows.computeIfAbsent(count + what, _ -> new Report.Row(name(count), what + " on " + count, unit, rate, target));
    }

    private void kernels(Emulator emulator, Path initrd, int count) throws IOException, InterruptedException {
        String append = "console=hvc0 quiet repeat=" + REPEAT + " parallel=" + count + " bench="
                + String.join(",", kernels.stream().map(GuestKernel::name).toList());
        GuestRun guest = bench.boot(emulator, initrd, append, KERNELS_DONE, Map.of(), count);
        for (GuestKernel kernel : kernels) {
            // By number of the time, the sum over processes.
            var speeds = new TreeMap<Integer, Double>();
            String unit = "";
            int lines = 0;
            for (var line : guest.lines()) {
                Matcher m = CpuBench.LINE.matcher(line.text());
                if (m.find() && m.group(1).equals(kernel.name())) {
                    lines++;
                    unit = m.group(4);
                    speeds.merge(Integer.parseInt(m.group(2)), Double.parseDouble(m.group(3)), Double::sum);
                    agree(kernel.name(), m.group(6), emulator);
                }
            }
            if (lines != REPEAT * count) {
                faults.add(kernel.name() + " ran " + lines + " times instead of " + REPEAT * count + " on " + emulator.name());
            } else {
                row(count, kernel.name(), unit, true, Optional.of(1.0)).add(emulator.name(),
                        Report.median(List.copyOf(speeds.tailMap(2).values())));
            }
        }
    }

    private void compile(Emulator emulator, Path initrd, int files, int count) throws IOException, InterruptedException {
        GuestRun guest = bench.boot(emulator, initrd, "console=hvc0 quiet jobs=" + count, COMPILE_DONE, Map.of(), count);
        row(count, files + " files compiled", "s", false, Optional.of(1.0)).add(emulator.name(),
                guest.line(COMPILE_DONE).seconds() - guest.line(Bench.MARKER).seconds());
        int made = 0;
        for (var line : guest.lines()) {
            Matcher m = CompileBench.LINE.matcher(line.text());
            if (m.find()) {
                made++;
                agree(m.group(1), m.group(2), emulator);
            }
        }
        if (made != files) {
            faults.add(emulator.name() + " made " + made + " of " + files + " objects on " + name(count));
        }
    }

    /** A kernel computes, and a file is compiled to, the same everywhere. */
    private void agree(String what, String check, Emulator emulator) {
        String known = checks.putIfAbsent(what, check);
        if (known != null && !known.equals(check)) {
            faults.add(what + " gave " + check + " on " + emulator.name() + " and " + known + " before");
        }
    }

    /** The compiler's guest with the script of this version: of two archives one behind the other, the later one counts. */
    private Path withScript(Path image) throws IOException {
        Path file = bench.work().resolve("compile.cpio");
        Files.copy(image, file);
        try (InputStream script = SmpBench.class.getResourceAsStream("compile.sh");
                var out = Files.newOutputStream(file, StandardOpenOption.APPEND); var cpio = new CpioWriter(out)) {
            cpio.file("init", 0755, script.readAllBytes());
        }
        return file;
    }
}
