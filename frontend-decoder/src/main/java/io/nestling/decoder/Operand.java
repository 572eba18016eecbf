package io.nestling.decoder;

/**
 * One operand of an instruction: a field, what the field's number means, and what the instruction does with it.
 *
 * @param name   the operand's name in the table, for example {@code RA0}
 * @param field  where it stands in the word
 * @param kind   what the number names
 * @param reads  whether the named register is read
 * @param writes whether the named register is written
 * @param signed whether the field is sign-extended
 * @param scale  what the field is multiplied by
 * @param from   when positive, the value is this minus the field
 * @param zero   the value that a field of 0 stands for, mostly 0
 * @param either whether the assembler takes a 16-bit number with or without a sign
 * @param base   whether assembler text puts the operand in parentheses after the one before it, as in {@code D(RA)}
 */
public record Operand(String name, Field field, Kind kind, boolean reads, boolean writes, boolean signed, int scale, int from, int zero,
        boolean either, boolean base) {

    /** What the number in an operand's field means. */
    public enum Kind {
        /** A general-purpose register. */
        GPR,
        /** A general-purpose register, where 0 stands for the number zero. */
        GPR0,
        /** An even general-purpose register and the one after it. */
        GPRPAIR,
        /** The first of a run of general-purpose registers whose length the instruction gives elsewhere. */
        GPRS,
        /** A floating-point register. */
        FPR,
        /** An even floating-point register and the one after it. */
        FPRPAIR,
        /** A vector register (VSR 32 to 63). */
        VR,
        /** A vector-scalar register, 0 to 63. */
        VSR,
        /** A condition-register field. */
        CR,
        /** A bit of the condition register. */
        CRB,
        /** A field of the FPSCR. */
        FPSCRF,
        /** A bit of the FPSCR. */
        FPSCRB,
        /** A special-purpose register, its number's halves swapped in the word. */
        SPR,
        /** A time-base register, its number's halves swapped in the word. */
        TBR,
        /** A number. */
        IMM,
        /** A displacement in bytes. */
        DISP,
        /** A branch target relative to the instruction's address, or absolute when AA is set. */
        REL
    }

    /** The operand's value in {@code word}: a register number, or a number with sign, scale and offsets applied. */
    public int value(int word) {
        int raw = field.extract(word);
        if (raw == 0 && zero != 0) {
            return zero;
        }
        if (from > 0) {
            return from - raw;
        }
        int width = field.width();
        return (signed ? raw << 32 - width >> 32 - width : raw) * scale;
    }

    /** {@code word} with the operand set to {@code value}, which must be {@link #accepts accepted}. */
    public int set(int word, long value) {
        return field.insert(word, (int) units(value));
    }

    /** Whether {@code value} can be encoded. */
    public boolean accepts(long value) {
        if (value % scale != 0) {
            return false;
        }
        long units = units(value);
        int width = field.width();
        return signed ? units >= -1L << width - 1 && units < 1L << width - 1 : units >= 0 && units < 1L << width;
    }

    private long units(long value) {
        if (zero != 0 && value == zero) {
            return 0;
        }
        return from > 0 ? from - value : value / scale;
    }
}
