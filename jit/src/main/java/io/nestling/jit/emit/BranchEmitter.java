package io.nestling.jit.emit;

import static io.nestling.decoder.Fields.*;
import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Op;
import io.nestling.jit.region.RegionFinder;
import org.objectweb.asm.Label;

/** Branches: inside the region as jumps, out of it as exits. */
final class BranchEmitter {
    private BranchEmitter() {}

    /** Emits the branch in slot {@code s}, which ends its block; false when the instruction is no branch, or not one for here. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        boolean absolute = (w & 2) != 0;
        switch (row) {
            case Op.B -> {
                if (absolute) {
                    return false;
                }
                link(e, w, s);
                e.branch(s, s + (int) (li(w) / 4));
            }
            case Op.BC -> {
                if (absolute) {
                    return false;
                }
                link(e, w, s);
                when(e, w, () -> e.branch(s, s + (int) (bd(w) / 4)));
            }
            case Op.BCLR -> indirect(e, w, s, true);
            case Op.BCCTR -> indirect(e, w, s, false);
            default -> {
                // bctar too: nobody uses it, and it may be unavailable.
                return false;
            }
        }
        return true;
    }

    private static void indirect(RegionEmitter e, int w, int s, boolean lr) {
        Code code = e.code;
        if (lr) {
            code.cpu();
            code.getState("lr", "J");
        } else {
            e.readCtr();
        }
        code.pushLong(~3L);
        code.op(LAND);
        code.store(e.next());
        link(e, w, s);
        when(e, w, () -> e.indirect(s));
        if (!RegionFinder.always(w)) {
            // Every branch through a register is a check point, taken or not.
            e.checkPoint(s, s + 1);
        }
    }

    private static void link(RegionEmitter e, int w, int s) {
        if ((w & 1) != 0) {
            e.code.cpu();
            e.code.base();
            e.code.pushLong(4L * (s + 1));
            e.code.op(LADD);
            e.code.putState("lr", "J");
        }
    }

    /** Counts CTR down and does something if the branch is taken; straight on is where it is not. */
    private static void when(RegionEmitter e, int w, Runnable taken) {
        if (RegionFinder.always(w)) {
            taken.run();
            return;
        }
        int bo = rt(w);
        Code code = e.code;
        Label yes = new Label();
        Label no = new Label();
        boolean conditional = (bo & 16) == 0;
        if ((bo & 4) == 0) {
            e.readCtr();
            code.op(LCONST_1, LSUB);
            e.writeCtr();
            e.readCtr();
            code.op(LCONST_0, LCMP);
            boolean zero = (bo & 2) != 0;
            if (conditional) {
                code.jump(zero ? IFNE : IFEQ, no);
            } else {
                code.jump(zero ? IFEQ : IFNE, yes);
            }
        }
        if (conditional) {
            e.cr.jumpIf(ra(w), (bo & 8) != 0, yes);
        }
        if (conditional && (bo & 4) == 0) {
            code.label(no);
        }
        e.later(yes, taken);
    }
}
