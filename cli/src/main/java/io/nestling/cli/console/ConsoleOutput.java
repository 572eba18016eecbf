package io.nestling.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * Where the guest's console goes: standard output, a log file if one is wanted, and those who wait for a text. The guest
 * never notices that one of them is broken; the session does.
 */
public final class ConsoleOutput extends OutputStream {
    private final OutputStream terminal;
    private final OutputStream log;
    private final LineWatcher watcher;
    private final Consumer<IOException> terminalBroken;
    private final Consumer<IOException> logBroken;

    /** @param log may be {@link OutputStream#nullOutputStream()} */
    public ConsoleOutput(OutputStream terminal, Consumer<IOException> terminalBroken, OutputStream log,
            Consumer<IOException> logBroken, LineWatcher watcher) {
        this.terminal = terminal;
        this.terminalBroken = terminalBroken;
        this.log = log;
        this.logBroken = logBroken;
        this.watcher = watcher;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        write(terminal, terminalBroken, bytes, offset, count);
        write(log, logBroken, bytes, offset, count);
        watcher.accept(bytes, offset, count);
    }

    private static void write(OutputStream to, Consumer<IOException> broken, byte[] bytes, int offset, int count) {
        try {
            to.write(bytes, offset, count);
        } catch (IOException e) {
            broken.accept(e);
        }
    }
}
