package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Sources generated from the table are checked in; with {@code -Dnestling.regenerate=true} this test writes them. */
class GeneratedSourcesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/nestling/decoder");
    private static final String HINT = "stale; run: mvn -pl frontend-decoder test -Dtest=GeneratedSourcesTest -Dnestling.regenerate=true";

    @Test
    void opConstantsAreThoseOfTheTable() throws IOException {
        check("Op.java", ops());
    }

    @Test
    void decoderRowsAreThoseOfTheTable() throws IOException {
        check("DecoderRows.java", decoderRows());
    }

    private static void check(String file, String expected) throws IOException {
        if (Boolean.getBoolean("nestling.regenerate")) {
            Files.writeString(SOURCES.resolve(file), expected);
        }
        assertEquals(expected, Files.readString(SOURCES.resolve(file)), HINT);
    }

    private static String ops() {
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

    private static String decoderRows() {
        Insn[] rows = Isa.rows().toArray(new Insn[0]);
        Arrays.sort(rows, Comparator.comparingInt(i -> Integer.bitCount(i.mask())));
        StringBuilder out = new StringBuilder("""
                package io.nestling.decoder;

                /**
                 * The fixed bits of all rows, so that decoding can begin before the table has been read: mask, value and row
                 * number, the least specific rows first. Generated from {@code power-isa.decode}; do not edit
                 * (docs/instruction-table.md says how to regenerate).
                 */
                final class DecoderRows {
                    private DecoderRows() {}

                    static int[] rows() {
                        return new int[] {
                """);
        for (Insn row : rows) {
            out.append(String.format("            0x%08x, 0x%08x, %d,%n", row.mask(), row.value(), row.op()));
        }
        return out.append("        };\n    }\n}\n").toString();
    }
}
