package io.nestling.jit.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.CompiledCode;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.time.VirtualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTablesTest {
    private static final int LIMIT = 3;

    private final Ram ram = new Ram(1 << 20);
    private final CodePages pages = new CodePages(ram);
    private final Vcpu cpu = new Vcpu(0, new Mmu(ram, pages), new VirtualClock());
    private final SharedTables tables = new SharedTables(LIMIT);

    @AfterEach
    void close() {
        ram.close();
    }

    private static final class Code extends CompiledCode {
        @Override
        public int run(Vcpu c, long base, int slot) {
            return CONTINUE;
        }
    }

    private CodePage page(int frame) {
        return pages.get((long) frame << CodePage.SHIFT, false);
    }

    private boolean give(int frame) {
        CodePage page = page(frame);
        int version = pages.watch(page, cpu);
        return tables.give(page, version, ContentKey.of(page, version));
    }

    @Test
    void pagesOfTheSameBytesShareTranslationsAndArrivals() {
        ram.putWordBe(0x3000, 0x60000000);
        assertFalse(give(1));
        assertTrue(give(2));
        assertFalse(give(3), "other bytes");
        var code = new Code();
        page(1).install(page(1).version(), code, new int[] {5});
        assertSame(code, page(2).compiled[5]);
        assertNull(page(3).compiled[5]);
        assertEquals(1, page(1).arrived(9));
        assertEquals(2, page(2).arrived(9));
        assertEquals(1, page(3).arrived(9));
    }

    @Test
    void aPageThatChangesLeavesTheOthersTheirs() {
        give(1);
        give(2);
        var code = new Code();
        page(1).install(page(1).version(), code, new int[] {5});
        ram.putWordBe(0x1000, 0x60000000);
        pages.written(0x1000);
        assertNull(page(1).compiled);
        assertEquals(0, page(1).arrived(9));
        assertSame(code, page(2).compiled[5]);
        assertFalse(give(1));
        assertNotSame(page(1).compiled, page(2).compiled);
    }

    @Test
    void pagesOfTheSameBytesShareDecodedInstructions() {
        give(1);
        give(2);
        pages.room(page(1));
        pages.room(page(2));
        page(1).decoded(page(1).version(), 4, 77);
        assertEquals(77, page(2).ops[4]);
        long[] shared = page(2).ops;
        ram.putWordBe(0x1000, 0x60000000);
        pages.written(0x1000);
        assertEquals(0, shared[4], "whoever runs from there in the page that has changed comes to a halt");
        assertSame(shared, page(2).ops);
        give(1);
        pages.room(page(1));
        page(1).decoded(page(1).version(), 4, 78);
        assertEquals(0, page(2).ops[4]);
        give(4);
        pages.room(page(4));
        assertSame(shared, page(4).ops);
    }

    @Test
    void tablesForAnOlderVersionAreNotTaken() {
        CodePage page = page(1);
        int version = pages.watch(page, cpu);
        ContentKey key = ContentKey.of(page, version);
        pages.written(0x1000);
        tables.give(page, version, key);
        assertNull(page.compiled);
    }

    @Test
    void thePageThatHasHadItsTablesLongestGivesThemUp() {
        for (int frame = 0; frame <= LIMIT; frame++) {
            give(frame);
        }
        assertNull(page(0).compiled);
        assertNotNull(page(1).compiled);
        give(0);
        assertNotNull(page(0).compiled);
        assertNull(page(1).compiled);
        tables.clear();
        assertNull(page(0).compiled);
        assertFalse(give(0));
    }
}
