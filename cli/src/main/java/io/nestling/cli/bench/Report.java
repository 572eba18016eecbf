package io.nestling.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a benchmark measured, for a table, a file of JSON or a plot.
 *
 * @param title     what ran
 * @param facts     the machine, the versions, the commands
 * @param emulators names, the peer last
 * @param peer      name of the one the others are compared with
 * @param rows      one per quantity
 */
public record Report(String title, Map<String, String> facts, List<String> emulators, Optional<String> peer, List<Row> rows) {
    /**
     * One quantity. Values are in the order of the runs, so that equal positions of two emulators are a pair.
     *
     * @param group   rows of a group have a mean of their own
     * @param rate    whether more is better
     * @param target  the ratio to reach, if there is one
     */
    public record Row(String group, String name, String unit, boolean rate, Optional<Double> target,
            Map<String, List<Double>> values) {
        Row(String group, String name, String unit, boolean rate, Optional<Double> target) {
            this(group, name, unit, rate, target, new LinkedHashMap<>());
        }

        void add(String emulator, double value) {
            values.computeIfAbsent(emulator, _ -> new ArrayList<>()).add(value);
        }

        Optional<Double> median(String emulator) {
            return values.containsKey(emulator) ? Optional.of(Report.median(values.get(emulator))) : Optional.empty();
        }

        /** How many times as good as the peer, pair by pair. */
        List<Double> ratios(String emulator, String peer) {
            var ours = values.getOrDefault(emulator, List.of());
            var theirs = values.getOrDefault(peer, List.of());
            var ratios = new ArrayList<Double>();
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                ratios.add(rate ? ours.get(i) / theirs.get(i) : theirs.get(i) / ours.get(i));
            }
            return ratios;
        }

        Optional<Double> ratio(String emulator, String peer) {
            var ratios = ratios(emulator, peer);
            return ratios.isEmpty() ? Optional.empty() : Optional.of(Report.median(ratios));
        }
    }

    /** This one with the rows of another, of the same emulators, after its own. */
    public Report and(Report other) {
        var all = new ArrayList<>(rows);
        all.addAll(other.rows);
        return new Report(title + "; " + other.title, facts, emulators, peer, all);
    }

    /** For a terminal. */
    public String table() {
        return Table.of(this);
    }

    /** Every value, for other programs. */
    public String json() {
        return Json.of(this);
    }

    /** The ratios, as an SVG picture. */
    public String plot() {
        return Plot.of(this);
    }

    /** The times of a nest by level, as an SVG picture. */
    public String curve() {
        return Curve.of(this);
    }

    /** Microseconds by level of the exits of {@link ExitsBench}, as an SVG picture. */
    public String exitCurve() {
        return Curve.ofExits(this);
    }

    /** The emulators that are compared with the peer. */
    List<String> compared() {
        return emulators.stream().filter(e -> peer.isPresent() && !e.equals(peer.get())).toList();
    }

    /** The geometric mean of the ratios of a group, of its speeds that have a target. */
    Optional<Double> mean(String group, String emulator) {
        var ratios = rows.stream().filter(r -> r.group.equals(group) && r.rate && r.target.isPresent())
                .flatMap(r -> r.ratio(emulator, peer.orElse("")).stream()).toList();
        return ratios.isEmpty() ? Optional.empty()
                : Optional.of(Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(0)));
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
