package io.nestling.tests.oracle;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.runtime.interp.Semantics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ArrayList;

/** Writes docs/coverage.md: which instructions of the table have semantics, and which of these meet the oracle. */
public final class CoveragePage {
    private CoveragePage() {}

    /** Writes the page into the file named by the only argument. */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), text());
    }

    /** The page. */
    public static String text() {
        Map<String, List<Insn>> sections = new LinkedHashMap<>();
        for (Insn row : Isa.rows()) {
            sections.computeIfAbsent(row.section(), k -> new ArrayList<>()).add(row);
        }
        StringBuilder detail = new StringBuilder();
        StringBuilder totals = new StringBuilder();
        int all = 0;
        int done = 0;
        int tested = 0;
        for (Map.Entry<String, List<Insn>> s : sections.entrySet()) {
            int sectionDone = 0;
            int sectionTested = 0;
            detail.append("\n### ").append(s.getKey()).append("\n\n| mnemonic | semantics | oracle |\n|---|---|---|\n");
            for (Insn row : s.getValue()) {
                boolean has = Semantics.of(row.op()) != null;
                String skipped = Differences.skipped(row);
                sectionDone += has ? 1 : 0;
                sectionTested += has && skipped == null ? 1 : 0;
                detail.append("| ").append(row.name()).append(" | ").append(has ? "yes" : "not yet").append(" | ")
                        .append(skipped != null ? "no: " + skipped : has ? "yes" : "").append(" |\n");
            }
            totals.append("| ").append(s.getKey()).append(" | ").append(s.getValue().size()).append(" | ")
                    .append(sectionDone).append(" | ").append(sectionTested).append(" |\n");
            all += s.getValue().size();
            done += sectionDone;
            tested += sectionTested;
        }
        return """
                # Instruction coverage

                Generated from the instruction table, the semantics and the oracle's table of differences; do not edit. To
                regenerate: `mvn -pl tests -am test -Dtest=CoverageTest -Dnestling.regenerate=true
                -Dsurefire.failIfNoSpecifiedTests=false`.

                A row of the table is a mnemonic without its suffixes for Rc, OE, LK and AA. "Semantics" says whether we execute
                it; "oracle" whether the suite in `tests` compares it with user-mode QEMU on random operands, or why not.

                | section of Power ISA 3.0B | rows | with semantics | compared with the oracle |
                |---|---|---|---|
                """ + totals + "| **all** | **" + all + "** | **" + done + "** | **" + tested + "** |\n\n## Row by row\n" + detail;
    }
}
