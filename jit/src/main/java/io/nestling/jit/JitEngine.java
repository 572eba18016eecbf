package io.nestling.jit;

import io.nestling.jit.cache.TranslationStore;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;
import java.util.List;
import java.util.OptionalLong;

/**
 * The tiered engine: interprets cold code, and translates hot code to JVM bytecode on a thread of its own. One engine
 * may serve many vCPUs and machines; translations are found by the contents of a page, so all of them share.
 */
public final class JitEngine implements Engine {
    private final Translator translator;
    private OptionalLong dumpAddress = OptionalLong.empty();

    /** With what suits most machines and guests. */
    public JitEngine() {
        this(Translator.Settings.DEFAULT);
    }

    /** With settings of one's own. */
    public JitEngine(Translator.Settings settings) {
        this(settings, null);
    }

    /** With a store of translations, which is closed with the engine; null for none. */
    public JitEngine(Translator.Settings settings, TranslationStore store) {
        translator = new Translator(settings, store);
    }

    @Override
    public void begin(int threads) {
        translator.begin(threads);
    }

    @Override
    public Exit run(Vcpu cpu) {
        return Interpreter.run(cpu, translator);
    }

    @Override
    public String name() {
        return "jit";
    }

    @Override
    public List<Figure> figures() {
        return translator.figures();
    }

    /** What has been translated so far. */
    public Translator translator() {
        return translator;
    }

    /** Makes the engine's report describe the region at an effective address. */
    public void dumpAtEnd(long ea) {
        dumpAddress = OptionalLong.of(ea);
    }

    @Override
    public List<String> report(Vcpu cpu) {
        return dumpAddress.isEmpty() ? List.of() : translator.describe(cpu, dumpAddress.getAsLong());
    }

    /** Stops the translating thread. */
    @Override
    public void close() {
        translator.close();
    }
}
