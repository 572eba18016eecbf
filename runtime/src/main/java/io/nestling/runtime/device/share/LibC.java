package io.nestling.runtime.device.share;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * The Linux calls that work relative to an open directory, which Java does not have all of. Names are byte strings, as
 * Linux has them, held one byte in a char. What fails throws its {@code errno}. One thread at a time.
 */
final class LibC {
    static final int NAME_MAX = 255;
    private static final int PATH_MAX = 4096;

    // Values that are the same on all architectures of 64-bit Linux that Java runs on.
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_PATH = 0x200000;
    static final int O_CLOEXEC = 0x80000;
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;

    private static final long SYS_OPENAT2 = 437;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_NO_SYMLINKS = 4;
    private static final int RESOLVE_BENEATH = 8;
    private static final int STATX_BASIC_STATS = 0x7ff;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
            Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    private static final MethodHandle OPEN = call("open", ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle STATX = call("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle MKDIRAT = call("mkdirat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SYMLINKAT = call("symlinkat", ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle READLINKAT = calledForLong("readlinkat", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle UNLINKAT = call("unlinkat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RENAMEAT = call("renameat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle LINKAT = call("linkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FCHMODAT = call("fchmodat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle UTIMENSAT = call("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle FTRUNCATE = call("ftruncate", JAVA_INT, JAVA_LONG);
    private static final MethodHandle FSYNC = call("fsync", JAVA_INT);
    private static final MethodHandle FDATASYNC = call("fdatasync", JAVA_INT);
    private static final MethodHandle PREAD = calledForLong("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE = calledForLong("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle LSEEK = calledForLong("lseek", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETDENTS = calledForLong("getdents64", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle GETUID = plain("getuid");
    private static final MethodHandle GETGID = plain("getgid");

    private final MemorySegment state = Arena.ofAuto().allocate(STATE);
    private final MemorySegment first = Arena.ofAuto().allocate(PATH_MAX);
    private final MemorySegment second = Arena.ofAuto().allocate(PATH_MAX);
    private final MemorySegment struct = Arena.ofAuto().allocate(256, 8);

    private static MethodHandle call(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle calledForLong(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle plain(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT));
    }

    /** A call whose handle throws what it does not. */
    @FunctionalInterface
    private interface Call {
        long run() throws Throwable;
    }

    private long check(Call call) throws Errno {
        long result;
        try {
            result = call.run();
        } catch (Throwable e) {
            throw new IllegalStateException("a native call failed to start", e);
        }
        if (result < 0) {
            throw new Errno((int) ERRNO.get(state, 0L));
        }
        return result;
    }

    private static MemorySegment string(MemorySegment to, String text) throws Errno {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length >= PATH_MAX) {
            throw new Errno(Errno.ENAMETOOLONG);
        }
        MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, bytes.length);
        to.set(JAVA_BYTE, bytes.length, (byte) 0);
        return to;
    }

    /** Who runs this process. */
    static int userId() {
        return identity(GETUID);
    }

    /** The group of who runs this process. */
    static int groupId() {
        return identity(GETGID);
    }

    private static int identity(MethodHandle of) {
        try {
            return (int) of.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("a native call failed to start", e);
        }
    }

    /** Opens a folder by its name on the host. */
    int openRoot(String path) throws Errno {
        MemorySegment name = string(first, path);
        return (int) check(() -> (int) OPEN.invokeExact(state, name, O_RDONLY | O_CLOEXEC));
    }

    /**
     * Opens what is below a directory: no symbolic link on the way or at the end is followed, nor does {@code ..} lead out
     * of it (openat2(2)).
     */
    int openBeneath(int directory, String path, int flags, int mode) throws Errno {
        MemorySegment name = string(first, path.isEmpty() ? "." : path);
        struct.set(JAVA_LONG, 0, flags | O_CLOEXEC);
        struct.set(JAVA_LONG, 8, mode);
        struct.set(JAVA_LONG, 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
        return (int) check(() -> (long) SYSCALL.invokeExact(state, SYS_OPENAT2, directory, name, struct, 24L));
    }

    void close(int fd) {
        try {
            check(() -> (int) CLOSE.invokeExact(state, fd));
        } catch (Errno e) {
            // The descriptor is gone either way.
        }
    }

    /** What statx(2) tells; times are nanoseconds since 1970. */
    record Stat(int mode, int links, int user, int group, long inode, long size, long blocks, int blockSize, long device,
            long special, long accessed, long changed, long modified) {
        private static final int TYPE = 0xf000;

        boolean directory() {
            return (mode & TYPE) == 0x4000;
        }

        boolean regular() {
            return (mode & TYPE) == 0x8000;
        }

        boolean link() {
            return (mode & TYPE) == 0xa000;
        }
    }

    /** Looks at a name in a directory, itself even if it is a link; the empty name is the descriptor itself. */
    Stat stat(int fd, String name) throws Errno {
        MemorySegment n = string(first, name);
        check(() -> (int) STATX.invokeExact(state, fd, n, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, STATX_BASIC_STATS, struct));
        return new Stat(struct.get(JAVA_SHORT, 28) & 0xffff, struct.get(JAVA_INT, 16),
                struct.get(JAVA_INT, 20), struct.get(JAVA_INT, 24), struct.get(JAVA_LONG, 32), struct.get(JAVA_LONG, 40),
                struct.get(JAVA_LONG, 48), struct.get(JAVA_INT, 4),
                (long) struct.get(JAVA_INT, 136) << 32 | struct.get(JAVA_INT, 140),
                (long) struct.get(JAVA_INT, 128) << 8 | struct.get(JAVA_INT, 132), time(64), time(96), time(112));
    }

    private long time(int at) {
        return struct.get(JAVA_LONG, at) * 1_000_000_000L + struct.get(JAVA_INT, at + 8);
    }

    void makeDirectory(int directory, String name, int mode) throws Errno {
        MemorySegment n = string(first, name);
        check(() -> (int) MKDIRAT.invokeExact(state, directory, n, mode));
    }

    void makeLink(String target, int directory, String name) throws Errno {
        MemorySegment t = string(first, target);
        MemorySegment n = string(second, name);
        check(() -> (int) SYMLINKAT.invokeExact(state, t, directory, n));
    }

    String readLink(int directory, String name) throws Errno {
        MemorySegment n = string(first, name);
        long length = check(() -> (long) READLINKAT.invokeExact(state, directory, n, second, (long) PATH_MAX));
        byte[] bytes = second.asSlice(0, length).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    void unlink(int directory, String name, int flags) throws Errno {
        MemorySegment n = string(first, name);
        check(() -> (int) UNLINKAT.invokeExact(state, directory, n, flags));
    }

    void rename(int from, String name, int to, String newName) throws Errno {
        MemorySegment n = string(first, name);
        MemorySegment m = string(second, newName);
        check(() -> (int) RENAMEAT.invokeExact(state, from, n, to, m));
    }

    void hardLink(int from, String name, int to, String newName) throws Errno {
        MemorySegment n = string(first, name);
        MemorySegment m = string(second, newName);
        check(() -> (int) LINKAT.invokeExact(state, from, n, to, m, 0));
    }

    /** Sets permissions of what a descriptor stands for, which may be one of {@link #O_PATH}. */
    void changeMode(int fd, int mode) throws Errno {
        MemorySegment n = string(first, "/proc/self/fd/" + fd);
        check(() -> (int) FCHMODAT.invokeExact(state, AT_FDCWD, n, mode, 0));
    }

    /** Sets access and modification time: seconds and nanoseconds each, as utimensat(2) takes them. */
    void changeTimes(int directory, String name, long[] times) throws Errno {
        MemorySegment n = string(first, name);
        for (int i = 0; i < 4; i++) {
            struct.set(JAVA_LONG, 8 * i, times[i]);
        }
        check(() -> (int) UTIMENSAT.invokeExact(state, directory, n, struct, AT_SYMLINK_NOFOLLOW));
    }

    void truncate(int fd, long size) throws Errno {
        check(() -> (int) FTRUNCATE.invokeExact(state, fd, size));
    }

    void sync(int fd, boolean dataOnly) throws Errno {
        MethodHandle how = dataOnly ? FDATASYNC : FSYNC;
        check(() -> (int) how.invokeExact(state, fd));
    }

    int read(int fd, MemorySegment to, long offset) throws Errno {
        return (int) check(() -> (long) PREAD.invokeExact(state, fd, to, to.byteSize(), offset));
    }

    int write(int fd, MemorySegment from, long offset) throws Errno {
        return (int) check(() -> (long) PWRITE.invokeExact(state, fd, from, from.byteSize(), offset));
    }

    /** Reads entries of a directory from a position (getdents64(2)); the result is their bytes, 0 at the end. */
    int entries(int fd, long position, MemorySegment to) throws Errno {
        check(() -> (long) LSEEK.invokeExact(state, fd, position, 0));
        return (int) check(() -> (long) GETDENTS.invokeExact(state, fd, to, to.byteSize()));
    }
}
