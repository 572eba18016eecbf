package io.nestling.jit.cache;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Has the JVM's optimizing compiler give way to everything else. On a machine with few processors it otherwise takes half
 * of the one that the quick compiler needs to keep up with a guest's new code. Not for guests that keep all processors of the
 * host busy: it would hardly run then, and until it has, hot regions write counters that all threads share. Linux only;
 * elsewhere nothing changes.
 */
final class OptimizerPriority {
    /** What the kernel calls the threads: names are cut off after 15 bytes. */
    private static final String NAME = "C2 Compiler";
    /** Weighs a ninth of a thread with the usual 0. */
    private static final int NICE = 10;
    /** PRIO_PROCESS of setpriority(2), which on Linux means a thread. */
    private static final int ONE_THREAD = 0;

    private OptimizerPriority() {}

    /** Does it; never fails. */
    static void lower() {
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return;
        }
        try (Stream<Path> threads = Files.list(tasks)) {
            Linker linker = Linker.nativeLinker();
            MethodHandle set = linker.downcallHandle(linker.defaultLookup().find("setpriority").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).startsWith(NAME)) {
                    int _ = (int) set.invokeExact(ONE_THREAD, Integer.parseInt(thread.getFileName().toString()), NICE);
                }
            }
        } catch (IOException e) {
            // A thread has ended meanwhile.
        } catch (Throwable e) {
            // Without native access, or with another C library: the threads compete as equals.
        }
    }
}
