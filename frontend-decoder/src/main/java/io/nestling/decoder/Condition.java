package io.nestling.decoder;

/**
 * A condition on the fields of a word under which a form of assembler text applies: {@code field = value}, where the
 * value is one of several numbers or a linear expression of another field.
 *
 * @param field    the left-hand side, unsigned
 * @param relation how it compares
 * @param numbers  the right-hand side when it is a choice of numbers, else empty
 * @param other    the field of the right-hand side, or null
 * @param constant what is added to the other field
 * @param negated  whether the other field is subtracted from the constant
 */
public record Condition(Field field, Relation relation, int[] numbers, Field other, int constant, boolean negated) {

    /** How the two sides must compare. */
    public enum Relation {
        /** Equal to the expression or to one of the numbers. */
        EQUAL,
        /** Unequal to the expression and to all numbers. */
        UNEQUAL,
        /** Less than the expression. */
        LESS,
        /** Greater than the expression. */
        GREATER
    }

    /** Whether the condition holds for {@code word}. */
    public boolean holds(int word) {
        int left = field.extract(word);
        if (other != null) {
            return compare(left, expression(word));
        }
        for (int n : numbers) {
            if (compare(left, n)) {
                return relation != Relation.UNEQUAL || allUnequal(left);
            }
        }
        return false;
    }

    private boolean allUnequal(int left) {
        for (int n : numbers) {
            if (left == n) {
                return false;
            }
        }
        return true;
    }

    private int expression(int word) {
        int value = other.extract(word);
        return negated ? constant - value : constant + value;
    }

    private boolean compare(int left, int right) {
        return switch (relation) {
            case EQUAL -> left == right;
            case UNEQUAL -> left != right;
            case LESS -> left < right;
            case GREATER -> left > right;
        };
    }

    /** {@code word} with the field set so that an equality holds; unchanged for other relations. */
    int impose(int word) {
        if (relation != Relation.EQUAL) {
            return word;
        }
        return field.insert(word, other != null ? expression(word) : numbers[0]);
    }
}
