package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.jit.region.Region;
import io.nestling.jit.region.Region.Block;
import io.nestling.jit.region.RegionFinder;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    /** Most values among which one is found by comparing with each in turn. */
    private static final int LINEAR = 3;

    private static final String CODE = Type.getInternalName(CompiledCode.class);

    /** Where general purpose registers live while a region runs. */
    public enum Placement {
        /**
         * In the register file, with copies in JVM locals for as long as a straight run of code lasts; all other state of
         * the thread is where it belongs too. Little to compile and quick to enter and to leave, for code that is warm.
         */
        MEMORY,
        /** In JVM locals, which the optimizing compiler keeps in machine registers: for code that is hot. */
        LOCALS
    }

    private final Region region;
    private final String className;
    private final Placement placement;
    final Code code;
    final CrFields cr = new CrFields(this);
    final Carry carry = new Carry(this);
    final FloatStatus fp = new FloatStatus(this);
    final VsrFile vsr;
    /** Pages that loads and stores found lately; null in warm code. */
    final Pages pages;
    /** What warm code knows of pages instead. */
    final Near near = new Near(this);
    private final TreeSet<Integer> gprUsed = new TreeSet<>();
    private final TreeSet<Integer> gprWritten = new TreeSet<>();
    private Map<Integer, Label> labels;
    /** Where an exit with this result goes, with the offset of the next instruction from the page on the stack. */
    private final Label[] exits = new Label[CompiledCode.FAULT];
    private Label exit;
    private Label indirect;
    /** In warm code: chooses among the entries by a slot. */
    private Label dispatch;
    /** Leaves for an address that is no entry, at a check point. */
    private Label outside;
    private Label faulted;
    /** By slot: leaves the region before the instruction there. */
    private Map<Integer, Label> sides;
    /** Code that is off the straight path, for where that ends. */
    private List<Runnable> later;
    /** First slots of blocks to which something else than falling through from the block before them leads. */
    private final Set<Integer> joined;
    /** Registers whose value is also in a local, for as long as code is straight. */
    private int copied;
    private boolean mayFault;
    /** Facilities found available, for as long as code is straight. */
    private long available;
    private boolean branchesIndirectly;
    private boolean ctrUsed;
    private boolean ctrWritten;

    private RegionEmitter(Region region, String className, Placement placement) {
        this.placement = placement;
        this.region = region;
        this.className = className;
        vsr = new VsrFile(this, placement == Placement.LOCALS);
        pages = placement == Placement.LOCALS ? new Pages(this) : null;
        joined = region.joined();
        code = new Code(className, placement == Placement.MEMORY, () -> {
            if (inMemory()) {
                straightEnds();
            }
        });
    }

    /** The class file of what warm regions share: their loader has to define it first. */
    public static byte[] shared() {
        return Code.hostClass();
    }

    /** Is all state to be left where it belongs? */
    boolean inMemory() {
        return placement == Placement.MEMORY;
    }

    /**
     * Emits a region. The class has no constructor.
     *
     * @param className internal name of the class to make
     * @param placement where registers live
     * @return class file bytes, or null when the method would be larger than {@link #METHOD_LIMIT}
     */
    public static byte[] emit(Region region, String className, Placement placement) {
        CrCode.initialize();
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
        MethodVisitor run = cw.visitMethod(ACC_PUBLIC, "run", "(L" + Code.VCPU + ";JI)I", null, null);
        e.method(run);
        cw.visitEnd();
        return cw.toByteArray();
    }

    // ---- the method ---------------------------------------------------------------------------------------------

    private void method(MethodVisitor visitor) {
        code.target(visitor);
        labels = new HashMap<>();
        sides = new TreeMap<>();
        later = new ArrayList<>();
        region.blocks().forEach(b -> labels.put(b.first(), new Label()));
        Arrays.setAll(exits, i -> new Label());
        exit = new Label();
        indirect = new Label();
        dispatch = new Label();
        outside = new Label();
        faulted = new Label();
        Label start = new Label();
        Label end = new Label();
        visitor.visitCode();
        if (handlesFaults()) {
            visitor.visitTryCatchBlock(start, end, faulted, "io/nestling/runtime/cpu/GuestFault");
        }
        prologue();
        visitor.visitLabel(start);
        boolean falls = false;
        for (int i = 0; i < region.blocks().size(); i++) {
            Block b = region.blocks().get(i);
            if (joined.contains(b.first())) {
                if (falls && !later.isEmpty()) {
                    code.jump(GOTO, labels.get(b.first()));
                }
                doLater();
                code.label(labels.get(b.first()));
                straightEnds();
            } else if (!falls) {
                continue;
            }
            falls = block(b, i + 1 < region.blocks().size() ? region.blocks().get(i + 1).first() : -1);
            if (falls) {
                crossing(b.first(), b.end(), CompiledCode.CONTINUE);
            }
        }
        doLater();
        visitor.visitLabel(end);
        epilogue();
        visitor.visitMaxs(0, 0);
        visitor.visitEnd();
    }

    /**
     * Is there a handler of faults? Where all state is in memory they may pass: a handler makes the JVM's quick compiler note
     * all locals at each access to a field.
     */
    private boolean handlesFaults() {
        return mayFault && !inMemory();
    }

    /** Before the next place that is jumped to, because the JVM puts a safepoint poll before each jump backwards. */
    private void doLater() {
        for (int i = 0; i < later.size(); i++) {
            later.get(i).run();
        }
        later.clear();
    }

    /** Control may come here from elsewhere: nothing is known of the values of locals. */
    private void straightEnds() {
        copied = 0;
        available = 0;
        near.forget();
        cr.straightEnds();
    }

    private void prologue() {
        if (region.own() != 0) {
            code.moveBase(-4L * region.own());
        }
        if (inMemory()) {
            code.cpu();
            code.getVcpu("nothing", "Ljava/lang/Object;");
            code.store(code.none());
            code.cpu();
            code.getVcpu("pageMask", "J");
            code.store(pageMask());
        } else {
            code.base();
            code.pushInt(2);
            code.op(LSHR);
            code.store(page());
            loadBudget();
            loadContexts();
            for (int n : gprUsed) {
                loadGpr(n);
            }
            cr.loadAll();
            carry.load();
            if (ctrUsed) {
                code.cpu();
                code.getState("ctr", "J");
                code.store(ctr());
            }
        }
        fp.begin();
        if (pages != null) {
            pages.begin();
        }
        if (vsr.isUsed()) {
            vsr.loadAll();
            code.cpu();
            code.getState("msr", "J");
            code.store(msr());
        }
        code.op(LCONST_0);
        code.store(next());
        code.op(ICONST_0);
        code.store(status());
        if (region.spans()) {
            code.op(ICONST_0);
            code.store(crossed());
        }
        if (!inMemory()) {
            for (Code.Local l : List.of(ea(), scratch(), entry())) {
                code.op(LCONST_0);
                code.store(l);
            }
        }
        code.slot();
        if (inMemory()) {
            code.store(status());
            dispatch();
        } else {
            int[] ways = region.ways();
            switchTo(ways, region.own(), labels.get(ways[0] + region.own()));
        }
    }

    /** Of warm code: goes to the slot in {@link #status}, which is an entry, or leaves for {@link #next} where it is none. */
    private void dispatch() {
        // The start first, then by halves: the JVM's quick compiler makes a linear search of a switch.
        code.load(status());
        code.pushInt(region.start());
        code.jump(IF_ICMPEQ, labels.get(region.start()));
        code.label(dispatch);
        int[] entries = region.entries();
        search(entries, Arrays.stream(entries).mapToObj(labels::get).toArray(Label[]::new), 0, entries.length, outside);
        if (branchesIndirectly) {
            indirectDispatch();
        }
    }

    /** Slot on the stack; goes to the block that begins so far behind it if it is one of the given ones. */
    private void switchTo(int[] keys, int behind, Label none) {
        Label[] targets = Arrays.stream(keys).mapToObj(key -> labels.get(key + behind)).toArray(Label[]::new);
        code.visitor().visitLookupSwitchInsn(none, keys, targets);
    }

    private void search(int[] keys, Label[] targets, int from, int to, Label none) {
        if (to - from <= LINEAR) {
            for (int i = from; i < to; i++) {
                code.load(status());
                code.pushInt(keys[i]);
                code.jump(IF_ICMPEQ, targets[i]);
            }
            code.jump(GOTO, none);
            return;
        }
        int middle = from + to >>> 1;
        Label upper = new Label();
        code.load(status());
        code.pushInt(keys[middle]);
        code.jump(IF_ICMPGE, upper);
        search(keys, targets, from, middle, none);
        code.label(upper);
        search(keys, targets, middle, to, none);
    }

    private void epilogue() {
        if (handlesFaults()) {
            code.labelWithStack(faulted, "io/nestling/runtime/cpu/GuestFault");
            code.op(POP);
            code.cpu();
            code.getState("nip", "J");
            code.store(next());
            code.pushInt(CompiledCode.FAULT);
            code.store(status());
            code.jump(GOTO, exit);
        }
        if (branchesIndirectly && !inMemory()) {
            indirectDispatch();
        }
        if (branchesIndirectly || inMemory()) {
            code.label(outside);
            code.pushInt(CompiledCode.CHECK);
            code.store(status());
            code.jump(GOTO, exit);
        }
        sides.forEach((s, label) -> {
            code.label(label);
            exitTo(4 * s, CompiledCode.INTERPRET);
        });
        for (int result = 0; result < exits.length; result++) {
            code.labelWithStack(exits[result], Opcodes.INTEGER);
            code.op(I2L);
            code.base();
            code.op(LADD);
            code.store(next());
            code.pushInt(result);
            code.store(status());
            code.jump(GOTO, exit);
        }
        code.label(exit);
        if (!inMemory()) {
            for (int n : gprWritten) {
                code.putGpr(n, gpr(n));
            }
            cr.storeAll();
            carry.store();
            vsr.storeAll();
            if (ctrWritten) {
                code.cpu();
                code.load(ctr());
                code.putState("ctr", "J");
            }
            storeBudget();
        }
        fp.flush();
        code.cpu();
        code.load(next());
        code.putState("nip", "J");
        code.load(status());
        code.op(IRETURN);
    }

    /**
     * Emits a block; true when control may fall through to the next.
     *
     * @param following first slot of the block behind it
     */
    private boolean block(Block b, int following) {
        for (int s = b.first(); s < b.end(); s++) {
            int w = region.words()[s];
            int row = Decoder.decode(w);
            if (BranchEmitter.emit(this, row, w, s)) {
                boolean falls = row == Op.BC && !RegionFinder.always(w);
                if (falls && s + 1 != following) {
                    exitTo(4 * (s + 1), CompiledCode.CONTINUE);
                }
                return falls && s + 1 == following;
            }
            if (SemanticsCall.emitInPlace(this, row, w, s)) {
                return false;
            }
            if (!FixedEmitter.emit(this, row, w) && !VectorEmitter.emit(this, row, w, s)
                    && !LaneEmitter.emit(this, row, w, s) && !FloatEmitter.emit(this, row, w, s) && !MemoryEmitter.emit(this, row, w, s)
                    && !SemanticsCall.emit(this, row, w, s)) {
                // Changes context, or has no semantics: the interpreter's business.
                exitTo(4 * s, CompiledCode.INTERPRET);
                return false;
            }
        }
        if (b.end() != following) {
            exitTo(4 * b.end(), CompiledCode.CONTINUE);
        }
        return b.end() == following;
    }

    /** Emits something off the straight path; code there goes on elsewhere. */
    void later(Label label, Runnable body) {
        later.add(() -> {
            code.label(label);
            body.run();
        });
    }

    // ---- ways out and around ------------------------------------------------------------------------------------

    /** Leaves for the slot unless the region may go on there: where it lies in the other page, which may have changed. */
    private void crossing(int from, int to, int result) {
        if (region.owns(from) && !region.owns(to)) {
            Label gone = new Label();
            crossing(gone);
            later(gone, () -> exitTo(4 * to, result));
        }
    }

    /** Goes to a label unless the other page is the one that the region knows. */
    private void crossing(Label gone) {
        Label known = new Label();
        code.load(crossed());
        code.jump(IFNE, known);
        code.self();
        code.cpu();
        code.base();
        code.pushLong(4L * (CodePage.SLOTS - region.own()));
        code.op(LADD);
        code.callVirtual(CODE, "goesOn", "(L" + Code.VCPU + ";J)Z");
        code.op(DUP);
        code.store(crossed());
        code.jump(IFEQ, gone);
        code.label(known);
    }

    /** Goes to a slot, inside the region if it is a leader of it; no check, and the bias is not touched. */
    private void go(int from, int slot) {
        Label l = labels.get(slot);
        if (l != null) {
            crossing(from, slot, CompiledCode.CONTINUE);
            code.jump(GOTO, l);
        } else {
            exitTo(4 * slot, CompiledCode.CONTINUE);
        }
    }

    /** A taken direct branch from the instruction in slot {@code from} to {@code to}, which may lie outside the page. */
    void branch(int from, int to) {
        if (to != from + 1) {
            if (inMemory()) {
                code.cpu();
                code.cpu();
                code.getVcpu("retiredBias", "J");
                code.pushLong(4L * (from + 1 - to));
                code.op(LADD);
                code.putVcpu("retiredBias", "J");
            } else {
                code.load(left());
                code.pushLong((long) to - from - 1);
                code.op(LADD);
                code.store(left());
            }
        }
        if (to > from) {
            go(from, to);
        } else {
            checkPoint(from, to);
        }
    }

    /** Goes to a slot, looking at events first if that is due. */
    void checkPoint(int from, int slot) {
        Label l = labels.get(slot);
        if (l != null) {
            crossing(from, slot, CompiledCode.CHECK);
            Label due = new Label();
            pushLeft();
            code.pushLong(slot);
            code.op(LCMP);
            code.jump(IFLE, due);
            // Not a conditional jump backwards: the JVM would keep its operand for a safepoint there.
            code.jump(GOTO, l);
            code.label(due);
        }
        exitTo(4 * slot, CompiledCode.CHECK);
    }

    /** Instructions left until the next look at events, plus the current slot. */
    private void pushLeft() {
        if (inMemory()) {
            code.cpu();
            code.getVcpu("deadline", "J");
            code.cpu();
            code.getVcpu("retiredBias", "J");
            code.base();
            code.op(LADD);
            code.pushInt(2);
            code.op(LSHR, LSUB);
        } else {
            code.load(left());
        }
    }

    /** Leaves the region for an address given as an offset from the page's. */
    void exitTo(int offset, int result) {
        code.pushInt(offset);
        code.jump(GOTO, exits[result]);
    }

    /**
     * Goes to the address in {@link #next} from the branch in slot {@code from}, at a check point: inside the region
     * where it is a leader of it.
     */
    void indirect(int from) {
        // left += target slot - (from + 1), whatever page the target is in.
        if (inMemory()) {
            code.cpu();
            code.cpu();
            code.getVcpu("retiredBias", "J");
            code.base();
            code.op(LADD);
            code.pushLong(4L * (from + 1));
            code.op(LADD);
            code.load(next());
            code.op(LSUB);
            code.putVcpu("retiredBias", "J");
        } else {
            code.load(left());
            code.load(next());
            code.pushInt(2);
            code.op(LSHR, LADD);
            code.load(page());
            code.op(LSUB);
            code.pushLong(from + 1L);
            code.op(LSUB);
            code.store(left());
        }
        branchesIndirectly = true;
        code.jump(GOTO, indirect);
    }

    /** The part of {@link #indirect} that all such branches share. */
    private void indirectDispatch() {
        code.label(indirect);
        code.load(next());
        code.base();
        code.op(LSUB);
        code.store(entry());
        code.load(entry());
        code.pushLong(-4L * region.words().length);
        code.op(LAND, LCONST_0, LCMP);
        code.jump(IFNE, outside);
        if (region.spans()) {
            Label inside = new Label();
            code.load(entry());
            code.pushLong(4L * CodePage.SLOTS);
            code.op(LCMP);
            code.jump(region.own() == 0 ? IFLT : IFGE, inside);
            crossing(outside);
            code.label(inside);
        }
        code.load(entry());
        code.pushInt(2);
        code.op(LSHR, DUP2);
        code.store(entry());
        pushLeft();
        code.op(LCMP);
        code.jump(IFGE, outside);
        code.load(entry());
        code.op(L2I);
        if (inMemory()) {
            code.store(status());
            code.jump(GOTO, dispatch);
        } else {
            switchTo(region.entries(), 0, outside);
        }
    }

    /** The instruction in a slot. */
    int word(int slot) {
        return region.words()[slot];
    }

    /** May control go on from a slot to the next one, an instruction of the region, and come there from nowhere else? */
    boolean goesStraight(int slot) {
        int w = word(slot);
        int row = Decoder.decode(w);
        int next = slot + 1;
        return (row == Op.BC ? !RegionFinder.always(w) : !Isa.row(row).ends()) && !joined.contains(next)
                && region.blocks().stream().anyMatch(b -> b.first() <= next && next < b.end()) && Decoder.decode(word(next)) != 0;
    }

    /** Leaves the instruction to the interpreter when the long comparison of what is on the stack says not equal. */
    void sideExitUnlessEqual(int s) {
        code.op(LCMP);
        code.jump(IFNE, side(s));
    }

    /** Where to jump to leave the instruction in slot {@code s} to the interpreter, with nothing on the stack. */
    Label side(int s) {
        return sides.computeIfAbsent(s, k -> new Label());
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
        if (!inMemory()) {
            code.load(gpr(n));
        } else if ((copied >> n & 1) != 0) {
            code.load(code.copy(n));
        } else {
            code.getGpr(n);
            code.op(DUP2);
            code.store(code.copy(n));
            copied |= 1 << n;
        }
    }

    /** Pops into GPR n. */
    void writeGpr(int n) {
        if (!inMemory()) {
            gprWritten.add(n);
            code.store(gpr(n));
        } else {
            code.store(code.copy(n));
            code.putGpr(n, code.copy(n));
            copied |= 1 << n;
            near.changed(1 << n);
        }
    }

    /** Forgets copies of registers that something else may have changed: bit n for GPR n. */
    void changed(int registers) {
        copied &= ~registers;
        near.changed(registers);
    }

    /** Register file to local. */
    private void loadGpr(int n) {
        code.getGpr(n);
        code.store(gpr(n));
    }

    /** Local to register file, if the region ever changes it. */
    void spillGpr(int n) {
        if (gprWritten.contains(n)) {
            code.putGpr(n, gpr(n));
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
        code.load(msr());
        code.pushLong(facility);
        code.op(LAND, LCONST_0, LCMP);
        code.jump(IFEQ, side(s));
    }

    /** MSR, which no instruction of a region changes. */
    private Code.Local msr() {
        return code.longLocal("msr");
    }

    void loadContexts() {
        if (!inMemory()) {
            for (Code.Local l : List.of(code.longLocal("dataTlb"), code.longLocal("dataContext"), code.longLocal("dataContextMix"))) {
                code.cpu();
                code.getVcpu(l.name(), "J");
                code.store(l);
            }
        }
    }

    /** Ones for the number of an effective page. */
    Code.Local pageMask() {
        return code.longLocal("pageMask");
    }

    /** Pushes the host address of the data TLB. */
    void pushTlb() {
        pushContext("dataTlb");
    }

    /** Pushes the context number of data accesses to the lower half of addresses. */
    void pushLow() {
        pushContext("dataContext");
    }

    /** Pushes what to change in it for the upper half. */
    void pushMix() {
        pushContext("dataContextMix");
    }

    private void pushContext(String name) {
        if (inMemory()) {
            code.cpu();
            code.getVcpu(name, "J");
        } else {
            code.load(code.longLocal(name));
        }
    }

    /** After a call of a semantics method that may have changed the soft TLB. */
    void translationsChanged() {
        near.forget();
        if (pages != null) {
            pages.forget();
        }
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
            code.store(scratch());
            code.cpu();
            code.load(scratch());
            code.putState("ctr", "J");
        }
    }

    /** From the vCPU: {@code left = deadline - (bias + base >> 2)}, as retired is that and the slot. */
    void loadBudget() {
        if (inMemory()) {
            return;
        }
        code.cpu();
        code.getVcpu("deadline", "J");
        code.store(deadline());
        code.load(deadline());
        code.cpu();
        code.getVcpu("retiredBias", "J");
        code.base();
        code.op(LADD);
        code.pushInt(2);
        code.op(LSHR, LSUB);
        code.store(left());
    }

    /** To the vCPU: the retired count as it is. */
    void storeBudget() {
        if (inMemory()) {
            return;
        }
        code.cpu();
        code.load(deadline());
        code.load(left());
        code.op(LSUB);
        code.pushInt(2);
        code.op(LSHL);
        code.base();
        code.op(LSUB);
        code.putVcpu("retiredBias", "J");
    }

    Code.Local page() {
        return code.longLocal("page");
    }

    Code.Local next() {
        return code.longLocal("next");
    }

    Code.Local ea() {
        return temporary("ea");
    }

    Code.Local scratch() {
        return temporary("scratch");
    }

    /** Host address of a soft-TLB entry; also a slot to go to. */
    Code.Local entry() {
        return temporary("entry");
    }

    /** Has its value within an instruction only. */
    private Code.Local temporary(String name) {
        return inMemory() ? code.straight(name, LONG) : code.longLocal(name);
    }

    Code.Local status() {
        return code.intLocal("status");
    }

    /** Is the other page known to be the one that the region goes on in? */
    private Code.Local crossed() {
        return code.intLocal("crossed");
    }
}
