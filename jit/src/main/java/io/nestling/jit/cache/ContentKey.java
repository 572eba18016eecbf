package io.nestling.jit.cache;

import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode.Tier;
import io.nestling.runtime.memory.HostMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a translation depends on besides where the page lies: the bytes of the page and the first slot of the region.
 * Everything else that could change the code is fixed: only little-endian pages in 64-bit mode are translated, and
 * privilege and translation context are looked up when it runs. If emitted code ever comes to depend on more, it MUST be
 * added here.
 *
 * <p>Guests share translations with other guests and with later runs, so no guest must be able to make a page that looks
 * like another: the hash is a cryptographic one.
 *
 * @param high half of a 128-bit hash of the page
 * @param low the other half
 * @param slot where the region starts
 * @param tier what for
 */
public record ContentKey(long high, long low, int slot, Tier tier) {
    /** The same content, another region. */
    public ContentKey at(int newSlot, Tier newTier) {
        return new ContentKey(high, low, newSlot, newTier);
    }

    /** The key of slot 0 of a page whose stores are trapped; kept with the page until it changes. */
    static ContentKey of(CodePage page, int version) {
        if (page.content() instanceof ContentKey known) {
            return known;
        }
        ContentKey key = of(HostMemory.slice(page.hostAddress, 1 << CodePage.SHIFT).asByteBuffer());
        page.content(version, key);
        return key;
    }

    /** True when the key is one of a page with these words: another vCPU or a device may have changed it meanwhile. */
    boolean fits(int[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        ContentKey key = of(bytes);
        return key.high == high && key.low == low;
    }

    /** Has the JVM load the hash, which takes it tens of milliseconds. */
    static void prepare() {
        of(ByteBuffer.allocate(0));
    }

    private static ContentKey of(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new ContentKey(hash.getLong(), hash.getLong(), 0, Tier.WARM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
