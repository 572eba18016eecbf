package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.cli.image.ImageStore;
import io.nestling.hv.machine.Outcome;
import io.nestling.hv.machine.PSeries;
import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A boot in virtual time is the same on every engine, to the last instruction and character. */
@Timeout(900)
class EngineParityTest {
    private static final long LIMIT = 20_000_000_000L;
    private static final int SOON = 100;
    private static final int SMALL = 120;

    private record Run(Outcome outcome, String console) {}

    private static Run boot(ImageStore.Image guest, Engine chosen) throws Exception {
        var printed = new ByteArrayOutputStream();
        var console = new Console(printed);
        console.endInput();
        try (Engine engine = chosen; var machine = new PSeries().memory(1L << 30).kernel(guest.kernel()).initrd(guest.initrd())
                .append("console=hvc0 nestling.run=\"uname -a; ls /proc; sha256sum /bin/busybox\"").clock(new VirtualClock())
                .console(console).engine(engine).build()) {
            machine.limit(LIMIT);
            return new Run(machine.run(), printed.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void consoleAndInstructionCountsAreTheSame() throws Exception {
        var guest = Guests.files(Guests.names().getFirst());
        Run interpreted = boot(guest, new Interpreter());
        assertEquals(interpreted, boot(guest, new JitEngine(Translator.Settings.DEFAULT.withoutHotTier())), "quick");
        assertEquals(interpreted, boot(guest, new JitEngine(new Translator.Settings(SOON, 100_000, 160, false))), "jit, hot soon");
        assertEquals(interpreted, boot(guest, new JitEngine(new Translator.Settings(SOON, 100_000, SMALL, false))), "small regions");
    }
}
