package io.nestling.cli.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Debian archive that this host itself installs from, read from its apt sources (sources.list(5): one-line and deb822
 * style), so that a mirror or a proxy that was set up for the host serves the guests too.
 *
 * @param uri      archive address, without the release
 * @param signedBy value for {@code Signed-By}, possibly an inline key of several lines; empty for apt's own key rings
 */
public record AptMirror(String uri, String signedBy) {
    /** Releases that only Debian's main archive has. */
    private static final Set<String> SUITES = Set.of("oldoldstable", "oldstable", "stable", "testing", "unstable",
            "buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid");

    /** The first Debian archive in {@code sources.list} and {@code sources.list.d} below {@code etcApt}. */
    public static Optional<AptMirror> ofHost(Path etcApt) throws IOException {
        var files = new ArrayList<Path>();
        files.add(etcApt.resolve("sources.list"));
        Path parts = etcApt.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            try (var listed = Files.list(parts)) {
                listed.sorted().forEach(files::add);
            }
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!Files.isReadable(file) || !(name.endsWith(".list") || name.endsWith(".sources"))) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            var found = name.endsWith(".list") ? ofList(lines) : ofDeb822(lines);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** From lines such as {@code deb [signed-by=/a/key.gpg] URI bookworm main}. */
    static Optional<AptMirror> ofList(List<String> lines) {
        for (String raw : lines) {
            String line = raw.replaceFirst("#.*", "").strip();
            if (!line.matches("deb\\s.*")) {
                continue;
            }
            String options = "";
            String rest = line.substring(3).strip();
            if (rest.startsWith("[") && rest.contains("]")) {
                options = rest.substring(1, rest.indexOf(']'));
                rest = rest.substring(rest.indexOf(']') + 1).strip();
            }
            String[] words = rest.split("\\s+");
            if (words.length < 3 || !SUITES.contains(words[1])) {
                continue;
            }
            String key = "";
            for (String option : options.split("\\s+")) {
                if (option.toLowerCase(Locale.ROOT).startsWith("signed-by=")) {
                    key = option.substring("signed-by=".length()).replace(',', ' ');
                }
            }
            return Optional.of(new AptMirror(words[0], key));
        }
        return Optional.empty();
    }

    /** From stanzas of {@code Field: value} lines. */
    static Optional<AptMirror> ofDeb822(List<String> lines) {
        var stanza = new HashMap<String, String>();
        String field = "";
        var withEnd = new ArrayList<>(lines);
        withEnd.add("");
        for (String line : withEnd) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                var mirror = ofStanza(stanza);
                if (mirror.isPresent()) {
                    return mirror;
                }
                stanza.clear();
            } else if (Character.isWhitespace(line.charAt(0))) {
                stanza.merge(field, line, (a, b) -> a + "\n" + b);
            } else if (line.contains(":")) {
                field = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                stanza.put(field, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return Optional.empty();
    }

    private static Optional<AptMirror> ofStanza(Map<String, String> stanza) {
        boolean binary = List.of(stanza.getOrDefault("types", "").split("\\s+")).contains("deb");
        boolean enabled = !stanza.getOrDefault("enabled", "yes").equalsIgnoreCase("no");
        boolean debian = List.of(stanza.getOrDefault("suites", "").split("\\s+")).stream().anyMatch(SUITES::contains);
        String uri = stanza.getOrDefault("uris", "").split("\\s+")[0];
        return binary && enabled && debian && !uri.isEmpty()
                ? Optional.of(new AptMirror(uri, stanza.getOrDefault("signed-by", ""))) : Optional.empty();
    }
}
