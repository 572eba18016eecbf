package io.nestling.decoder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The instruction table {@code power-isa.decode}, read once. */
public final class Isa {
    private static final List<Insn> ROWS = TableParser.parse(resource());

    private Isa() {}

    /** All rows in the order of the ISA book. */
    public static List<Insn> rows() {
        return ROWS;
    }

    /** The row with number {@code op}, 1 to {@code rows().size()}; see {@link Op}. */
    public static Insn row(int op) {
        return ROWS.get(op - 1);
    }

    /** The row with that base mnemonic, for example {@code addic.}, or null. */
    public static Insn row(String name) {
        return ByName.MAP.get(name);
    }

    private static final class ByName {
        static final Map<String, Insn> MAP = new HashMap<>();

        static {
            for (Insn row : ROWS) {
                MAP.put(row.name(), row);
            }
        }
    }

    static String resource() {
        try (InputStream in = Isa.class.getResourceAsStream("power-isa.decode")) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("the instruction table cannot be read", e);
        }
    }
}
