package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.Initramfs;
import io.nestling.hv.machine.Outcome;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unmodified Debian kernels from power-on to power-off. */
@Timeout(600)
class DebianBootTest {
    /** Ends runs that hang: ten times what a boot needs. */
    private static final long LIMIT = 20_000_000_000L;

    /** What a run left. */
    private record Run(Outcome outcome, String console) {}

    private static Run boot(ImageStore.Image guest, String command) throws Exception {
        var printed = new ByteArrayOutputStream();
        var console = new Console(printed);
        console.endInput();
        try (var machine = new PSeries().memory(1L << 30).kernel(guest.kernel()).initrd(guest.initrd())
                .append("console=hvc0 nestling.run=\"" + command + "\"").clock(new VirtualClock()).console(console)
                .engine(new Interpreter()).build()) {
            machine.limit(LIMIT);
            Outcome outcome = machine.run();
            return new Run(outcome, printed.toString(StandardCharsets.UTF_8));
        }
    }

    static Iterable<String> guests() {
        return Guests.names();
    }

    @ParameterizedTest
    @MethodSource("guests")
    void reachesUserspaceAsRadixPower9AndRepeatsExactly(String name) throws Exception {
        var guest = Guests.files(name);
        String command = "cat /proc/cpuinfo; uname -a; ls /proc/device-tree; grep -c . /proc/interrupts";
        Run first = boot(guest, command);
        assertEquals(Ending.POWER_OFF, first.outcome.ending(), first.console);
        for (String text : new String[] {Initramfs.MARKER, "POWER9", "MMU\t\t: Radix", "ppc64le GNU/Linux",
            "nestling: run ended with status 0", "reboot: Power down"}) {
            assertTrue(first.console.contains(text), () -> "no \"" + text + "\" in:\n" + first.console);
        }
        Run second = boot(guest, command);
        assertEquals(first.console, second.console);
        assertEquals(first.outcome, second.outcome);
        System.out.printf("%s: %,d instructions to power-off%n", name, first.outcome.instructions());
    }

    @ParameterizedTest
    @MethodSource("guests")
    void reboots(String name) throws Exception {
        Run run = boot(Guests.files(name), "reboot");
        assertEquals(Ending.REBOOT, run.outcome.ending(), run.console);
        assertTrue(run.console.contains("reboot: Restarting system"), run.console);
    }
}
