package io.nestling.runtime.device.share;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of the host and what is below it. Paths are relative to it, components separated by slashes, the empty one is
 * the folder itself. Every access starts at the folder's own descriptor and follows no symbolic link, so nothing outside can
 * be reached, whatever changes on the disk meanwhile. Links can be read and made; following them is the guest's business,
 * in its own tree. One thread at a time.
 */
final class HostFolder implements AutoCloseable {
    /** Permission bits that may be set: no program of ours is to run with another's rights because a guest says so. */
    private static final int PERMISSIONS = 01777;

    private final LibC libc = new LibC();
    private final Path path;
    private final boolean readOnly;
    private final int root;
    private final long device;
    private final int user = LibC.userId();
    private final int group = LibC.groupId();

    /**
     * Opens the folder.
     *
     * @throws IOException when it is none, or may not be read
     */
    HostFolder(Path path, boolean readOnly) throws IOException {
        this.path = path;
        this.readOnly = readOnly;
        try {
            // The host's own name, so in the host's own encoding.
            String bytes = new String(path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8),
                    StandardCharsets.ISO_8859_1);
            root = libc.openRoot(bytes);
            LibC.Stat s = libc.stat(root, "");
            if (!s.directory()) {
                libc.close(root);
                throw new IOException("not a directory");
            }
            device = s.device();
        } catch (Errno e) {
            throw new IOException(e.number() == Errno.ENOENT ? "no such directory" : e.number() == Errno.EACCES
                    ? "permission denied" : "cannot be opened, error " + e.number(), e);
        }
    }

    @Override
    public void close() {
        libc.close(root);
    }

    static String parent(String p) {
        int slash = p.lastIndexOf('/');
        return slash < 0 ? "" : p.substring(0, slash);
    }

    static String child(String p, String name) {
        return p.isEmpty() ? name : p + "/" + name;
    }

    private static String last(String p) {
        return p.substring(p.lastIndexOf('/') + 1);
    }

    /** Work with the descriptor of a directory. */
    private interface In<T> {
        T at(int directory) throws Errno;
    }

    private <T> T in(String directory, In<T> work) throws Errno {
        if (directory.isEmpty()) {
            return work.at(root);
        }
        int fd = libc.openBeneath(root, directory, LibC.O_PATH, 0);
        try {
            return work.at(fd);
        } finally {
            libc.close(fd);
        }
    }

    private void writable() throws Errno {
        if (readOnly) {
            throw new Errno(Errno.EROFS);
        }
    }

    private static String notRoot(String p) throws Errno {
        if (p.isEmpty()) {
            throw new Errno(Errno.EINVAL);
        }
        return p;
    }

    // ---- looking ------------------------------------------------------------------------------------------------

    LibC.Stat stat(String p) throws Errno {
        return p.isEmpty() ? libc.stat(root, "") : in(parent(p), d -> libc.stat(d, last(p)));
    }

    LibC.Stat stat(int fd) throws Errno {
        return libc.stat(fd, "");
    }

    /** An identity for a file that stays when it is renamed: the inode, told apart by file system. */
    long identity(LibC.Stat s) {
        return s.inode() ^ (s.device() - device) << 48;
    }

    /** Owners as the guest sees them: who runs us is its root. */
    int guestUser(LibC.Stat s) {
        return s.user() == user ? 0 : s.user();
    }

    /** See {@link #guestUser}. */
    int guestGroup(LibC.Stat s) {
        return s.group() == group ? 0 : s.group();
    }

    String readLink(String p) throws Errno {
        notRoot(p);
        return in(parent(p), d -> libc.readLink(d, last(p)));
    }

    FileStore store() throws IOException {
        return Files.getFileStore(path);
    }

    // ---- files --------------------------------------------------------------------------------------------------

    /**
     * Opens a file or a directory; nothing else, since devices and pipes of the host are not for guests.
     *
     * @param flags of Linux: access mode and O_TRUNC
     */
    int open(String p, int flags) throws Errno {
        int access = flags & 3;
        if (access != LibC.O_RDONLY || (flags & LibC.O_TRUNC) != 0) {
            writable();
        }
        LibC.Stat s = stat(p);
        if (!s.regular() && !s.directory()) {
            throw new Errno(Errno.EPERM);
        }
        int fd = libc.openBeneath(root, p, access | flags & LibC.O_TRUNC | LibC.O_NONBLOCK, 0);
        // It may have been exchanged since.
        LibC.Stat opened = libc.stat(fd, "");
        if (!opened.regular() && !opened.directory()) {
            libc.close(fd);
            throw new Errno(Errno.EPERM);
        }
        return fd;
    }

    int create(String p, int flags, int mode) throws Errno {
        writable();
        notRoot(p);
        int kept = flags & (3 | LibC.O_EXCL | LibC.O_TRUNC);
        int fd = libc.openBeneath(root, p, kept | LibC.O_CREAT | LibC.O_NONBLOCK, mode & PERMISSIONS);
        if (!libc.stat(fd, "").regular()) {
            libc.close(fd);
            throw new Errno(Errno.EEXIST);
        }
        return fd;
    }

    void close(int fd) {
        libc.close(fd);
    }

    int read(int fd, MemorySegment to, long offset) throws Errno {
        return libc.read(fd, to, offset);
    }

    int write(int fd, MemorySegment from, long offset) throws Errno {
        writable();
        return libc.write(fd, from, offset);
    }

    void sync(int fd, boolean dataOnly) throws Errno {
        libc.sync(fd, dataOnly);
    }

    int entries(int fd, long position, MemorySegment to) throws Errno {
        return libc.entries(fd, position, to);
    }

    // ---- changes ------------------------------------------------------------------------------------------------

    void makeDirectory(String p, int mode) throws Errno {
        writable();
        in(parent(notRoot(p)), d -> {
            libc.makeDirectory(d, last(p), mode & PERMISSIONS);
            return null;
        });
    }

    void makeLink(String p, String target) throws Errno {
        writable();
        in(parent(notRoot(p)), d -> {
            libc.makeLink(target, d, last(p));
            return null;
        });
    }

    void hardLink(String from, String to) throws Errno {
        writable();
        in(parent(notRoot(from)), d -> in(parent(notRoot(to)), e -> {
            libc.hardLink(d, last(from), e, last(to));
            return null;
        }));
    }

    void rename(String from, String to) throws Errno {
        writable();
        in(parent(notRoot(from)), d -> in(parent(notRoot(to)), e -> {
            libc.rename(d, last(from), e, last(to));
            return null;
        }));
    }

    void remove(String p, boolean directory) throws Errno {
        writable();
        in(parent(notRoot(p)), d -> {
            libc.unlink(d, last(p), directory ? LibC.AT_REMOVEDIR : 0);
            return null;
        });
    }

    void changeMode(String p, int mode) throws Errno {
        writable();
        if (stat(p).link()) {
            throw new Errno(Errno.EOPNOTSUPP);
        }
        in(p, fd -> {
            libc.changeMode(fd, mode & PERMISSIONS);
            return null;
        });
    }

    /** Owners stay what they are: to give files away takes privileges. -1 asks for nothing. */
    void changeOwner(String p, int newUser, int newGroup) throws Errno {
        writable();
        LibC.Stat s = stat(p);
        if (newUser != -1 && newUser != guestUser(s) || newGroup != -1 && newGroup != guestGroup(s)) {
            throw new Errno(Errno.EPERM);
        }
    }

    void truncate(String p, long size) throws Errno {
        int fd = open(p, LibC.O_WRONLY);
        try {
            libc.truncate(fd, size);
        } finally {
            libc.close(fd);
        }
    }

    /** Sets times as utimensat(2) takes them. */
    void changeTimes(String p, long[] times) throws Errno {
        writable();
        in(p.isEmpty() ? "" : parent(p), d -> {
            libc.changeTimes(d, p.isEmpty() ? "." : last(p), times);
            return null;
        });
    }
}
