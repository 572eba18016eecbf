package io.nestling.cli.command;

import io.nestling.cli.UserError;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.nested.NestedApi;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * How a guest may run guests, and what else it is offered or not.
 *
 * @param api its interface to level 0
 * @param capabilities switched on or off, by name
 */
record Nesting(NestedApi api, Map<String, Boolean> capabilities) {
    /** What machines do without options. */
    static final Nesting DEFAULT = new Nesting(NestedApi.V1, Map.of());

    /** What can be switched, and how a machine is told. */
    private static final Map<String, BiConsumer<PSeries, Boolean>> CAPABILITIES = Map.of("rpt-invalidate", PSeries::rptInvalidate);

    /** Reads {@code none} or {@code v1}, and items such as {@code rpt-invalidate=on}. */
    static Nesting parse(String api, List<String> capabilities) {
        NestedApi choice = switch (api) {
            case "none" -> NestedApi.NONE;
            case "v1" -> NestedApi.V1;
            default -> throw new UserError("--nested " + api + ": no such thing: choose one of none, v1");
        };
        return new Nesting(choice, capabilities.stream().map(Nesting::capability)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, last) -> last)));
    }

    private static Map.Entry<String, Boolean> capability(String text) {
        String name = text.replaceFirst("=.*", "");
        if (!CAPABILITIES.containsKey(name)) {
            throw new UserError("--cap " + text + ": no such capability: choose one of "
                    + CAPABILITIES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return switch (text.substring(name.length())) {
            case "=on" -> Map.entry(name, true);
            case "=off" -> Map.entry(name, false);
            default -> throw new UserError("--cap " + text + ": write " + name + "=on or " + name + "=off");
        };
    }

    /** Tells a machine. */
    void apply(PSeries machine) {
        machine.nested(api);
        capabilities.forEach((name, on) -> CAPABILITIES.get(name).accept(machine, on));
    }
}
