package io.nestling.runtime.memory;

/**
 * What is known about the code of a page: its instructions pre-decoded, and for an engine that translates translations and
 * arrivals by slot. All pages with the same bytes share one, so that code is found warm by whichever guest runs it next, and
 * the levels of a nest, which run the same kernel, do not take each other's place in the host's caches.
 */
public final class CodeTables {
    final CompiledCode[] compiled = new CompiledCode[CodePage.SLOTS];
    final short[] heat = new short[CodePage.SLOTS];
    /** The instructions; null until a page that has place for them is run. */
    private long[] ops;

    /** The instructions, for one more page. */
    synchronized long[] room() {
        if (ops == null) {
            ops = CodePage.undecoded();
        }
        return ops;
    }

    /** Forgets the instructions, if they are these, so that they go when no page has them any more. */
    synchronized void forget(long[] room) {
        if (ops == room) {
            ops = null;
        }
    }
}
