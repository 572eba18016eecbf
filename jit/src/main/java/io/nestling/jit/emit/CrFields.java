package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.runtime.cpu.CpuState;
import java.util.TreeSet;
import org.objectweb.asm.Label;

/**
 * The condition register in emitted code, its fields in the forms of {@code CpuState.crf0}: one local per field that the
 * region uses, or the register itself. A comparison is also kept in a local for the branch behind it.
 */
final class CrFields {
    static final String CR_CODE = "io/nestling/jit/emit/CrCode";
    private static final String[] TESTS = {"lt", "gt", "eq", "so"};

    private final RegionEmitter e;
    private final TreeSet<Integer> used = new TreeSet<>();
    private final TreeSet<Integer> written = new TreeSet<>();
    /** Bit n: field n is known here to be the result of a comparison, which a local holds. */
    private int raw;
    /** Those of them that compared floating-point numbers. */
    private int rawFloat;
    /** Fields that compare floating-point numbers anywhere in the region. */
    private int floats;

    CrFields(RegionEmitter e) {
        this.e = e;
    }

    /** Control may come here from elsewhere. */
    void straightEnds() {
        raw = 0;
        rawFloat = 0;
    }

    private Code.Local local(int n) {
        if (e.inMemory()) {
            return e.code.crCopy(n);
        }
        used.add(n);
        return e.code.intLocal("cr" + n);
    }

    /** Pops the int result of a three-way comparison into field n. */
    void setRaw(int n) {
        e.code.store(local(n));
        if (e.inMemory()) {
            e.code.putCrField(n, local(n));
        } else {
            written.add(n);
        }
        raw |= 1 << n;
        rawFloat &= ~(1 << n);
    }

    /** Pops the int result of a comparison of floating-point numbers into field n. */
    void setFloat(int n) {
        e.code.pushInt(CrCode.FLOAT);
        e.code.op(IADD);
        setRaw(n);
        rawFloat |= 1 << n;
        floats |= 1 << n;
    }

    /** Pops any form of the register into field n. */
    void setAny(int n) {
        setRaw(n);
        raw &= ~(1 << n);
    }

    /** Field {@code to} becomes field {@code from}. */
    void move(int to, int from) {
        boolean compared = (raw & ~floats & 1 << from) != 0;
        pushState(from);
        if (compared) {
            setRaw(to);
        } else {
            setAny(to);
        }
    }

    /** Pushes field n as it is. */
    void load(int n) {
        e.code.load(local(n));
    }

    /** Pops a long and compares it with zero into field 0, as record forms do. */
    void recordCr0() {
        e.code.op(LCONST_0, LCMP);
        setRaw(0);
    }

    /** Pushes field n in any form. */
    private void push(int n) {
        if (e.inMemory() && (raw & 1 << n) == 0) {
            e.code.getCrField(n);
        } else {
            e.code.load(local(n));
        }
    }

    /** Pushes field n in one of the forms of the register. */
    private void pushState(int n) {
        push(n);
        if ((floats & 1 << n) != 0) {
            e.code.call(CR_CODE, "state", "(I)I");
        }
    }

    /** Emits a jump to {@code target} if CR bit {@code bi} equals {@code sense}. */
    void jumpIf(int bi, boolean sense, Label target) {
        Code code = e.code;
        int n = bi >> 2;
        int bit = bi & 3;
        if ((raw & 1 << n) != 0 && bit < 3) {
            push(n);
            if ((rawFloat & 1 << n) != 0) {
                code.pushInt(-CrCode.FLOAT);
                code.op(IADD);
            }
            int opcode = switch (bit) {
                case 0 -> sense ? IFLT : IFGE;
                case 1 -> sense ? IFGT : IFLE;
                default -> sense ? IFEQ : IFNE;
            };
            code.jump(opcode, target);
            return;
        }
        if (e.inMemory() || bit == 3 || (floats & 1 << n) != 0) {
            pushBit(bi);
            code.jump(sense ? IFNE : IFEQ, target);
        } else {
            jumpIfAny(n, bit, sense, target);
        }
    }

    /**
     * The same by branches, of a field in either form of the register: for the optimizing compiler, which leaves out those
     * never taken, and mostly the field turns out to be a comparison.
     */
    private void jumpIfAny(int n, int bit, boolean sense, Label target) {
        Code code = e.code;
        Label done = new Label();
        Label yes = sense ? target : done;
        Label no = sense ? done : target;
        push(n);
        code.jump(bit == 0 ? IFLT : bit == 1 ? IFLE : IFEQ, bit == 1 ? no : yes);
        push(n);
        code.pushInt(CpuState.NIBBLE);
        code.jump(IF_ICMPLT, bit == 1 ? yes : no);
        push(n);
        code.pushInt(8 >> bit);
        code.op(IAND);
        code.jump(IFNE, yes);
        code.jump(GOTO, no);
        code.label(done);
    }

    /** Pushes the bit, 0 or 1. */
    void pushBit(int bi) {
        pushState(bi >> 2);
        boolean summary = (bi & 3) == 3;
        if (summary) {
            e.code.cpu();
            e.code.getState("so", "I");
        }
        e.code.call(CR_CODE, TESTS[bi & 3], summary ? "(II)I" : "(I)I");
    }

    /** Pushes field n as a nibble. */
    void pushNibble(int n) {
        pushState(n);
        e.code.cpu();
        e.code.getState("so", "I");
        e.code.call("io/nestling/runtime/cpu/CpuState", "nibble", "(II)I");
    }

    /** Register to locals: all fields this region uses. */
    void loadAll() {
        for (int n : used) {
            e.code.getCrField(n);
            e.code.store(local(n));
        }
        raw = 0;
        rawFloat = 0;
    }

    /** Locals to register: all fields this region writes. */
    void storeAll() {
        for (int n : written) {
            if ((floats & 1 << n) != 0) {
                pushState(n);
                e.code.store(local(n));
            }
            e.code.putCrField(n, local(n));
        }
        raw &= ~floats;
        rawFloat = 0;
    }

    /** After {@link #storeAll} and a call that may have changed CR or SO. */
    void reloadAll() {
        written.addAll(used);
        loadAll();
    }
}
