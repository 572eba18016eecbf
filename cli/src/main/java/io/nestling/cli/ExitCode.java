package io.nestling.cli;

/** What the process exit status means; the README has the same table. */
public final class ExitCode {
    /** The guest powered off, or {@code --expect} matched. */
    public static final int OK = 0;
    /** The command line, a file it names, or the host is not fit for what was asked. */
    public static final int USAGE = 2;
    /** The guest kernel panicked, or {@code --fail-on} matched. */
    public static final int PANIC = 3;
    /** {@code --timeout} ran out. */
    public static final int TIMEOUT = 4;
    /** A fault of Nestling itself. */
    public static final int INTERNAL = 5;
    /** The guest ended without the text that {@code --expect} waits for. */
    public static final int NOT_EXPECTED = 6;

    private ExitCode() {}
}
