package io.nestling.decoder;

/**
 * A field of an instruction word as the table declares it: one or more runs of bits, the most significant run first.
 *
 * @param name   the name in the table
 * @param letter the lower-case letter that marks the field's bits in patterns
 * @param shifts for every run, how far its last bit is from bit 31 of the word
 * @param widths for every run, its length in bits
 */
public record Field(String name, char letter, int[] shifts, int[] widths) {

    /** Parses book bit numbers such as {@code 31,6-10}. */
    static Field parse(String name, char letter, String bits) {
        String[] runs = bits.split(",");
        int[] shifts = new int[runs.length];
        int[] widths = new int[runs.length];
        for (int i = 0; i < runs.length; i++) {
            int dash = runs[i].indexOf('-');
            int first = Integer.parseInt(dash < 0 ? runs[i] : runs[i].substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(runs[i].substring(dash + 1));
            shifts[i] = 31 - last;
            widths[i] = last - first + 1;
        }
        return new Field(name, letter, shifts, widths);
    }

    /** The number of bits, 1 to 24. */
    public int width() {
        int width = 0;
        for (int w : widths) {
            width += w;
        }
        return width;
    }

    /** The bits of the instruction word that belong to the field. */
    public int mask() {
        return insert(0, -1);
    }

    /** The field's value in {@code word}, zero-extended. */
    public int extract(int word) {
        int value = 0;
        for (int i = 0; i < shifts.length; i++) {
            value = value << widths[i] | word >>> shifts[i] & (1 << widths[i]) - 1;
        }
        return value;
    }

    /** {@code word} with the field set to the low bits of {@code value}. */
    public int insert(int word, int value) {
        int rest = value;
        int result = word;
        for (int i = shifts.length - 1; i >= 0; i--) {
            int ones = (1 << widths[i]) - 1;
            result = result & ~(ones << shifts[i]) | (rest & ones) << shifts[i];
            rest >>>= widths[i];
        }
        return result;
    }
}
