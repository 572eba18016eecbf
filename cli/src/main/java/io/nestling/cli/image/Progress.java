package io.nestling.cli.image;

import io.nestling.cli.Messages;
import java.io.PrintStream;

/** Tells how far a fetch is: a bar that redraws itself on a terminal, one line per step elsewhere. */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private String step = "";
    private int drawn = -1;

    /** @param terminal whether {@code out} can redraw a line */
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Starts the next step, such as "fetching linux-image". */
    public void step(String what) {
        close();
        step = what;
        if (terminal) {
            percent(0);
        } else {
            out.println("nestling: " + Messages.oneLine(what));
        }
    }

    /** Shows how much of the step is done, 0 to 100. */
    public void percent(int done) {
        int now = Math.clamp(done, 0, 100);
        if (!terminal || now == drawn) {
            return;
        }
        drawn = now;
        int bars = now * WIDTH / 100;
        out.print("\r\u001b[Knestling: [" + "#".repeat(bars) + " ".repeat(WIDTH - bars) + "] "
                + "%3d %% ".formatted(now) + Messages.oneLine(step));
        out.flush();
    }

    /** Ends the step and takes the bar away. */
    @Override
    public void close() {
        if (drawn >= 0) {
            out.print("\r\u001b[K");
            out.flush();
        }
        drawn = -1;
    }
}
