package io.nestling.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.ExitCode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which exit code a run gets. */
class VerdictTest {
    private int stops;

    private Verdict verdict(String expect, String failOn) {
        return new Verdict(Optional.ofNullable(expect).map(Pattern::compile), Optional.ofNullable(failOn).map(Pattern::compile),
                () -> stops++);
    }

    @Test
    void theFirstVerdictStaysAndStopsTheMachineOnce() {
        var verdict = verdict("login:", "Oops");
        verdict.line("booting");
        assertFalse(verdict.decided());
        verdict.line("login: ");
        verdict.line("Oops");
        verdict.ended("powered off");
        assertEquals(ExitCode.OK, verdict.code());
        assertEquals("", verdict.message());
        assertEquals(1, stops);
    }

    @Test
    void endWithoutExpectedTextIsAFailure() {
        var verdict = verdict("login:", null);
        verdict.ended("powered off");
        assertEquals(ExitCode.NOT_EXPECTED, verdict.code());
        assertTrue(verdict.message().contains("login:"));
        var quit = verdict("login:", null);
        quit.quit();
        assertEquals(ExitCode.NOT_EXPECTED, quit.code());
    }

    @Test
    void endWithoutExpectationIsFine() {
        var verdict = verdict(null, null);
        verdict.ended("powered off");
        assertEquals(ExitCode.OK, verdict.code());
    }

    @Test
    void forbiddenTextTimeoutAndPanicHaveTheirCodes() {
        var failed = verdict("ok", "Oops|BUG");
        failed.line("kernel BUG at");
        assertEquals(ExitCode.PANIC, failed.code());
        var late = verdict("ok", null);
        late.timeout("2s");
        assertEquals(ExitCode.TIMEOUT, late.code());
        assertTrue(late.message().contains("2s") && late.message().contains("ok"));
        var panic = verdict(null, null);
        panic.line("[    1.250000] Kernel panic - not syncing: VFS: Unable to mount root fs");
        assertTrue(panic.panicked());
        assertFalse(panic.decided());
        panic.line("[    1.300000] ---[ end Kernel panic - not syncing: VFS ]---");
        assertEquals(ExitCode.PANIC, panic.code());
    }

    @Test
    void panicThatEndsInARebootIsStillAPanic() {
        var verdict = verdict(null, null);
        verdict.line("[    1.250000][    T1] Kernel panic - not syncing: x");
        verdict.ended("rebooted");
        assertEquals(ExitCode.PANIC, verdict.code());
    }

    @Test
    void aProgramThatPrintsTheWordsIsNoPanic() {
        var verdict = verdict(null, null);
        verdict.line("Kernel panic - not syncing: just text");
        assertFalse(verdict.panicked());
    }
}
