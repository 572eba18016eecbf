package io.nestling.cli.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.UserError;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** What is made of the console and the counters of a nest. */
class NestBenchTest {
    private static final Emulator EMULATOR = new Emulator("it", "1", List.of("it"), Emulator.Dialect.QEMU);

    private static GuestRun run(int status, boolean late, String... lines) {
        return new GuestRun(Arrays.stream(lines).map(l -> new GuestRun.Line(l, 1, 1)).toList(), List.of("complaint"), status, late, 2, 2, 3);
    }

    private static String failure(GuestRun run) {
        return assertThrows(UserError.class, () -> NestBench.check(2, EMULATOR, run, Duration.ofSeconds(9))).getMessage();
    }

    @Test
    void wholeNestIsGood() {
        assertDoesNotThrow(() -> NestBench.check(2, EMULATOR, run(0, false, "nestling: level 1 reached user space: x (1 s)",
                "noise nestling: level 2 reached user space: x (1 s)", "nestling: level 2 powers off (1 s)",
                "nestling: level 1 powers off (2 s)"), Duration.ofSeconds(9)));
    }

    @Test
    void failuresNameTheLevelAndTheLastLines() {
        String one = "nestling: level 1 reached user space: x (1 s)";
        String message = failure(run(0, true, one, "[    0.1] last words"));
        assertTrue(message.contains("took more than 9 s") && message.contains("level 1 of 2") && message.endsWith("last words"), message);
        message = failure(run(0, false, one, "nestling: level 1 failed: level 2 ended with status 1 (2 s)", "nestling: level 1 powers off"));
        assertTrue(message.contains("level 1 failed: level 2 ended with status 1"), message);
        message = failure(run(3, false, one));
        assertTrue(message.contains("status 3 (complaint)"), message);
        message = failure(run(0, false));
        assertTrue(message.contains("no level reached user space"), message);
        message = failure(run(0, false, one, "nestling: level 2 reached user space", "nestling: level 1 powers off"));
        assertTrue(message.contains("1 powered off"), message);
    }

    @Test
    void countersBecomeWords() {
        var figures = LevelFigures.of(2, Map.of("instructions", 5e6, "level.0.time", 2e6, "level.1.exits", 30.0,
                "level.2.exits", 10.0, "level.2.exits.0xe00", 7.0, "level.2.instructions", 2e6, "hcall.H_CEDE", 9.0));
        assertEquals("[level 0 itself time 2.0 s, level 1 exits 30.0 times, level 2 instructions 2.0 millions, level 2 exits 10.0 times,"
                + " level 2 exits: data access 7.0 times, level 0 entries per exit of level 2 4.0 times, all instructions 5.0 millions]",
                figures.stream().map(f -> f.name() + " " + f.value() + " " + f.unit()).toList().toString());
    }

    @Test
    void commandsSayTheSameToBoth() {
        var guest = new Guest(Path.of("k"), Optional.of(Path.of("i")), "words", 1L << 30, List.of(Path.of("a"), Path.of("b")), true, false, List.of("--stats"));
        String qemu = String.join(" ", EMULATOR.command(guest));
        assertTrue(qemu.contains("cap-nested-hv=on") && qemu.contains("-m 1024M") && qemu.contains("file=a,") && qemu.contains("file=b,")
                && !qemu.contains("stats"), qemu);
        String ours = String.join(" ", new Emulator("us", "1", List.of("us"), Emulator.Dialect.NESTLING).command(guest));
        assertTrue(ours.contains("--drive a,readonly --drive b,readonly") && ours.contains("--stats"), ours);
    }

    @Test
    void curveIsAPicture() throws Exception {
        var rows = Bench.rows();
        for (int level = 1; level <= 3; level++) {
            var row = new Report.Row("3 levels", "3 levels: level " + level + " in user space", "s", false, Optional.empty());
            row.add("us", level * 7.0);
            row.add("them", level * level * 3.0);
            rows.add(row);
        }
        var off = new Report.Row("3 levels", "3 levels: power-off", "s", false, Optional.empty());
        off.add("us", 22);
        rows.add(off);
        String svg = new Report("nest", Map.of("machine", "a < b"), List.of("us", "them"), Optional.of("them"), rows).curve();
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertTrue(svg.contains("them, to user space") && svg.contains("27.00"), svg);
    }
}
