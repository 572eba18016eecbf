package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.*;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.Msr;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.Label;

/**
 * Vector integer instructions in hot code: registers are pairs of longs in locals, and the methods that work on a
 * doubleword ({@code Lanes} and others) are called without the register file in between.
 */
final class LaneEmitter {
    private static final String ISA = "io/nestling/runtime/isa/";
    private static final String LANES = ISA + "Lanes";

    /** What an instruction does with its doublewords. */
    private enum Shape {
        /** VRT from VRA and VRB. */
        BOTH,
        /** VRT from VRB. */
        ONE,
        /** VRT from VRA and VRB, a mask; CR6 with Rc. */
        COMPARE,
        /** VRT from VRA and VRB, VSCR[SAT] from another method. */
        SATURATE
    }

    private record Lane(String method, String saturates, int n, Shape shape) {}

    private static final Map<Integer, Lane> ROWS = new HashMap<>();

    static {
        both("vaddu(.)m", "add");
        both("vsubu(.)m", "sub");
        both("vmaxu(.)", "maxUnsigned");
        both("vmaxs(.)", "maxSigned");
        both("vminu(.)", "minUnsigned");
        both("vmins(.)", "minSigned");
        both("vavgu(.)", "averageUnsigned");
        both("vmulu(w)m", "mul");
        both("vsl([bhwd])", "shl");
        both("vsr([bhwd])", "shr");
        both("vsra(.)", "sra");
        both("vrl([bhwd])", "rotl");
        rows("vpopcnt(.)", "population", null, Shape.ONE);
        rows("vclz([bhwd])", "leadingZeros", null, Shape.ONE);
        rows("vctz([bhwd])", "trailingZeros", null, Shape.ONE);
        rows("vcmpequ(.)", "equal", null, Shape.COMPARE);
        rows("vcmpgtu(.)", "above", null, Shape.COMPARE);
        rows("vcmpgts(.)", "greater", null, Shape.COMPARE);
        rows("vcmpne([bhw])", "different", null, Shape.COMPARE);
        rows("vcmpnez(.)", "differentOrZero", null, Shape.COMPARE);
        rows("vaddu(.)s", "addSaturatingUnsigned", "carry", Shape.SATURATE);
        rows("vsubu(.)s", "subSaturatingUnsigned", "borrow", Shape.SATURATE);
        rows("vadds(.)s", "addSaturatingSigned", "addOverflow", Shape.SATURATE);
        rows("vsubs(.)s", "subSaturatingSigned", "subOverflow", Shape.SATURATE);
    }

    private static void both(String names, String method) {
        rows(names, method, null, Shape.BOTH);
    }

    /** All rows whose name fits; the group is the letter of the lane's size. */
    private static void rows(String names, String method, String saturates, Shape shape) {
        Pattern pattern = Pattern.compile(names);
        for (Insn row : Isa.rows()) {
            Matcher m = pattern.matcher(row.name());
            if (m.matches() && "bhwd".contains(m.group(1))) {
                ROWS.put(row.op(), new Lane(method, saturates, 8 << "bhwd".indexOf(m.group(1)), shape));
            }
        }
    }

    private final RegionEmitter e;
    private final Code code;
    private final int w;
    private final int s;
    private final int t;
    private final int a;
    private final int b;

    private LaneEmitter(RegionEmitter e, int w, int s) {
        this.e = e;
        this.code = e.code;
        this.w = w;
        this.s = s;
        t = 64 + 2 * rt(w);
        a = 64 + 2 * ra(w);
        b = 64 + 2 * rb(w);
    }

    /** Emits one instruction; false when it has no form here. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        return e.vsr.inLocals() && new LaneEmitter(e, w, s).emit(row);
    }

    private boolean emit(int row) {
        Lane lane = ROWS.get(row);
        if (lane != null) {
            e.need(Msr.VEC, s);
            lanes(lane);
            return true;
        }
        switch (row) {
            case Op.VSEL, Op.VPERM, Op.VPERMR, Op.VSLDOI, Op.VSPLTISB, Op.VSPLTISH, Op.VSPLTISW, Op.VSPLTB, Op.VSPLTH, Op.VSPLTW,
                    Op.VCIPHER, Op.VCIPHERLAST, Op.VSHASIGMAW, Op.VSHASIGMAD, Op.VCLZLSBB, Op.VCTZLSBB -> e.need(Msr.VEC, s);
            case Op.XXSEL, Op.XXSLDWI, Op.XXSPLTW, Op.XXMRGHW, Op.XXMRGLW, Op.XXBRD, Op.XXBRW, Op.XXBRH, Op.XXBRQ ->
                e.need(Msr.VSX, s);
            case Op.XXSPLTIB -> e.need((w & 1) != 0 ? Msr.VEC : Msr.VSX, s);
            default -> {
                return false;
            }
        }
        switch (row) {
            case Op.VSEL -> select(t, a, b, 64 + 2 * rc(w));
            case Op.XXSEL -> select(2 * xt(w), 2 * xa(w), 2 * xb(w), 2 * xc(w));
            case Op.VPERM -> permute(false);
            case Op.VPERMR -> permute(true);
            case Op.VSLDOI -> shiftLeft(t, a, b, 8 * bits(w, 22, 25));
            case Op.XXSLDWI -> shiftLeft(2 * xt(w), 2 * xa(w), 2 * xb(w), 32 * bits(w, 22, 23));
            case Op.VSPLTISB -> constant(t, sim() & 0xffL, 8);
            case Op.VSPLTISH -> constant(t, sim() & 0xffffL, 16);
            case Op.VSPLTISW -> constant(t, sim() & 0xffffffffL, 32);
            case Op.XXSPLTIB -> constant(2 * xt(w), bits(w, 13, 20), 8);
            case Op.VSPLTB -> splat(t, b, bits(w, 12, 15), 8);
            case Op.VSPLTH -> splat(t, b, bits(w, 13, 15), 16);
            case Op.VSPLTW -> splat(t, b, bits(w, 14, 15), 32);
            case Op.XXSPLTW -> splat(2 * xt(w), 2 * xb(w), bits(w, 14, 15), 32);
            case Op.XXMRGHW -> mergeWords(0);
            case Op.XXMRGLW -> mergeWords(1);
            case Op.XXBRD -> reverse(0, 64);
            case Op.XXBRQ -> reverse(1, 64);
            case Op.XXBRW -> reverse(0, 32);
            case Op.XXBRH -> reverse(0, 16);
            case Op.VCIPHER -> cipher("encrypt");
            case Op.VCIPHERLAST -> cipher("encryptLast");
            case Op.VSHASIGMAW -> sigma("sigma256", bits(w, 17, 18), bits(w, 19, 20));
            case Op.VSHASIGMAD -> sigma("sigma512", bits(w, 17, 17), bits(w, 19, 19));
            default -> countBytes(row == Op.VCLZLSBB ? "leadingBytes" : "trailingBytes");
        }
        return true;
    }

    // ---- lane by lane ---------------------------------------------------------------------------------------------

    private void lanes(Lane lane) {
        if (lane.shape == Shape.SATURATE) {
            Label none = new Label();
            apply(lane.saturates, lane.n, 0);
            apply(lane.saturates, lane.n, 1);
            code.op(LOR, LCONST_0, LCMP);
            code.jump(IFEQ, none);
            code.cpu();
            code.call(LANES, "saturated", "(L" + Code.STATE + ";)V");
            code.label(none);
        }
        for (int half = 0; half < 2; half++) {
            int h = half;
            if (lane.shape == Shape.ONE) {
                e.vsr.write(t + h, () -> {
                    e.vsr.read(b + h);
                    code.pushInt(lane.n);
                    code.call(LANES, lane.method, "(JI)J");
                });
            } else {
                e.vsr.write(t + h, () -> apply(lane.method, lane.n, h));
            }
        }
        if (lane.shape == Shape.COMPARE && (w & 0x400) != 0) {
            e.vsr.read(t);
            e.vsr.read(t + 1);
            code.call(CrFields.CR_CODE, "masks", "(JJ)I");
            e.cr.setAny(6);
        }
    }

    private void apply(String method, int n, int half) {
        e.vsr.read(a + half);
        e.vsr.read(b + half);
        code.pushInt(n);
        code.call(LANES, method, "(JJI)J");
    }

    // ---- the others -----------------------------------------------------------------------------------------------

    /** Writes both doublewords after both have been computed. */
    private void pair(int target, Runnable first, Runnable second) {
        first.run();
        code.store(e.scratch());
        e.vsr.write(target + 1, second);
        e.vsr.write(target, () -> code.load(e.scratch()));
    }

    private void select(int target, int x, int y, int mask) {
        for (int half = 0; half < 2; half++) {
            int h = half;
            e.vsr.write(target + h, () -> {
                e.vsr.read(mask + h);
                e.vsr.read(y + h);
                e.vsr.read(x + h);
                code.call(LANES, "select", "(JJJ)J");
            });
        }
    }

    private void permute(boolean right) {
        int c = 64 + 2 * rc(w);
        pair(t, () -> permuteHalf(c, right, 0), () -> permuteHalf(c, right, 1));
    }

    private void permuteHalf(int c, boolean right, int half) {
        e.vsr.read(a);
        e.vsr.read(a + 1);
        e.vsr.read(b);
        e.vsr.read(b + 1);
        for (int i = 0; i < 2; i++) {
            e.vsr.read(c + i);
            if (right) {
                code.pushLong(-1);
                code.op(LXOR);
            }
        }
        code.pushInt(half);
        code.call(ISA + "BytePermute", "half", "(JJJJJJI)J");
    }

    /** The first 128 bits of {@code x} and {@code y} joined and shifted left by less than 128. */
    private void shiftLeft(int target, int x, int y, int shift) {
        int[] parts = {x, x + 1, y, y + 1};
        int skip = shift >> 6;
        pair(target, () -> funnel(parts[skip], parts[skip + 1], shift & 63),
                () -> funnel(parts[skip + 1], parts[Math.min(skip + 2, 3)], shift & 63));
    }

    private void funnel(int x, int y, int shift) {
        e.vsr.read(x);
        if (shift != 0) {
            code.pushInt(shift);
            code.op(LSHL);
            e.vsr.read(y);
            code.pushInt(64 - shift);
            code.op(LUSHR, LOR);
        }
    }

    private int sim() {
        return w << 11 >> 27;
    }

    private void constant(int target, long v, int n) {
        long both = v * Long.divideUnsigned(-1, (1L << n) - 1);
        e.vsr.write(target, () -> code.pushLong(both));
        e.vsr.write(target + 1, () -> code.pushLong(both));
    }

    private void splat(int target, int from, int element, int n) {
        int perHalf = 64 / n;
        pair(target, () -> {
            e.vsr.read(from + element / perHalf);
            int shift = n * (perHalf - 1 - element % perHalf);
            if (shift != 0) {
                code.pushInt(shift);
                code.op(LUSHR);
            }
            code.pushInt(n);
            code.call(LANES, "splat", "(JI)J");
        }, () -> code.load(e.scratch()));
    }

    private void mergeWords(int half) {
        int x = 2 * xa(w) + half;
        int y = 2 * xb(w) + half;
        pair(2 * xt(w), () -> {
            e.vsr.read(x);
            code.pushLong(-1L << 32);
            code.op(LAND);
            e.vsr.read(y);
            code.pushInt(32);
            code.op(LUSHR, LOR);
        }, () -> {
            e.vsr.read(x);
            code.pushInt(32);
            code.op(LSHL);
            e.vsr.read(y);
            code.pushLong(0xffffffffL);
            code.op(LAND, LOR);
        });
    }

    private void reverse(int swap, int n) {
        int y = 2 * xb(w);
        pair(2 * xt(w), () -> reverseHalf(y + swap, n), () -> reverseHalf(y + 1 - swap, n));
    }

    private void reverseHalf(int from, int n) {
        e.vsr.read(from);
        if (n == 64) {
            code.call("java/lang/Long", "reverseBytes", "(J)J");
        } else {
            code.pushInt(n);
            code.call(ISA + "VsxPermute", "reverseBytes", "(JI)J");
        }
    }

    private void cipher(String method) {
        pair(t, () -> cipherHalf(method, 0), () -> cipherHalf(method, 1));
    }

    private void cipherHalf(String method, int half) {
        e.vsr.read(a + half);
        e.vsr.read(a + 1 - half);
        code.call(ISA + "VmxCrypto", method, "(JJ)J");
        e.vsr.read(b + half);
        code.op(LXOR);
    }

    private void sigma(String method, int left, int right) {
        for (int half = 0; half < 2; half++) {
            int h = half;
            e.vsr.write(t + h, () -> {
                e.vsr.read(a + h);
                code.pushInt(bits(w, 16, 16));
                code.pushInt(h == 0 ? left : right);
                code.call(ISA + "VmxCrypto", method, "(JII)J");
            });
        }
    }

    private void countBytes(String method) {
        e.vsr.read(b);
        e.vsr.read(b + 1);
        code.call(ISA + "VmxCount", method, "(JJ)J");
        e.writeGpr(rt(w));
    }
}
