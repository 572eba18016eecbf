package io.nestling.hv.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tree of guests as it follows from who asks and who is entered, and that rows add up. */
class NestLedgerTest {
    private static final int OWN = 0;

    private long retired;
    private final NestLedger ledger = new NestLedger(1, OWN, p -> retired);

    private void run(int lpid, long instructions) {
        ledger.runs(0, lpid, retired, 0);
        ledger.enter(0);
        retired += instructions;
        ledger.exit(0, 0xc00);
    }

    private List<String> tree() {
        return ledger.tree().stream().map(s -> s.replaceAll(":.*", "")).toList();
    }

    @Test
    void findsWhoseChildAGuestIs() {
        // L1 runs L2 (1), which runs L3: to level 0 that is another guest of L1 (2).
        run(1, 10);
        ledger.asks(0);
        run(OWN, 5);
        run(2, 20);
        // L3 runs L4: it asks, L1 lets L2 answer, L2 asks in its turn, and L1 enters a new guest (3).
        ledger.asks(0);
        run(OWN, 5);
        run(1, 10);
        ledger.asks(0);
        run(OWN, 5);
        run(3, 40);
        // Another guest of L1 itself, while nobody asks.
        run(OWN, 5);
        run(1, 10);
        run(2, 10);
        run(3, 10);
        run(OWN, 5);
        run(9, 1);
        assertEquals(List.of("L1 guest 0", "  L2 guest 1", "    L3 guest 2", "      L4 guest 3", "  L2 guest 4"), tree());
    }

    @Test
    void rowsAddUp() {
        run(OWN, 100);
        run(1, 10);
        ledger.asks(0);
        run(OWN, 5);
        run(2, 20);
        retired += 3;
        Map<String, Long> rows = ledger.byLevel();
        assertEquals(105, rows.get("1.instructions"));
        assertEquals(10, rows.get("2.instructions"));
        assertEquals(23, rows.get("3.instructions"), "what goes on now counts too");
        assertEquals(2, rows.get("1.exits"));
        assertEquals(1, rows.get("3.exits.0xc00"));
    }

    @Test
    void anotherGuestMayGetTheNumberOfOneThatEnded() {
        run(1, 10);
        run(OWN, 1);
        ledger.ended(1);
        run(1, 10);
        assertEquals(List.of("L1 guest 0", "  L2 guest 1", "  L2 guest 2"), tree());
    }

    @Test
    void isBounded() {
        for (int i = 1; i < 10_000; i++) {
            run(1, 1);
            ledger.ended(1);
        }
        assertEquals(4096, ledger.tree().size());
        assertEquals(9_999, ledger.byLevel().get("2.instructions"));
    }
}
