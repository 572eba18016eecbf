package io.nestling.jit.cache;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;
import java.util.HashMap;
import java.util.Map;

/**
 * What translations in a page and in those beside it had retired when one of them was about to be hot: what has grown since is
 * what runs now, while totals tell of all that was ever run there.
 */
final class Tally {
    private final Map<CompiledCode, Long> retired = new HashMap<>();

    /**
     * Notes the present counts.
     *
     * @param base effective address of the page
     */
    Tally(Vcpu c, long base) {
        for (int beside = -1; beside <= 1; beside++) {
            CodePage page = c.mmu.fetched(base + ((long) beside << CodePage.SHIFT));
            CompiledCode[] compiled = page == null ? null : page.compiled;
            for (int slot = 0; compiled != null && slot < compiled.length; slot++) {
                if (compiled[slot] != null) {
                    retired.putIfAbsent(compiled[slot], compiled[slot].retired);
                }
            }
        }
    }

    /**
     * Instructions retired in a translation since.
     *
     * @param hotThreshold what it had retired when it was asked to be hot, and began to count from the lowest number
     */
    long since(CompiledCode code, long hotThreshold) {
        long now = code.retired;
        long then = retired.getOrDefault(code, now < 0 ? Long.MIN_VALUE : 0);
        return now < 0 && then >= 0 ? now - Long.MIN_VALUE + hotThreshold - then : now - then;
    }
}
