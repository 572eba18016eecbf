package io.nestling.tests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static final int MULHW = 31 << 26 | 3 << 21 | 4 << 16 | 5 << 11 | 75 << 1;

    private static OracleCase mulhw(int word) {
        return new OracleCase("mulhw", new int[] {word}, 9, 7, Map.of("r4", OracleCase.Value.of(5)));
    }

    @Test
    void whatTheBookLeavesOpenIsNotCompared() {
        OracleCase c = mulhw(MULHW);
        State before = c.initial(0x1000, 0x2000);
        State a = before.copy();
        State b = before.copy();
        b.gpr[3] = a.gpr[3] ^ 0x1234_0000_0000_0000L;
        assertTrue(Differences.compare(c, before, a, b).isEmpty());
        b.gpr[3] ^= 1;
        assertEquals(List.of(new Differences.Difference("r3", a.gpr[3], a.gpr[3] ^ 1)),
                Differences.compare(c, before, a, b));
    }

    @Test
    void cr0IsOnlyForgivenToRecordForms() {
        State before = mulhw(MULHW).initial(0x1000, 0x2000);
        State a = before.copy();
        State b = before.copy();
        b.cr ^= 0x40000000;
        assertEquals(1, Differences.compare(mulhw(MULHW), before, a, b).size());
        assertTrue(Differences.compare(mulhw(MULHW | 1), before, a, b).isEmpty());
    }

    @Test
    void memoryAndEndingsCount() {
        OracleCase c = mulhw(MULHW);
        State before = c.initial(0x1000, 0x2000);
        State b = before.copy();
        b.window[17] ^= 1;
        b.ending = State.Ending.ILLEGAL;
        assertEquals(List.of("ending", "m17"),
                Differences.compare(c, before, before.copy(), b).stream().map(Differences.Difference::name).toList());
        assertTrue(Report.of(c, before, before, b, Differences.compare(c, before, before, b)).contains("window+0x011"));
    }

    @Test
    void casesSurviveTheirText() {
        for (String row : List.of("lwzux", "xsadddp", "bclr", "stdcx.")) {
            OracleCase c = CaseGenerator.generate(io.nestling.decoder.Isa.row(row), 3);
            OracleCase d = OracleCase.parse(c.text().lines().toList());
            assertEquals(c.text(), d.text());
            assertEquals(c.initial(0x1f0000, 0x110000), d.initial(0x1f0000, 0x110000));
        }
    }
}
