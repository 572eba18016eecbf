package io.nestling.jit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.interp.Interpreter;
import org.junit.jupiter.api.Test;

/** Translations that are dropped again and again, to make room for others. */
class LimitTest {
    private static final int PROGRAMS = 100;
    private static final long ROOM = 12_000;

    @Test
    void programsRunAsTheyShouldInLittleRoom() {
        try (FuzzMachine left = new FuzzMachine(); FuzzMachine right = new FuzzMachine();
                JitEngine jit = new JitEngine(new Translator.Settings(1, 50, 160, true, ROOM))) {
            for (int i = 0; i < PROGRAMS; i++) {
                FuzzProgram p = FuzzGenerator.generate(0x11171 + i);
                left.load(p);
                right.load(p);
                left.run(new Interpreter(), p.length());
                right.run(jit, p.length());
                assertNull(FuzzMachine.difference(left, right), "seed " + p.seed());
            }
            assertEquals(0, jit.translator().failed());
            assertTrue(jit.translator().evictions() > PROGRAMS / 4, () -> jit.translator().evictions() + " evictions");
        }
    }
}
