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
import org.agrona.UnsafeApi;
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
    /** The quick compiler's best code: no counters. */
    static final int SIMPLE = 1;
    /** With all counters, which tell the optimizing compiler what is worth its while and whether. */
    static final int PROFILED = 3;
    /** The optimizing compiler's, on a thread of its own. */
    private static final int OPTIMIZED = 4;
    private static final int FROM_ITS_START = -1;

    private static final MethodHandle COMPILE;

    static {
        MethodHandle enqueue = null;
        try {
            Class<?> type = whiteBox();
            Object instance = type.getConstructor().newInstance();
            enqueue = MethodHandles.lookup()
                    .findVirtual(type, ENQUEUE, MethodType.methodType(boolean.class, Executable.class, int.class, int.class))
                    .bindTo(instance);
            // Without the option the class can be made, but its methods do not work.
            Executable some = JvmCompiler.class.getDeclaredMethod("whiteBox");
            boolean _ = (boolean) enqueue.invokeExact(some, SIMPLE, FROM_ITS_START);
        } catch (Throwable e) {
            // Without the option, or another JVM than HotSpot: its own thresholds apply.
            enqueue = null;
        }
        COMPILE = enqueue;
    }

    private JvmCompiler() {}

    /**
     * Has a translation compiled at a level of the JVM, which may take a while.
     *
     * @return false when the JVM's compiler gave up, as it does on methods with too many values alive at once
     */
    static boolean compile(CompiledCode code, int level) {
        try {
            return COMPILE == null || enqueue(code.getClass().getDeclaredMethod("run", Vcpu.class, long.class, int.class), level);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has the optimizing compiler begin with a method that is known to be worth it, before the JVM has counted anything. */
    static void optimize(Method method) {
        if (COMPILE != null) {
            UnsafeApi.ensureClassInitialized(method.getDeclaringClass());
            enqueue(method, OPTIMIZED);
        }
    }

    private static boolean enqueue(Executable method, int level) {
        try {
            return (boolean) COMPILE.invokeExact(method, level, FROM_ITS_START);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
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
