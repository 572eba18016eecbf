package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code Op.java} is generated from the table; with {@code -Dnestling.regenerate=true} this test writes it. */
class OpSourceTest {
    private static final Path SOURCE = Path.of("src/main/java/io/nestling/decoder/Op.java");

    @Test
    void opConstantsAreThoseOfTheTable() throws IOException {
        String expected = generate();
        if (Boolean.getBoolean("nestling.regenerate")) {
            Files.writeString(SOURCE, expected);
        }
        assertEquals(expected, Files.readString(SOURCE), "stale; run: mvn -pl frontend-decoder test -Dtest=OpSourceTest -DargLine=-Dnestling.regenerate=true");
    }

    private static String generate() {
        StringBuilder out = new StringBuilder("""
                package io.nestling.decoder;

                /**
                 * The numbers of the rows of the instruction table, by base mnemonic. Generated from {@code power-isa.decode};
                 * do not edit (docs/instruction-table.md says how to regenerate).
                 */
                public final class Op {
                    /** The word is no instruction. */
                    public static final int ILLEGAL = 0;
                """);
        String section = "";
        for (Insn row : Isa.rows()) {
            if (!row.section().equals(section)) {
                section = row.section();
                out.append("\n    // ").append(section).append('\n');
            }
            out.append("    public static final int ").append(row.identifier().toUpperCase(Locale.ROOT)).append(" = ").append(row.op()).append(";\n");
        }
        out.append("\n    /** One more than the highest row number. */\n    public static final int COUNT = ").append(Isa.rows().size() + 1);
        return out.append(";\n\n    private Op() {}\n}\n").toString();
    }
}
