package io.nestling.decoder;

import java.util.List;
import java.util.Set;

/**
 * A row of the instruction table: everything the emulator knows about an instruction besides its semantics.
 *
 * @param op         the row number, from 1; one of the constants of {@link Op}
 * @param name       the base mnemonic
 * @param section    the ISA section whose instructions the row belongs to
 * @param mask       the fixed bits
 * @param value      the value of the fixed bits
 * @param ignored    the reserved bits, which processors ignore and assemblers leave 0
 * @param unwritten  those of them that make a word unfit to be written as text when they are not 0
 * @param operands   in assembler order
 * @param flags      bits that extend the mnemonic, in the order of their suffixes
 * @param facility   what must be enabled
 * @param privilege  who may execute it
 * @param ends       whether it ends a block: a control transfer or a change of context
 * @param load       bytes read from storage: 0 none, {@link #VARIABLE} when not constant
 * @param store      bytes written to storage, likewise
 * @param update     whether RA receives the effective address
 * @param reserve    whether it makes or uses a reservation
 * @param reads      implicit registers read
 * @param writes     implicit registers written, without those that depend on a flag
 * @param version    the version of the ISA that introduced it, "" when older than v2.02
 * @param forms      the ways to write it: extended mnemonics, the first that applies is preferred, and at last the base mnemonic
 * @param inputs     extended mnemonics that only the assembler uses
 */
public record Insn(int op, String name, String section, int mask, int value, int ignored, int unwritten,
        List<Operand> operands, List<Flag> flags, Facility facility, Privilege privilege, boolean ends, int load, int store, boolean update,
        boolean reserve, Set<String> reads, Set<String> writes, String version, List<Form> forms,
        List<Form> inputs) {

    /** The value of {@link #load} and {@link #store} when the number of bytes is not constant. */
    public static final int VARIABLE = -1;

    /** Who may execute an instruction. */
    public enum Privilege {
        /** Anyone. */
        PROBLEM,
        /** Software running with MSR[PR] = 0. */
        PRIVILEGED,
        /** Software running with MSR[HV,PR] = 0b10. */
        HYPERVISOR
    }

    /** Whether {@code word} has the row's fixed bits; {@link Decoder#decode} also prefers more specific rows. */
    public boolean matches(int word) {
        return (word & mask) == value;
    }

    /** The flag of that name, or null when the row has none. */
    public Flag flag(String name) {
        for (Flag f : flags) {
            if (f.name().equals(name)) {
                return f;
            }
        }
        return null;
    }

    /** The operand of that name, or null when the row has none. */
    public Operand operand(String name) {
        for (Operand o : operands) {
            if (o.name().equals(name)) {
                return o;
            }
        }
        return null;
    }

    /** The name as an identifier of Java: a dot becomes an underscore. */
    public String identifier() {
        return name.replace('.', '_');
    }
}
