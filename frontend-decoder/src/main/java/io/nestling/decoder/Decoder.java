package io.nestling.decoder;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the row of an instruction word. The primary opcode (bits 0 to 5) selects a subtable; where rows of that opcode
 * have fixed bits in 21 to 31, those eleven bits index it. A cell holds the first candidate row, {@link #NEXT} leads from
 * a candidate to the next one, more specific rows (more fixed bits) first.
 */
public final class Decoder {
    private static final int LOW = 0x7ff;

    /** Candidates, numbered from 1: fixed bits, their values, the row and the next candidate (0 at the end of the chain). */
    private static int[] candidateMask = new int[2048];
    private static int[] candidateValue = new int[2048];
    private static short[] candidateOp = new short[2048];
    private static short[] candidateNext = new short[2048];
    private static int candidates = 1;

    /** For every primary opcode, where its cells begin and which of the low bits index them. */
    private static final int[] START = new int[64];
    private static final int[] INDEX = new int[64];
    private static final short[] CELL;
    private static final int[] MASK;
    private static final int[] VALUE;
    private static final short[] OP;
    private static final short[] NEXT;

    static {
        CELL = build();
        MASK = Arrays.copyOf(candidateMask, candidates);
        VALUE = Arrays.copyOf(candidateValue, candidates);
        OP = Arrays.copyOf(candidateOp, candidates);
        NEXT = Arrays.copyOf(candidateNext, candidates);
        candidateMask = candidateValue = null;
        candidateOp = candidateNext = null;
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

    private static short[] build() {
        List<Insn> rows = Isa.rows();
        Insn[] specificLast = rows.toArray(new Insn[0]);
        Arrays.sort(specificLast, Comparator.comparingInt(i -> Integer.bitCount(i.mask())));
        for (Insn row : rows) {
            if ((row.mask() & LOW) != 0) {
                INDEX[row.value() >>> 26] = LOW;
            }
        }
        int size = 0;
        for (int primary = 0; primary < 64; primary++) {
            START[primary] = size;
            size += INDEX[primary] + 1;
        }
        short[] cells = new short[size];
        for (Insn row : specificLast) {
            int primary = row.value() >>> 26;
            int free = INDEX[primary] & ~row.mask();
            // Walks all values of the free index bits.
            for (int bits = 0;; bits = bits - free & free) {
                int cell = START[primary] + (row.value() & INDEX[primary] | bits);
                cells[cell] = candidate(row, cells[cell]);
                if (bits == free) {
                    break;
                }
            }
        }
        return cells;
    }

    /** A candidate for {@code row} followed by {@code next}, shared between cells. */
    private static short candidate(Insn row, short next) {
        for (int i = candidates - 1; i > 0 && candidateOp[i] == row.op(); i--) {
            if (candidateNext[i] == next) {
                return (short) i;
            }
        }
        candidateMask[candidates] = row.mask();
        candidateValue[candidates] = row.value();
        candidateOp[candidates] = (short) row.op();
        candidateNext[candidates] = next;
        return (short) candidates++;
    }
}
