package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
