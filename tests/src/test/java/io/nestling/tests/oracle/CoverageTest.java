package io.nestling.tests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CoverageTest {
    private static final Path PAGE = Path.of("../docs/coverage.md");

    @Test
    void thePageIsWhatTheTablesSay() throws IOException {
        String text = CoveragePage.text();
        if (Boolean.getBoolean("nestling.regenerate")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, text);
        }
        assertEquals(text, Files.readString(PAGE),
                "docs/coverage.md is stale: run this test with -Dnestling.regenerate=true");
    }

    @Test
    void everyRuleOfDifferencesNamesARowAndASection() {
        for (Differences.Rule r : Differences.rules()) {
            assertTrue(Isa.rows().stream().map(Insn::name).anyMatch(n -> r.rows().matcher(n).matches()),
                    () -> "no row matches " + r.rows());
            assertTrue(r.why().matches("Book I+ \\d.*|not in version.*"), () -> r.why() + " does not begin with a section");
        }
    }
}
