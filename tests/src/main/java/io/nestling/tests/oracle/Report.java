package io.nestling.tests.oracle;

import io.nestling.decoder.Disassembler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints one failed case: the instructions, the registers before, both outcomes, and how to run it again. */
public final class Report {
    private Report() {}

    /** A few lines to a page of text. */
    public static String of(OracleCase c, State before, State expected, State actual,
            List<Differences.Difference> differences) {
        StringBuilder b = new StringBuilder();
        b.append("== ").append(c.row()).append('\n');
        for (int w : c.words()) {
            b.append(String.format("   %08x  %s%n", w, Disassembler.disassemble(w, 0)));
        }
        b.append(String.format("   oracle: %s   nestling: %s%n", expected.ending, actual.ending));
        Map<String, Long> was = new HashMap<>();
        Map<String, Long> want = new HashMap<>();
        before.forEach(was::put);
        expected.forEach(want::put);
        Set<String> differ = new HashSet<>();
        differences.forEach(d -> differ.add(d.name()));
        List<String> lines = new ArrayList<>();
        actual.forEach((name, v) -> {
            boolean changed = was.get(name) != v || !was.get(name).equals(want.get(name));
            boolean input = c.set().containsKey(name);
            if (changed || input) {
                lines.add(String.format(" %s %-7s %016x -> %016x | %016x", differ.contains(name) ? "*" : " ", name,
                        was.get(name), want.get(name), v));
            }
        });
        b.append(String.format("   %-7s %-16s    %-16s | %s%n", "", "before", "oracle", "nestling"));
        lines.forEach(l -> b.append(l).append('\n'));
        for (Differences.Difference d : differences) {
            if (d.name().startsWith("m")) {
                int at = Integer.parseInt(d.name().substring(1));
                b.append(String.format(" * window+0x%03x     %02x -> %02x | %02x%n", at, before.window[at] & 255,
                        d.expected(), d.actual()));
            }
        }
        return b.toString();
    }
}
