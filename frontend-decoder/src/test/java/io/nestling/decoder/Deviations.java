package io.nestling.decoder;

import java.util.Set;

/** Where the disassembler differs from objdump on purpose; docs/instruction-table.md lists the same. */
final class Deviations {
    /** Instructions of other processors or other versions of the ISA that objdump accepts for POWER9. */
    private static final Set<String> FOREIGN = Set.of("attn", "rfi", "urfid", "msgsndu", "msgclru", "mtsrd", "mtsrdin", "mtsle",
            "eciwx", "ecowx", "tlbia", "pbt.", "icswx", "icswx.", "dcbi", "hashst", "hashchk", "hashstp", "hashchkp", "rmieg", "tlbld", "tlbli");

    private Deviations() {}

    /** Why the text of {@code word} is not objdump's {@code expected}, or null when it must be. */
    static String of(int word, String expected) {
        return switch (Decoder.decode(word)) {
            case Op.ILLEGAL -> FOREIGN.contains(expected.split(" ")[0]) ? "not in ISA 3.0B" : null;
            case Op.LFDP, Op.LFDPX, Op.STFDP, Op.STFDPX -> "in ISA 3.0B (phased out), but objdump knows them only for POWER6";
            case Op.MFTB -> "in ISA 3.0B (phased out), but objdump knows only the mfspr encoding for POWER9";
            default -> null;
        };
    }
}
