package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.ra;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Operand;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads and stores of warm code beside one that came before it: in straight code, the page that an access through a base
 * register was in, and the difference to host memory, stay in locals, and another access through that register, at another
 * displacement, compares its page with that one instead of looking into the soft TLB. Stack frames and structures seldom
 * lie across the end of a page; an access that does is the interpreter's.
 *
 * <p>What the locals say is true for as long as what {@link Pages} says.
 */
final class Near {
    /** At the same time; each has two locals. */
    private static final int LIMIT = 4;
    /** Bytes that are looked at together at most: more would often lie in two pages. */
    private static final int WIDEST = 256;
    /** Bytes that are held to be in one page at most: what is farther away looks into the soft TLB again. */
    private static final int FARTHEST = 512;

    /**
     * Bytes that are known to be in one page.
     *
     * @param base register
     * @param bytes from the register as it is now
     * @param number of the locals
     */
    private record Known(int base, boolean store, Range bytes, int number) {}

    /**
     * Bytes that are reached through one register.
     *
     * @param first displacement of the first
     * @param end displacement behind the last
     */
    record Range(long first, long end) {
        private Range with(Range r) {
            return new Range(Math.min(first, r.first), Math.max(end, r.end));
        }

        private long size() {
            return end - first;
        }

        /** Does another range go on at both ends? */
        private boolean isInside(Range r) {
            return r.first < first && r.end > end;
        }
    }

    private final RegionEmitter e;
    private final List<Known> known = new ArrayList<>();
    private int next;

    Near(RegionEmitter e) {
        this.e = e;
    }

    /** After anything that may have changed the soft TLB or the translation context, and where code is no longer straight. */
    void forget() {
        known.clear();
    }

    /** The registers have new values: bit n for GPR n. */
    void changed(int registers) {
        known.removeIf(k -> (registers >> k.base & 1) != 0);
    }

    /** Runs what makes a register the sum of another one, or of itself, and a constant. */
    void sum(int to, int from, long constant, Runnable writing) {
        List<Known> moved = known.stream().filter(k -> k.base == from)
                .map(k -> new Known(to, k.store, new Range(k.bytes.first - constant, k.bytes.end - constant), k.number)).toList();
        writing.run();
        known.addAll(moved);
    }

    /**
     * Effective address in its local; leaves the host address on the stack, or the region.
     *
     * @param all the access and those that follow it
     * @return false if nothing is known of accesses near this one, and nothing was emitted
     */
    boolean find(int base, boolean store, Range access, Range all, int s) {
        Known k = known(base, store);
        if (k == null) {
            return false;
        }
        Range wanted = k.bytes.isInside(all) ? access : all;
        Range both = k.bytes.with(wanted);
        if (k.bytes.isInside(wanted) || both.size() > FARTHEST) {
            return false;
        }
        Code code = e.code;
        if (!both.equals(k.bytes)) {
            // Whatever lies between this end and what is known to be in the page is in it too.
            code.load(e.ea());
            long distance = (both.first < k.bytes.first ? both.first : both.end - 1) - access.first;
            if (distance != 0) {
                code.pushLong(distance);
                code.op(LADD);
            }
            code.load(e.pageMask());
            code.op(LAND);
            code.load(page(k.number));
            e.sideExitUnlessEqual(s);
            known.remove(k);
            known.add(new Known(base, store, both, k.number));
        }
        code.load(difference(k.number));
        code.load(e.ea());
        code.op(LADD);
        return true;
    }

    /**
     * The accesses that an access begins, in straight code through the same register: one look at the page serves them
     * all. If it fails for what would not have been accessed, the interpreter has one instruction more.
     */
    Range ahead(int base, boolean store, Range access, int s) {
        Range all = access;
        for (int t = s; !changes(t, base) && e.goesStraight(t); t++) {
            int w = e.word(t + 1);
            Insn row = Isa.row(Decoder.decode(w));
            int bytes = store ? row.store() : row.load();
            if (bytes > 0 && ra(w) == base) {
                for (Operand o : row.operands()) {
                    if (o.kind() == Operand.Kind.DISP) {
                        Range more = all.with(new Range(o.value(w), o.value(w) + bytes));
                        all = more.size() <= WIDEST ? more : all;
                    }
                }
            }
        }
        return all;
    }

    private boolean changes(int s, int register) {
        int w = e.word(s);
        return (Effects.of(Isa.row(Decoder.decode(w)), w).writes() >> register & 1) != 0;
    }

    private Known known(int base, boolean store) {
        return known.stream().filter(k -> k.base == base && k.store == store).findFirst().orElse(null);
    }

    /**
     * The access was found in the soft TLB: effective address in its local, difference to host memory on the stack, where it
     * stays.
     *
     * @param all what is known to be in its page
     */
    void found(int base, boolean store, Range all) {
        Known old = known(base, store);
        int number = old == null ? next : old.number;
        next = old == null ? (next + 1) % LIMIT : next;
        known.removeIf(k -> k.number == number);
        known.add(new Known(base, store, all, number));
        Code code = e.code;
        code.op(DUP2);
        code.store(difference(number));
        code.load(e.ea());
        code.load(e.pageMask());
        code.op(LAND);
        code.store(page(number));
    }

    /** The page of an access. */
    private Code.Local page(int number) {
        return e.code.straight("page" + number, LONG);
    }

    /** What to add to effective addresses in that page for host addresses. */
    private Code.Local difference(int number) {
        return e.code.straight("difference" + number, LONG);
    }
}
