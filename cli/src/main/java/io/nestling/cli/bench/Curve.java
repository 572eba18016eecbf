package io.nestling.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Quantities by level as an SVG picture, on a logarithmic axis, one line for each emulator and quantity. Of a nest: seconds to
 * user space in the deepest run, and to power-off of each run. Of exits: microseconds of each kind.
 */
final class Curve {
    private static final Pattern USER = Pattern.compile("(\\d+) levels?: level (\\d+) in user space");
    private static final Pattern OFF = Pattern.compile("(\\d+) levels?: power-off");
    private static final int LEFT = 60;
    private static final int TOP = 60;
    private static final int WIDTH = 560;
    private static final int HEIGHT = 320;
    private static final List<String> COLOURS = List.of("#2f6f9f", "#b5483a", "#5a9367", "#8a6db1");

    /** A line of the picture. */
    private record Line(String name, String colour, boolean dashed, Map<Integer, Double> points) {}

    private Curve() {}

    static String of(Report report) {
        return draw(report, "guests in guests: seconds by level", lines(report));
    }

    static String ofExits(Report report) {
        return draw(report, "exits: microseconds by level", exits(report));
    }

    private static String draw(Report report, String title, List<Line> lines) {
        int deepest = lines.stream().flatMap(l -> l.points.keySet().stream()).max(Integer::compare).orElse(1);
        double low = lines.stream().flatMap(l -> l.points.values().stream()).min(Double::compare).orElse(1.0);
        double high = lines.stream().flatMap(l -> l.points.values().stream()).max(Double::compare).orElse(1.0);
        double floor = Math.floor(Math.log(low) / Math.log(2));
        double ceiling = Math.max(floor + 1, Math.ceil(Math.log(high) / Math.log(2)));
        int bottom = TOP + HEIGHT;
        var svg = new StringBuilder();
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                LEFT + WIDTH + 190, bottom + 50);
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n");
        add(svg, "<text x=\"10\" y=\"20\" font-size=\"15\">%s</text>\n", title);
        add(svg, "<text x=\"10\" y=\"38\" fill=\"#666\">%s</text>\n", Plot.escape(report.facts().getOrDefault("machine", "")));
        for (int tick = (int) floor; tick <= ceiling; tick++) {
            double y = bottom - HEIGHT * (tick - floor) / (ceiling - floor);
            add(svg, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", LEFT, y, LEFT + WIDTH, y);
            add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 6, y + 4,
                    tick < 0 ? "1/" + (1 << -tick) : Integer.toString(1 << tick));
        }
        for (int level = 1; level <= deepest; level++) {
            add(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n", x(level, deepest), bottom + 18, level);
        }
        add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">level</text>\n", LEFT + WIDTH / 2, bottom + 38);
        int legend = TOP + 10;
        for (Line line : lines) {
            String dash = line.dashed ? " stroke-dasharray=\"5 4\"" : "";
            var path = new ArrayList<String>();
            for (var point : line.points.entrySet()) {
                double y = bottom - HEIGHT * (Math.log(point.getValue()) / Math.log(2) - floor) / (ceiling - floor);
                path.add(String.format(Locale.ROOT, "%.1f,%.1f", x(point.getKey(), deepest), y));
                add(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x(point.getKey(), deepest), y, line.colour);
                add(svg, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10\" fill=\"%s\">%s</text>\n", x(point.getKey(), deepest) + 5, y - 5,
                        line.colour, Table.number(point.getValue()));
            }
            add(svg, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n", String.join(" ", path), line.colour, dash);
            add(svg, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"%s/>\n", LEFT + WIDTH + 14, legend,
                    LEFT + WIDTH + 38, legend, line.colour, dash);
            add(svg, "<text x=\"%d\" y=\"%d\">%s</text>\n", LEFT + WIDTH + 44, legend + 4, Plot.escape(line.name));
            legend += 20;
        }
        return svg.append("</svg>\n").toString();
    }

    private static List<Line> lines(Report report) {
        var lines = new ArrayList<Line>();
        for (int i = 0; i < report.emulators().size(); i++) {
            String emulator = report.emulators().get(i);
            var user = new TreeMap<Integer, Double>();
            var off = new TreeMap<Integer, Double>();
            for (var row : report.rows()) {
                var median = row.median(emulator);
                var m = USER.matcher(row.name());
                if (median.isPresent() && m.matches()) {
                    // Runs are in the order given; of equal levels the last one counts.
                    user.put(Integer.parseInt(m.group(2)), median.get());
                }
                m = OFF.matcher(row.name());
                if (median.isPresent() && m.matches()) {
                    off.put(Integer.parseInt(m.group(1)), median.get());
                }
            }
            String colour = COLOURS.get(i % COLOURS.size());
            lines.add(new Line(emulator + ", to user space", colour, true, user));
            lines.add(new Line(emulator + ", to power-off", colour, false, off));
        }
        return lines;
    }

    private static List<Line> exits(Report report) {
        var lines = new ArrayList<Line>();
        for (int i = 0; i < report.emulators().size(); i++) {
            String emulator = report.emulators().get(i);
            for (String kind : ExitsBench.EXITS) {
                var points = new TreeMap<Integer, Double>();
                var name = Pattern.compile("level (\\d+) " + kind);
                for (var row : report.rows()) {
                    var m = name.matcher(row.name());
                    var median = row.median(emulator);
                    if (median.isPresent() && m.matches()) {
                        points.put(Integer.parseInt(m.group(1)), median.get());
                    }
                }
                if (!points.isEmpty()) {
                    lines.add(new Line(emulator + ", " + kind, COLOURS.get(lines.size() % COLOURS.size()), i % 2 == 1, points));
                }
            }
        }
        return lines;
    }

    private static double x(int level, int deepest) {
        return LEFT + (level - 0.5) * WIDTH / deepest;
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
