package io.nestling.decoder;

import java.util.Random;

/** Random encodings of instructions, derived from the table. */
final class Encodings {
    private static final int[] EDGES = {0, 1, -1, -2};

    private Encodings() {}

    /** A word of {@code row} with reserved bits 0 that satisfies the conditions of {@code form} where that is easy. */
    static int random(Insn row, Form form, Random random) {
        int word = 0;
        for (int attempt = 0; attempt < 200; attempt++) {
            word = random.nextInt();
            for (Operand operand : row.operands()) {
                if (random.nextInt(4) == 0) {
                    word = operand.field().insert(word, EDGES[random.nextInt(EDGES.length)]);
                }
            }
            for (Condition condition : form.conditions()) {
                if (condition.relation() == Condition.Relation.EQUAL && condition.other() == null) {
                    word = condition.field().insert(word, condition.numbers()[random.nextInt(condition.numbers().length)]);
                } else {
                    word = condition.impose(word);
                }
            }
            word = word & ~row.mask() & ~row.ignored() | row.value();
            if (form.appliesTo(word)) {
                break;
            }
        }
        return word;
    }
}
