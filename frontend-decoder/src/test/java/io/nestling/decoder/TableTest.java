package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What must hold of the table as a whole. */
class TableTest {

    @Test
    void namesAreUnique() {
        Set<String> names = new HashSet<>();
        for (Insn row : Isa.rows()) {
            assertTrue(names.add(row.identifier()), row.name());
        }
    }

    /** Two rows may share words only when one of them fixes all that the other fixes and more. */
    @Test
    void overlapsAreRefinements() {
        List<String> wrong = new ArrayList<>();
        for (Insn a : Isa.rows()) {
            for (Insn b : Isa.rows()) {
                boolean share = a.op() < b.op() && ((a.value() ^ b.value()) & a.mask() & b.mask()) == 0;
                int common = a.mask() & b.mask();
                if (share && (a.mask() == b.mask() || common != a.mask() && common != b.mask())) {
                    wrong.add(a.name() + " and " + b.name());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyRowIsReached() {
        for (Insn row : Isa.rows()) {
            assertEquals(row.op(), Decoder.decode(row.value()), row.name());
        }
    }

    @Test
    void decodingFindsTheMostSpecificRow() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            int word = random.nextInt();
            if ((i & 1) == 0) {
                Insn row = Isa.row(1 + random.nextInt(Isa.rows().size()));
                word = word & ~row.mask() | row.value();
            }
            assertEquals(byScanning(word), Decoder.decode(word), Integer.toHexString(word));
        }
    }

    @Test
    void encodingWhatWasDecodedGivesTheSameWord() {
        Random random = new Random(2);
        for (int i = 0; i < 200_000; i++) {
            int word = random.nextInt();
            int op = Decoder.decode(word);
            if (op == 0) {
                continue;
            }
            Insn row = Isa.row(op);
            int again = row.value() | word & row.ignored();
            for (Operand operand : row.operands()) {
                int value = operand.value(word);
                assertTrue(operand.accepts(value), () -> row.name() + " " + operand.name());
                again = operand.set(again, value);
            }
            for (Flag flag : row.flags()) {
                again |= flag.isSet(word) ? flag.field().mask() : 0;
            }
            assertEquals(word, again, row.name());
        }
    }

    @Test
    void everyExtendedMnemonicIsPreferredForSomeWord() {
        Random random = new Random(3);
        for (Insn row : Isa.rows()) {
            for (Form form : row.forms()) {
                boolean reached = !form.alias();
                for (int i = 0; i < 1000 && !reached; i++) {
                    int word = Encodings.random(row, form, random);
                    reached = Decoder.decode(word) == row.op()
                            && row.forms().stream().filter(f -> f.appliesTo(word)).findFirst().orElse(null) == form;
                }
                assertTrue(reached, () -> form.before() + form.after() + " of " + row.name() + " is never used");
            }
        }
    }

    /** Words that several rows match go to the row with most fixed bits: proved for all 2^32 words, in about a minute. */
    @Test
    @EnabledIfSystemProperty(named = "nestling.sweep", matches = "true", disabledReason = "slow; run with -Dnestling.sweep=true")
    void everyWordIsDecodedAsTheTableSays() {
        Insn[] rows = Isa.rows().toArray(new Insn[0]);
        Arrays.sort(rows, Comparator.comparingInt(row -> Integer.bitCount(row.mask())));
        short[] expected = new short[1 << 26];
        long instructions = 0;
        for (int primary = 0; primary < 64; primary++) {
            Arrays.fill(expected, (short) 0);
            for (Insn row : rows) {
                if (row.value() >>> 26 == primary) {
                    int free = ~row.mask() & expected.length - 1;
                    int low = row.value() & expected.length - 1;
                    int bits = 0;
                    do {
                        expected[low | bits] = (short) row.op();
                        bits = bits - free & free;
                    } while (bits != 0);
                }
            }
            for (int low = 0; low < expected.length; low++) {
                int op = Decoder.decode(primary << 26 | low);
                if (op != expected[low]) {
                    assertEquals(expected[low], op, Integer.toHexString(primary << 26 | low));
                }
                instructions += op != 0 ? 1 : 0;
            }
        }
        System.out.printf("%d of 2^32 words (%.1f %%) are instructions%n", instructions, instructions * 100.0 / (1L << 32));
    }

    @Test
    void prefixedInstructionsOfLaterVersionsAreIllegal() {
        assertEquals(0, Decoder.decode(0x04000000));
        assertEquals(0, Decoder.decode(0x06000000));
        assertEquals(0, Decoder.decode(0));
    }

    @Test
    void reservedBitsAreIgnored() {
        assertEquals(Op.EIEIO, Decoder.decode(0x7c0006ac));
        assertEquals(Op.EIEIO, Decoder.decode(0x7e0006ac));
        assertEquals(Op.SYNC, Decoder.decode(0x7c2004ac));
        assertEquals(Op.LXVX, Decoder.decode(0x7c001a18));
        assertEquals(Op.LXVX, Decoder.decode(0x7c001a58));
    }

    private static int byScanning(int word) {
        int best = 0;
        int bits = -1;
        for (Insn row : Isa.rows()) {
            if (row.matches(word) && Integer.bitCount(row.mask()) > bits) {
                best = row.op();
                bits = Integer.bitCount(row.mask());
            }
        }
        return best;
    }
}
