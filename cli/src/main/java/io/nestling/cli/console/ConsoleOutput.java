package io.nestling.cli.console;

import java.io.IOException;
import java.io.OutputStream;

/** Where the guest's console goes: standard output, a log file if one is wanted, and those who wait for a text. */
public final class ConsoleOutput extends OutputStream {
    private final OutputStream terminal;
    private final OutputStream log;
    private final LineWatcher watcher;

    /** @param log may be {@link OutputStream#nullOutputStream()} */
    public ConsoleOutput(OutputStream terminal, OutputStream log, LineWatcher watcher) {
        this.terminal = terminal;
        this.log = log;
        this.watcher = watcher;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        try {
            terminal.write(bytes, offset, count);
            log.write(bytes, offset, count);
        } finally {
            watcher.accept(bytes, offset, count);
        }
    }

    @Override
    public void flush() throws IOException {
        terminal.flush();
        log.flush();
    }
}
