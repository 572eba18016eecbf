package io.nestling.runtime.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.time.VirtualClock;
import org.junit.jupiter.api.Test;

class PredecoderTest {
    /** Two vCPUs come to a new page at once: the second still holds the array that all pages without place share. */
    @Test
    void whoeverRunsFromAnArrayThatThePageNoLongerHasMustLookItUpAgain() {
        try (Ram ram = new Ram(1 << 20)) {
            CodePages pages = new CodePages(ram);
            Vcpu cpu = new Vcpu(0, new Mmu(ram, pages), new VirtualClock());
            CodePage page = pages.get(0, false);
            long[] stale = page.ops;
            assertFalse(Predecoder.decode(cpu, page, stale, 0), "the first has just given it a place");
            long[] now = page.ops;
            assertFalse(Predecoder.decode(cpu, page, stale, 0), "the second would find nothing decoded for ever");
            assertTrue(Predecoder.decode(cpu, page, now, 1));
            assertEquals(0, stale[0]);
        }
    }
}
