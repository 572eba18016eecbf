package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Operand;
import java.util.TreeSet;

/**
 * The vector-scalar registers in emitted code, by doubleword: index {@code 2n} is doubleword 0 of VSR n. In warm code they
 * are in the register file; in hot code those that the region uses are JVM locals, of type double where floating-point
 * arithmetic touches them and of type long elsewhere. Moving bits between the two is free for the optimizing compiler.
 */
final class VsrFile {
    private static final String LONG_TO_DOUBLE = "longBitsToDouble";

    private final RegionEmitter e;
    private final boolean inLocals;
    private final TreeSet<Integer> used = new TreeSet<>();
    private final TreeSet<Integer> written = new TreeSet<>();
    private final TreeSet<Integer> doubles = new TreeSet<>();
    private boolean any;

    VsrFile(RegionEmitter e, boolean inLocals) {
        this.e = e;
        this.inLocals = inLocals;
    }

    /** True if registers live in locals. */
    boolean inLocals() {
        return inLocals;
    }

    /** Notes that the region works on these registers, so that the prologue prepares for it. */
    void use() {
        any = true;
    }

    boolean isUsed() {
        return any;
    }

    // ---- one doubleword -------------------------------------------------------------------------------------------

    /** Pushes a doubleword as a long. */
    void read(int index) {
        if (!inLocals) {
            readMemory(index);
            return;
        }
        e.code.load(local(index));
        if (doubles.contains(index)) {
            toLong();
        }
    }

    /** Sets a doubleword to the long that {@code value} pushes. */
    void write(int index, Runnable value) {
        if (!inLocals) {
            writeMemory(index, value);
            return;
        }
        value.run();
        if (doubles.contains(index)) {
            toDouble();
        }
        pop(index);
    }

    /** Pushes a doubleword as a double. */
    void readDouble(int index) {
        if (!inLocals) {
            readMemory(index);
            toDouble();
            return;
        }
        doubles.add(index);
        e.code.load(local(index));
    }

    /** Sets a doubleword to the double that {@code value} pushes. */
    void writeDouble(int index, Runnable value) {
        if (!inLocals) {
            writeMemory(index, () -> {
                value.run();
                toLong();
            });
            return;
        }
        doubles.add(index);
        value.run();
        pop(index);
    }

    private void pop(int index) {
        written.add(index);
        e.code.store(local(index));
    }

    private Code.Local local(int index) {
        any = true;
        used.add(index);
        return doubles.contains(index) ? e.code.doubleLocal("d" + index) : e.code.longLocal("v" + index);
    }

    private void toDouble() {
        e.code.call("java/lang/Double", LONG_TO_DOUBLE, "(J)D");
    }

    private void toLong() {
        e.code.call("java/lang/Double", "doubleToRawLongBits", "(D)J");
    }

    // ---- the register file ----------------------------------------------------------------------------------------

    private Code.Local array() {
        any = true;
        return e.code.local("vsrs", "[J");
    }

    private void readMemory(int index) {
        e.code.getElement(array(), index);
    }

    private void writeMemory(int index, Runnable value) {
        e.code.load(array());
        e.code.pushInt(index);
        value.run();
        e.code.op(LASTORE);
    }

    /** Register file to locals, at the start of the region. */
    void loadAll() {
        e.code.cpu();
        e.code.getState("vsr", "[J");
        e.code.store(array());
        for (int index : used) {
            reload(index);
        }
    }

    /** Locals to register file: all that the region writes. */
    void storeAll() {
        for (int index : written) {
            spill(index);
        }
    }

    private void reload(int index) {
        readMemory(index);
        if (doubles.contains(index)) {
            toDouble();
        }
        e.code.store(local(index));
    }

    private void spill(int index) {
        writeMemory(index, () -> read(index));
    }

    /** Before a call of a semantics method: what it may look at is written back. */
    void spillOperands(Insn insn, int w) {
        for (Operand o : insn.operands()) {
            for (int index = first(o, w); index < last(o, w); index++) {
                if (written.contains(index)) {
                    spill(index);
                }
            }
        }
    }

    /** After it: what it may have changed is read again. */
    void reloadOperands(Insn insn, int w) {
        for (Operand o : insn.operands()) {
            for (int index = first(o, w); o.writes() && index < last(o, w); index++) {
                if (used.contains(index)) {
                    reload(index);
                }
            }
        }
    }

    private static int first(Operand o, int w) {
        return switch (o.kind()) {
            case FPR, VSR -> 2 * o.value(w);
            case FPRPAIR -> 2 * (o.value(w) & ~1);
            case VR -> 64 + 2 * o.value(w);
            default -> 0;
        };
    }

    private static int last(Operand o, int w) {
        return switch (o.kind()) {
            case FPR, VSR, VR -> first(o, w) + 2;
            case FPRPAIR -> first(o, w) + 4;
            default -> 0;
        };
    }
}
