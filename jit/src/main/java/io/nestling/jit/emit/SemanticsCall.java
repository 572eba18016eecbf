package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Facility;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.runtime.interp.Semantics;

/**
 * An instruction as a call of the method that the interpreter uses for it: the general case. Registers that live in
 * locals are written back before and read again after, as far as the row's operands say that they matter.
 */
final class SemanticsCall {
    private SemanticsCall() {}

    /** Emits the call; false when the row has no semantics or ends a block. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        if (row == 0 || Isa.row(row).ends() || Isa.row(row).facility() == Facility.MSGP) {
            return false;
        }
        Semantics semantics = Semantics.of(row);
        if (semantics == null) {
            return false;
        }
        Insn insn = Isa.row(row);
        Code code = e.code;
        e.mayFault(s);
        check(code, insn, w);
        Effects effects = Effects.of(insn, w);
        for (int n : e.gprsUsed().toArray(new Integer[0])) {
            if ((effects.reads() >> n & 1) != 0) {
                e.spillGpr(n);
            }
        }
        boolean condition = effects.condition();
        if (condition) {
            e.cr.storeAll();
        }
        boolean time = semantics.needsAddress();
        if (time) {
            e.storeBudget();
        }
        code.cpu();
        code.pushInt(w);
        if (time) {
            code.base();
            code.pushLong(4L * s);
            code.op(LADD);
        }
        code.call("io/nestling/runtime/isa/" + semantics.owner(), semantics.method(), semantics.descriptor());
        for (int n : e.gprsUsed().toArray(new Integer[0])) {
            if ((effects.writes() >> n & 1) != 0) {
                e.reloadGpr(n);
            }
        }
        if (condition) {
            e.cr.reloadAll();
        }
        if (time) {
            // Writing the decrementer moves the deadline.
            e.loadBudget();
        }
        if (insn.name().equals("mtspr")) {
            // AMR, IAMR, PIDR and kin choose the translation context.
            e.loadContexts();
        }
        return true;
    }

    private static void check(Code code, Insn insn, int w) {
        switch (insn.privilege()) {
            case HYPERVISOR -> need(code, "needHypervisor");
            case PRIVILEGED -> need(code, "needPrivilege");
            case PROBLEM -> {
            }
        }
        boolean high = (w & (insn.name().equals("lxv") || insn.name().equals("stxv") ? 8 : 1)) != 0;
        switch (insn.facility()) {
            case FP -> need(code, "needFp");
            case VEC -> need(code, "needVec");
            case VSX -> need(code, "needVsx");
            case VSXVEC -> need(code, high ? "needVec" : "needVsx");
            case FPVEC -> need(code, high ? "needVec" : "needFp");
            case NONE, TM, BHRB -> {
            }
            case TAR, SCV, EBB, MSGP -> throw new IllegalArgumentException(insn.name());
        }
    }

    private static void need(Code code, String check) {
        code.cpu();
        code.callVirtual(Code.VCPU, check, "()V");
    }
}
