package io.nestling.decoder;

import java.util.List;
import java.util.function.LongFunction;

/**
 * Writes instruction words as assembler text, in the words of {@code objdump -d -M power9}: extended mnemonics where the
 * table declares them, {@code .long} for words that are no valid instruction.
 */
public final class Disassembler {
    private static final String[] CR_BITS = {"lt", "gt", "eq", "so"};
    private static final int OPERAND_COLUMN = 8;

    private Disassembler() {}

    /** The text of {@code word} at {@code address}; branch targets are written as {@code 0x...}. */
    public static String disassemble(int word, long address) {
        return disassemble(word, address, target -> "0x" + Long.toHexString(target));
    }

    /** The text of {@code word} at {@code address}; {@code targets} writes the addresses that branches go to. */
    public static String disassemble(int word, long address, LongFunction<String> targets) {
        int op = Decoder.decode(word);
        if (op != 0) {
            Insn row = Isa.row(op);
            if ((word & row.unwritten()) == 0) {
                for (Form form : row.forms()) {
                    if (form.appliesTo(word)) {
                        return write(row, form, word, address, targets);
                    }
                }
            }
        }
        return ".long 0x" + Integer.toHexString(word);
    }

    private static String write(Insn row, Form form, int word, long address, LongFunction<String> targets) {
        StringBuilder out = new StringBuilder(form.before());
        for (Flag flag : row.flags()) {
            if (flag.isSet(word)) {
                out.append(flag.suffix());
            }
        }
        out.append(form.after());
        List<Form.Item> items = form.operands();
        boolean first = true;
        for (int i = 0; i < items.size(); i++) {
            Form.Item item = items.get(i);
            if (item.optional() && restIsDefault(items, i, word)) {
                continue;
            }
            if (first) {
                do {
                    out.append(' ');
                } while (out.length() < OPERAND_COLUMN);
            } else if (!item.operand().base()) {
                out.append(',');
            }
            first = false;
            if (item.operand().base()) {
                append(out.append('('), row, item.operand(), word, address, targets);
                out.append(')');
            } else {
                append(out, row, item.operand(), word, address, targets);
            }
        }
        return out.toString();
    }

    /** Whether the optional operands from number {@code from} on all have their default values. */
    private static boolean restIsDefault(List<Form.Item> items, int from, int word) {
        for (Form.Item item : items.subList(from, items.size())) {
            if (item.optional() && item.operand().field().extract(word) != item.defaultValue()) {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder out, Insn row, Operand operand, int word, long address, LongFunction<String> targets) {
        int value = operand.value(word);
        switch (operand.kind()) {
            case GPR, GPRPAIR, GPRS -> out.append('r').append(value);
            case GPR0 -> out.append(value == 0 ? "0" : "r" + value);
            case FPR, FPRPAIR -> out.append('f').append(value);
            case VR -> out.append('v').append(value);
            case VSR -> out.append("vs").append(value);
            case CR, FPSCRF -> out.append("cr").append(value);
            case CRB -> {
                if (value >= 4) {
                    out.append("4*cr").append(value >> 2).append('+');
                }
                out.append(CR_BITS[value & 3]);
            }
            case REL -> {
                Flag absolute = row.flag("aa");
                // objdump writes the low 32 bits of absolute targets.
                out.append(targets.apply(absolute != null && absolute.isSet(word) ? value & 0xffffffffL : address + value));
            }
            case FPSCRB, SPR, TBR, IMM, DISP -> out.append(value);
        }
    }
}
