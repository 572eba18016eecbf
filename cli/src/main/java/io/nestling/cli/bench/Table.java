package io.nestling.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A {@link Report} as text for a terminal: medians, and how many times as fast as the peer. */
final class Table {
    private Table() {}

    static String of(Report report) {
        var lines = new ArrayList<List<String>>();
        var head = new ArrayList<>(List.of(report.title(), "unit"));
        head.addAll(report.emulators());
        for (String emulator : report.compared()) {
            head.addAll(List.of(emulator + "/" + report.peer().get(), "range"));
        }
        head.add("target");
        lines.add(head);
        var groups = new LinkedHashSet<>(report.rows().stream().map(Report.Row::group).toList());
        for (String group : groups) {
            report.rows().stream().filter(r -> r.group().equals(group)).forEach(row -> lines.add(cells(report, row)));
            if (report.compared().stream().anyMatch(e -> report.mean(group, e).isPresent())) {
                var mean = new ArrayList<>(List.of("  mean of " + group, ""));
                report.emulators().forEach(_ -> mean.add(""));
                report.compared().forEach(e -> mean.addAll(List.of(times(report.mean(group, e)), "")));
                mean.add("");
                lines.add(mean);
            }
        }
        return layOut(lines);
    }

    private static List<String> cells(Report report, Report.Row row) {
        var cells = new ArrayList<>(List.of(row.name(), row.unit()));
        for (String emulator : report.emulators()) {
            cells.add(row.median(emulator).map(Table::number).orElse("-"));
        }
        boolean reached = true;
        for (String emulator : report.compared()) {
            var ratios = row.ratios(emulator, report.peer().get());
            var ratio = row.ratio(emulator, report.peer().get());
            cells.add(times(ratio));
            cells.add(ratios.size() < 2 ? "" : String.format(Locale.ROOT, "%.2f-%.2f",
                    ratios.stream().min(Double::compare).get(), ratios.stream().max(Double::compare).get()));
            reached &= ratio.isEmpty() || row.target().isEmpty() || ratio.get() >= row.target().get();
        }
        cells.add(report.compared().isEmpty() ? "" : row.target().map(t -> times(Optional.of(t))).orElse("") + (reached ? "" : " missed"));
        return cells;
    }

    private static String times(Optional<Double> ratio) {
        return ratio.map(r -> String.format(Locale.ROOT, "%.2fx", r)).orElse("-");
    }

    /** Four digits or so. */
    static String number(double value) {
        int decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String layOut(List<List<String>> lines) {
        int columns = lines.getFirst().size();
        int[] widths = new int[columns];
        for (var line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        var text = new StringBuilder();
        for (var line : lines) {
            var row = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean words = i < 2 || i == columns - 1;
                row.append(String.format("%" + (words ? "-" : "") + Math.max(widths[i], 1) + "s  ", line.get(i)));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
