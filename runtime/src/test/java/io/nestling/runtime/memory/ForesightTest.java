package io.nestling.runtime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which memory the host is asked for. */
class ForesightTest {
    private static final long PAGE = 2L << 20;
    /** Not at a page's start, and not at one's end. */
    private static final long BEGIN = 100 * PAGE + 0x10000;
    private static final long END = 110 * PAGE - 0x10000;

    private record Asked(long address, long length) {}

    private final List<Asked> asked = new ArrayList<>();

    private int advise(long address, long length, int advice) {
        asked.add(new Asked(address, length));
        return 0;
    }

    private List<Asked> askedAfterUse(long... pages) throws ReflectiveOperationException {
        MethodHandle madvise = MethodHandles.lookup().bind(this, "advise",
                MethodType.methodType(int.class, long.class, long.class, int.class));
        var foresight = new Foresight(BEGIN, END, madvise);
        for (long page : pages) {
            foresight.used(Math.max(BEGIN, (100 + page) * PAGE));
        }
        foresight.finish();
        return asked;
    }

    private static Asked whole(long page) {
        return new Asked((100 + page) * PAGE, PAGE);
    }

    @Test
    void onePageTellsNothing() throws ReflectiveOperationException {
        assertEquals(List.of(), askedAfterUse(3, 5, 3, 7));
    }

    @Test
    void upwards() throws ReflectiveOperationException {
        assertEquals(List.of(whole(4), whole(5), whole(6), whole(7)), askedAfterUse(2, 3, 4));
    }

    @Test
    void downwardsToTheStart() throws ReflectiveOperationException {
        assertEquals(List.of(whole(2), whole(1), new Asked(BEGIN, 101 * PAGE - BEGIN)), askedAfterUse(4, 3));
    }

    @Test
    void upwardsToTheEnd() throws ReflectiveOperationException {
        assertEquals(List.of(new Asked(109 * PAGE, END - 109 * PAGE)), askedAfterUse(7, 8));
    }
}
