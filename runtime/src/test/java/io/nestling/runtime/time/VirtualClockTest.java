package io.nestling.runtime.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualClockTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16})
    void tellsTheFirstInstructionThatSeesATick(int perTick) {
        var clock = new VirtualClock(perTick);
        clock.idle(1000, 0);
        clock.others(77);
        for (long retired = 0; retired < 100; retired++) {
            for (long tb = 990; tb < 1200; tb++) {
                long at = clock.retiredAt(tb, retired);
                assertTrue(at >= retired);
                assertTrue(clock.timebase(at) >= tb);
                assertTrue(at == retired || clock.timebase(at - 1) < tb);
            }
        }
        assertEquals(Long.MAX_VALUE, clock.retiredAt(Long.MAX_VALUE, 5));
    }
}
