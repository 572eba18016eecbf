package io.nestling.cli.command;

import io.nestling.cli.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The value of an option that is made of parts: {@code FIRST,key=value,flag}. A flag alone means {@code flag=on}. */
final class Suboptions {
    private final String option;
    private final String first;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /**
     * Takes a value apart.
     *
     * @param option for messages, such as {@code --drive}
     * @param keys those that there are
     * @throws UserError for a key that is not among them, or twice there
     */
    Suboptions(String option, String value, List<String> keys) {
        this(option, value, keys, Set.of());
    }

    /** The same with keys that may be there several times. */
    Suboptions(String option, String value, List<String> keys, Set<String> repeatable) {
        this.option = option;
        String[] parts = value.split(",", -1);
        first = parts[0];
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            if (!keys.contains(pair[0])) {
                throw new UserError(option + " " + value + ": no such key \"" + pair[0] + "\": choose from " + String.join(", ", keys));
            }
            List<String> given = values.computeIfAbsent(pair[0], key -> new ArrayList<>());
            given.add(pair.length == 1 ? "on" : pair[1]);
            if (given.size() > 1 && !repeatable.contains(pair[0])) {
                throw new UserError(option + " " + value + ": " + pair[0] + " is given twice: leave out one of them");
            }
        }
    }

    /** What stands before the first comma. */
    String first() {
        return first;
    }

    /** The value of a key. */
    Optional<String> get(String key) {
        return all(key).stream().findFirst();
    }

    /** All values of a key. */
    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** Whether a flag is on. */
    boolean flag(String key) {
        String value = get(key).orElse("off");
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new UserError(option + " " + first + ": " + key + "=" + value + ": give on or off");
        };
    }
}
