package io.nestling.jit.emit;

import io.nestling.runtime.memory.HostMemory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.UnsafeApi;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A thin layer over ASM's method visitor with the JVM's instructions under their own names, and with local variables
 * handed out on first use. These are live everywhere in the method (the prologue sets them), so every frame after the
 * first is the same; copies of registers have locals behind them, which frames do not know.
 */
final class Code {
    static final String VCPU = "io/nestling/runtime/cpu/Vcpu";
    static final String STATE = "io/nestling/runtime/cpu/CpuState";

    /** Where the elements of a {@code long[]} begin, in bytes; part of emitted code. */
    static final long LONGS = UnsafeApi.arrayBaseOffset(long[].class);

    /** A local variable. */
    record Local(int index, Object type, String name) {}

    private static final String HOST = Type.getInternalName(HostMemory.class);
    private static final String UNSAFE = "jdk/internal/misc/Unsafe";
    private static final String HOST_CLASS = "io/nestling/jit/cache/Host";
    private static final String HOST_FIELD = "HOST";

    /** Local variables handed out one behind the other, found by name. */
    private static final class Locals {
        private final List<Local> all = new ArrayList<>();
        private int next;

        /** Hands out anew, from this index on. */
        void begin(int index) {
            all.clear();
            next = index;
        }

        Local get(String name, Object type) {
            for (Local l : all) {
                if (l.name.equals(name)) {
                    return l;
                }
            }
            Local l = new Local(next, type, name);
            next += type == Opcodes.LONG || type == Opcodes.DOUBLE ? 2 : 1;
            all.add(l);
            return l;
        }
    }

    /** What frames know. */
    private final Locals locals = new Locals();
    /** Behind them; see {@link #straight}. */
    private final Locals straight = new Locals();
    private final String owner;
    private final boolean direct;
    private final Runnable atLabel;
    private MethodVisitor mv;
    private boolean framed;

    /**
     * Starts with {@code this} and the parameters of {@code CompiledCode.run}.
     *
     * @param owner internal name of the class
     * @param direct true to use the JVM's intrinsics for host memory without a method around them: for its quick compiler,
     *     to which every inlined call is work
     * @param atLabel called at every label
     */
    Code(String owner, boolean direct, Runnable atLabel) {
        this.owner = owner;
        this.direct = direct;
        this.atLabel = atLabel;
        forgetLocals();
    }

    /** Hands all locals out anew: once it is known which there are, and of which types. */
    void forgetLocals() {
        locals.begin(5);
    }

    /** Where instructions go from now on; the locals stay as they are. */
    void target(MethodVisitor visitor) {
        mv = visitor;
        framed = false;
        straightEnds();
    }

    /**
     * Makes or finds a local of straight code: it has its value until the next label, where all of them are handed out anew.
     * Each of them costs the JVM's quick compiler something at each branch, used or not.
     */
    Local straight(String name, Object type) {
        return straight.get(name, type);
    }

    private void straightEnds() {
        straight.begin(locals.next);
    }

    MethodVisitor visitor() {
        return mv;
    }

    /** Makes or finds the local with this name. */
    Local local(String name, Object type) {
        return locals.get(name, type);
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
        return locals.all;
    }

    // ---- frames -------------------------------------------------------------------------------------------------

    /** The first frame: declares every local. */
    private void fullFrame() {
        Object[] types = new Object[4 + locals.all.size()];
        types[0] = owner;
        types[1] = VCPU;
        types[2] = Opcodes.LONG;
        types[3] = Opcodes.INTEGER;
        for (int i = 0; i < locals.all.size(); i++) {
            types[4 + i] = locals.all.get(i).type;
        }
        mv.visitFrame(Opcodes.F_FULL, types.length, types, 0, new Object[0]);
    }

    void label(Label label) {
        mv.visitLabel(label);
        if (framed) {
            mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        } else {
            framed = true;
            fullFrame();
        }
        straightEnds();
        atLabel.run();
    }

    void labelWithStack(Label label, Object type) {
        mv.visitLabel(label);
        mv.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {type});
        straightEnds();
        atLabel.run();
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

    /** Adds to the address from which slots count. */
    void moveBase(long offset) {
        base();
        pushLong(offset);
        op(Opcodes.LADD);
        mv.visitVarInsn(Opcodes.LSTORE, 2);
    }

    /** Pushes the translation itself. */
    void self() {
        mv.visitVarInsn(Opcodes.ALOAD, 0);
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

    /** Rotates the long on the stack to the left by 1 to 63: the quick compiler does not look into {@link Long#rotateLeft}. */
    void rotateLeft(int by) {
        op(Opcodes.DUP2);
        pushInt(by);
        op(Opcodes.LSHL, Opcodes.DUP2_X2, Opcodes.POP2);
        pushInt(64 - by);
        op(Opcodes.LUSHR, Opcodes.LOR);
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

    void call(String type, String name, String descriptor) {
        if (direct && type.equals(HOST)) {
            host(name);
        } else {
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, type, name, descriptor, false);
        }
    }

    void callVirtual(String type, String name, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKEVIRTUAL, type, name, descriptor, false);
    }

    // ---- host memory and arrays without bounds checks ---------------------------------------------------------------

    /** A class with the JVM's access to host memory, for all warm regions of a loader. */
    static byte[] hostClass() {
        ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        cw.visit(Opcodes.V21, Opcodes.ACC_FINAL, HOST_CLASS, null, "java/lang/Object", null);
        cw.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, HOST_FIELD, "L" + UNSAFE + ";", null, null).visitEnd();
        MethodVisitor init = cw.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
        init.visitCode();
        init.visitMethodInsn(Opcodes.INVOKESTATIC, UNSAFE, "getUnsafe", "()L" + UNSAFE + ";", false);
        init.visitFieldInsn(Opcodes.PUTSTATIC, HOST_CLASS, HOST_FIELD, "L" + UNSAFE + ";");
        init.visitInsn(Opcodes.RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        cw.visitEnd();
        return cw.toByteArray();
    }

    private void host() {
        mv.visitFieldInsn(Opcodes.GETSTATIC, HOST_CLASS, HOST_FIELD, "L" + UNSAFE + ";");
    }

    /** Null, in a way that the JVM's quick compiler does not know: it would load the constant again and again. */
    Local none() {
        return local("none", "java/lang/Object");
    }

    /** What the method of {@link HostMemory} with this name does. */
    private void host(String name) {
        boolean put = name.startsWith("put");
        if (put) {
            store(value());
        }
        Local address = straight("address", Opcodes.LONG);
        store(address);
        host();
        load(none());
        load(address);
        switch (name) {
            case "getByte" -> {
                callVirtual(UNSAFE, name, "(Ljava/lang/Object;J)B");
                pushInt(0xff);
                op(Opcodes.IAND, Opcodes.I2L);
            }
            case "getHalf" -> {
                callVirtual(UNSAFE, "getChar", "(Ljava/lang/Object;J)C");
                op(Opcodes.I2L);
            }
            case "getWord" -> {
                callVirtual(UNSAFE, "getInt", "(Ljava/lang/Object;J)I");
                op(Opcodes.I2L);
                pushLong(0xffffffffL);
                op(Opcodes.LAND);
            }
            case "getDouble" -> callVirtual(UNSAFE, "getLong", "(Ljava/lang/Object;J)J");
            case "putByte" -> put("putByte", "B", Opcodes.I2B);
            case "putHalf" -> put("putShort", "S", Opcodes.I2S);
            case "putWord" -> put("putInt", "I", Opcodes.NOP);
            case "putDouble" -> {
                load(value());
                callVirtual(UNSAFE, "putLong", "(Ljava/lang/Object;JJ)V");
            }
            default -> throw new IllegalArgumentException(name);
        }
    }

    private void put(String name, String type, int conversion) {
        load(value());
        op(Opcodes.L2I);
        if (conversion != Opcodes.NOP) {
            op(conversion);
        }
        callVirtual(UNSAFE, name, "(Ljava/lang/Object;J" + type + ")V");
    }

    /** Pushes an element of a {@code long[]}. */
    void getElement(Local array, int index) {
        if (direct) {
            host();
            load(array);
            pushLong(LONGS + 8L * index);
            callVirtual(UNSAFE, "getLong", "(Ljava/lang/Object;J)J");
        } else {
            load(array);
            pushInt(index);
            op(Opcodes.LALOAD);
        }
    }

    /** Pushes GPR n from the register file. */
    void getGpr(int n) {
        cpu();
        getState("r" + n, "J");
    }

    /** Puts a local into GPR n of the register file. */
    void putGpr(int n, Local value) {
        cpu();
        load(value);
        putState("r" + n, "J");
    }

    /** Pushes a CR field. */
    void getCrField(int n) {
        cpu();
        getState("crf" + n, "I");
    }

    /** Sets a CR field. */
    void putCrField(int n, Local value) {
        cpu();
        load(value);
        putState("crf" + n, "I");
    }

    private Local value() {
        return straight("value", Opcodes.LONG);
    }

    /** Where a copy of GPR n lives in straight code. */
    Local copy(int n) {
        return straight("r" + n, Opcodes.LONG);
    }

    /** Where a copy of CR field n lives in straight code. */
    Local crCopy(int n) {
        return straight("crf" + n, Opcodes.INTEGER);
    }
}
