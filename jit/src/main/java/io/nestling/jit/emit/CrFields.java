package io.nestling.jit.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.TreeSet;

/** The condition register in emitted code: one local per field that the region uses, in the forms of {@link CrCode}. */
final class CrFields {
    static final String CR_CODE = "io/nestling/jit/emit/CrCode";

    private final RegionEmitter e;
    private final TreeSet<Integer> used = new TreeSet<>();
    private final TreeSet<Integer> written = new TreeSet<>();
    /** Fields that hold a raw comparison here, as known at emission time. */
    private int raw;
    /** Those of them that compared floating-point numbers. */
    private int rawFloat;

    CrFields(RegionEmitter e) {
        this.e = e;
    }

    void startBlock() {
        raw = 0;
        rawFloat = 0;
    }

    private Code.Local local(int n) {
        used.add(n);
        return e.code.intLocal("cr" + n);
    }

    /** Pops the int result of a three-way comparison into field n. */
    void setRaw(int n) {
        written.add(n);
        e.code.store(local(n));
        raw |= 1 << n;
        rawFloat &= ~(1 << n);
    }

    /** Pops the int result of a comparison of floating-point numbers into field n. */
    void setFloat(int n) {
        e.code.pushInt(CrCode.FLOAT);
        e.code.op(IADD);
        setRaw(n);
        rawFloat |= 1 << n;
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

    /** Emits a jump to {@code target} if CR bit {@code bi} equals {@code sense}. */
    void jumpIf(int bi, boolean sense, org.objectweb.asm.Label target) {
        Code code = e.code;
        int n = bi >> 2;
        code.load(local(n));
        int bit = bi & 3;
        if ((raw & 1 << n) != 0 && bit < 3) {
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
        code.cpu();
        code.getState("so", "I");
        code.pushInt(8 >> bit);
        code.call(CR_CODE, "test", "(III)I");
        code.jump(sense ? IFNE : IFEQ, target);
    }

    /** Pushes the bit as something non-zero if set. */
    void pushBit(int bi) {
        e.code.load(local(bi >> 2));
        e.code.cpu();
        e.code.getState("so", "I");
        e.code.pushInt(8 >> (bi & 3));
        e.code.call(CR_CODE, "test", "(III)I");
    }

    /** Register to locals: all fields this region uses. */
    void loadAll() {
        for (int n : used) {
            Code code = e.code;
            code.cpu();
            code.getState("cr", "I");
            code.pushInt(28 - 4 * n);
            code.op(IUSHR);
            code.pushInt(15);
            code.op(IAND);
            code.pushInt(CrCode.NIBBLE);
            code.op(IOR);
            code.store(e.code.intLocal("cr" + n));
        }
        raw = 0;
        rawFloat = 0;
    }

    /** Locals to register: all fields this region writes. */
    void storeAll() {
        if (written.isEmpty()) {
            return;
        }
        Code code = e.code;
        int keep = -1;
        for (int n : written) {
            keep &= ~(15 << (28 - 4 * n));
        }
        code.cpu();
        code.cpu();
        code.getState("cr", "I");
        code.pushInt(keep);
        code.op(IAND);
        for (int n : written) {
            code.load(local(n));
            code.cpu();
            code.getState("so", "I");
            code.call(CR_CODE, "nibble", "(II)I");
            code.pushInt(28 - 4 * n);
            code.op(ISHL, IOR);
        }
        code.putState("cr", "I");
    }

    /** After {@link #storeAll} and a call that may have changed CR or SO. */
    void reloadAll() {
        written.addAll(used);
        loadAll();
    }
}
