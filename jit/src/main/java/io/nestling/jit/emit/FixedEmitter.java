package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.*;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.CpuState;
import java.util.List;
import org.objectweb.asm.Label;

/** Fixed-point instructions as bytecode. Overflow-enabled (OE) forms are left to the semantics methods. */
final class FixedEmitter {
    private static final long WORD = 0xffffffffL;
    private static final String LANES = "io/nestling/runtime/isa/Lanes";

    private final RegionEmitter e;
    private final Code code;
    private final int w;

    private FixedEmitter(RegionEmitter e, int w) {
        this.e = e;
        this.code = e.code;
        this.w = w;
    }

    /** Emits one instruction; false when it has no form here. */
    static boolean emit(RegionEmitter e, int row, int w) {
        return new FixedEmitter(e, w).emit(row);
    }

    private boolean emit(int row) {
        switch (row) {
            case Op.ADDI -> immediate(si(w));
            case Op.ADDIS -> immediate(si(w) << 16);
            case Op.ADD -> {
                return arithmetic(LADD, ra(w), rb(w));
            }
            case Op.SUBF -> {
                return arithmetic(LSUB, rb(w), ra(w));
            }
            case Op.MULLD -> {
                return arithmetic(LMUL, ra(w), rb(w));
            }
            case Op.NEG -> {
                if (oe(w)) {
                    return false;
                }
                e.readGpr(ra(w));
                code.op(LNEG);
                target();
            }
            case Op.MULLW -> {
                if (oe(w)) {
                    return false;
                }
                signedWord(ra(w));
                signedWord(rb(w));
                code.op(LMUL);
                target();
            }
            case Op.MULLI -> {
                e.readGpr(ra(w));
                code.pushLong(si(w));
                code.op(LMUL);
                e.writeGpr(rt(w));
            }
            case Op.MULHD -> {
                e.readGpr(ra(w));
                e.readGpr(rb(w));
                code.call("java/lang/Math", "multiplyHigh", "(JJ)J");
                target();
            }
            case Op.MULHDU -> {
                e.readGpr(ra(w));
                e.readGpr(rb(w));
                code.call("java/lang/Math", "unsignedMultiplyHigh", "(JJ)J");
                target();
            }
            case Op.MADDLD -> {
                e.readGpr(ra(w));
                e.readGpr(rb(w));
                code.op(LMUL);
                e.readGpr(rc(w));
                code.op(LADD);
                e.writeGpr(rt(w));
            }
            case Op.ADDIC -> sum(false, () -> code.pushLong(si(w)), 0);
            case Op.ADDIC_ -> {
                sum(false, () -> code.pushLong(si(w)), 0);
                e.readGpr(rt(w));
                e.cr.recordCr0();
            }
            case Op.SUBFIC -> sum(true, () -> code.pushLong(si(w)), 1);
            case Op.ADDC, Op.SUBFC, Op.ADDE, Op.SUBFE, Op.ADDZE, Op.SUBFZE, Op.ADDME, Op.SUBFME -> {
                return carrying(row);
            }
            case Op.MULHW, Op.MULHWU -> {
                for (int n : new int[] {ra(w), rb(w)}) {
                    e.readGpr(n);
                    if (row == Op.MULHW) {
                        code.op(L2I, I2L);
                    } else {
                        code.pushLong(WORD);
                        code.op(LAND);
                    }
                }
                code.op(LMUL);
                code.pushInt(32);
                code.op(LUSHR);
                target();
            }
            case Op.CMPB -> {
                e.readGpr(rt(w));
                e.readGpr(rb(w));
                code.pushInt(8);
                code.call(LANES, "equal", "(JJI)J");
                e.writeGpr(ra(w));
            }
            case Op.POPCNTB -> {
                e.readGpr(rt(w));
                code.pushInt(8);
                code.call(LANES, "population", "(JI)J");
                e.writeGpr(ra(w));
            }
            case Op.ORI -> logicalImmediate(LOR, ui(w));
            case Op.ORIS -> logicalImmediate(LOR, ui(w) << 16);
            case Op.XORI -> logicalImmediate(LXOR, ui(w));
            case Op.XORIS -> logicalImmediate(LXOR, ui(w) << 16);
            case Op.ANDI_ -> andRecord(ui(w));
            case Op.ANDIS_ -> andRecord(ui(w) << 16);
            case Op.AND -> logical(LAND, false, false);
            case Op.OR -> or();
            case Op.XOR -> logical(LXOR, false, false);
            case Op.NAND -> logical(LAND, false, true);
            case Op.NOR -> logical(LOR, false, true);
            case Op.EQV -> logical(LXOR, false, true);
            case Op.ANDC -> logical(LAND, true, false);
            case Op.ORC -> logical(LOR, true, false);
            case Op.EXTSB -> unary(() -> code.op(L2I, I2B, I2L));
            case Op.EXTSH -> unary(() -> code.op(L2I, I2S, I2L));
            case Op.EXTSW -> unary(() -> code.op(L2I, I2L));
            case Op.CNTLZD -> count("java/lang/Long", "numberOfLeadingZeros", "(J)I", false);
            case Op.CNTTZD -> count("java/lang/Long", "numberOfTrailingZeros", "(J)I", false);
            case Op.CNTLZW -> count("java/lang/Integer", "numberOfLeadingZeros", "(I)I", true);
            case Op.CNTTZW -> count("java/lang/Integer", "numberOfTrailingZeros", "(I)I", true);
            case Op.POPCNTD -> count("java/lang/Long", "bitCount", "(J)I", false);
            case Op.RLDICL -> rotateDouble(-1L >>> mb6(w));
            case Op.RLDICR -> rotateDouble(-1L << 63 - mb6(w));
            case Op.RLDIC -> rotateDouble(mask(mb6(w), 63 - sh6(w)));
            case Op.RLDIMI -> {
                long m = mask(mb6(w), 63 - sh6(w));
                e.readGpr(rt(w));
                rotate(sh6(w), m, 64);
                insert(m);
            }
            case Op.RLWINM -> {
                return rotateWord();
            }
            case Op.RLWIMI -> {
                if (rc(w) > me(w)) {
                    return false;
                }
                e.readGpr(rt(w));
                long m = mask(rc(w) + 32, me(w) + 32);
                rotate(rb(w), m, 32);
                insert(m);
            }
            case Op.SLD -> shift(LSHL, 0x40, false);
            case Op.SRD -> shift(LUSHR, 0x40, false);
            case Op.SLW -> shift(LSHL, 0x20, true);
            case Op.SRW -> shift(LUSHR, 0x20, true);
            case Op.SRADI -> shiftAlgebraic(sh6(w), false);
            case Op.SRAWI -> shiftAlgebraic(rb(w), true);
            case Op.EXTSWSLI -> {
                signedWord(rt(w));
                code.pushInt(sh6(w));
                code.op(LSHL);
                targetA();
            }
            case Op.CMPI -> compare(false, () -> code.pushLong(si(w)));
            case Op.CMPLI -> compare(true, () -> code.pushLong(ui(w)));
            case Op.CMP -> compare(false, null);
            case Op.CMPL -> compare(true, null);
            case Op.ISEL -> {
                Label no = new Label();
                Label done = new Label();
                e.cr.jumpIf(rc(w), false, no);
                readOrZero(ra(w));
                e.writeGpr(rt(w));
                code.jump(GOTO, done);
                code.label(no);
                e.readGpr(rb(w));
                e.writeGpr(rt(w));
                code.label(done);
            }
            case Op.MCRF -> e.cr.move(bf(w), bfa(w));
            case Op.MTCRF, Op.MTOCRF, Op.MFOCRF -> {
                return Integer.bitCount(fxm(w)) == 1 && moveField(row == Op.MFOCRF, Integer.numberOfLeadingZeros(fxm(w)) - 24);
            }
            case Op.MTSPR -> {
                return moveToSpr();
            }
            case Op.MFSPR, Op.MFTB -> {
                return moveFromSpr();
            }
            case Op.DCBT, Op.DCBTST -> {
                // Hints.
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- sums with carry ----

    private boolean carrying(int row) {
        if (oe(w)) {
            return false;
        }
        switch (row) {
            case Op.ADDC -> sum(false, () -> e.readGpr(rb(w)), 0);
            case Op.SUBFC -> sum(true, () -> e.readGpr(rb(w)), 1);
            case Op.ADDE -> sum(false, () -> e.readGpr(rb(w)), CA);
            case Op.SUBFE -> {
                if (ra(w) == rb(w)) {
                    spread();
                } else {
                    sum(true, () -> e.readGpr(rb(w)), CA);
                }
            }
            case Op.ADDZE -> sum(false, () -> code.op(LCONST_0), CA);
            case Op.SUBFZE -> sum(true, () -> code.op(LCONST_0), CA);
            case Op.ADDME -> sum(false, () -> code.pushLong(-1), CA);
            default -> sum(true, () -> code.pushLong(-1), CA);
        }
        if (recordBit(w)) {
            e.readGpr(rt(w));
            e.cr.recordCr0();
        }
        return true;
    }

    private static final int CA = 2;

    /** RA, or its complement, plus another number and 0, 1 or CA into RT, CA and CA32. */
    private void sum(boolean complement, Runnable other, int carryIn) {
        e.readGpr(ra(w));
        if (complement) {
            not();
        }
        code.store(e.scratch());
        other.run();
        code.store(e.entry());
        code.load(e.scratch());
        code.load(e.entry());
        code.op(LADD);
        if (carryIn == 1) {
            code.op(LCONST_1, LADD);
        } else if (carryIn == CA) {
            e.carry.push();
            code.op(I2L, LADD);
        }
        e.writeGpr(rt(w));
        if (e.inMemory() || carryIn == CA) {
            e.carry.set(this::carryOut);
        } else {
            e.carry.set(() -> compareOut(complement));
        }
        e.carry.setCarries(() -> {
            code.load(e.scratch());
            code.load(e.entry());
            code.op(LXOR);
            e.readGpr(rt(w));
            code.op(LXOR);
        });
    }

    /** RT becomes CA - 1 and CA stays, when all that is added to it is a number and its complement. */
    private void spread() {
        e.carry.push();
        code.op(I2L, LCONST_1, LSUB);
        e.writeGpr(rt(w));
        e.carry.setCarries(() -> {
            e.readGpr(rt(w));
            not();
        });
    }

    /** FixedArith.carryOut of scratch, entry and RT: C1 does not look into the method, which wants more stack than it allows. */
    private void carryOut() {
        code.load(e.scratch());
        code.load(e.entry());
        code.op(LAND);
        code.load(e.scratch());
        code.load(e.entry());
        code.op(LOR);
        e.readGpr(rt(w));
        not();
        code.op(LAND, LOR);
        code.pushInt(63);
        code.op(LUSHR, L2I);
    }

    /** The same without a carry in, for the optimizing compiler: RT below entry; or, of a difference, entry not below RA. */
    private void compareOut(boolean difference) {
        Label below = new Label();
        Label done = new Label();
        if (difference) {
            code.load(e.entry());
            code.load(e.scratch());
            not();
        } else {
            e.readGpr(rt(w));
            code.load(e.entry());
        }
        compareUnsigned();
        code.jump(IFLT, below);
        code.pushInt(difference ? 1 : 0);
        code.jump(GOTO, done);
        code.label(below);
        code.pushInt(difference ? 0 : 1);
        code.labelWithStack(done, INTEGER);
    }

    // ---- shapes -------------------------------------------------------------------------------------------------

    private void readOrZero(int n) {
        if (n == 0) {
            code.op(LCONST_0);
        } else {
            e.readGpr(n);
        }
    }

    private void signedWord(int n) {
        e.readGpr(n);
        code.op(L2I, I2L);
    }

    private void immediate(long v) {
        if (ra(w) == 0) {
            code.pushLong(v);
        } else {
            e.readGpr(ra(w));
            if (v != 0) {
                code.pushLong(v);
                code.op(LADD);
            }
        }
        if (ra(w) == 0) {
            e.writeGpr(rt(w));
        } else {
            e.near.sum(rt(w), ra(w), v, () -> e.writeGpr(rt(w)));
        }
    }

    private boolean arithmetic(int opcode, int a, int b) {
        if (oe(w)) {
            return false;
        }
        e.readGpr(a);
        e.readGpr(b);
        code.op(opcode);
        target();
        return true;
    }

    /** Result on the stack into RT, and CR0 if asked for. */
    private void target() {
        e.writeGpr(rt(w));
        if (recordBit(w)) {
            e.readGpr(rt(w));
            e.cr.recordCr0();
        }
    }

    /** Result on the stack into RA, and CR0 if asked for. */
    private void targetA() {
        e.writeGpr(ra(w));
        if (recordBit(w)) {
            e.readGpr(ra(w));
            e.cr.recordCr0();
        }
    }

    private void logicalImmediate(int opcode, long v) {
        e.readGpr(rt(w));
        if (v != 0) {
            code.pushLong(v);
            code.op(opcode);
        }
        e.writeGpr(ra(w));
    }

    private void andRecord(long v) {
        e.readGpr(rt(w));
        code.pushLong(v);
        code.op(LAND);
        e.writeGpr(ra(w));
        e.readGpr(ra(w));
        e.cr.recordCr0();
    }

    /**
     * {@code or rx,rx,rx} is what programs put into loops that wait for another processor (Book II, 3.2: priorities). The
     * fence keeps the JVM from loading what they wait for once and for all before the loop.
     */
    private void or() {
        if (rt(w) == ra(w) && ra(w) == rb(w) && (w & 1) == 0) {
            code.call("java/lang/invoke/VarHandle", "acquireFence", "()V");
        } else if (rt(w) == rb(w)) {
            e.near.sum(ra(w), rt(w), 0, () -> logical(LOR, false, false));
        } else {
            logical(LOR, false, false);
        }
    }

    private void logical(int opcode, boolean complementB, boolean complementResult) {
        e.readGpr(rt(w));
        if (rt(w) != rb(w) || opcode == LXOR || complementB) {
            e.readGpr(rb(w));
            if (complementB) {
                not();
            }
            code.op(opcode);
        }
        if (complementResult) {
            not();
        }
        targetA();
    }

    private void not() {
        code.pushLong(-1);
        code.op(LXOR);
    }

    private void unary(Runnable body) {
        e.readGpr(rt(w));
        body.run();
        targetA();
    }

    private void count(String owner, String name, String descriptor, boolean word) {
        e.readGpr(rt(w));
        if (word) {
            code.op(L2I);
        }
        code.call(owner, name, descriptor);
        code.op(I2L);
        targetA();
    }

    private void rotateDouble(long mask) {
        e.readGpr(rt(w));
        if (rotate(sh6(w), mask, 64) != mask) {
            code.pushLong(mask);
            code.op(LAND);
        }
        targetA();
    }

    private boolean rotateWord() {
        if (rc(w) > me(w)) {
            return false;
        }
        long mask = mask(rc(w) + 32, me(w) + 32);
        e.readGpr(rt(w));
        rotate(rb(w), mask, 32);
        code.pushLong(mask);
        code.op(LAND);
        targetA();
        return true;
    }

    /**
     * Rotates the value on the stack to the left, or its low word, as far as a mask shows it: mostly a shift does.
     *
     * @return a mask of what may be other than zero then
     */
    private long rotate(int sh, long mask, int width) {
        long low = (1L << sh) - 1;
        if (sh == 0) {
            return -1;
        }
        if ((mask & low) == 0) {
            code.pushInt(sh);
            code.op(LSHL);
            return ~low;
        }
        if ((mask & ~low) == 0) {
            code.pushInt(width - sh);
            code.op(LUSHR);
            return -1L >>> width - sh;
        }
        if (width == 64) {
            code.rotateLeft(sh);
        } else {
            code.op(L2I);
            code.pushInt(sh);
            code.call("java/lang/Integer", "rotateLeft", "(II)I");
            code.op(I2L);
        }
        return -1;
    }

    /** Rotated value on the stack; inserts it into RA under the mask. */
    private void insert(long mask) {
        code.pushLong(mask);
        code.op(LAND);
        e.readGpr(ra(w));
        code.pushLong(~mask);
        code.op(LAND, LOR);
        targetA();
    }

    /** Shifts of a register by a register: 0 when the bit {@code over} of the amount is set. */
    private void shift(int opcode, int over, boolean word) {
        e.readGpr(rt(w));
        if (word) {
            code.pushLong(WORD);
            code.op(LAND);
        }
        e.readGpr(rb(w));
        code.op(L2I);
        code.op(opcode);
        if (word) {
            code.pushLong(WORD);
            code.op(LAND);
        }
        // All ones unless the amount is too large: (amount & over) - 1 >> 63.
        e.readGpr(rb(w));
        code.pushLong(over);
        code.op(LAND, LCONST_1, LSUB);
        code.pushInt(63);
        code.op(LSHR, LAND);
        targetA();
    }

    private void shiftAlgebraic(int sh, boolean word) {
        e.readGpr(rt(w));
        if (word) {
            code.op(L2I, I2L);
        }
        code.store(e.scratch());
        // CA, and all of what has CA32: the value is negative and a one was shifted out.
        if (sh == 0) {
            code.op(LCONST_0);
        } else {
            code.load(e.scratch());
            code.pushInt(63);
            code.op(LSHR);
            code.load(e.scratch());
            code.op(LAND);
            code.pushLong((1L << sh) - 1);
            code.op(LAND, LNEG);
            code.pushInt(63);
            code.op(LSHR);
        }
        code.store(e.entry());
        e.carry.setCarries(() -> code.load(e.entry()));
        e.carry.set(() -> {
            code.load(e.entry());
            code.op(L2I, ICONST_1, IAND);
        });
        code.load(e.scratch());
        if (sh != 0) {
            code.pushInt(sh);
            code.op(LSHR);
        }
        targetA();
    }

    private void compare(boolean unsigned, Runnable immediate) {
        boolean wide = (w & 1 << 21) != 0;
        Runnable first = () -> operand(ra(w), unsigned, wide);
        Runnable second = immediate != null ? immediate : () -> operand(rb(w), unsigned, wide);
        for (Runnable operand : List.of(first, second)) {
            operand.run();
            if (unsigned && wide && e.inMemory()) {
                code.pushLong(Long.MIN_VALUE);
                code.op(LXOR);
            }
        }
        if (unsigned && wide && !e.inMemory()) {
            compareUnsigned();
        } else {
            code.op(LCMP);
        }
        e.cr.setRaw(bf(w));
    }

    /** For hot code: the optimizing compiler knows the method, to the quick one it is two calls. */
    private void compareUnsigned() {
        code.call("java/lang/Long", "compareUnsigned", "(JJ)I");
    }

    private void operand(int n, boolean unsigned, boolean wide) {
        e.readGpr(n);
        if (!wide) {
            if (unsigned) {
                code.pushLong(WORD);
                code.op(LAND);
            } else {
                code.op(L2I, I2L);
            }
        }
    }

    /** One CR field from or to its place in a register, of which the other bits are 0 or do not matter. */
    private boolean moveField(boolean from, int n) {
        int place = 28 - 4 * n;
        if (from) {
            e.cr.pushNibble(n);
            code.pushInt(place);
            code.op(ISHL, I2L);
            code.pushLong(WORD);
            code.op(LAND);
            e.writeGpr(rt(w));
        } else {
            e.readGpr(rt(w));
            code.op(L2I);
            code.pushInt(place);
            code.op(IUSHR);
            code.pushInt(15);
            code.op(IAND);
            code.pushInt(CpuState.NIBBLE);
            code.op(IOR);
            e.cr.setAny(n);
        }
        return true;
    }

    private boolean moveToSpr() {
        switch (spr(w)) {
            case 8 -> {
                code.cpu();
                e.readGpr(rt(w));
                code.putState("lr", "J");
            }
            case 9 -> {
                e.readGpr(rt(w));
                e.writeCtr();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean moveFromSpr() {
        switch (spr(w)) {
            case 8 -> {
                code.cpu();
                code.getState("lr", "J");
            }
            case 9 -> e.readCtr();
            default -> {
                return false;
            }
        }
        e.writeGpr(rt(w));
        return true;
    }

    /** Ones from bit {@code first} to bit {@code last} (0 is the most significant), wrapping. */
    private static long mask(int first, int last) {
        long m = -1L >>> first & -1L << 63 - last;
        return first <= last ? m : -1L >>> first | -1L << 63 - last;
    }
}
