package io.nestling.cli.command;

import io.nestling.hv.ledger.Counter;
import io.nestling.hv.machine.Machine;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Vcpu;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code --stats} prints: the ledger of the last machine, and how fast it all went. */
final class Statistics {
    private final List<Counter> counters = new ArrayList<>();
    private List<Engine.Figure> figures = List.of();
    private long firstInstruction;
    private double wallSeconds;
    private long instructions;
    private long begun;
    private int boots;

    /** A machine is about to run on this thread. */
    void begin() {
        if (boots++ == 0) {
            firstInstruction = System.currentTimeMillis();
        }
        begun = System.nanoTime();
    }

    /** The machine has stopped. */
    void end(Machine machine, Engine engine) {
        wallSeconds += (System.nanoTime() - begun) / 1e9;
        instructions += machine.instructions();
        figures = engine.figures();
        counters.clear();
        for (Counter counter : machine.ledger().counters()) {
            long value = counter.value().getAsLong();
            counters.add(new Counter(counter.name(), counter.unit(), counter.help(), () -> value));
        }
    }

    /** Prints one counter a line: value, unit, name. */
    void print(PrintStream out) {
        // CPU time of the thread that ran the guest, which is this one; idle waits do not count.
        double cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
        double all = ProcessHandle.current().info().totalCpuDuration().map(d -> d.toMillis() / 1000.0).orElse(0.0);
        for (Counter counter : counters) {
            row(out, Long.toString(counter.value().getAsLong()), counter.unit(), counter.name());
        }
        for (Engine.Figure figure : figures) {
            row(out, Long.toString(figure.value()), figure.unit(), figure.name());
        }
        row(out, Integer.toString(boots), "boots", "machine.boots");
        double startup = (firstInstruction - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
        row(out, "%.3f".formatted(startup), "s", "time.to-first-instruction");
        row(out, "%.3f".formatted(wallSeconds), "s", "time.wall");
        row(out, "%.3f".formatted(cpu), "s", "time.cpu.guest-thread");
        row(out, "%.3f".formatted(all), "s", "time.cpu.process");
        row(out, "%.1f".formatted(instructions / 1e6 / Math.max(cpu, 1e-3)), "MIPS", "speed");
    }

    private static void row(PrintStream out, String value, String unit, String name) {
        out.println(String.format(Locale.ROOT, "nestling: %20s %-14s %s", value, unit, name));
    }

    /** One line for a user who asks what the machine is doing. Read from another thread, so only about right. */
    String line(Machine machine) {
        Vcpu cpu = machine.cpu();
        double seconds = (System.nanoTime() - begun) / 1e9;
        return String.format(Locale.ROOT, "%,d instructions in %.1f s (%.0f MIPS), NIP 0x%016x, MSR 0x%016x",
                machine.instructions(), seconds, machine.instructions() / 1e6 / Math.max(seconds, 1e-3), cpu.nip, cpu.msr);
    }
}
