package io.nestling.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostTest {
    @Test
    void addsMemoryAndSwap() {
        assertEquals(3072, Host.memory(List.of("MemTotal:       2 kB", "MemFree:  9 kB", "SwapTotal:      1 kB")));
        assertEquals(Long.MAX_VALUE, Host.memory(List.of("nothing known")));
        assertTrue(Host.memory() > 0);
    }
}
