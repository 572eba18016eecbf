package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Decoder;
import io.nestling.jit.region.Region;
import io.nestling.jit.region.Region.Block;
import io.nestling.runtime.memory.CompiledCode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.CodeSizeEvaluator;

/**
 * Turns a {@link Region} into a subclass of {@link CompiledCode}: one method that loads the registers it uses into JVM
 * locals, switches to the entry, runs the blocks, and writes everything back at its single way out. Instructions without
 * an emitter of their own are calls of the interpreter's semantics methods, so every instruction works here.
 */
public final class RegionEmitter {
    /** Methods above this size are never compiled by the JVM. */
    public static final int METHOD_LIMIT = 7900;

    private static final String CODE = Type.getInternalName(CompiledCode.class);

    /** Where general purpose registers live while a region runs. */
    public enum Placement {
        /** In the register file: little to compile, for code that is warm. */
        MEMORY,
        /** In JVM locals, which the optimizing compiler keeps in machine registers: for code that is hot. */
        LOCALS
    }

    private final Region region;
    private final String className;
    private final Placement placement;
    final Code code = new Code();
    final CrFields cr = new CrFields(this);
    final FloatStatus fp = new FloatStatus(this);
    final VsrFile vsr;
    private final TreeSet<Integer> gprUsed = new TreeSet<>();
    private final TreeSet<Integer> gprWritten = new TreeSet<>();
    private Map<Integer, Label> labels;
    private Label exit;
    private Label side;
    private Label indirect;
    private Label faulted;
    private boolean mayFault;
    /** Facilities that the current block has found available. */
    private long available;
    private boolean branchesIndirectly;
    private boolean ctrUsed;
    private boolean ctrWritten;

    private RegionEmitter(Region region, String className, Placement placement) {
        this.placement = placement;
        this.region = region;
        this.className = className;
        vsr = new VsrFile(this, placement == Placement.LOCALS);
    }

    /**
     * Emits a region.
     *
     * @param className internal name of the class to make
     * @param placement where registers live
     * @return class file bytes, or null when the method would be larger than {@link #METHOD_LIMIT}
     */
    public static byte[] emit(Region region, String className, Placement placement) {
        RegionEmitter e = new RegionEmitter(region, className, placement);
        // The first pass finds out which registers are used and how, the second one how large the code gets.
        e.method(new CodeSizeEvaluator(null));
        e.code.forgetLocals();
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        e.method(size);
        if (size.getMaxSize() > METHOD_LIMIT) {
            return null;
        }
        ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        cw.visit(V21, ACC_PUBLIC | ACC_FINAL, className, null, CODE, null);
        MethodVisitor init = cw.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, CODE, "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        MethodVisitor run = cw.visitMethod(ACC_PUBLIC, "run", "(L" + Code.VCPU + ";JI)I", null, null);
        e.method(run);
        cw.visitEnd();
        return cw.toByteArray();
    }

    // ---- the method ---------------------------------------------------------------------------------------------

    private void method(MethodVisitor visitor) {
        code.target(visitor);
        labels = new HashMap<>();
        region.blocks().forEach(b -> labels.put(b.first(), new Label()));
        exit = new Label();
        side = new Label();
        indirect = new Label();
        faulted = new Label();
        Label start = new Label();
        Label end = new Label();
        visitor.visitCode();
        if (mayFault) {
            visitor.visitTryCatchBlock(start, end, faulted, "io/nestling/runtime/cpu/GuestFault");
        }
        prologue();
        visitor.visitLabel(start);
        for (int i = 0; i < region.blocks().size(); i++) {
            Block b = region.blocks().get(i);
            if (i == 0) {
                visitor.visitLabel(labels.get(b.first()));
                code.fullFrame(className);
            } else {
                code.label(labels.get(b.first()));
            }
            block(b, i + 1 < region.blocks().size() ? region.blocks().get(i + 1).first() : -1);
        }
        visitor.visitLabel(end);
        epilogue();
        visitor.visitMaxs(0, 0);
        visitor.visitEnd();
    }

    private void prologue() {
        code.cpu();
        code.op(ICONST_0);
        code.putVcpu("codeWritten", "Z");
        code.cpu();
        code.getState("gpr", "[J");
        code.store(gprs());
        code.base();
        code.pushInt(2);
        code.op(LSHR);
        code.store(page());
        loadBudget();
        code.cpu();
        code.getVcpu("mmu", "Lio/nestling/runtime/mmu/Mmu;");
        code.callVirtual("io/nestling/runtime/mmu/Mmu", "entries", "()J");
        code.store(tlb());
        loadContexts();
        for (int n : gprUsed) {
            loadGpr(n);
        }
        cr.loadAll();
        fp.begin();
        if (vsr.isUsed()) {
            vsr.loadAll();
            code.cpu();
            code.getState("msr", "J");
            code.store(msr());
        }
        if (ctrUsed) {
            code.cpu();
            code.getState("ctr", "J");
            code.store(ctr());
        }
        code.op(LCONST_0);
        code.store(next());
        code.op(LCONST_0);
        code.store(ea());
        code.op(LCONST_0);
        code.store(scratch());
        code.op(LCONST_0);
        code.store(value());
        code.op(ICONST_0);
        code.store(status());
        code.op(LCONST_0);
        code.store(entry());
        code.slot();
        switchToEntry(labels.get(region.entries()[0]));
    }

    /** Slot on the stack; goes to that entry of the region. */
    private void switchToEntry(Label none) {
        int[] keys = region.entries();
        Label[] targets = new Label[keys.length];
        for (int i = 0; i < keys.length; i++) {
            targets[i] = labels.get(keys[i]);
        }
        code.visitor().visitLookupSwitchInsn(none, keys, targets);
    }

    private void epilogue() {
        if (mayFault) {
            code.labelWithStack(faulted, "io/nestling/runtime/cpu/GuestFault");
            code.op(POP);
            code.cpu();
            code.getState("nip", "J");
            code.store(next());
            code.pushInt(CompiledCode.FAULT);
            code.store(status());
            code.jump(GOTO, exit);
        }
        if (branchesIndirectly) {
            indirectDispatch();
        }
        code.labelWithStack(side, Opcodes.INTEGER);
        code.op(I2L);
        code.base();
        code.op(LADD);
        code.store(next());
        code.pushInt(CompiledCode.INTERPRET);
        code.store(status());
        code.label(exit);
        for (int n : gprWritten) {
            code.load(gprs());
            code.pushInt(n);
            code.load(gpr(n));
            code.op(LASTORE);
        }
        cr.storeAll();
        fp.flush();
        vsr.storeAll();
        if (ctrWritten) {
            code.cpu();
            code.load(ctr());
            code.putState("ctr", "J");
        }
        storeBudget();
        code.cpu();
        code.load(next());
        code.putState("nip", "J");
        code.load(status());
        code.op(IRETURN);
    }

    private void block(Block b, int following) {
        cr.startBlock();
        available = 0;
        for (int s = b.first(); s < b.end(); s++) {
            int w = region.words()[s];
            int row = Decoder.decode(w);
            if (BranchEmitter.emit(this, row, w, s)) {
                return;
            }
            if (!FixedEmitter.emit(this, row, w) && !VectorEmitter.emit(this, row, w, s)
                    && !FloatEmitter.emit(this, row, w, s) && !MemoryEmitter.emit(this, row, w, s)
                    && !SemanticsCall.emit(this, row, w, s)) {
                // Changes context, or has no semantics: the interpreter's business.
                exitTo(4 * s, CompiledCode.INTERPRET);
                return;
            }
        }
        if (b.end() != following) {
            go(b.end());
        }
    }

    // ---- ways out and around ------------------------------------------------------------------------------------

    /** Goes to a slot, inside the region if it is a leader of it; no check, and the bias is not touched. */
    void go(int slot) {
        Label l = labels.get(slot);
        if (l != null) {
            code.jump(GOTO, l);
        } else {
            exitTo(4 * slot, CompiledCode.CONTINUE);
        }
    }

    /** A taken direct branch from the instruction in slot {@code from} to {@code to}, which may lie outside the page. */
    void branch(int from, int to) {
        if (to != from + 1) {
            code.load(left());
            code.pushLong((long) to - from - 1);
            code.op(LADD);
            code.store(left());
        }
        if (to > from) {
            go(to);
        } else {
            checkPoint(to);
        }
    }

    /** Goes to a slot, looking at events first if that is due. */
    void checkPoint(int slot) {
        Label l = labels.get(slot);
        if (l != null) {
            code.load(left());
            code.pushLong(slot);
            code.op(LCMP);
            code.jump(IFGT, l);
        }
        exitTo(4 * slot, CompiledCode.CHECK);
    }

    /** Leaves the region for an address given as an offset from the page's. */
    void exitTo(int offset, int result) {
        code.base();
        code.pushLong(offset);
        code.op(LADD);
        code.store(next());
        code.pushInt(result);
        code.store(status());
        code.jump(GOTO, exit);
    }

    /**
     * Goes to the address in {@link #next} from the branch in slot {@code from}, at a check point: inside the region
     * where it is a leader of it.
     */
    void indirect(int from) {
        // left += target slot - (from + 1), whatever page the target is in.
        code.load(left());
        code.load(next());
        code.pushInt(2);
        code.op(LSHR, LADD);
        code.load(page());
        code.op(LSUB);
        code.pushLong(from + 1L);
        code.op(LSUB);
        code.store(left());
        branchesIndirectly = true;
        code.jump(GOTO, indirect);
    }

    /** The part of {@link #indirect} that all such branches share. */
    private void indirectDispatch() {
        Label out = new Label();
        code.label(indirect);
        code.load(next());
        code.base();
        code.op(LSUB);
        code.store(entry());
        code.load(entry());
        code.pushLong(~0xfffL);
        code.op(LAND, LCONST_0, LCMP);
        code.jump(IFNE, out);
        code.load(entry());
        code.pushInt(2);
        code.op(LSHR, DUP2);
        code.store(entry());
        code.load(left());
        code.op(LCMP);
        code.jump(IFGE, out);
        code.load(entry());
        code.op(L2I);
        switchToEntry(out);
        code.label(out);
        code.pushInt(CompiledCode.CHECK);
        code.store(status());
        code.jump(GOTO, exit);
    }

    /** Jumps to {@code sideExit} with the instruction's offset on the stack when the long comparison says not equal. */
    void sideExitUnlessEqual(int s) {
        Label same = new Label();
        code.op(LCMP);
        code.jump(IFEQ, same);
        sideExit(s);
        code.label(same);
    }

    /** Notes that an instruction of this region may throw a fault, and puts its address into NIP. */
    void mayFault(int s) {
        mayFault = true;
        code.cpu();
        code.base();
        code.pushLong(4L * s);
        code.op(LADD);
        code.putState("nip", "J");
    }

    // ---- registers and other locals -------------------------------------------------------------------------------

    private Code.Local gpr(int n) {
        gprUsed.add(n);
        return code.longLocal("r" + n);
    }

    /** Pushes GPR n. */
    void readGpr(int n) {
        if (placement == Placement.LOCALS) {
            code.load(gpr(n));
        } else {
            code.load(gprs());
            code.pushInt(n);
            code.op(LALOAD);
        }
    }

    /** Pops into GPR n. */
    void writeGpr(int n) {
        if (placement == Placement.LOCALS) {
            gprWritten.add(n);
            code.store(gpr(n));
        } else {
            code.store(value());
            code.load(gprs());
            code.pushInt(n);
            code.load(value());
            code.op(LASTORE);
        }
    }

    /** Register file to local. */
    private void loadGpr(int n) {
        code.load(gprs());
        code.pushInt(n);
        code.op(LALOAD);
        code.store(gpr(n));
    }

    /** Local to register file, if the region ever changes it. */
    void spillGpr(int n) {
        if (gprWritten.contains(n)) {
            code.load(gprs());
            code.pushInt(n);
            code.load(gpr(n));
            code.op(LASTORE);
        }
    }

    /** Local from register file, after something outside has changed it. */
    void reloadGpr(int n) {
        gprWritten.add(n);
        loadGpr(n);
    }

    /** GPRs that live in locals of this region. */
    TreeSet<Integer> gprsUsed() {
        return gprUsed;
    }

    /** Leaves the instruction to the interpreter, which raises the interrupt, unless an MSR facility bit is set. */
    void need(long facility, int s) {
        if ((available & facility) != 0) {
            return;
        }
        available |= facility;
        vsr.use();
        Label yes = new Label();
        code.load(msr());
        code.pushLong(facility);
        code.op(LAND, LCONST_0, LCMP);
        code.jump(IFNE, yes);
        sideExit(s);
        code.label(yes);
    }

    /** Leaves the instruction in slot {@code s} to the interpreter. */
    void sideExit(int s) {
        code.pushInt(4 * s);
        code.jump(GOTO, side);
    }

    /** MSR, which no instruction of a region changes. */
    private Code.Local msr() {
        return code.longLocal("msr");
    }

    void loadContexts() {
        code.cpu();
        code.getVcpu("mmu", "Lio/nestling/runtime/mmu/Mmu;");
        code.callVirtual("io/nestling/runtime/mmu/Mmu", "lowContext", "()J");
        code.store(low());
        code.cpu();
        code.getVcpu("mmu", "Lio/nestling/runtime/mmu/Mmu;");
        code.callVirtual("io/nestling/runtime/mmu/Mmu", "highContext", "()J");
        code.load(low());
        code.op(LXOR);
        code.store(mix());
    }

    Code.Local gprs() {
        return code.local("gprs", "[J");
    }

    Code.Local tlb() {
        return code.longLocal("tlb");
    }

    /**
     * Instructions left until the next look at events, plus the current slot: a branch adds the distance it goes, so
     * that straight-line code need not count. See {@code Vcpu.retired}.
     */
    private Code.Local left() {
        return code.longLocal("left");
    }

    private Code.Local deadline() {
        return code.longLocal("deadline");
    }

    Code.Local ctr() {
        ctrUsed = true;
        return code.longLocal("ctr");
    }

    /** Pushes CTR. */
    void readCtr() {
        if (placement == Placement.LOCALS) {
            code.load(ctr());
        } else {
            code.cpu();
            code.getState("ctr", "J");
        }
    }

    /** Pops into CTR. */
    void writeCtr() {
        if (placement == Placement.LOCALS) {
            ctrWritten = true;
            code.store(ctr());
        } else {
            code.store(value());
            code.cpu();
            code.load(value());
            code.putState("ctr", "J");
        }
    }

    /** From the vCPU: {@code left = deadline - bias - page}, as retired is bias + page + slot. */
    void loadBudget() {
        code.cpu();
        code.getVcpu("deadline", "J");
        code.store(deadline());
        code.load(deadline());
        code.cpu();
        code.getVcpu("retiredBias", "J");
        code.op(LSUB);
        code.load(page());
        code.op(LSUB);
        code.store(left());
    }

    /** To the vCPU: the retired count as it is. */
    void storeBudget() {
        code.cpu();
        code.load(deadline());
        code.load(left());
        code.op(LSUB);
        code.load(page());
        code.op(LSUB);
        code.putVcpu("retiredBias", "J");
    }

    Code.Local page() {
        return code.longLocal("page");
    }

    Code.Local low() {
        return code.longLocal("low");
    }

    Code.Local mix() {
        return code.longLocal("mix");
    }

    Code.Local next() {
        return code.longLocal("next");
    }

    Code.Local ea() {
        return code.longLocal("ea");
    }

    Code.Local scratch() {
        return code.longLocal("scratch");
    }

    private Code.Local value() {
        return code.longLocal("value");
    }

    Code.Local status() {
        return code.intLocal("status");
    }

    /** Host address of a soft-TLB entry; also a slot to go to. */
    Code.Local entry() {
        return code.longLocal("entry");
    }
}
