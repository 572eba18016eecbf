package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.*;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.Msr;

/** Moves and bitwise logic on vector-scalar registers: what strings, copies and spills are made of. */
final class VectorEmitter {
    private final RegionEmitter e;
    private final Code code;
    private final int w;
    private final int s;

    private VectorEmitter(RegionEmitter e, int w, int s) {
        this.e = e;
        this.code = e.code;
        this.w = w;
        this.s = s;
    }

    /** Emits one instruction; false when it has no form here. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        return new VectorEmitter(e, w, s).emit(row);
    }

    private boolean emit(int row) {
        switch (row) {
            case Op.VAND -> vmx(LAND, false, false);
            case Op.VANDC -> vmx(LAND, true, false);
            case Op.VOR -> vmx(LOR, false, false);
            case Op.VORC -> vmx(LOR, true, false);
            case Op.VXOR -> vmx(LXOR, false, false);
            case Op.VNOR -> vmx(LOR, false, true);
            case Op.VNAND -> vmx(LAND, false, true);
            case Op.VEQV -> vmx(LXOR, false, true);
            case Op.XXLAND -> vsx(LAND, false, false);
            case Op.XXLANDC -> vsx(LAND, true, false);
            case Op.XXLOR -> vsx(LOR, false, false);
            case Op.XXLORC -> vsx(LOR, true, false);
            case Op.XXLXOR -> vsx(LXOR, false, false);
            case Op.XXLNOR -> vsx(LOR, false, true);
            case Op.XXLNAND -> vsx(LAND, false, true);
            case Op.XXLEQV -> vsx(LXOR, false, true);
            case Op.XXPERMDI -> {
                e.need(Msr.VSX, s);
                e.vsr.read(2 * xa(w) + (w >>> 9 & 1));
                code.store(e.scratch());
                int low = 2 * xb(w) + (w >>> 8 & 1);
                e.vsr.write(2 * xt(w) + 1, () -> e.vsr.read(low));
                e.vsr.write(2 * xt(w), () -> code.load(e.scratch()));
            }
            case Op.MFVSRD -> {
                e.need((w & 1) != 0 ? Msr.VEC : Msr.FP, s);
                e.vsr.read(2 * xt(w));
                e.writeGpr(ra(w));
            }
            case Op.MTVSRDD -> {
                e.need((w & 1) != 0 ? Msr.VEC : Msr.VSX, s);
                e.vsr.write(2 * xt(w) + 1, () -> e.readGpr(rb(w)));
                e.vsr.write(2 * xt(w), () -> {
                    if (ra(w) == 0) {
                        code.op(LCONST_0);
                    } else {
                        e.readGpr(ra(w));
                    }
                });
            }
            case Op.MFVSRWZ -> {
                e.need((w & 1) != 0 ? Msr.VEC : Msr.FP, s);
                e.vsr.read(2 * xt(w));
                code.pushLong(0xffffffffL);
                code.op(LAND);
                e.writeGpr(ra(w));
            }
            case Op.MFVSRLD -> {
                e.need((w & 1) != 0 ? Msr.VEC : Msr.VSX, s);
                e.vsr.read(2 * xt(w) + 1);
                e.writeGpr(ra(w));
            }
            case Op.MTVSRD -> moveTo(() -> e.readGpr(ra(w)));
            case Op.MTVSRWA -> moveTo(() -> {
                e.readGpr(ra(w));
                code.op(L2I, I2L);
            });
            case Op.MTVSRWZ -> moveTo(() -> {
                e.readGpr(ra(w));
                code.pushLong(0xffffffffL);
                code.op(LAND);
            });
            default -> {
                return false;
            }
        }
        return true;
    }

    private void moveTo(Runnable value) {
        e.need((w & 1) != 0 ? Msr.VEC : Msr.FP, s);
        e.vsr.write(2 * xt(w), value);
    }

    private void vmx(int opcode, boolean complementB, boolean complementResult) {
        e.need(Msr.VEC, s);
        logical(opcode, complementB, complementResult, rt(w) + 32, ra(w) + 32, rb(w) + 32);
    }

    private void vsx(int opcode, boolean complementB, boolean complementResult) {
        e.need(Msr.VSX, s);
        logical(opcode, complementB, complementResult, xt(w), xa(w), xb(w));
    }

    private void logical(int opcode, boolean complementB, boolean complementResult, int t, int a, int b) {
        for (int half = 0; half < 2; half++) {
            int h = half;
            e.vsr.write(2 * t + h, () -> {
                if (a == b && opcode == LXOR && !complementB && !complementResult) {
                    code.op(LCONST_0);
                    return;
                }
                e.vsr.read(2 * a + h);
                e.vsr.read(2 * b + h);
                if (complementB) {
                    not();
                }
                code.op(opcode);
                if (complementResult) {
                    not();
                }
            });
        }
    }

    private void not() {
        code.pushLong(-1);
        code.op(LXOR);
    }
}
