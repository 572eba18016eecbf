package io.nestling.jit;

import io.nestling.jit.cache.Translator;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;

/**
 * The tiered engine: interprets cold code, and translates hot code to JVM bytecode on a thread of its own. One engine
 * may serve many vCPUs and machines; translations are found by the contents of a page, so all of them share.
 */
public final class JitEngine implements Engine, AutoCloseable {
    /** Arrivals at an instruction after which it is translated. */
    public static final int DEFAULT_THRESHOLD = 2000;

    /** Instructions retired in a translated region after which it is translated again for the optimizing compiler. */
    public static final long DEFAULT_HOT_THRESHOLD = 20_000_000;

    private final Translator translator;

    /** With the default threshold. */
    public JitEngine() {
        this(DEFAULT_THRESHOLD);
    }

    /** With a threshold of {@code threshold} arrivals, at least 1. */
    public JitEngine(int threshold) {
        this(threshold, DEFAULT_HOT_THRESHOLD);
    }

    /** With both thresholds: arrivals for the first tier, instructions retired in a region for the second. */
    public JitEngine(int threshold, long hotThreshold) {
        translator = new Translator(threshold, hotThreshold);
    }

    @Override
    public Exit run(Vcpu cpu) {
        return Interpreter.run(cpu, translator);
    }

    @Override
    public String name() {
        return "jit";
    }

    /** What has been translated so far. */
    public Translator translator() {
        return translator;
    }

    /** Stops the translating thread. */
    @Override
    public void close() {
        translator.close();
    }
}
