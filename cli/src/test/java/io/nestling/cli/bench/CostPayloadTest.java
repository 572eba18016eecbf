package io.nestling.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.jit.JitEngine;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.interp.Interpreter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests in guests to the deepest level: every exit arrives once where it belongs, and all levels compute the same. */
class CostPayloadTest {
    private static final int FEW = 8;

    @TempDir
    private Path directory;

    private List<GuestRun.Line> run(CostPayload payload, Engine engine) throws Exception {
        Path kernel = Files.write(directory.resolve("payload"), payload.elf());
        var console = new ByteArrayOutputStream();
        try (var machine = new PSeries().memory(CostPayload.MEMORY).kernel(kernel).console(new Console(console)).engine(engine).build()) {
            assertEquals(Ending.POWER_OFF, machine.run().ending(), () -> console.toString(StandardCharsets.UTF_8));
        }
        return console.toString(StandardCharsets.UTF_8).lines().map(l -> new GuestRun.Line(l, 0, 0)).toList();
    }

    private void check(CostPayload payload, Engine engine) throws Exception {
        var lines = run(payload, engine);
        assertEquals(List.of(), ExitsBench.wrong(payload, ExitsBench.results(lines)), lines::toString);
        assertEquals("exits done", lines.getLast().text());
    }

    @Test
    void twelveLevels() throws Exception {
        check(new CostPayload(CostPayload.MAX_LEVELS, 1000, FEW, FEW, FEW, 4), new Interpreter());
    }

    @Test
    void twelveLevelsTranslated() throws Exception {
        check(new CostPayload(CostPayload.MAX_LEVELS, 100_000, 200, 100, 100, 4), new JitEngine());
    }

    @Test
    void runsInVirtualTimeAreTheSame() throws Exception {
        var payload = new CostPayload(4, 1000, FEW, FEW, FEW, FEW);
        assertEquals(run(payload, new Interpreter()), run(payload, new Interpreter()));
    }

    @Test
    void wrongCountsAreSeen() {
        var payload = new CostPayload(1, 10, 10, 10, 10, 10);
        var compute = new ExitsBench.Result(1, "compute", 10, 5, 0, "77", 0);
        var exits = new ExitsBench.Result(1, "null", 10, 5, 0, "0", 0);
        assertEquals(List.of(), ExitsBench.wrong(payload, List.of(compute, exits)));
        assertEquals(1, ExitsBench.wrong(payload, List.of(compute)).size());
        assertEquals(1, ExitsBench.wrong(payload, List.of(compute, new ExitsBench.Result(1, "null", 9, 5, 0, "0", 0))).size());
        assertThrows(IllegalArgumentException.class, () -> new CostPayload(13, 10, 10, 10, 10, 10));
        assertThrows(IllegalArgumentException.class, () -> new CostPayload(1, 0, 10, 10, 10, 10));
    }
}
