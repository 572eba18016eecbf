package io.nestling.decoder;

/** Where the disassembler differs from objdump on purpose. */
final class Deviations {
    private Deviations() {}

    /** Why the texts of {@code word} differ, or null when they must be equal. */
    static String of(int word) {
        return switch (Decoder.decode(word)) {
            case Op.LFDP, Op.LFDPX, Op.STFDP, Op.STFDPX -> "in ISA 3.0B, but objdump knows them for POWER6 only";
            case Op.MFTB -> "in ISA 3.0B (phased out), but objdump knows only the mfspr encoding for POWER9";
            default -> null;
        };
    }
}
