package io.nestling.cli.console;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts the guest's console into lines for those who wait for a text. A line is shown when it is complete, and also
 * before, each time more of it arrives, so that a prompt without an end of line is seen.
 */
public final class LineWatcher {
    /** Longer lines are cut, so that a guest cannot make us keep or search without bound. Bytes. */
    static final int LONGEST = 4096;

    private final Consumer<String> watcher;
    private final byte[] line = new byte[LONGEST];
    private int length;

    public LineWatcher(Consumer<String> watcher) {
        this.watcher = watcher;
    }

    /** Takes what the guest printed. */
    public void accept(byte[] bytes, int offset, int count) {
        boolean unseen = false;
        for (int i = offset; i < offset + count; i++) {
            byte b = bytes[i];
            if (b == '\n' || length == LONGEST) {
                show();
                length = 0;
                unseen = false;
            }
            if (b != '\n' && b != '\r' && b != 0) {
                line[length++] = b;
                unseen = true;
            }
        }
        if (unseen) {
            show();
        }
    }

    private void show() {
        if (length > 0) {
            watcher.accept(new String(line, 0, length, StandardCharsets.UTF_8));
        }
    }
}
