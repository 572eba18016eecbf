package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.*;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.fp.PendingStatus;
import java.util.function.Consumer;
import org.objectweb.asm.Label;

/**
 * Floating-point instructions in hot code: the host's arithmetic inline, FR, FI and FPRF put off. The result tells
 * whether that was right; where it was not, or XX is not set yet, or the rounding mode is another one, a method does the
 * operation. With an exception enabled the interpreter does it. Record forms are left to the semantics methods.
 */
final class FloatEmitter {
    private static final String PENDING = "io/nestling/runtime/fp/PendingStatus";
    private static final String AGAIN = "io/nestling/runtime/isa/FloatAgain";

    private static final int ADD = 1;
    private static final int SUB = 2;
    private static final int MUL = 3;
    private static final int DIV = 4;
    private static final int SQRT = 5;

    private final RegionEmitter e;
    private final Code code;
    private final int row;
    private final int w;
    private final int s;

    private FloatEmitter(RegionEmitter e, int row, int w, int s) {
        this.e = e;
        this.code = e.code;
        this.row = row;
        this.w = w;
        this.s = s;
    }

    /** Emits one instruction; false when it has no form here. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        return e.vsr.inLocals() && new FloatEmitter(e, row, w, s).emit();
    }

    private boolean emit() {
        int t = 2 * rt(w);
        int a = 2 * ra(w);
        int b = 2 * rb(w);
        int c = 2 * rc(w);
        int xt = 2 * xt(w);
        int xa = 2 * xa(w);
        int xb = 2 * xb(w);
        switch (row) {
            case Op.FADD, Op.FSUB, Op.FDIV, Op.FADDS, Op.FSUBS, Op.FDIVS, Op.FMUL, Op.FMULS, Op.FSQRT, Op.FSQRTS, Op.FMADD,
                    Op.FMSUB, Op.FNMADD, Op.FNMSUB, Op.FMADDS, Op.FMSUBS, Op.FNMADDS, Op.FNMSUBS, Op.FRSP, Op.FCFID,
                    Op.FCFIDS, Op.FMR, Op.FNEG, Op.FABS, Op.FNABS, Op.FCPSGN, Op.FSEL -> {
                if (recordBit(w)) {
                    return false;
                }
                e.need(Msr.FP, s);
            }
            case Op.FCMPU, Op.FCMPO -> e.need(Msr.FP, s);
            default -> {
            }
        }
        switch (row) {
            case Op.FADD -> binary(ADD, t, a, b);
            case Op.FADDS -> binary(ADD | PendingStatus.SINGLE, t, a, b);
            case Op.FSUB -> binary(SUB, t, a, b);
            case Op.FSUBS -> binary(SUB | PendingStatus.SINGLE, t, a, b);
            case Op.FMUL -> binary(MUL, t, a, c);
            case Op.FMULS -> binary(MUL | PendingStatus.SINGLE, t, a, c);
            case Op.FDIV -> binary(DIV, t, a, b);
            case Op.FDIVS -> binary(DIV | PendingStatus.SINGLE, t, a, b);
            case Op.FSQRT -> binary(SQRT, t, b, b);
            case Op.FSQRTS -> binary(SQRT | PendingStatus.SINGLE, t, b, b);
            case Op.FMADD, Op.FMADDS, Op.FMSUB, Op.FMSUBS, Op.FNMADD, Op.FNMADDS, Op.FNMSUB, Op.FNMSUBS ->
                fused(t, a, c, b);
            case Op.FRSP -> convert(PendingStatus.ROUND | PendingStatus.SINGLE, t, b);
            case Op.FCFID -> convert(PendingStatus.FROM_LONG, t, b);
            case Op.FCFIDS -> convert(PendingStatus.FROM_LONG | PendingStatus.SINGLE, t, b);
            case Op.FCMPU, Op.FCMPO -> compare(a, b);
            case Op.FMR -> move(t, () -> e.vsr.readDouble(b));
            case Op.FNEG -> move(t, () -> negated(b));
            case Op.FABS -> move(t, () -> absolute(b));
            case Op.FNABS -> move(t, () -> {
                absolute(b);
                code.op(DNEG);
            });
            case Op.FCPSGN -> move(t, () -> copySign(a, b));
            case Op.FSEL -> select(t, a, b, c);
            default -> {
                return vsx(xt, xa, xb);
            }
        }
        return true;
    }

    private boolean vsx(int t, int a, int b) {
        switch (row) {
            case Op.XSADDDP -> scalar(ADD, t, a, b);
            case Op.XSADDSP -> scalar(ADD | PendingStatus.SINGLE, t, a, b);
            case Op.XSSUBDP -> scalar(SUB, t, a, b);
            case Op.XSSUBSP -> scalar(SUB | PendingStatus.SINGLE, t, a, b);
            case Op.XSMULDP -> scalar(MUL, t, a, b);
            case Op.XSMULSP -> scalar(MUL | PendingStatus.SINGLE, t, a, b);
            case Op.XSDIVDP -> scalar(DIV, t, a, b);
            case Op.XSDIVSP -> scalar(DIV | PendingStatus.SINGLE, t, a, b);
            case Op.XSSQRTDP -> scalar(SQRT, t, b, b);
            case Op.XSSQRTSP -> scalar(SQRT | PendingStatus.SINGLE, t, b, b);
            case Op.XSMADDADP, Op.XSMADDASP, Op.XSMSUBADP, Op.XSMSUBASP, Op.XSNMADDADP, Op.XSNMADDASP, Op.XSNMSUBADP,
                    Op.XSNMSUBASP -> {
                e.need(Msr.VSX, s);
                fused(t, a, b, t);
            }
            case Op.XSMADDMDP, Op.XSMADDMSP, Op.XSMSUBMDP, Op.XSMSUBMSP, Op.XSNMADDMDP, Op.XSNMADDMSP, Op.XSNMSUBMDP,
                    Op.XSNMSUBMSP -> {
                e.need(Msr.VSX, s);
                fused(t, a, t, b);
            }
            case Op.XSRSP -> {
                e.need(Msr.VSX, s);
                convert(PendingStatus.ROUND | PendingStatus.SINGLE, t, b);
            }
            case Op.XSCVSXDDP -> {
                e.need(Msr.VSX, s);
                convert(PendingStatus.FROM_LONG, t, b);
            }
            case Op.XSCVSXDSP -> {
                e.need(Msr.VSX, s);
                convert(PendingStatus.FROM_LONG | PendingStatus.SINGLE, t, b);
            }
            case Op.XSCMPUDP, Op.XSCMPODP -> {
                e.need(Msr.VSX, s);
                compare(a, b);
            }
            case Op.XSNEGDP -> {
                e.need(Msr.VSX, s);
                move(t, () -> negated(b));
            }
            case Op.XSABSDP -> {
                e.need(Msr.VSX, s);
                move(t, () -> absolute(b));
            }
            case Op.XSCPSGNDP -> {
                e.need(Msr.VSX, s);
                move(t, () -> copySign(a, b));
            }
            case Op.XVADDDP -> pair(ADD, t, a, b);
            case Op.XVSUBDP -> pair(SUB, t, a, b);
            case Op.XVMULDP -> pair(MUL, t, a, b);
            case Op.XVDIVDP -> pair(DIV, t, a, b);
            case Op.XVSQRTDP -> pair(SQRT, t, b, b);
            case Op.XVMADDADP, Op.XVMSUBADP, Op.XVNMADDADP, Op.XVNMSUBADP -> fusedPair(t, a, b, t);
            case Op.XVMADDMDP, Op.XVMSUBMDP, Op.XVNMADDMDP, Op.XVNMSUBMDP -> fusedPair(t, a, t, b);
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- moves ----------------------------------------------------------------------------------------------------

    private void move(int t, Runnable value) {
        e.vsr.writeDouble(t, value);
        clearSecond(t);
    }

    private void clearSecond(int t) {
        e.vsr.write(t + 1, () -> code.op(LCONST_0));
    }

    private void negated(int b) {
        e.vsr.readDouble(b);
        code.op(DNEG);
    }

    private void absolute(int b) {
        e.vsr.readDouble(b);
        code.call("java/lang/Math", "abs", "(D)D");
    }

    private void copySign(int a, int b) {
        e.vsr.readDouble(b);
        e.vsr.readDouble(a);
        code.call(PENDING, "copySign", "(DD)D");
    }

    private void select(int t, int a, int b, int c) {
        Label no = new Label();
        Label done = new Label();
        e.vsr.readDouble(a);
        code.op(DCONST_0, DCMPL);
        code.jump(IFLT, no);
        e.vsr.writeDouble(t, () -> e.vsr.readDouble(c));
        code.jump(GOTO, done);
        code.label(no);
        e.vsr.writeDouble(t, () -> e.vsr.readDouble(b));
        code.label(done);
        clearSecond(t);
    }

    // ---- scalars --------------------------------------------------------------------------------------------------

    private Code.Local result(int n) {
        return e.fp.result(n);
    }

    private void scalar(int kind, int t, int a, int b) {
        e.need(Msr.VSX, s);
        binary(kind, t, a, b);
    }

    /** Sums and differences may be zero, and products of zero. */
    private void arithmetic(int kind, int a, int b, Code.Local result) {
        int operation = kind & ~PendingStatus.SINGLE;
        if (operation != SQRT) {
            e.vsr.readDouble(a);
        }
        e.vsr.readDouble(b);
        switch (operation) {
            case ADD -> code.op(DADD);
            case SUB -> code.op(DSUB);
            case MUL -> code.op(DMUL);
            case DIV -> code.op(DDIV);
            default -> code.call("java/lang/Math", "sqrt", "(D)D");
        }
        if ((kind & PendingStatus.SINGLE) != 0) {
            code.op(D2F, F2D);
        }
        code.store(result);
    }

    private void plainOrElse(int kind, int a, int b, Code.Local result, Label slow) {
        String single = (kind & PendingStatus.SINGLE) != 0 ? "Single" : "";
        int operation = kind & ~PendingStatus.SINGLE;
        code.load(result);
        code.call(PENDING, (operation == ADD || operation == SUB ? "plainSum" : "plain") + single, "(D)I");
        if (operation != MUL) {
            code.jump(IFLT, slow);
            return;
        }
        Label plain = new Label();
        code.jump(IFGE, plain);
        code.load(result);
        e.vsr.readDouble(a);
        e.vsr.readDouble(b);
        code.call(PENDING, "zero", "(DDD)Z");
        code.jump(IFEQ, slow);
        code.label(plain);
    }

    private void plainFused(String method, int x, int z, int y, Code.Local result, Label slow) {
        Label plain = new Label();
        code.load(result);
        code.call(PENDING, method, "(D)I");
        code.jump(IFGE, plain);
        code.load(result);
        e.vsr.readDouble(x);
        e.vsr.readDouble(z);
        e.vsr.readDouble(y);
        code.call(PENDING, "zero", "(DDDD)Z");
        code.jump(IFEQ, slow);
        code.label(plain);
    }

    private void binary(int kind, int t, int a, int b) {
        boolean root = (kind & ~PendingStatus.SINGLE) == SQRT;
        Runnable x = () -> {
            if (root) {
                code.op(DCONST_0);
            } else {
                e.vsr.readDouble(a);
            }
        };
        Runnable y = () -> e.vsr.readDouble(b);
        perform(kind, t, new Runnable[] {x, y}, slow -> {
            if ((kind & PendingStatus.SINGLE) != 0) {
                e.vsr.readDouble(a);
                e.vsr.readDouble(b);
                code.call(PENDING, "singles", "(DD)Z");
                code.jump(IFEQ, slow);
            }
            arithmetic(kind, a, b, result(0));
            plainOrElse(kind, a, b, result(0), slow);
        });
    }

    private boolean single() {
        return switch (row) {
            case Op.FMADDS, Op.FMSUBS, Op.FNMADDS, Op.FNMSUBS, Op.XSMADDASP, Op.XSMSUBASP, Op.XSNMADDASP, Op.XSNMSUBASP,
                    Op.XSMADDMSP, Op.XSMSUBMSP, Op.XSNMADDMSP, Op.XSNMSUBMSP -> true;
            default -> false;
        };
    }

    private boolean subtracts() {
        return switch (row) {
            case Op.FMSUB, Op.FNMSUB, Op.FMSUBS, Op.FNMSUBS, Op.XSMSUBADP, Op.XSMSUBASP, Op.XSNMSUBADP, Op.XSNMSUBASP,
                    Op.XSMSUBMDP, Op.XSMSUBMSP, Op.XSNMSUBMDP, Op.XSNMSUBMSP, Op.XVMSUBADP, Op.XVNMSUBADP, Op.XVMSUBMDP,
                    Op.XVNMSUBMDP -> true;
            default -> false;
        };
    }

    private boolean negates() {
        return switch (row) {
            case Op.FNMADD, Op.FNMSUB, Op.FNMADDS, Op.FNMSUBS, Op.XSNMADDADP, Op.XSNMADDASP, Op.XSNMSUBADP, Op.XSNMSUBASP,
                    Op.XSNMADDMDP, Op.XSNMADDMSP, Op.XSNMSUBMDP, Op.XSNMSUBMSP, Op.XVNMADDADP, Op.XVNMSUBADP, Op.XVNMADDMDP,
                    Op.XVNMSUBMDP -> true;
            default -> false;
        };
    }

    private void addend(int y) {
        e.vsr.readDouble(y);
        if (subtracts()) {
            code.op(DNEG);
        }
    }

    /** {@code x * z + y}. */
    private void fused(int t, int x, int z, int y) {
        int kind = PendingStatus.FMA | (subtracts() ? PendingStatus.SUBTRACT : 0) | (negates() ? PendingStatus.NEGATE : 0)
                | (single() ? PendingStatus.SINGLE : 0);
        Runnable readX = () -> e.vsr.readDouble(x);
        Runnable readY = () -> addend(y);
        Runnable readZ = () -> e.vsr.readDouble(z);
        perform(kind, t, new Runnable[] {readX, readY, readZ}, slow -> {
            if (single()) {
                readX.run();
                readZ.run();
                code.call(PENDING, "singles", "(DD)Z");
                code.jump(IFEQ, slow);
                readY.run();
                code.call(PENDING, "single", "(D)Z");
                code.jump(IFEQ, slow);
                readX.run();
                code.op(D2F);
                readZ.run();
                code.op(D2F);
                readY.run();
                code.op(D2F);
                code.call("java/lang/Math", "fma", "(FFF)F");
                code.op(F2D);
            } else {
                readX.run();
                readZ.run();
                readY.run();
                code.call("java/lang/Math", "fma", "(DDD)D");
            }
            if (negates()) {
                code.op(DNEG);
            }
            code.store(result(0));
            plainFused(single() ? "plainSingle" : "plain", x, z, y, result(0), slow);
        });
    }

    private void convert(int kind, int t, int b) {
        boolean single = (kind & PendingStatus.SINGLE) != 0;
        Runnable x = () -> e.vsr.readDouble(b);
        perform(kind, t, new Runnable[] {x}, slow -> {
            if ((kind & ~PendingStatus.SINGLE) == PendingStatus.ROUND) {
                x.run();
                code.op(D2F, F2D);
                code.store(result(0));
                code.load(result(0));
                code.call(PENDING, "plainSingle", "(D)I");
                code.jump(IFLT, slow);
            } else {
                e.vsr.read(b);
                if (single) {
                    code.op(L2F, F2D);
                } else {
                    code.op(L2D);
                }
                code.store(result(0));
            }
        });
    }

    /**
     * An operation with its two ways.
     *
     * @param operands push x, y and z of the note, as doubles
     * @param inline emits the fast way, into {@code result(0)}, with a jump to its argument where that fails
     */
    private void perform(int kind, int t, Runnable[] operands, Consumer<Label> inline) {
        Label slow = new Label();
        Label done = new Label();
        code.load(e.fp.mode());
        code.jump(IFNE, slow);
        inline.accept(slow);
        e.fp.note(kind, operands);
        code.jump(GOTO, done);
        code.label(slow);
        e.fp.leaveIfEnabled(s);
        code.cpu();
        code.pushInt(kind);
        code.pushInt(t);
        for (int n = 0; n < 3; n++) {
            if (n < operands.length) {
                operands[n].run();
            } else {
                code.op(DCONST_0);
            }
        }
        code.call(AGAIN, "perform", "(L" + Code.VCPU + ";IIDDD)D");
        code.store(result(0));
        e.fp.replaced();
        code.label(done);
        e.vsr.writeDouble(t, () -> code.load(result(0)));
        clearSecond(t);
    }

    /** Operands that are numbers; NaNs are the interpreter's business. */
    private void compare(int a, int b) {
        e.fp.leaveIfEnabled(s);
        Label numbers = new Label();
        e.vsr.readDouble(a);
        e.vsr.readDouble(b);
        code.call(PENDING, "ordered", "(DD)Z");
        code.jump(IFNE, numbers);
        code.jump(GOTO, e.side(s));
        code.label(numbers);
        e.vsr.readDouble(a);
        e.vsr.readDouble(b);
        code.op(DCMPL);
        e.cr.setFloat(bf(w));
        e.cr.load(bf(w));
        e.fp.noteCompare();
    }

    // ---- pairs of doubles: FR, FI and FPRF stay ---------------------------------------------------------------------

    private void pair(int kind, int t, int a, int b) {
        both(t, (half, slow) -> {
            arithmetic(kind, a + half, b + half, result(half));
            plainOrElse(kind, a + half, b + half, result(half), slow);
        });
    }

    private void fusedPair(int t, int x, int z, int y) {
        both(t, (half, slow) -> {
            e.vsr.readDouble(x + half);
            e.vsr.readDouble(z + half);
            addend(y + half);
            code.call("java/lang/Math", "fma", "(DDD)D");
            if (negates()) {
                code.op(DNEG);
            }
            code.store(result(half));
            plainFused("plain", x + half, z + half, y + half, result(half), slow);
        });
    }

    @FunctionalInterface
    private interface Half {
        void emit(int half, Label slow);
    }

    private void both(int t, Half inline) {
        e.need(Msr.VSX, s);
        Label slow = new Label();
        Label done = new Label();
        code.load(e.fp.mode());
        code.jump(IFNE, slow);
        inline.emit(0, slow);
        inline.emit(1, slow);
        e.vsr.writeDouble(t, () -> code.load(result(0)));
        e.vsr.writeDouble(t + 1, () -> code.load(result(1)));
        code.jump(GOTO, done);
        code.label(slow);
        SemanticsCall.emit(e, row, w, s);
        code.label(done);
    }
}
