package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Facility;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.interp.Semantics;
import io.nestling.runtime.memory.CompiledCode;
import org.objectweb.asm.Label;

/**
 * An instruction as a call of the method that the interpreter uses for it: the general case. Registers that live in
 * locals are written back before and read again after, as far as the row's operands say that they matter.
 */
final class SemanticsCall {
    private SemanticsCall() {}

    /** mtmsr, mtmsrd: only EE and RI change. */
    private static final int INTERRUPTS_ONLY = 0x10000;

    /**
     * Emits one of the instructions that end a block but seldom have to leave the region, which is a check point behind
     * them; false when it is none of them.
     */
    static boolean emitInPlace(RegionEmitter e, int row, int w, int s) {
        boolean isync = row == Op.ISYNC;
        if (!isync && (row != Op.MTMSRD && row != Op.MTMSR || (w & INTERRUPTS_ONLY) == 0)) {
            return false;
        }
        call(e, row, w, s);
        if (isync) {
            leaveIfWritten(e, s, CompiledCode.CONTEXT);
        }
        e.checkPoint(s, s + 1);
        return true;
    }

    /** Emits the call; false when the row has no semantics or ends a block. */
    static boolean emit(RegionEmitter e, int row, int w, int s) {
        if (row == 0 || Isa.row(row).ends() || Isa.row(row).facility() == Facility.MSGP) {
            return false;
        }
        return call(e, row, w, s);
    }

    private static boolean call(RegionEmitter e, int row, int w, int s) {
        Semantics semantics = Semantics.of(row);
        if (semantics == null) {
            return false;
        }
        Insn insn = Isa.row(row);
        Code code = e.code;
        need(e, insn, w, s);
        boolean vector = insn.facility() == Facility.VEC || insn.facility() == Facility.VSX && !insn.writes().contains("fpscr");
        // Who knows the state alone cannot raise an interrupt.
        if (semantics.state().equals("cpu/Vcpu") && (!vector || insn.load() != 0 || insn.store() != 0)) {
            e.mayFault(s);
        }
        Effects effects = Effects.of(insn, w);
        for (int n : e.gprsUsed().toArray(new Integer[0])) {
            // Written ones too: mfspr of a register that does not exist leaves RT as it is.
            if (((effects.reads() | effects.writes()) >> n & 1) != 0) {
                e.spillGpr(n);
            }
        }
        boolean status = insn.facility() == Facility.FP || insn.reads().contains("fpscr") || insn.writes().contains("fpscr");
        boolean condition = effects.condition();
        if (status && insn.load() == 0 && insn.store() == 0 && (condition || e.vsr.inLocals())) {
            e.fp.leaveIfEnabled(s);
        }
        if (e.vsr.inLocals()) {
            e.vsr.spillOperands(insn, w);
        }
        if (status) {
            e.fp.flush();
        }
        if (condition) {
            e.cr.storeAll();
        }
        if (effects.carry()) {
            e.carry.store();
        }
        // These change translation contexts, or do so for other vCPUs while they wait.
        boolean contexts = row == Op.MTSPR || row == Op.TLBSYNC || row == Op.TLBIE || row == Op.TLBIEL
                || row == Op.SYNC && (w >>> 21 & 3) == 2;
        boolean time = semantics.needsAddress() || contexts;
        if (time) {
            e.storeBudget();
        }
        code.cpu();
        code.pushInt(w);
        if (semantics.needsAddress()) {
            code.base();
            code.pushLong(4L * s);
            code.op(LADD);
        }
        // mtmsr and mtmsrd return where control goes, which is the next instruction.
        boolean returns = insn.ends() && row != Op.ISYNC;
        code.call("io/nestling/runtime/isa/" + semantics.owner(), semantics.method(),
                returns ? semantics.descriptor().replace(")V", ")J") : semantics.descriptor());
        if (returns) {
            code.op(POP2);
        }
        for (int n : e.gprsUsed().toArray(new Integer[0])) {
            if ((effects.writes() >> n & 1) != 0) {
                e.reloadGpr(n);
            }
        }
        if (e.vsr.inLocals()) {
            e.vsr.reloadOperands(insn, w);
        }
        if (status) {
            e.fp.changed();
        }
        e.changed(effects.writes());
        if (condition) {
            e.cr.reloadAll();
        }
        if (effects.carry()) {
            e.carry.reload();
        }
        if (time) {
            // Writing the decrementer moves the deadline.
            e.loadBudget();
        }
        if (contexts) {
            e.loadContexts();
        }
        if (insn.facility() == Facility.NONE ? mayChangeTranslations(insn) : insn.load() != 0 || insn.store() != 0) {
            e.translationsChanged();
        }
        if (insn.store() != 0) {
            // Like the interpreter, do not run on in code that may be different now.
            leaveIfWritten(e, s, CompiledCode.CONTINUE);
        }
        return true;
    }

    private static void leaveIfWritten(RegionEmitter e, int s, int result) {
        Code code = e.code;
        Label written = new Label();
        code.cpu();
        code.getVcpu("codeWritten", "Z");
        code.jump(IFNE, written);
        e.later(written, () -> {
            code.cpu();
            code.op(ICONST_0);
            code.putVcpu("codeWritten", "Z");
            e.exitTo(4 * (s + 1), result);
        });
    }

    /** Of a fixed-point or system instruction. */
    private static boolean mayChangeTranslations(Insn insn) {
        return insn.load() != 0 || insn.store() != 0 || insn.privilege() != Insn.Privilege.PROBLEM
                || !insn.section().startsWith("Book I,") || insn.name().equals("mtspr");
    }

    private static void need(RegionEmitter e, Insn insn, int w, int s) {
        if (insn.privilege() != Insn.Privilege.PROBLEM) {
            e.mayFault(s);
            e.code.cpu();
            e.code.callVirtual(Code.VCPU,
                    insn.privilege() == Insn.Privilege.HYPERVISOR ? "needHypervisor" : "needPrivilege", "()V");
        }
        boolean high = (w & (insn.name().equals("lxv") || insn.name().equals("stxv") ? 8 : 1)) != 0;
        switch (insn.facility()) {
            case FP -> e.need(Msr.FP, s);
            case VEC -> e.need(Msr.VEC, s);
            case VSX -> e.need(Msr.VSX, s);
            case VSXVEC -> e.need(high ? Msr.VEC : Msr.VSX, s);
            case FPVEC -> e.need(high ? Msr.VEC : Msr.FP, s);
            case NONE, TM, BHRB -> {
            }
            case TAR, SCV, EBB, MSGP -> throw new IllegalArgumentException(insn.name());
        }
    }
}
