package io.nestling.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the ledger of level 0 counted for each level of a nest, in words. */
final class LevelFigures {
    /** One row of the result. */
    record Figure(String name, String unit, double value) {}

    private static final Pattern COUNTER = Pattern.compile("level\\.(\\d+)\\.(instructions|time|entries|exits)(?:\\.0x([0-9a-f]+))?");
    /** Why a guest was left, by interrupt vector (Power ISA 3.0B, Book III section 6.5); 0 is of the emulator's own. */
    private static final Map<Integer, String> CAUSES = Map.ofEntries(Map.entry(0, "host's own"), Map.entry(0x200, "machine check"),
            Map.entry(0x500, "external interrupt"), Map.entry(0x700, "program"), Map.entry(0x900, "decrementer"),
            Map.entry(0x980, "timer of a hypervisor"), Map.entry(0xa00, "doorbell"), Map.entry(0xc00, "hypercall"),
            Map.entry(0xe00, "data access"), Map.entry(0xe20, "instruction fetch"), Map.entry(0xe40, "emulation assistance"),
            Map.entry(0xe60, "hypervisor maintenance"), Map.entry(0xe80, "doorbell for a hypervisor"),
            Map.entry(0xea0, "interrupt for a hypervisor"), Map.entry(0xf80, "facility"));

    private LevelFigures() {}

    /**
     * The figures of a run.
     *
     * @param depth    how many levels it had
     * @param counters by name, as {@code --stats} printed them
     */
    static List<Figure> of(int depth, Map<String, Double> counters) {
        var figures = new TreeMap<String, Figure>();
        var exits = new TreeMap<Integer, Double>();
        double instructions = counters.getOrDefault("instructions", 0.0);
        counters.forEach((name, value) -> {
            var m = COUNTER.matcher(name);
            if (!m.matches()) {
                return;
            }
            int level = Integer.parseInt(m.group(1));
            String what = "level " + level + (level == 0 ? " itself" : "");
            String order = "%02d".formatted(level);
            switch (m.group(2)) {
                case "instructions" -> figures.put(order + "a", new Figure(what + " instructions", "millions", value / 1e6));
                case "time" -> figures.put(order + "b", new Figure(what + " time", "s", value / 1e6));
                case "entries" -> figures.put(order + "c", new Figure(what + " entries as a guest", "times", value));
                default -> {
                    if (m.group(3) == null) {
                        exits.put(level, value);
                        figures.put(order + "d", new Figure(what + " exits", "times", value));
                    } else {
                        int vector = Integer.parseInt(m.group(3), 16);
                        figures.put(order + "e" + m.group(3), new Figure(what + " exits: "
                                + CAUSES.getOrDefault(vector, "0x" + m.group(3)), "times", value));
                    }
                }
            }
        });
        if (exits.getOrDefault(depth, 0.0) > 0) {
            double all = exits.values().stream().mapToDouble(d -> d).sum();
            figures.put("%02df".formatted(depth), new Figure("level 0 entries per exit of level " + depth, "times", all / exits.get(depth)));
        }
        if (instructions > 0) {
            figures.put("99", new Figure("all instructions", "millions", instructions / 1e6));
        }
        return List.copyOf(figures.values());
    }
}
