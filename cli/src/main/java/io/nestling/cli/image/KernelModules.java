package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    /** Those of the names that the package has as modules. */
    List<String> among(List<String> names) {
        return names.stream().filter(files::containsKey).toList();
    }

    static List<String> needs(byte[] module) {
        return facts(module, "depends").stream().filter(needs -> !needs.isEmpty())
                .flatMap(needs -> Stream.of(needs.replace('-', '_').split(","))).toList();
    }

    /** What a module says of itself under a name: {@code depends}, {@code alias}, {@code vermagic} and so on. */
    static List<String> facts(byte[] module, String name) {
        String text = new String(module, StandardCharsets.ISO_8859_1);
        String start = "\0" + name + "=";
        var values = new ArrayList<String>();
        for (int at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
            int end = text.indexOf('\0', at + 1);
            if (end < 0) {
                break;
            }
            values.add(text.substring(at + start.length(), end));
        }
        return values;
    }
}
