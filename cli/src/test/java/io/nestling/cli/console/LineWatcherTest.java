package io.nestling.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineWatcherTest {
    private final List<String> seen = new ArrayList<>();
    private final LineWatcher watcher = new LineWatcher(seen::add);

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        watcher.accept(bytes, 0, bytes.length);
    }

    @Test
    void showsWholeLinesAndPrompts() {
        print("one\r\ntwo\nlog");
        print("in: ");
        print("\n");
        assertEquals(List.of("one", "two", "log", "login: ", "login: "), seen);
    }

    @Test
    void endlessLinesAreCut() {
        print("x".repeat(10_000));
        assertTrue(seen.stream().allMatch(line -> line.length() <= LineWatcher.LONGEST));
        assertEquals(10_000, seen.stream().mapToInt(String::length).sum());
    }
}
