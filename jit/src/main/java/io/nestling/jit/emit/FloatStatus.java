package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.Label;

/**
 * The FPSCR in emitted code: how arithmetic may be done ({@code PendingStatus.mode}), and the operation whose FR, FI and
 * FPRF nobody has asked for yet, in locals. The optimizing compiler drops a note that the next operation replaces.
 */
final class FloatStatus {
    private static final String PENDING = "io/nestling/runtime/fp/PendingStatus";

    private final RegionEmitter e;
    private boolean needsMode;
    /** Something is put off in this region. */
    private boolean notes;

    FloatStatus(RegionEmitter e) {
        this.e = e;
    }

    /** 0, 1 or 2, see {@code PendingStatus.mode}. */
    Code.Local mode() {
        needsMode = true;
        return e.code.intLocal("fpMode");
    }

    private Code.Local kind() {
        notes = true;
        return e.code.intLocal("fpKind");
    }

    private Code.Local compare() {
        notes = true;
        return e.code.intLocal("fpCompare");
    }

    private Code.Local operand(int n) {
        notes = true;
        return e.code.doubleLocal("fp" + n);
    }

    /** Where a result, or one of two, waits to be found good. */
    Code.Local result(int n) {
        notes = true;
        return e.code.doubleLocal("result" + n);
    }

    /** At the start of a region: nothing put off here yet. */
    void begin() {
        changed();
        if (!notes) {
            return;
        }
        for (int n = 0; n < 2; n++) {
            e.code.op(DCONST_0);
            e.code.store(result(n));
        }
        for (int n = 0; n < 3; n++) {
            e.code.op(DCONST_0);
            e.code.store(operand(n));
        }
        forget();
    }

    private void loadMode() {
        e.code.cpu();
        e.code.call(PENDING, "mode", "(L" + Code.STATE + ";)I");
        e.code.store(mode());
    }

    private void forget() {
        e.code.op(ICONST_0);
        e.code.store(kind());
        e.code.op(ICONST_0);
        e.code.store(compare());
    }

    /** Puts off the status of an operation on operands that these push as doubles. */
    void note(int kind, Runnable... operands) {
        for (int n = 0; n < operands.length; n++) {
            operands[n].run();
            e.code.store(operand(n));
        }
        e.code.pushInt(kind);
        e.code.store(kind());
        e.code.op(ICONST_0);
        e.code.store(compare());
    }

    /** Pops a field in the form of {@link CrCode} that a comparison gave: FPCC. */
    void noteCompare() {
        e.code.store(compare());
    }

    /** After a call that has set all of the status. */
    void replaced() {
        forget();
        loadMode();
    }

    /** After a call that may have changed the FPSCR, with nothing put off. */
    void changed() {
        if (needsMode) {
            loadMode();
        }
    }

    /** Hands what is put off to the vCPU. */
    void flush() {
        if (!notes) {
            return;
        }
        Code code = e.code;
        Label nothing = new Label();
        code.load(kind());
        code.load(compare());
        code.op(IOR);
        code.jump(IFEQ, nothing);
        code.cpu();
        code.load(kind());
        for (int n = 0; n < 3; n++) {
            code.load(operand(n));
        }
        code.load(compare());
        code.call(CrFields.CR_CODE, "compared", "(I)I");
        code.call(PENDING, "set", "(L" + Code.STATE + ";IDDDI)V");
        forget();
        code.label(nothing);
    }

    /**
     * Leaves the instruction in slot {@code s} to the interpreter when an exception is enabled: the interrupt that it may
     * cause comes after registers have changed.
     */
    void leaveIfEnabled(int s) {
        e.code.load(mode());
        e.code.op(ICONST_2);
        e.code.jump(IF_ICMPEQ, e.side(s));
    }
}
