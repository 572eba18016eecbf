package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.*;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.mmu.Mmu;

/**
 * Loads and stores: the soft-TLB probe inline, and on a miss a side exit to the interpreter, which
 * translates, faults or talks to a device as the case may be. Must agree with {@link Mmu}'s own fast path.
 */
final class MemoryEmitter {
    private static final String HOST = "io/nestling/runtime/memory/HostMemory";

    private final RegionEmitter e;
    private final Code code;
    private final int w;
    private final int s;
    private boolean indexed;
    private long displacement;

    private MemoryEmitter(RegionEmitter e, int w, int s) {
        this.e = e;
        this.code = e.code;
        this.w = w;
        this.s = s;
    }

    /** Emits one instruction; false when it has no form here. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        return new MemoryEmitter(e, w, s).emit(row);
    }

    private boolean emit(int row) {
        Insn insn = row == 0 ? null : Isa.row(row);
        indexed = insn != null && insn.operand("RB") != null;
        if (insn == null || insn.update() && (ra(w) == 0 || insn.load() != 0 && ra(w) == rt(w))) {
            // Invalid forms: the semantics method says so.
            return false;
        }
        switch (row) {
            case Op.LBZ -> load(1, false, displacement(si(w)), false);
            case Op.LBZU -> load(1, false, displacement(si(w)), true);
            case Op.LBZX -> load(1, false, sum(), false);
            case Op.LBZUX -> load(1, false, sum(), true);
            case Op.LHZ -> load(2, false, displacement(si(w)), false);
            case Op.LHZU -> load(2, false, displacement(si(w)), true);
            case Op.LHZX -> load(2, false, sum(), false);
            case Op.LHZUX -> load(2, false, sum(), true);
            case Op.LHA -> load(2, true, displacement(si(w)), false);
            case Op.LHAU -> load(2, true, displacement(si(w)), true);
            case Op.LHAX -> load(2, true, sum(), false);
            case Op.LHAUX -> load(2, true, sum(), true);
            case Op.LWZ -> load(4, false, displacement(si(w)), false);
            case Op.LWZU -> load(4, false, displacement(si(w)), true);
            case Op.LWZX -> load(4, false, sum(), false);
            case Op.LWZUX -> load(4, false, sum(), true);
            case Op.LWA -> load(4, true, displacement(ds(w)), false);
            case Op.LWAX -> load(4, true, sum(), false);
            case Op.LWAUX -> load(4, true, sum(), true);
            case Op.LD -> load(8, false, displacement(ds(w)), false);
            case Op.LDU -> load(8, false, displacement(ds(w)), true);
            case Op.LDX -> load(8, false, sum(), false);
            case Op.LDUX -> load(8, false, sum(), true);
            case Op.STB -> store(1, displacement(si(w)), false);
            case Op.STBU -> store(1, displacement(si(w)), true);
            case Op.STBX -> store(1, sum(), false);
            case Op.STBUX -> store(1, sum(), true);
            case Op.STH -> store(2, displacement(si(w)), false);
            case Op.STHU -> store(2, displacement(si(w)), true);
            case Op.STHX -> store(2, sum(), false);
            case Op.STHUX -> store(2, sum(), true);
            case Op.STW -> store(4, displacement(si(w)), false);
            case Op.STWU -> store(4, displacement(si(w)), true);
            case Op.STWX -> store(4, sum(), false);
            case Op.STWUX -> store(4, sum(), true);
            case Op.STD -> store(8, displacement(ds(w)), false);
            case Op.STDU -> store(8, displacement(ds(w)), true);
            case Op.STDX -> store(8, sum(), false);
            case Op.STDUX -> store(8, sum(), true);
            case Op.LFD -> vector(Msr.FP, displacement(si(w)), false, rt(w), FIRST_ONLY);
            case Op.LFDX -> vector(Msr.FP, sum(), false, rt(w), FIRST_ONLY);
            case Op.STFD -> vector(Msr.FP, displacement(si(w)), true, rt(w), FIRST_ONLY);
            case Op.STFDX -> vector(Msr.FP, sum(), true, rt(w), FIRST_ONLY);
            case Op.LVX -> vector(Msr.VEC, aligned(), false, rt(w) + 32, REVERSED);
            case Op.STVX -> vector(Msr.VEC, aligned(), true, rt(w) + 32, REVERSED);
            case Op.LXV -> vector(either(xtDq(w)), displacement(dq(w)), false, xtDq(w), REVERSED);
            case Op.STXV -> vector(either(xtDq(w)), displacement(dq(w)), true, xtDq(w), REVERSED);
            case Op.LXVX -> vector(either(xt(w)), sum(), false, xt(w), REVERSED);
            case Op.STXVX -> vector(either(xt(w)), sum(), true, xt(w), REVERSED);
            case Op.LXVD2X -> vector(Msr.VSX, sum(), false, xt(w), IN_ORDER);
            case Op.STXVD2X -> vector(Msr.VSX, sum(), true, xt(w), IN_ORDER);
            case Op.DCBZ -> {
                sum().run();
                probe(1, Mmu.STORE_TAG);
                code.call("io/nestling/runtime/isa/Cache", "zero", "(J)V");
            }
            case Op.LWBRX -> reversed(4, false);
            case Op.LDBRX -> reversed(8, false);
            case Op.STWBRX -> reversed(4, true);
            case Op.STDBRX -> reversed(8, true);
            default -> {
                return e.vsr.inLocals() && inLocals(row);
            }
        }
        return true;
    }

    /** Forms for hot code only. */
    private boolean inLocals(int row) {
        switch (row) {
            case Op.LFDU -> {
                vector(Msr.FP, displacement(si(w)), false, rt(w), FIRST_ONLY);
                update(true);
            }
            case Op.LFDUX -> {
                vector(Msr.FP, sum(), false, rt(w), FIRST_ONLY);
                update(true);
            }
            case Op.STFDU -> {
                vector(Msr.FP, displacement(si(w)), true, rt(w), FIRST_ONLY);
                update(true);
            }
            case Op.STFDUX -> {
                vector(Msr.FP, sum(), true, rt(w), FIRST_ONLY);
                update(true);
            }
            case Op.LXSDX -> vector(Msr.VSX, sum(), false, xt(w), SECOND_STAYS);
            case Op.STXSDX -> vector(Msr.VSX, sum(), true, xt(w), FIRST_ONLY);
            case Op.LXSD -> vector(Msr.VEC, displacement(ds(w)), false, rt(w) + 32, FIRST_ONLY);
            case Op.STXSD -> vector(Msr.VEC, displacement(ds(w)), true, rt(w) + 32, FIRST_ONLY);
            case Op.LXVW4X -> vector(Msr.VSX, sum(), false, xt(w), WORDS);
            case Op.STXVW4X -> vector(Msr.VSX, sum(), true, xt(w), WORDS);
            case Op.LXVB16X -> vector(either(xt(w)), sum(), false, xt(w), BYTES);
            case Op.STXVB16X -> vector(either(xt(w)), sum(), true, xt(w), BYTES);
            case Op.LFS -> loadSingle(Msr.FP, displacement(si(w)), rt(w), false);
            case Op.LFSX -> loadSingle(Msr.FP, sum(), rt(w), false);
            case Op.LFSU -> loadSingle(Msr.FP, displacement(si(w)), rt(w), true);
            case Op.LFSUX -> loadSingle(Msr.FP, sum(), rt(w), true);
            case Op.LXSSPX -> loadSingle(Msr.VSX, sum(), xt(w), false);
            case Op.STFS -> storeSingle(Msr.FP, displacement(si(w)), rt(w), false);
            case Op.STFSX -> storeSingle(Msr.FP, sum(), rt(w), false);
            case Op.STFSU -> storeSingle(Msr.FP, displacement(si(w)), rt(w), true);
            case Op.STFSUX -> storeSingle(Msr.FP, sum(), rt(w), true);
            case Op.STXSSPX -> storeSingle(Msr.VSX, sum(), xt(w), false);
            case Op.LFIWAX -> loadInteger(Msr.FP, rt(w), true);
            case Op.LFIWZX -> loadInteger(Msr.FP, rt(w), false);
            case Op.LXSIWAX -> loadInteger(Msr.VSX, xt(w), true);
            case Op.LXSIWZX -> loadInteger(Msr.VSX, xt(w), false);
            case Op.STFIWX -> storeInteger(Msr.FP, rt(w));
            case Op.STXSIWX -> storeInteger(Msr.VSX, xt(w));
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- vector-scalar registers: doublewords as they lie in little-endian storage -------------------------------

    private static final int FIRST_ONLY = 0;
    private static final int IN_ORDER = 1;
    private static final int REVERSED = 2;
    /** In order of elements, whose bytes are in the order of storage. */
    private static final int WORDS = 3;
    private static final int BYTES = 4;
    /** Doubleword 0 only, and a load leaves the other as it was. */
    private static final int SECOND_STAYS = 5;

    private static long either(int register) {
        return register < 32 ? Msr.VSX : Msr.VEC;
    }

    private Runnable aligned() {
        Runnable sum = sum();
        return () -> {
            sum.run();
            code.pushLong(-16);
            code.op(LAND);
        };
    }

    private void vector(long facility, Runnable address, boolean store, int register, int order) {
        e.need(facility, s);
        address.run();
        probe(order == FIRST_ONLY || order == SECOND_STAYS ? 8 : 16, store ? Mmu.STORE_TAG : 0);
        code.store(e.entry());
        doubleword(store, 2 * register, order == REVERSED ? 8 : 0, order);
        if (order != FIRST_ONLY && order != SECOND_STAYS) {
            doubleword(store, 2 * register + 1, order == REVERSED ? 0 : 8, order);
        } else if (!store && order == FIRST_ONLY) {
            e.vsr.write(2 * register + 1, () -> code.op(LCONST_0));
        }
    }

    private void turn(int order) {
        if (order == WORDS) {
            code.rotateLeft(32);
        } else if (order == BYTES) {
            code.call("java/lang/Long", "reverseBytes", "(J)J");
        }
    }

    private void doubleword(boolean store, int index, int offset, int order) {
        if (store) {
            hostAddress(offset);
            e.vsr.read(index);
            turn(order);
            code.call(HOST, "putDouble", "(JJ)V");
        } else {
            e.vsr.write(index, () -> {
                hostAddress(offset);
                code.call(HOST, "getDouble", "(J)J");
                turn(order);
            });
        }
    }

    private static final String SINGLE = "io/nestling/runtime/isa/SingleFormat";

    private void loadSingle(long facility, Runnable address, int register, boolean update) {
        e.need(facility, s);
        address.run();
        probe(4, 0);
        code.call(HOST, "getWord", "(J)J");
        code.store(e.scratch());
        e.vsr.writeDouble(2 * register, () -> {
            code.load(e.scratch());
            code.call(SINGLE, "load", "(J)D");
        });
        if (facility == Msr.FP) {
            e.vsr.write(2 * register + 1, () -> code.op(LCONST_0));
        }
        update(update);
    }

    private void storeSingle(long facility, Runnable address, int register, boolean update) {
        e.need(facility, s);
        address.run();
        probe(4, Mmu.STORE_TAG);
        e.vsr.readDouble(2 * register);
        code.call(SINGLE, "store", "(D)J");
        code.call(HOST, "putWord", "(JJ)V");
        update(update);
    }

    private void loadInteger(long facility, int register, boolean signed) {
        e.need(facility, s);
        sum().run();
        probe(4, 0);
        code.call(HOST, "getWord", "(J)J");
        if (signed) {
            code.op(L2I, I2L);
        }
        code.store(e.scratch());
        e.vsr.write(2 * register, () -> code.load(e.scratch()));
        if (facility == Msr.FP) {
            e.vsr.write(2 * register + 1, () -> code.op(LCONST_0));
        }
    }

    private void storeInteger(long facility, int register) {
        e.need(facility, s);
        sum().run();
        probe(4, Mmu.STORE_TAG);
        e.vsr.read(2 * register);
        code.call(HOST, "putWord", "(JJ)V");
    }

    // ---- bytes in reverse -----------------------------------------------------------------------------------------

    private void reversed(int size, boolean store) {
        sum().run();
        probe(size, store ? Mmu.STORE_TAG : 0);
        if (store) {
            e.readGpr(rt(w));
            turnBytes(size);
            code.call(HOST, size == 4 ? "putWord" : "putDouble", "(JJ)V");
        } else {
            code.call(HOST, size == 4 ? "getWord" : "getDouble", "(J)J");
            turnBytes(size);
            e.writeGpr(rt(w));
        }
    }

    private void turnBytes(int size) {
        code.call("java/lang/Long", "reverseBytes", "(J)J");
        if (size == 4) {
            code.pushInt(32);
            code.op(LUSHR);
        }
    }

    private void hostAddress(int offset) {
        code.load(e.entry());
        if (offset != 0) {
            code.pushLong(offset);
            code.op(LADD);
        }
    }

    // ---- general purpose registers --------------------------------------------------------------------------------

    private Runnable displacement(long d) {
        displacement = d;
        return () -> {
            if (ra(w) == 0) {
                code.pushLong(d);
            } else {
                e.readGpr(ra(w));
                if (d != 0) {
                    code.pushLong(d);
                    code.op(LADD);
                }
            }
        };
    }

    private Runnable sum() {
        return () -> {
            if (ra(w) == 0) {
                e.readGpr(rb(w));
            } else {
                e.readGpr(ra(w));
                e.readGpr(rb(w));
                code.op(LADD);
            }
        };
    }

    private void load(int size, boolean algebraic, Runnable address, boolean update) {
        address.run();
        probe(size, 0);
        switch (size) {
            case 1 -> code.call(HOST, "getByte", "(J)J");
            case 2 -> {
                code.call(HOST, "getHalf", "(J)J");
                if (algebraic) {
                    code.op(L2I, I2S, I2L);
                }
            }
            case 4 -> {
                code.call(HOST, "getWord", "(J)J");
                if (algebraic) {
                    code.op(L2I, I2L);
                }
            }
            default -> code.call(HOST, "getDouble", "(J)J");
        }
        e.writeGpr(rt(w));
        update(update);
    }

    private void store(int size, Runnable address, boolean update) {
        address.run();
        probe(size, Mmu.STORE_TAG);
        e.readGpr(rt(w));
        switch (size) {
            case 1 -> code.call(HOST, "putByte", "(JJ)V");
            case 2 -> code.call(HOST, "putHalf", "(JJ)V");
            case 4 -> code.call(HOST, "putWord", "(JJ)V");
            default -> code.call(HOST, "putDouble", "(JJ)V");
        }
        update(update);
    }

    private void update(boolean update) {
        if (update) {
            code.load(e.ea());
            if (indexed) {
                e.writeGpr(ra(w));
            } else {
                e.near.sum(ra(w), ra(w), displacement, () -> e.writeGpr(ra(w)));
            }
        }
    }

    /** Effective address on the stack; leaves the host address there, or the region when the soft TLB misses. */
    private void probe(int size, int tagOffset) {
        code.store(e.ea());
        if (e.pages != null) {
            e.pages.find(indexed ? ra(w) + "." + rb(w) : "." + ra(w), tagOffset == Mmu.STORE_TAG, size, s);
            return;
        }
        boolean store = tagOffset == Mmu.STORE_TAG;
        boolean based = !indexed && ra(w) != 0;
        long end = displacement + size;
        if (based) {
            var access = new Near.Range(displacement, end);
            Near.Range all = e.near.ahead(ra(w), store, access, s);
            if (e.near.find(ra(w), store, access, all, s)) {
                return;
            }
            end = all.end();
        }
        // For the JVM's quick compiler, which has a long way with long constants and shifts: the index as an int, the mask
        // from a local. The context by the sign of the address: low ^ (mix & ea >> 63).
        code.load(e.ea());
        code.pushInt(63);
        code.op(LSHR);
        e.pushMix();
        code.op(LAND);
        e.pushLow();
        code.op(LXOR);
        code.store(e.scratch());
        // The entry, as Mmu.entry has it.
        code.load(e.ea());
        code.op(L2I);
        code.pushInt(Mmu.PAGE_SHIFT - Mmu.ENTRY_SHIFT);
        code.op(IUSHR);
        code.load(e.scratch());
        code.op(L2I);
        code.pushInt(Mmu.CONTEXT_SHIFT);
        code.op(ISHL, IXOR);
        code.pushInt((int) Mmu.ENTRY_MASK);
        code.op(IAND, I2L);
        e.pushTlb();
        code.op(LADD);
        code.store(e.entry());
        entryField(tagOffset);
        code.load(e.ea());
        if (end - displacement > 1) {
            code.pushLong(end - displacement - 1);
            code.op(LADD);
        }
        code.load(e.pageMask());
        code.op(LAND);
        code.load(e.scratch());
        code.op(LOR);
        e.sideExitUnlessEqual(s);
        entryField(Mmu.ADDEND);
        if (based) {
            e.near.found(ra(w), store, new Near.Range(displacement, end));
        }
        code.load(e.ea());
        code.op(LADD);
    }

    private void entryField(int offset) {
        code.load(e.entry());
        if (offset != 0) {
            code.pushLong(offset);
            code.op(LADD);
        }
        code.call(HOST, "getDouble", "(J)J");
    }
}
