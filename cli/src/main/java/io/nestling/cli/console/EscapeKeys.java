package io.nestling.cli.console;

import java.util.function.IntConsumer;

/**
 * The keys that are for the emulator and not for the guest: Ctrl-a and then x, h, c or n; Ctrl-a twice is one Ctrl-a for the
 * guest. Everything else goes through.
 */
public final class EscapeKeys {
    /** What the keys do. */
    public interface Actions {
        void exit();

        void help();

        void status();

        /** Shows who runs whom. */
        void nest();
    }

    /** What Ctrl-a h prints. */
    public static final String HELP = "Ctrl-a x ends the emulator, Ctrl-a c shows what it is doing, Ctrl-a n the guests it runs, Ctrl-a h"
            + " shows this, Ctrl-a Ctrl-a sends Ctrl-a to the guest";

    private static final int CTRL_A = 1;

    private final IntConsumer guest;
    private final Actions actions;
    private boolean escaped;

    public EscapeKeys(IntConsumer guest, Actions actions) {
        this.guest = guest;
        this.actions = actions;
    }

    /** Takes the next byte from the keyboard. */
    public void accept(int key) {
        if (!escaped) {
            escaped = key == CTRL_A;
            if (!escaped) {
                guest.accept(key);
            }
            return;
        }
        escaped = false;
        switch (key) {
            case CTRL_A -> guest.accept(CTRL_A);
            case 'x', 'X' -> actions.exit();
            case 'h', 'H', '?' -> actions.help();
            case 'c', 'C' -> actions.status();
            case 'n', 'N' -> actions.nest();
            default -> {
                // Not one of ours: as if it had not been typed, so that a slip does not reach the guest.
            }
        }
    }
}
