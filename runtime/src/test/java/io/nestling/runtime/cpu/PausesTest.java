package io.nestling.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which times between looks are counted, and how. */
class PausesTest {
    private static final long MILLISECOND = 512_000;

    @Test
    void countsByClassWhatTakesAMillisecondOrLonger() {
        var one = new Pauses();
        long at = 12345;
        for (double ms : new double[] {0, 0.9, 1, 1.9, 5, 5, 700}) {
            one.look(at += (long) (ms * MILLISECOND));
        }
        var other = new Pauses();
        other.look(at);
        other.look(at + 6 * MILLISECOND);
        assertEquals(Map.of("1-2ms", 2L, "5-10ms", 3L, "50ms-or-longer", 1L), Pauses.histogram(List.of(one, other)));
        assertEquals(700_000, one.longestMicros());
    }

    @Test
    void waitingIsNoPause() {
        var pauses = new Pauses();
        pauses.look(0);
        pauses.waited();
        pauses.look(100 * MILLISECOND);
        assertEquals(Map.of(), Pauses.histogram(List.of(pauses)));
        assertEquals(0, pauses.longestMicros());
    }
}
