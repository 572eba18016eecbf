package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.runtime.mmu.Mmu;
import java.util.TreeMap;
import org.objectweb.asm.Label;

/**
 * Where the loads and stores of hot code find their pages: for each base register that the region uses, one local holds
 * the page its last access was in, and one the difference to host memory. Most accesses are in the same page as the one
 * before, and aligned, and need one comparison. The others look into the soft TLB, and leave the region when that misses.
 *
 * <p>What the locals say is always in the soft TLB too, because only this vCPU's thread makes and removes entries: not
 * while a region runs, except in semantics methods, after which {@link #forget} is due, and at check points, where the
 * region is left.
 */
final class Pages {
    private static final String PROBE = "io/nestling/runtime/mmu/SoftTlbProbe";
    private static final long PAGE_MASK = -1L << Mmu.PAGE_SHIFT;
    /** A bit that is neither the page's nor one of those that an access's size asks for. */
    private static final long NO_PAGE = 1L << Mmu.PAGE_SHIFT - 1;

    private final RegionEmitter e;
    /** Numbers of the keys in use. */
    private final TreeMap<String, Integer> keys = new TreeMap<>();

    Pages(RegionEmitter e) {
        this.e = e;
    }

    private Code.Local page(String key) {
        return e.code.longLocal("page" + keys.computeIfAbsent(key, _ -> keys.size()));
    }

    private Code.Local difference(String key) {
        return e.code.longLocal("difference" + keys.computeIfAbsent(key, _ -> keys.size()));
    }

    /** At the start of the region. */
    void begin() {
        for (String key : keys.keySet()) {
            e.code.op(LCONST_0);
            e.code.store(difference(key));
        }
        forget();
    }

    /** After anything that may have changed the soft TLB or the translation context. */
    void forget() {
        for (String key : keys.keySet()) {
            e.code.pushLong(NO_PAGE);
            e.code.store(page(key));
        }
    }

    /**
     * Effective address in its local; leaves the host address on the stack, or the region.
     *
     * @param key the base registers
     * @param s slot of the instruction
     */
    void find(String key, boolean store, int size, int s) {
        Code code = e.code;
        Label known = new Label();
        String k = (store ? "store" : "load") + key;
        // An aligned access ends in the page it begins in; for any other the soft TLB is asked.
        pushMasked(PAGE_MASK | size - 1);
        code.load(page(k));
        code.op(LCMP);
        code.jump(IFEQ, known);
        e.pushTlb();
        e.pushLow();
        e.pushMix();
        code.load(e.ea());
        code.pushInt(size);
        code.call(PROBE, store ? "store" : "load", "(JJJJI)J");
        code.store(e.entry());
        code.load(e.entry());
        code.op(LCONST_0, LCMP);
        code.jump(IFEQ, e.side(s));
        if (store) {
            // Not as for loads, see SoftTlbProbe.store.
            code.load(e.ea());
            pushMasked(~PAGE_MASK);
            code.op(LSUB);
        } else {
            pushMasked(PAGE_MASK);
        }
        code.store(page(k));
        code.load(e.entry());
        code.pushLong(Mmu.ADDEND);
        code.op(LADD);
        code.call("io/nestling/runtime/memory/HostMemory", "getDouble", "(J)J");
        code.store(difference(k));
        code.label(known);
        code.load(difference(k));
        code.load(e.ea());
        code.op(LADD);
    }

    private void pushMasked(long mask) {
        e.code.load(e.ea());
        e.code.pushLong(mask);
        e.code.op(LAND);
    }
}
