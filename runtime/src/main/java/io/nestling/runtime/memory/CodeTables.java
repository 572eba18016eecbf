package io.nestling.runtime.memory;

/**
 * What an engine that translates knows about the code of a page: translations and arrivals by slot. All pages with the
 * same bytes share one, so that code is found warm by whichever guest runs it next.
 */
public final class CodeTables {
    final CompiledCode[] compiled = new CompiledCode[CodePage.SLOTS];
    final short[] heat = new short[CodePage.SLOTS];
}
