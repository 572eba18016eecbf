package io.nestling.cli.console;

import io.nestling.runtime.device.console.Console;
import java.io.IOException;
import java.io.InputStream;

/** Carries what is typed, or piped, to the guest's console. */
public final class ConsoleInput {
    private static final int CHUNK = 1024;
    private static final long PAUSE_MILLIS = 2;

    private final InputStream in;
    private final Console console;
    private final byte[] toGuest = new byte[CHUNK];
    private EscapeKeys keys;
    private int length;

    public ConsoleInput(InputStream in, Console console) {
        this.in = in;
        this.console = console;
    }

    /** Looks for our own keys in the input; for terminals, not for pipes that may carry any byte. */
    public void escape(EscapeKeys.Actions actions) {
        keys = new EscapeKeys(b -> toGuest[length++] = (byte) b, actions);
    }

    /** Reads on a thread of its own until the input ends. */
    public void start() {
        Thread.ofPlatform().daemon().name("console input").start(this::pump);
    }

    private void pump() {
        byte[] typed = new byte[CHUNK];
        try {
            for (int n = in.read(typed); n >= 0; n = in.read(typed)) {
                length = 0;
                for (int i = 0; i < n; i++) {
                    if (keys != null) {
                        keys.accept(typed[i] & 0xff);
                    } else {
                        toGuest[length++] = typed[i];
                    }
                }
                console.feed(toGuest, 0, length);
                // A file may come faster than a guest reads; keys must always come through.
                while (keys == null && console.hasInput()) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (IOException e) {
            // A terminal that went away is an end of input like any other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        console.endInput();
    }
}
