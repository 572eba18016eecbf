package io.nestling.cli.command;

import io.nestling.cli.ExitCode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides how a run ends: the first of expected text, forbidden text, panic, timeout, key and guest wins. Called from the
 * vCPU's thread, the keyboard's and the timer's.
 */
final class Verdict {
    /** The kernel's own line, with its time stamp so that a program which prints the words is not taken for it. */
    private static final Pattern PANIC = Pattern.compile("^(?:<\\d+>)?\\[ *\\d+\\.\\d+\\](?:\\[ *[TC]\\d+\\])? Kernel panic - not syncing");
    private static final Pattern PANIC_END = Pattern.compile("\\] ---\\[ end Kernel panic");

    private final Optional<Pattern> expect;
    private final Optional<Pattern> failOn;
    private final Runnable stop;
    private volatile boolean panicked;
    private boolean decided;
    private int code;
    private String message = "";

    /** @param stop asks the machine to stop; run once, when the verdict falls */
    Verdict(Optional<Pattern> expect, Optional<Pattern> failOn, Runnable stop) {
        this.expect = expect;
        this.failOn = failOn;
        this.stop = stop;
    }

    /** The guest printed a line, or more of one. */
    void line(String text) {
        if (failOn.isPresent() && failOn.get().matcher(text).find()) {
            decide(ExitCode.PANIC, "the console matched --fail-on " + failOn.get());
        } else if (expect.isPresent() && expect.get().matcher(text).find()) {
            decide(ExitCode.OK, "");
        } else if (!panicked) {
            panicked = PANIC.matcher(text).find();
        } else if (PANIC_END.matcher(text).find()) {
            panic();
        }
    }

    /** True once the guest's kernel has begun to say that it panics. */
    boolean panicked() {
        return panicked;
    }

    void panic() {
        decide(ExitCode.PANIC, "the guest kernel panicked");
    }

    void timeout(String after) {
        decide(ExitCode.TIMEOUT, "--timeout " + after + " ran out" + missing());
    }

    /** The user pressed the key that ends the emulator. */
    void quit() {
        decide(expect.isPresent() ? ExitCode.NOT_EXPECTED : ExitCode.OK, "");
    }

    /** The guest itself ended in an orderly way, such as "powered off". */
    void ended(String how) {
        if (panicked) {
            panic();
        } else if (expect.isPresent()) {
            decide(ExitCode.NOT_EXPECTED, "the guest " + how + missing());
        } else {
            decide(ExitCode.OK, "");
        }
    }

    /** Nothing can ever happen in the guest any more. */
    void dead(String why) {
        decide(expect.isPresent() ? ExitCode.NOT_EXPECTED : ExitCode.PANIC, "the guest hangs: " + why + missing());
    }

    /** Something of the host broke, such as standard output. */
    void broken(String what) {
        decide(ExitCode.USAGE, what);
    }

    private String missing() {
        return expect.map(text -> " before the console matched --expect " + text).orElse("");
    }

    private void decide(int exitCode, String text) {
        synchronized (this) {
            if (decided) {
                return;
            }
            decided = true;
            code = exitCode;
            message = text;
        }
        stop.run();
    }

    synchronized boolean decided() {
        return decided;
    }

    synchronized int code() {
        return code;
    }

    /** Why, for the user; empty when the way it ended needs no words. */
    synchronized String message() {
        return message;
    }
}
