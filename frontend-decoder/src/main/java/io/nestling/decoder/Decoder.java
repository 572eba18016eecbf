package io.nestling.decoder;

import java.util.Arrays;

/**
 * Finds the row of an instruction word. The primary opcode (bits 0 to 5) selects a subtable, indexed by as many of the
 * low bits of the word as the rows of that opcode fix (eleven at most). A cell holds the first candidate row and
 * {@code NEXT} leads from a candidate to the next one, more specific rows (more fixed bits) first.
 */
public final class Decoder {
    private static final int LOW = 0x7ff;

    /** For every primary opcode, where its cells begin and which of the low bits index them. */
    private static final int[] START = new int[64];
    private static final int[] INDEX = new int[64];

    /** Per cell its first candidate. Candidate 0 ends every chain: it matches all words and has row number 0. */
    private static final short[] CELL;
    private static final int[] MASK;
    private static final int[] VALUE;
    private static final short[] OP;
    private static final short[] NEXT;

    static {
        Builder builder = new Builder();
        CELL = builder.cell;
        MASK = Arrays.copyOf(builder.mask, builder.candidates);
        VALUE = Arrays.copyOf(builder.value, builder.candidates);
        OP = Arrays.copyOf(builder.op, builder.candidates);
        NEXT = Arrays.copyOf(builder.next, builder.candidates);
    }

    private Decoder() {}

    /** The row number of {@code word} (see {@link Op} and {@link Isa#row(int)}), or 0 when the word is no instruction. */
    public static int decode(int word) {
        int primary = word >>> 26;
        int candidate = CELL[START[primary] + (word & INDEX[primary])];
        while ((word & MASK[candidate]) != VALUE[candidate]) {
            candidate = NEXT[candidate];
        }
        return OP[candidate];
    }

    /** Builds the cells in about a millisecond, still interpreted: it runs before the first guest instruction. */
    private static final class Builder {
        final short[] cell;
        final int[] mask = new int[4096];
        final int[] value = new int[4096];
        final short[] op = new short[4096];
        final short[] next = new short[4096];
        int candidates = 1;

        Builder() {
            int[] rows = DecoderRows.rows();
            for (int i = 0; i < rows.length; i += 3) {
                INDEX[rows[i + 1] >>> 26] |= rows[i] & LOW;
            }
            int size = 0;
            for (int primary = 0; primary < 64; primary++) {
                int index = INDEX[primary];
                INDEX[primary] = index == 0 ? 0 : (Integer.highestOneBit(index) << 1) - 1;
                START[primary] = size;
                size += INDEX[primary] + 1;
            }
            cell = new short[size];
            for (int i = 0; i < rows.length; i += 3) {
                addRow(rows[i], rows[i + 1], rows[i + 2]);
            }
        }

        private void addRow(int rowMask, int rowValue, int rowOp) {
            int index = INDEX[rowValue >>> 26];
            int start = START[rowValue >>> 26] + (rowValue & index);
            int free = index & ~rowMask;
            int first = candidates;
            int bits = 0;
            // Visits all values of the index bits that the row leaves free; neighbours mostly share one chain.
            do {
                short rest = cell[start + bits];
                int c = candidates - 1;
                while (c >= first && next[c] != rest) {
                    c--;
                }
                if (c < first) {
                    c = candidates++;
                    mask[c] = rowMask;
                    value[c] = rowValue;
                    op[c] = (short) rowOp;
                    next[c] = rest;
                }
                cell[start + bits] = (short) c;
                bits = bits - free & free;
            } while (bits != 0);
        }
    }
}
