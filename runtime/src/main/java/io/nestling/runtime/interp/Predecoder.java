package io.nestling.runtime.interp;

import io.nestling.decoder.Decoder;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CodePages;

/** Fills the slots of {@link CodePage}s: the only place that turns an instruction word into something to dispatch on. */
final class Predecoder {
    private Predecoder() {}

    /**
     * Decodes slot {@code i} of a page, after making sure that stores to the page are trapped from now on.
     *
     * @param ops where the caller takes its instructions from
     * @return false when that took waiting for other vCPUs or the page has its instructions elsewhere now, which another
     *     vCPU may have brought about, and it must be looked up anew
     */
    static boolean decode(Vcpu c, CodePage page, long[] ops, int i) {
        CodePages pages = c.mmu.codePages();
        boolean settled = page.settled();
        int version = pages.watch(page, c);
        pages.room(page);
        page.decoded(version, i, op(page.word(i)));
        return settled && page.ops == ops;
    }

    /** The pre-decoded form of an instruction word; see {@link CodePage}. */
    static long op(int word) {
        int row = Decoder.decode(word);
        return (long) GeneratedStraight.DISPATCH[row] << 48 | (long) row << 32 | word & 0xffffffffL;
    }
}
