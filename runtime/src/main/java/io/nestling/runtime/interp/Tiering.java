package io.nestling.runtime.interp;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;

/** What the interpreter loop asks of an engine that translates hot code. */
public abstract class Tiering {
    /** Arrivals at a slot after which {@link #hot} is called, once. */
    public final int threshold;

    /** Instructions retired in a translation after which {@link #hotter} is called. */
    public final long hotThreshold;

    /** With the given thresholds, at least 1. */
    protected Tiering(int threshold, long hotThreshold) {
        this.threshold = threshold;
        this.hotThreshold = hotThreshold;
    }

    /** Gives a page its tables on first use. */
    public CompiledCode[] prepare(CodePage page) {
        page.heat = new int[CodePage.SLOTS];
        page.compiled = new CompiledCode[CodePage.SLOTS];
        return page.compiled;
    }

    /** Control has often arrived at this slot: consider translating from here. */
    public abstract void hot(Vcpu c, CodePage page, int slot);

    /** A translation in this page has proven to be worth a better one. Called again until its count is reset. */
    public abstract void hotter(Vcpu c, CodePage page, CompiledCode code);
}
