package io.nestling.jit.cache;

/**
 * What a translation depends on besides where the page lies: the bytes of the page and the first slot of the region.
 * Everything else that could change the code is fixed: only little-endian pages in 64-bit mode are translated, and
 * privilege and translation context are looked up when it runs. If emitted code ever comes to depend on more, it MUST be
 * added here.
 *
 * @param high half of a 128-bit hash of the page
 * @param low the other half
 * @param slot where the region starts
 * @param hot made for the second tier
 */
public record ContentKey(long high, long low, int slot, boolean hot) {
    private static final long K1 = 0x9e3779b97f4a7c15L;
    private static final long K2 = 0xc2b2ae3d27d4eb4fL;

    /** The key of a region in a page with these instruction words. */
    public static ContentKey of(int[] words, int slot, boolean hot) {
        long a = K1;
        long b = K2;
        for (int i = 0; i < words.length; i += 2) {
            long v = words[i] & 0xffffffffL | (long) words[i + 1] << 32;
            a = Long.rotateLeft((a ^ v) * K1, 29);
            b = Long.rotateLeft(b + v, 31) * K2;
        }
        return new ContentKey(a ^ a >>> 32, b ^ b >>> 29, slot, hot);
    }
}
