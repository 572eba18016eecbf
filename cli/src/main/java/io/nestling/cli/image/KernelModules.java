package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tukaani.xz.XZInputStream;

/** The modules of a kernel package, which name those they need in their {@code depends=} (modinfo(8)). */
final class KernelModules {
    /** Matches the files this class wants of a package. */
    static final String FILES = "(usr/)?lib/modules/[^/]*/(kernel/.*\\.ko(\\.xz)?|modules\\.builtin)";

    private final Map<String, Path> files = new HashMap<>();
    private final Map<String, byte[]> loaded = new LinkedHashMap<>();
    private String builtIn = "";

    /** @param unpacked the files of a package that match {@link #FILES} */
    KernelModules(Collection<Path> unpacked) throws IOException {
        for (Path file : unpacked) {
            String name = file.getFileName().toString();
            if (name.equals("modules.builtin")) {
                builtIn = Files.readString(file).replace('-', '_');
            } else {
                files.put(name.replaceFirst("\\.ko(\\.xz)?$", "").replace('-', '_'), file);
            }
        }
    }

    /**
     * Modules in the order in which they have to be loaded, uncompressed, by name. One that is part of the kernel is left out.
     *
     * @throws UserError if a kernel has one of them neither way
     */
    Map<String, byte[]> withNeeds(List<String> names) throws IOException {
        loaded.clear();
        for (String name : names) {
            load(name);
        }
        return loaded;
    }

    private void load(String name) throws IOException {
        if (loaded.containsKey(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            if (builtIn.contains("/" + name + ".ko\n")) {
                return;
            }
            throw new UserError("image build: the kernel has no module " + name + ": report this");
        }
        byte[] module = Files.readAllBytes(file);
        if (file.toString().endsWith(".xz")) {
            try (var in = new XZInputStream(new ByteArrayInputStream(module))) {
                module = in.readAllBytes();
            }
        }
        for (String need : needs(module)) {
            load(need);
        }
        loaded.put(name, module);
    }

    static List<String> needs(byte[] module) {
        String text = new String(module, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\0depends=");
        if (at < 0) {
            return List.of();
        }
        String needs = text.substring(at + "\0depends=".length(), text.indexOf('\0', at + 1));
        return needs.isEmpty() ? List.of() : List.of(needs.replace('-', '_').split(","));
    }
}
