package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the Debian archive in the apt sources of hosts. */
class AptMirrorTest {
    @Test
    void readsDeb822WithKeyFile() {
        var mirror = AptMirror.ofDeb822(List.of("Types: deb", "# a comment", "URIs: http://mirror.invalid/debian",
                "Suites: bookworm bookworm-updates", "Components: main", "Signed-By: /usr/share/keyrings/x.gpg", "",
                "Types: deb", "URIs: http://mirror.invalid/debian-security", "Suites: bookworm-security"));
        assertEquals(Optional.of(new AptMirror("http://mirror.invalid/debian", "/usr/share/keyrings/x.gpg")), mirror);
    }

    @Test
    void keepsInlineKeysOfSeveralLines() {
        var mirror = AptMirror.ofDeb822(List.of("Types: deb deb-src", "URIs: http://a.invalid/d http://b.invalid/d",
                "Suites: trixie", "Signed-By:", " -----BEGIN", " .", " key"));
        assertEquals(Optional.of(new AptMirror("http://a.invalid/d", "\n -----BEGIN\n .\n key")), mirror);
    }

    @Test
    void skipsDisabledSourceOnlyAndForeignStanzas() {
        assertEquals(Optional.empty(), AptMirror.ofDeb822(List.of("Types: deb", "Enabled: no", "URIs: http://a.invalid",
                "Suites: sid", "", "Types: deb-src", "URIs: http://a.invalid", "Suites: sid", "", "Types: deb",
                "URIs: http://a.invalid", "Suites: noble")));
    }

    @Test
    void readsOneLineStyle() {
        var mirror = AptMirror.ofList(List.of("# deb http://no.invalid sid main", "deb-src http://no.invalid sid main",
                "deb http://no.invalid bookworm-security main",
                "deb [ arch=amd64 signed-by=/k.gpg ] http://yes.invalid/debian bookworm main contrib # note"));
        assertEquals(Optional.of(new AptMirror("http://yes.invalid/debian", "/k.gpg")), mirror);
        assertEquals(Optional.of(new AptMirror("http://yes.invalid", "")),
                AptMirror.ofList(List.of("deb http://yes.invalid stable main")));
    }

    @Test
    void looksThroughAllFilesOfTheHost(@TempDir Path etc) throws IOException {
        assertEquals(Optional.empty(), AptMirror.ofHost(etc));
        Files.createDirectory(etc.resolve("sources.list.d"));
        Files.writeString(etc.resolve("sources.list"), "# moved\n");
        Files.writeString(etc.resolve("sources.list.d/a.list.disabled"), "deb http://no.invalid sid main\n");
        Files.writeString(etc.resolve("sources.list.d/debian.sources"), "Types: deb\nURIs: http://yes.invalid\nSuites: sid\n");
        assertEquals("http://yes.invalid", AptMirror.ofHost(etc).orElseThrow().uri());
    }
}
