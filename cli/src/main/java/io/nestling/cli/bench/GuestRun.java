package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One guest from start to end, watched from outside: when it printed which line, and what the emulator used of the host.
 *
 * @param lines   the console
 * @param errors  lines of standard error
 * @param status  exit status
 * @param late    whether it was ended because it took too long
 * @param seconds wall time of the whole process
 * @param cpu     CPU time of the whole process in seconds, as last seen before its end, 20 ms at most before
 * @param memory  most resident memory seen besides the guest's RAM, in bytes; 0 where the host does not tell
 */
record GuestRun(List<Line> lines, List<String> errors, int status, boolean late, double seconds, double cpu, long memory) {
    private static final int CPU_TICK = 20;
    /** How long an emulator that has closed its output may take to end, in seconds. */
    private static final int PATIENCE = 10;
    private static final int TICKS_PER_MEMORY = 50;

    /** A line of the console, with wall and CPU seconds since the start, the latter as last seen. */
    record Line(String text, double seconds, double cpu) {}

    /** The first line that holds the text. */
    Line line(String text) {
        return lines.stream().filter(l -> l.text.contains(text)).findFirst()
                .orElseThrow(() -> new UserError("bench: the guest never printed \"" + text + "\""));
    }

    /** Boots a guest and waits for its end, which has to be an orderly one with {@code marker} on the console. */
    static GuestRun of(Emulator emulator, Guest guest, String marker, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        GuestRun run = observe(emulator, guest, environment, limit, _ -> {});
        boolean done = run.lines.stream().anyMatch(l -> l.text.contains(marker));
        if (run.late || !done || run.status != 0) {
            String last = run.errors.isEmpty() ? run.lines.isEmpty() ? "" : run.lines.getLast().text : run.errors.getLast();
            throw new UserError("bench: " + emulator.name() + (run.late ? " took more than " + limit.toSeconds() + " s"
                    : " ended with status " + run.status + (done ? "" : " before the guest was done")) + " (last line: " + last + ")");
        }
        return run;
    }

    /** Boots a guest and waits for its end, whatever it is. */
    static GuestRun observe(Emulator emulator, Guest guest, Map<String, String> environment, Duration limit, Consumer<Line> watcher)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("nestling-bench", ".err");
        var builder = new ProcessBuilder(emulator.command(guest)).redirectError(errors.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        Process process = builder.start();
        var end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        var meter = new Meter(process, begun + limit.toNanos(), guest.memory());
        meter.start();
        try {
            var lines = new ArrayList<Line>();
            try (var out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    lines.add(new Line(line, (System.nanoTime() - begun) / 1e9, meter.cpu));
                    watcher.accept(lines.getLast());
                }
            }
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new GuestRun(lines, Files.readAllLines(errors), process.exitValue(), meter.late, seconds, meter.cpu, meter.memory);
        } finally {
            process.destroyForcibly();
            meter.interrupt();
            meter.join();
            Runtime.getRuntime().removeShutdownHook(end);
            Files.deleteIfExists(errors);
        }
    }

    /**
     * Looks at the process again and again, since nothing can be asked of one that has ended. It has to be quick: it takes
     * its time from processors that the emulator could use.
     */
    private static final class Meter extends Thread {
        /** In /proc/PID/stat, counted from behind the name. */
        private static final int USER_TICKS = 11;
        private static final int SYSTEM_TICKS = 12;
        /** In a second: what Linux tells programs on every processor that this runs on. */
        private static final double TICKS = 100;

        private final Process process;
        private final Path files;
        private final long deadline;
        private final long guestMemory;
        private volatile double cpu;
        private volatile long memory;
        private volatile boolean late;

        Meter(Process process, long deadline, long guestMemory) {
            super("meter");
            setDaemon(true);
            this.process = process;
            files = Path.of("/proc", Long.toString(process.pid()));
            this.deadline = deadline;
            this.guestMemory = guestMemory;
        }

        @Override
        public void run() {
            try {
                for (int tick = 0; process.isAlive(); tick++) {
                    cpu = Math.max(cpu, cpuSeconds());
                    if (tick % TICKS_PER_MEMORY == 0) {
                        memory = Math.max(memory, besidesGuest());
                    }
                    if (System.nanoTime() - deadline > 0) {
                        late = true;
                        process.destroyForcibly();
                    }
                    sleep(CPU_TICK);
                }
            } catch (InterruptedException e) {
                // The run is over.
            }
        }

        /** User and system time so far (proc_pid_stat(5)); 0 where the host does not tell. */
        private double cpuSeconds() {
            try {
                String stat = Files.readString(files.resolve("stat"));
                // The name is in parentheses and may be anything.
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS;
            } catch (IOException e) {
                return 0;
            }
        }

        /** Resident bytes of all mappings but those as large as the guest's RAM (proc_pid_smaps(5)). */
        private long besidesGuest() {
            long resident = 0;
            long size = 0;
            try (var lines = Files.newBufferedReader(files.resolve("smaps"))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("Size:")) {
                        size = kilobytes(line);
                    } else if (line.startsWith("Rss:") && size < guestMemory >> 10) {
                        resident += kilobytes(line);
                    }
                }
            } catch (IOException e) {
                return 0;
            }
            return resident << 10;
        }

        /** The number in a line such as "Rss:  12 kB". */
        private static long kilobytes(String line) {
            return Long.parseLong(line.substring(line.indexOf(':') + 1, line.lastIndexOf(' ')).strip());
        }
    }
}
