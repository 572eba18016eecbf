package io.nestling.decoder;

/**
 * A bit of an instruction word that adds a letter to the mnemonic, such as Rc ({@code .}) or LK ({@code l}).
 *
 * @param name   the name in the table: {@code rc}, {@code rc1}, {@code rc6}, {@code oe}, {@code lk}, {@code aa}, {@code ro}, {@code ex}
 * @param field  the bit
 * @param suffix what it adds to the mnemonic
 * @param effect the implicit register written when the bit is 1, or null
 */
public record Flag(String name, Field field, String suffix, String effect) {

    /** Whether the bit is 1 in {@code word}. */
    public boolean isSet(int word) {
        return field.extract(word) != 0;
    }
}
