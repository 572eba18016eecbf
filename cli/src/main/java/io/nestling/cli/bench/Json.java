package io.nestling.cli.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A {@link Report} as JSON (RFC 8259): every value of every run, medians and ratios. */
final class Json {
    private Json() {}

    static String of(Report report) {
        var rows = report.rows().stream().map(row -> {
            var map = new LinkedHashMap<String, Object>();
            map.put("group", row.group());
            map.put("name", row.name());
            map.put("unit", row.unit());
            map.put("moreIsBetter", row.rate());
            map.put("target", row.target());
            map.put("values", row.values());
            var medians = new LinkedHashMap<String, Object>();
            row.values().keySet().forEach(e -> medians.put(e, row.median(e)));
            map.put("medians", medians);
            var ratios = new LinkedHashMap<String, Object>();
            report.compared().forEach(e -> ratios.put(e, row.ratio(e, report.peer().get())));
            map.put("ratios", ratios);
            return map;
        }).toList();
        var top = new LinkedHashMap<String, Object>();
        top.put("benchmark", report.title());
        top.put("facts", report.facts());
        top.put("emulators", report.emulators());
        top.put("peer", report.peer());
        top.put("rows", rows);
        return text(top, "") + "\n";
    }

    private static String text(Object value, String indent) {
        String inner = indent + "  ";
        return switch (value) {
            case Optional<?> o -> o.isPresent() ? text(o.get(), indent) : "null";
            case Map<?, ?> m -> m.isEmpty() ? "{}" : m.entrySet().stream()
                    .map(e -> inner + quote(e.getKey().toString()) + ": " + text(e.getValue(), inner))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case Collection<?> c when c.stream().allMatch(Map.class::isInstance) && !c.isEmpty() -> c.stream()
                    .map(e -> inner + text(e, inner)).collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
            case Collection<?> c -> c.stream().map(e -> text(e, inner)).collect(Collectors.joining(", ", "[", "]"));
            case Double d -> Double.isFinite(d) ? Double.toString(Math.round(d * 1e6) / 1e6) : "null";
            case Boolean b -> b.toString();
            default -> quote(value.toString());
        };
    }

    private static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default -> quoted.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }
}
