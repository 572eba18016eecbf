package io.nestling.runtime.device.block;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;

/**
 * The file of a disk: Java's channel, and what that cannot do on Linux. Locks belong to this open file, not to the process
 * (fcntl(2), open file description locks), so that two disks of one guest count as two users and closing one leaves
 * the other locked; what the host has in its page cache can be read without waiting for storage (preadv2(2), {@code
 * RWF_NOWAIT}); and storage can be given back (fallocate(2)).
 */
final class HostFile implements AutoCloseable {
    // Values that are the same on all architectures of 64-bit Linux that Java runs on.
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int RWF_NOWAIT = 8;
    private static final int PUNCH_HOLE_KEEP_SIZE = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2), Linker.Option.captureCallState("errno"));
    private static final MethodHandle FCNTL = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));

    /** What no machine waits for when it is built: the JVM takes five milliseconds for each. */
    private static final class Later {
        static final MethodHandle CLOSE = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle FALLOCATE = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("fallocate"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
        /** Null where the C library does not have it. */
        static final MethodHandle PREADV2 = LINKER.defaultLookup().find("preadv2").map(f -> LINKER.downcallHandle(f,
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT))).orElse(null);
    }

    private static final int FLOCK_SIZE = 32;
    private static final int VECTOR_SIZE = 16;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment vector = arena.allocate(VECTOR_SIZE, 8);
    private final FileChannel channel;
    private final int descriptor;

    /** Opens a file that is there. */
    HostFile(Path path, boolean readOnly) throws IOException {
        // First, since its exceptions say more.
        channel = FileChannel.open(path, readOnly ? EnumSet.of(StandardOpenOption.READ)
                : EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        MemorySegment state = arena.allocate(STATE);
        int fd;
        try {
            fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), (readOnly ? 0 : O_RDWR) | O_CLOEXEC);
        } catch (Throwable e) {
            throw failedToStart(e);
        }
        if (fd < 0) {
            channel.close();
            throw new IOException("cannot be opened (error " + (int) ERRNO.get(state, 0L) + "): check its name and permissions");
        }
        descriptor = fd;
    }

    /** For everything else. */
    FileChannel channel() {
        return channel;
    }

    /**
     * Locks the whole file until it is closed.
     *
     * @param shared as one of many readers, else as the only user, which takes a file opened for writing
     * @return false when others hold what excludes that
     */
    boolean lock(boolean shared) throws IOException {
        MemorySegment state = arena.allocate(STATE);
        MemorySegment lock = arena.allocate(FLOCK_SIZE, 8);
        // Whence, start, length and owner are 0: from the beginning to wherever the file may end.
        lock.set(JAVA_SHORT, 0, shared ? F_RDLCK : F_WRLCK);
        int result;
        try {
            result = (int) FCNTL.invokeExact(state, descriptor, F_OFD_SETLK, lock);
        } catch (Throwable e) {
            throw failedToStart(e);
        }
        int error = result < 0 ? (int) ERRNO.get(state, 0L) : 0;
        if (error != 0 && error != EAGAIN && error != EACCES) {
            throw new IOException("cannot be locked (error " + error + "): copy it to a file system that has locks");
        }
        return error == 0;
    }

    /** Fills a buffer if that takes no wait; if not, or if it lies on the Java heap, the result is false and some of it may be filled. */
    boolean readNow(ByteBuffer to, long position) {
        if (Later.PREADV2 == null || !to.isDirect()) {
            return false;
        }
        vector.set(ValueLayout.JAVA_LONG, 0, MemorySegment.ofBuffer(to).address());
        vector.set(ValueLayout.JAVA_LONG, 8, to.remaining());
        try {
            return (long) Later.PREADV2.invokeExact(descriptor, vector, 1, position, RWF_NOWAIT) == to.remaining();
        } catch (Throwable e) {
            throw failedToStart(e);
        }
    }

    /** Gives the storage of a range back, which then reads as zeroes; where the file system cannot do that, nothing happens. */
    void punch(long position, long length) {
        try {
            int result = (int) Later.FALLOCATE.invokeExact(descriptor, PUNCH_HOLE_KEEP_SIZE, position, length);
            assert result <= 0;
        } catch (Throwable e) {
            throw failedToStart(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            int result = (int) Later.CLOSE.invokeExact(descriptor);
            assert result == 0;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw failedToStart(e);
        }
    }

    private static IllegalStateException failedToStart(Throwable e) {
        return new IllegalStateException("a native call failed to start", e);
    }
}
