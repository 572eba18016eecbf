package io.nestling.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The host's terminal in raw mode, so that every key including Ctrl-C reaches the guest. It is put back on every way out:
 * by {@link #close}, by a shutdown hook on signals, and by a waiting child process when the JVM itself is killed.
 */
public final class RawTerminal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final String saved;
    private final Process guardian;
    private final Thread hook;
    private boolean restored;

    private RawTerminal(String saved, Process guardian) {
        this.saved = saved;
        this.guardian = guardian;
        this.hook = new Thread(this::restore);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Makes the terminal on standard input raw. Output keeps its newline translation, as our own messages need it.
     *
     * @return null where standard input is no terminal, or there is no {@code stty}
     */
    public static RawTerminal open() {
        String saved = stty("-g");
        if (saved == null || !saved.matches("[0-9a-zA-Z:=;_,.-]+")) {
            return null;
        }
        try {
            // The guardian ends when its standard input does, which is when this process ends in whatever way.
            Process guardian = new ProcessBuilder("/bin/sh", "-c",
                    "trap '' HUP INT QUIT TERM TSTP; cat >/dev/null; stty \"$1\" </dev/tty", "nestling-tty", saved)
                    .redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start();
            var terminal = new RawTerminal(saved, guardian);
            if (stty("raw -echo opost onlcr") == null) {
                terminal.close();
                return null;
            }
            return terminal;
        } catch (IOException e) {
            return null;
        }
    }

    /** Puts the terminal back as it was. */
    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already ending and runs the hook itself.
        }
    }

    private synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        stty(saved);
        try {
            OutputStream lifeline = guardian.getOutputStream();
            lifeline.close();
            guardian.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            guardian.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs stty on our own standard input and gives its output; null when it fails. */
    private static String stty(String arguments) {
        try {
            var command = ("stty " + arguments).split(" ");
            Process process = new ProcessBuilder(command).redirectInput(Redirect.INHERIT).redirectError(Redirect.DISCARD).start();
            String out;
            try (InputStream in = process.getInputStream()) {
                out = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
            return process.waitFor() == 0 ? out : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
