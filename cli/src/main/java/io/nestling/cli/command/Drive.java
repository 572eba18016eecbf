package io.nestling.cli.command;

import io.nestling.cli.UserError;
import io.nestling.runtime.device.block.Disk;
import io.nestling.runtime.device.block.DiskFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A disk as the user asked for it: {@code FILE[,format=raw|qcow2][,readonly][,snapshot]}. */
record Drive(Path file, DiskFormat format, boolean readOnly, boolean snapshot) {
    private static final List<String> KEYS = List.of("format", "readonly", "snapshot");

    static Drive parse(String value) {
        var parts = new Suboptions("--drive", value, KEYS);
        Path file;
        try {
            file = Path.of(parts.first());
        } catch (InvalidPathException e) {
            throw new UserError("--drive " + value + ": not a file name: give FILE[,format=raw|qcow2][,readonly][,snapshot]");
        }
        if (parts.first().isEmpty()) {
            throw new UserError("--drive " + value + ": no file is named: give FILE[,format=raw|qcow2][,readonly][,snapshot]");
        }
        return new Drive(file, parts.get("format").map(name -> format(value, name)).orElse(null), parts.flag("readonly"),
                parts.flag("snapshot"));
    }

    private static DiskFormat format(String value, String name) {
        return Arrays.stream(DiskFormat.values()).filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> new UserError("--drive " + value + ": no such format \"" + name + "\": choose from "
                        + Arrays.stream(DiskFormat.values()).map(f -> f.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** Opens the file; without a format, the file's first bytes tell. */
    Disk open() {
        if (Files.isDirectory(file)) {
            throw new UserError("--drive " + file + ": a directory: name a disk image");
        }
        try {
            DiskFormat kept = format == null ? DiskFormat.of(file) : format;
            return kept.open(file, readOnly, snapshot);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new UserError("--drive " + file + ": may not be " + (readOnly || snapshot || !Files.isReadable(file)
                    ? "read: check its permissions" : "written: check its permissions, or add ,readonly or ,snapshot"), e);
        } catch (IOException e) {
            throw new UserError("--drive " + file + ": " + Host.reason(e), e);
        }
    }
}
