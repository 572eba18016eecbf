package io.nestling.cli.command;

import io.nestling.cli.UserError;
import io.nestling.runtime.device.share.Virtio9p;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** A folder of the host for the guest, as the user asked for it: {@code DIR,tag=NAME[,readonly]}. */
record Share(Path folder, String tag, boolean readOnly) {
    private static final String SHAPE = "give DIR,tag=NAME[,readonly]";
    private static final int LONGEST_TAG = 31;

    static Share parse(String value) {
        var parts = new Suboptions("--share", value, List.of("tag", "readonly"));
        String tag = parts.get("tag").orElseThrow(() -> new UserError("--share " + value + ": no tag: " + SHAPE));
        // Linux takes no longer ones, and splits its mount options at commas.
        if (!tag.matches("[\\x21-\\x7e&&[^,]]{1," + LONGEST_TAG + "}")) {
            throw new UserError("--share " + value + ": tag=" + tag + ": give 1 to " + LONGEST_TAG + " letters and digits");
        }
        try {
            if (parts.first().isEmpty()) {
                throw new UserError("--share " + value + ": no folder: " + SHAPE);
            }
            return new Share(Path.of(parts.first()), tag, parts.flag("readonly"));
        } catch (InvalidPathException e) {
            throw new UserError("--share " + value + ": not a file name: " + SHAPE, e);
        }
    }

    /** Opens the folder for one machine. */
    Virtio9p open(boolean synchronous) {
        try {
            return new Virtio9p(folder, tag, readOnly, synchronous);
        } catch (IOException e) {
            throw new UserError("--share " + folder + ": " + Host.reason(e) + ": name a folder that may be read", e);
        }
    }
}
