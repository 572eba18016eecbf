package io.nestling.decoder;

import java.util.List;

/**
 * A way to write an instruction in assembler: its base mnemonic or an extended one.
 *
 * @param before     the mnemonic up to the place of the flags' suffixes
 * @param after      the rest of it
 * @param operands   what follows the mnemonic
 * @param conditions what must hold of the word for the form to be used
 * @param alias      whether it is an extended mnemonic
 */
public record Form(String before, String after, List<Item> operands, List<Condition> conditions, boolean alias) {

    /**
     * An operand as text.
     *
     * @param operand      which
     * @param optional     whether it is left out when it and all optional operands after it have their default values
     * @param defaultValue the field's value when it is left out
     */
    public record Item(Operand operand, boolean optional, int defaultValue) {}

    /** Whether the form can be used for {@code word}, a word of its row. */
    public boolean appliesTo(int word) {
        for (Condition c : conditions) {
            if (!c.holds(word)) {
                return false;
            }
        }
        return true;
    }
}
