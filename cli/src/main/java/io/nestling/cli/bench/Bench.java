package io.nestling.cli.bench;

import io.nestling.cli.image.CpioWriter;
import io.nestling.cli.image.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all benchmarks of guests have in common.
 *
 * @param guest     kernel to boot, and its initramfs; none for benchmarks that bring their own
 * @param emulators to measure in turn, the peer last
 * @param peer      the one to compare with
 * @param runs      how often each emulator runs
 * @param limit     how long one run may take
 * @param work      empty directory for files of the benchmark; the caller deletes it
 * @param progress  told of each run before it begins
 */
public record Bench(Optional<ImageStore.Image> guest, List<Emulator> emulators, Optional<Emulator> peer, int runs, Duration limit, Path work,
        Consumer<String> progress) {
    /** Printed by our guests once they are there. */
    static final String MARKER = "nestling: userspace reached";

    /** Thrown when a guest computed other values on one emulator than on another. */
    public static final class Disagreement extends Exception {
        Disagreement(String message) {
            super(message);
        }
    }

    /** A run of an emulator, given its place in the order of things. */
    interface Step {
        void run(int run, Emulator emulator) throws IOException, InterruptedException;
    }

    /** Every emulator once, then every emulator again: what disturbs the host for a while disturbs all. */
    void inTurn(String what, Step step) throws IOException, InterruptedException {
        for (int run = 0; run < runs; run++) {
            for (Emulator emulator : emulators) {
                progress.accept("run " + (run + 1) + " of " + runs + ": " + what + " on " + emulator.name());
                step.run(run, emulator);
            }
        }
    }

    ImageStore.Image image() {
        return guest.orElseThrow();
    }

    GuestRun boot(Emulator emulator, Path initrd, String append, String marker, Map<String, String> environment)
            throws IOException, InterruptedException {
        return boot(emulator, initrd, append, marker, environment, 1);
    }

    GuestRun boot(Emulator emulator, Path initrd, String append, String marker, Map<String, String> environment, int processors)
            throws IOException, InterruptedException {
        return GuestRun.of(emulator, Guest.of(image().kernel(), initrd, append).processors(processors), marker, environment, limit);
    }

    Report report(String title, List<Report.Row> rows) {
        return new Report(title, facts(), emulators.stream().map(Emulator::name).toList(), peer.map(Emulator::name), rows);
    }

    private Map<String, String> facts() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("machine", machine());
        guest.ifPresent(g -> facts.put("guest kernel", g.facts().getOrDefault("kernel.version", "unknown")));
        for (Emulator emulator : emulators) {
            facts.put(emulator.name(), emulator.version());
        }
        facts.put("runs", Integer.toString(runs));
        return facts;
    }

    private static String machine() {
        String model = System.getProperty("os.arch");
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            model = lines.filter(l -> l.startsWith("model name")).map(l -> l.replaceFirst(".*:\\s*", "")).findFirst().orElse(model);
        } catch (IOException e) {
            // The architecture has to do.
        }
        return model + ", " + Runtime.getRuntime().availableProcessors() + " CPUs, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version");
    }

    /** An initramfs with one program, which is the first process. */
    Path initramfs(Path program) throws IOException {
        Path file = work.resolve("initrd.cpio");
        try (var cpio = new CpioWriter(Files.newOutputStream(file))) {
            for (String directory : List.of("dev", "proc")) {
                cpio.directory(directory);
            }
            cpio.characterDevice("dev/console", 0600, 5, 1);
            cpio.file("init", 0755, Files.readAllBytes(program));
        }
        return file;
    }

    /** The guest's initramfs with a program of ours added: the kernel unpacks archives that follow each other. */
    Path initrdWith(String name, String source, String... flags) throws IOException, InterruptedException {
        Path program = CrossCompiler.program(work, name, List.of(), List.of(source), List.of(flags));
        Path file = Files.copy(image().initrd(), work.resolve(name + ".cpio"));
        try (var cpio = new CpioWriter(Files.newOutputStream(file, StandardOpenOption.APPEND))) {
            cpio.file("bin/" + name, 0755, Files.readAllBytes(program));
        }
        return file;
    }

    static List<Report.Row> rows() {
        return new ArrayList<>();
    }
}
