package io.nestling.runtime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.MemoryUsage;
import org.junit.jupiter.api.Test;

/** Where the JVM's old generation lies. */
class HeapForesightTest {
    private static final String YOUNG_GROWN = """
            0c040000-0c160000 rw-p 00000000 00:00 0
            0c160000-4c000000 ---p 00000000 00:00 0
            c0000000-c2560000 rw-p 00000000 00:00 0
            c2560000-100000000 ---p 00000000 00:00 0
            564105d78000-564105d79000 r--p 00000000 fe:00 328301                     /usr/bin/java
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            """;
    private static final String YOUNG_SMALL = YOUNG_GROWN.replace("c0000000-c2560000 rw-p", """
            c0000000-c0aa0000 rw-p 00000000 00:00 0
            c0aa0000-c1000000 ---p 00000000 00:00 0
            c1000000-c2560000 rw-p""");

    private static MemoryUsage usage(long committed) {
        return new MemoryUsage(0, 0, committed, 0x3f000000);
    }

    @Test
    void behindTheYoungOne() {
        assertEquals(0xc1000000L, HeapForesight.base(YOUNG_GROWN, usage(0x1560000)));
        assertEquals(0xc1000000L, HeapForesight.base(YOUNG_SMALL, usage(0x1560000)));
    }

    @Test
    void notFoundWhereSizesDiffer() {
        assertEquals(0, HeapForesight.base(YOUNG_GROWN, usage(0x1550000)));
        assertEquals(0, HeapForesight.base("", usage(0x1560000)));
    }
}
