package io.nestling.jit.cache;

import static org.objectweb.asm.Opcodes.*;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CompiledCode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * Has the JVM's quick compiler compile translations before they run for the first time. Left to itself, the JVM would
 * run each some hundred times in its own interpreter, at a tenth of the speed of ours, and compile it twice, first with
 * counters for the sake of an optimizing compiler that warm code never sees.
 *
 * <p>The JVM offers this to its own tests ({@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}), by native methods of
 * a class that everyone has to write for themselves. Without these options the JVM's own thresholds apply.
 */
final class JvmCompiler {
    private static final String WHITE_BOX = "jdk/test/whitebox/WhiteBox";
    private static final String ENQUEUE = "enqueueMethodForCompilation0";
    private static final String LEVEL = "getMethodCompilationLevel0";
    /** The quick compiler's best code: no counters. */
    private static final int SIMPLE = 1;
    private static final int FROM_ITS_START = -1;

    private static final MethodHandle COMPILE;
    private static final MethodHandle COMPILED_AT;

    static {
        MethodHandle enqueue = null;
        MethodHandle level = null;
        if (enabled()) {
            try {
                Class<?> type = whiteBox();
                Object instance = type.getConstructor().newInstance();
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                MethodHandle e = lookup.findVirtual(type, ENQUEUE, MethodType.methodType(boolean.class, Executable.class, int.class, int.class))
                        .bindTo(instance);
                level = lookup.findVirtual(type, LEVEL, MethodType.methodType(int.class, Executable.class, boolean.class)).bindTo(instance);
                enqueue = e;
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                // Another JVM than HotSpot, or one that changed: its thresholds apply.
                enqueue = null;
            }
        }
        COMPILE = enqueue;
        COMPILED_AT = level;
    }

    private JvmCompiler() {}

    /** True when the JVM can be asked. */
    static boolean available() {
        return COMPILE != null;
    }

    /** Asks for a translation to be compiled; it may take a while, or fail. */
    static void compile(CompiledCode code) {
        if (COMPILE != null) {
            try {
                boolean _ = (boolean) COMPILE.invokeExact((Executable) run(code), SIMPLE, FROM_ITS_START);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** True when a translation runs compiled, as far as can be known. */
    static boolean compiled(CompiledCode code) {
        if (COMPILED_AT == null) {
            return true;
        }
        try {
            return (int) COMPILED_AT.invokeExact((Executable) run(code), false) != 0;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Method run(CompiledCode code) throws NoSuchMethodException {
        return code.getClass().getDeclaredMethod("run", Vcpu.class, long.class, int.class);
    }

    private static boolean enabled() {
        return java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().contains("-XX:+WhiteBoxAPI");
    }

    /** The class has to belong to the boot loader, which only the JVM's own intrinsics can add to. */
    private static Class<?> whiteBox() throws ReflectiveOperationException {
        ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        cw.visit(V21, ACC_PUBLIC | ACC_FINAL, WHITE_BOX, null, "java/lang/Object", null);
        MethodVisitor init = cw.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        cw.visitMethod(ACC_PRIVATE | ACC_STATIC | ACC_NATIVE, "registerNatives", "()V", null, null).visitEnd();
        cw.visitMethod(ACC_PUBLIC | ACC_NATIVE, ENQUEUE, "(Ljava/lang/reflect/Executable;II)Z", null, null).visitEnd();
        cw.visitMethod(ACC_PUBLIC | ACC_NATIVE, LEVEL, "(Ljava/lang/reflect/Executable;Z)I", null, null).visitEnd();
        MethodVisitor load = cw.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        load.visitCode();
        load.visitMethodInsn(INVOKESTATIC, WHITE_BOX, "registerNatives", "()V", false);
        load.visitInsn(RETURN);
        load.visitMaxs(0, 0);
        load.visitEnd();
        cw.visitEnd();
        byte[] code = cw.toByteArray();
        Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
        Field instance = unsafe.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Method define = unsafe.getMethod("defineClass", String.class, byte[].class, int.class, int.class, ClassLoader.class,
                ProtectionDomain.class);
        define.setAccessible(true);
        return (Class<?>) define.invoke(instance.get(null), WHITE_BOX, code, 0, code.length, null, null);
    }
}
