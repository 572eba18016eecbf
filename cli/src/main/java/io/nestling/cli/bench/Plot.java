package io.nestling.cli.bench;

import java.util.List;
import java.util.Locale;

/** A {@link Report} as an SVG picture: a bar per quantity from the peer's speed to ours, on a logarithmic axis. */
final class Plot {
    private static final int LEFT = 170;
    private static final int WIDTH = 520;
    private static final int BAR = 14;
    private static final int GAP = 8;
    private static final int TOP = 64;
    private static final List<String> COLOURS = List.of("#2f6f9f", "#8a6db1", "#5a9367", "#b0803a");
    private static final String SHORT = "#b5483a";

    private Plot() {}

    static String of(Report report) {
        var compared = report.compared();
        String peer = report.peer().orElse("");
        double low = 0.5;
        double high = 2;
        for (var row : report.rows()) {
            for (String emulator : compared) {
                double ratio = row.ratio(emulator, peer).orElse(1.0);
                low = Math.min(low, ratio);
                high = Math.max(high, Math.max(ratio, row.target().orElse(1.0)));
            }
        }
        double floor = Math.pow(2, Math.floor(log2(low)));
        double ceiling = Math.pow(2, Math.ceil(log2(high)));
        int pitch = Math.max(1, compared.size()) * BAR + GAP;
        int bottom = TOP + report.rows().size() * pitch;
        var svg = new StringBuilder();
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                LEFT + WIDTH + 70, bottom + 40);
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n");
        add(svg, "<text x=\"10\" y=\"20\" font-size=\"15\">%s: times the speed of %s</text>\n", escape(report.title()), escape(peer));
        add(svg, "<text x=\"10\" y=\"38\" fill=\"#666\">%s</text>\n", escape(report.facts().getOrDefault("machine", "")));
        for (int i = 0; i < compared.size(); i++) {
            add(svg, "<text x=\"%d\" y=\"54\" fill=\"%s\">%s</text>\n", LEFT + i * 80, COLOURS.get(i % COLOURS.size()), escape(compared.get(i)));
        }
        for (double tick = floor; tick <= ceiling * 1.001; tick *= 2) {
            double x = x(tick, floor, ceiling);
            add(svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>\n", x, TOP - 4, x, bottom, tick == 1 ? "#444" : "#ddd");
            add(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x, bottom + 16, tick < 1 ? "1/" + (int) (1 / tick) : (int) tick + "x");
        }
        int y = TOP;
        for (var row : report.rows()) {
            add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y + BAR - 3, escape(row.name()));
            for (int i = 0; i < compared.size(); i++) {
                var found = row.ratio(compared.get(i), peer);
                if (found.isPresent()) {
                    double ratio = found.get();
                    boolean missed = ratio < row.target().orElse(0.0);
                    double at = x(ratio, floor, ceiling);
                    double one = x(1, floor, ceiling);
                    add(svg, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", Math.min(at, one), y + i * BAR,
                            Math.max(Math.abs(at - one), 1), BAR - 2, missed && compared.size() == 1 ? SHORT : COLOURS.get(i % COLOURS.size()));
                    add(svg, "<text x=\"%.1f\" y=\"%d\">%.2f</text>\n", Math.max(at, one) + 4, y + i * BAR + BAR - 4, ratio);
                }
            }
            if (row.target().isPresent()) {
                double x = x(row.target().get(), floor, ceiling);
                add(svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"black\" stroke-width=\"2\"/>\n", x, y - 2, x,
                        y + pitch - GAP);
            }
            y += pitch;
        }
        add(svg, "<text x=\"%d\" y=\"%d\" fill=\"#666\">black mark: target; red bar: target missed</text>\n</svg>\n", LEFT, bottom + 34);
        return svg.toString();
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static double x(double ratio, double floor, double ceiling) {
        return LEFT + WIDTH * (log2(ratio) - log2(floor)) / (log2(ceiling) - log2(floor));
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
