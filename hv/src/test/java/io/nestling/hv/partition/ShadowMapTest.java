package io.nestling.hv.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.mmu.Translation;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A map never gives a translation that was not entered, or that was forgotten; it stays within its bounds. */
class ShadowMapTest {
    private final Translation t = new Translation();
    private final ShadowMap map = new ShadowMap(new ShadowMap.Budget(1 << 20));

    private void enter(ShadowMap to, long gra, long hra, int shift, boolean write) {
        t.hra = hra;
        t.shift = shift;
        t.allow(true, write, false);
        to.enter(gra, t, to.generation());
    }

    @Test
    void keepsSizesAndRights() {
        enter(map, 0x40000000L + 0x1234, 0x80000000L + 0x1234, 30, true);
        enter(map, 0x200000, 0x600000, 21, false);
        enter(map, 0x30000, 0x50000, 16, true);
        enter(map, 0x9000, 0x7000, 12, true);
        assertTrue(map.find(0x7fffffffL, t));
        assertEquals(0xbfffffffL, t.hra);
        assertEquals(30, t.shift);
        assertTrue(map.find(0x3fffff, t));
        assertEquals(0x7fffff, t.hra);
        assertTrue(t.read && !t.write && !t.execute);
        assertTrue(map.find(0x3ffff, t));
        assertEquals(0x5ffff, t.hra);
        assertTrue(map.find(0x9abc, t));
        assertEquals(0x7abc, t.hra);
        assertFalse(map.find(0xa000, t));
        assertFalse(map.find(-1, t));
        assertFalse(map.find(0x9000 | 1L << 52, t));
    }

    @Test
    void oddSizesAreTakenAsTheNextSmaller() {
        enter(map, 0x123456, 0x654321 & ~0xffffL | 0x3456, 20, true);
        assertTrue(map.find(0x120000, t));
        assertEquals(16, t.shift);
        assertFalse(map.find(0x130000, t));
    }

    @Test
    void agreesWithAPlainMapUnderRandomUse() {
        SplittableRandom random = new SplittableRandom(5);
        Map<Long, Long> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long page = random.nextInt(40_000) * (random.nextInt(50) == 0 ? 77_777L : 1);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    long frame = random.nextInt(1 << 20);
                    enter(map, page << 12, frame << 12, 12, true);
                    model.put(page, frame);
                }
                case 3 -> {
                    int pages = 1 + random.nextInt(4);
                    map.invalidate(page << 12, (long) pages << 12);
                    for (int k = 0; k < pages; k++) {
                        model.remove(page + k);
                    }
                }
                default -> {
                    if (map.find((page << 12) + 8, t)) {
                        assertEquals((model.get(page) << 12) + 8, t.hra);
                    }
                }
            }
        }
        map.invalidate(0, 1L << 52);
        for (long page : model.keySet()) {
            assertFalse(map.find(page << 12, t));
        }
    }

    @Test
    void growsWithinItsBudgetAndGivesBack() {
        ShadowMap.Budget budget = new ShadowMap.Budget(8 * ShadowMap.MIN);
        ShadowMap a = new ShadowMap(budget);
        ShadowMap b = new ShadowMap(budget);
        for (int round = 0; round < 20; round++) {
            for (long page = 0; page < 10 * ShadowMap.MIN; page++) {
                enter(a, page << 12, page << 12, 12, true);
                enter(b, page << 12, page << 12, 12, true);
            }
        }
        assertTrue(a.capacity() + b.capacity() <= 8 * ShadowMap.MIN);
        assertTrue(a.capacity() + b.capacity() > 4 * ShadowMap.MIN);
        a.clear();
        b.clear();
        assertEquals(ShadowMap.MIN, a.capacity());
        assertTrue(budget.take(6 * ShadowMap.MIN));
        assertFalse(budget.take(1));
    }

    @Test
    void whatWasFoundBeforeAnInvalidationIsNotEnteredAfterIt() {
        long since = map.generation();
        map.invalidate(0x5000, 0x1000);
        t.hra = 0x8000;
        t.shift = 12;
        t.allow(true, true, true);
        map.enter(0x7000, t, since);
        assertFalse(map.find(0x7000, t));
    }
}
