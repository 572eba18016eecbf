package io.nestling.jit.emit;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A thin layer over ASM's method visitor with the JVM's instructions under their own names, and with local variables
 * handed out on first use. All locals are live everywhere in the method (the prologue sets them), so every frame after
 * the first is the same.
 */
final class Code {
    static final String VCPU = "io/nestling/runtime/cpu/Vcpu";
    static final String STATE = "io/nestling/runtime/cpu/CpuState";

    /** A local variable. */
    record Local(int index, Object type, String name) {}

    private final List<Local> locals;
    private MethodVisitor mv;
    private int nextIndex;

    /** Starts with {@code this} and the parameters of {@code CompiledCode.run}. */
    Code() {
        locals = new ArrayList<>();
        forgetLocals();
    }

    /** Hands all locals out anew: once it is known which there are, and of which types. */
    void forgetLocals() {
        locals.clear();
        nextIndex = 5;
    }

    /** Where instructions go from now on; the locals stay as they are. */
    void target(MethodVisitor visitor) {
        mv = visitor;
    }

    MethodVisitor visitor() {
        return mv;
    }

    /** Makes or finds the local with this name. */
    Local local(String name, Object type) {
        for (Local l : locals) {
            if (l.name.equals(name)) {
                return l;
            }
        }
        Local l = new Local(nextIndex, type, name);
        nextIndex += type == Opcodes.LONG || type == Opcodes.DOUBLE ? 2 : 1;
        locals.add(l);
        return l;
    }

    Local longLocal(String name) {
        return local(name, Opcodes.LONG);
    }

    Local doubleLocal(String name) {
        return local(name, Opcodes.DOUBLE);
    }

    Local intLocal(String name) {
        return local(name, Opcodes.INTEGER);
    }

    /** All locals made so far, in order of index. */
    List<Local> locals() {
        return locals;
    }

    // ---- frames -------------------------------------------------------------------------------------------------

    /** The first frame: declares every local. */
    void fullFrame(String owner) {
        Object[] types = new Object[4 + locals.size()];
        types[0] = owner;
        types[1] = VCPU;
        types[2] = Opcodes.LONG;
        types[3] = Opcodes.INTEGER;
        for (int i = 0; i < locals.size(); i++) {
            types[4 + i] = locals.get(i).type;
        }
        mv.visitFrame(Opcodes.F_FULL, types.length, types, 0, new Object[0]);
    }

    void label(Label label) {
        mv.visitLabel(label);
        mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    void labelWithStack(Label label, Object type) {
        mv.visitLabel(label);
        mv.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {type});
    }

    // ---- instructions -------------------------------------------------------------------------------------------

    void op(int... opcodes) {
        for (int opcode : opcodes) {
            mv.visitInsn(opcode);
        }
    }

    void jump(int opcode, Label label) {
        mv.visitJumpInsn(opcode, label);
    }

    void load(Local l) {
        mv.visitVarInsn(l.type == Opcodes.LONG ? Opcodes.LLOAD : l.type == Opcodes.INTEGER ? Opcodes.ILOAD
                : l.type == Opcodes.DOUBLE ? Opcodes.DLOAD : Opcodes.ALOAD, l.index);
    }

    void store(Local l) {
        mv.visitVarInsn(l.type == Opcodes.LONG ? Opcodes.LSTORE : l.type == Opcodes.INTEGER ? Opcodes.ISTORE
                : l.type == Opcodes.DOUBLE ? Opcodes.DSTORE : Opcodes.ASTORE, l.index);
    }

    void cpu() {
        mv.visitVarInsn(Opcodes.ALOAD, 1);
    }

    void base() {
        mv.visitVarInsn(Opcodes.LLOAD, 2);
    }

    void slot() {
        mv.visitVarInsn(Opcodes.ILOAD, 4);
    }

    void pushInt(int v) {
        if (v >= -1 && v <= 5) {
            mv.visitInsn(Opcodes.ICONST_0 + v);
        } else if (v == (byte) v) {
            mv.visitIntInsn(Opcodes.BIPUSH, v);
        } else if (v == (short) v) {
            mv.visitIntInsn(Opcodes.SIPUSH, v);
        } else {
            mv.visitLdcInsn(v);
        }
    }

    void pushLong(long v) {
        if (v == 0 || v == 1) {
            mv.visitInsn(v == 0 ? Opcodes.LCONST_0 : Opcodes.LCONST_1);
        } else if (v == (short) v) {
            pushInt((int) v);
            mv.visitInsn(Opcodes.I2L);
        } else {
            mv.visitLdcInsn(v);
        }
    }

    void getState(String field, String descriptor) {
        mv.visitFieldInsn(Opcodes.GETFIELD, STATE, field, descriptor);
    }

    void putState(String field, String descriptor) {
        mv.visitFieldInsn(Opcodes.PUTFIELD, STATE, field, descriptor);
    }

    void getVcpu(String field, String descriptor) {
        mv.visitFieldInsn(Opcodes.GETFIELD, VCPU, field, descriptor);
    }

    void putVcpu(String field, String descriptor) {
        mv.visitFieldInsn(Opcodes.PUTFIELD, VCPU, field, descriptor);
    }

    void call(String owner, String name, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    }

    void callVirtual(String owner, String name, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, name, descriptor, false);
    }
}
