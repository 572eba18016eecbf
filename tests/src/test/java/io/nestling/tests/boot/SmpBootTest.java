package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.image.GuestRecipe;
import io.nestling.hv.machine.Outcome;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.jit.JitEngine;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.RealClock;
import io.nestling.runtime.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An unmodified Debian kernel on several processors: all of them work, can be taken away and given back. */
@Timeout(900)
class SmpBootTest {
    private static final long LIMIT = 60_000_000_000L;

    /** Work for all, one processor taken away meanwhile and given back; prints counts of processors around it. */
    private static final String COMMAND = "echo nproc $(nproc); "
            + "for i in 1 2 3 4 5 6; do (n=0; while [ $n -lt 3000 ]; do n=$((n+1)); [ $((n % 500)) = 0 ] && cat /proc/version > /dev/null; done;"
            + " echo worker $i $n) & done; "
            + "echo 0 > /sys/devices/system/cpu/cpu1/online; echo nproc $(nproc); "
            + "echo 1 > /sys/devices/system/cpu/cpu1/online; wait; echo nproc $(nproc)";

    private record Run(Outcome outcome, String console, Map<String, Long> counters) {}

    private static Run boot(String engineName, boolean virtual, int processors, int threads) throws Exception {
        var guest = Guests.files(GuestRecipe.DEFAULT.name());
        var printed = new ByteArrayOutputStream();
        var console = new Console(printed);
        console.endInput();
        try (Engine engine = engineName.equals("jit") ? new JitEngine() : new Interpreter();
                var machine = new PSeries().memory(1L << 30).kernel(guest.kernel()).initrd(guest.initrd())
                        .append("console=hvc0 quiet nestling.run=\"" + COMMAND + "\"").processors(processors, threads)
                        .clock(virtual ? new VirtualClock() : new RealClock()).console(console).engine(engine).build()) {
            machine.limit(LIMIT);
            Outcome outcome = machine.run();
            Run run = new Run(outcome, printed.toString(StandardCharsets.UTF_8), machine.ledger().values());
            assertEquals(Ending.POWER_OFF, outcome.ending(), run.console);
            inOrder(run.console, "nproc " + processors, "nproc " + (processors - 1), "nproc " + processors);
            for (int i = 1; i <= 6; i++) {
                assertTrue(run.console.contains("worker " + i + " 3000"), run.console);
            }
            return run;
        }
    }

    private static void inOrder(String text, String... parts) {
        int at = 0;
        for (String part : parts) {
            at = text.indexOf(part, at);
            assertTrue(at >= 0, () -> "no \"" + part + "\", or not in its place, in:\n" + text);
            at += part.length();
        }
    }

    static Stream<Arguments> realMachines() {
        Stream<Arguments> some = Stream.of(Arguments.of("jit", 2, 1), Arguments.of("jit", 4, 2));
        return all() ? Stream.concat(some, Stream.of(Arguments.of("interp", 2, 1), Arguments.of("interp", 4, 4),
                Arguments.of("jit", 16, 8))) : some;
    }

    private static boolean all() {
        return System.getProperty("nestling.boot.guests", "").equals("all");
    }

    @ParameterizedTest
    @MethodSource("realMachines")
    void processorsWorkAndComeAndGo(String engine, int processors, int threads) throws Exception {
        Run run = boot(engine, false, processors, threads);
        long exits = Stream.of("hcall", "requested", "limit", "hypervisor").mapToLong(e -> run.counters.get("exits." + e)).sum();
        assertTrue(exits >= run.counters.get("hcalls"));
        assertEquals(run.counters.get("hcalls"), run.counters.get("exits.hcall"), "counters add up over processors");
    }

    @Test
    void virtualTimeRepeatsExactlyOnBothEngines() throws Exception {
        Run first = boot("jit", true, 4, 2);
        Run second = boot(all() ? "interp" : "jit", true, 4, 2);
        assertEquals(first.console, second.console);
        assertEquals(first.outcome, second.outcome);
        assertEquals(first.counters.get("hcalls"), second.counters.get("hcalls"));
        System.out.printf("4 processors: %,d instructions to power-off%n", first.outcome.instructions());
    }
}
