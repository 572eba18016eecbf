package io.nestling.hv.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The list of everything a machine counts. Each counter is declared once, by whoever does the counting, and read by
 * {@code --stats}, benchmarks and reports alike.
 */
public final class Ledger {
    private record Group(String prefix, String unit, String help, Supplier<Map<String, Long>> values) {}

    private final List<Counter> counters = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();

    /** Declares a counter. */
    public void add(Counter counter) {
        counters.add(counter);
    }

    /**
     * Declares counters whose names are known only when they have counted something.
     *
     * @param prefix of their names
     * @param values their values so far, by the rest of the name
     */
    public void addGroup(String prefix, String unit, String help, Supplier<Map<String, Long>> values) {
        groups.add(new Group(prefix, unit, help, values));
    }

    /** All counters as of now, in order of declaration. */
    public List<Counter> counters() {
        List<Counter> all = new ArrayList<>(counters);
        for (Group g : groups) {
            g.values.get().forEach((name, value) ->
                    all.add(new Counter(g.prefix + name, g.unit, g.help, () -> value)));
        }
        return all;
    }

    /** All values as of now, by name, in order of declaration. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        for (Counter c : counters()) {
            values.put(c.name(), c.value().getAsLong());
        }
        return values;
    }
}
