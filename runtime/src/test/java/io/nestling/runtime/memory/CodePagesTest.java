package io.nestling.runtime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.time.VirtualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many pages may have instructions pre-decoded, and what becomes of the others. */
class CodePagesTest {
    private static final int ROOMS = 3;

    private final Ram ram = new Ram(1 << 20);
    private final CodePages pages = new CodePages(ram, ROOMS);
    private final Vcpu cpu = new Vcpu(0, new Mmu(ram, pages), new VirtualClock());

    @AfterEach
    void close() {
        ram.close();
    }

    private CodePage page(int frame) {
        return pages.get((long) frame << CodePage.SHIFT, false);
    }

    private boolean decode(int frame, int slot, long op) {
        CodePage page = page(frame);
        int version = pages.watch(page, cpu);
        long[] before = page.ops;
        pages.room(page);
        page.decoded(version, slot, op);
        return page.ops == before;
    }

    @Test
    void thePageThatHasHadItsPlaceLongestGivesItUp() {
        for (int frame = 0; frame < ROOMS; frame++) {
            assertFalse(decode(frame, 7, frame + 1), "a new place");
        }
        long[] first = page(0).ops;
        assertTrue(decode(0, 8, 20), "its place is kept");
        assertFalse(decode(ROOMS, 7, 9));
        assertEquals(0, first[7], "whoever runs from there comes to a halt");
        assertEquals(0, first[8]);
        assertEquals(CodePage.END_OF_PAGE, first[CodePage.SLOTS]);
        assertNotSame(first, page(0).ops);
        assertEquals(0, page(0).ops[7]);
        assertEquals(2, page(1).ops[7]);
        assertTrue(page(0).settled(), "stores to it are still trapped");
        assertFalse(decode(0, 7, 30), "it may have another place");
        assertEquals(30, page(0).ops[7]);
        assertEquals(0, page(1).ops[7]);
        assertEquals(3, page(2).ops[7]);
        assertEquals(9, page(ROOMS).ops[7]);
    }

    @Test
    void pagesWithoutPlaceShareOneArrayThatStaysEmpty() {
        assertSame(page(0).ops, page(1).ops);
        CodePage page = page(0);
        page.decoded(pages.watch(page, cpu), 0, 1);
        assertEquals(0, page.ops[0]);
        page.clear();
        assertEquals(CodePage.END_OF_PAGE, page.ops[CodePage.SLOTS]);
    }
}
