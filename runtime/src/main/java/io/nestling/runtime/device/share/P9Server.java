package io.nestling.runtime.device.share;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers 9P2000.L requests (Plan 9 manual, section 5; "9P2000.L Protocol" of the diod project) over one folder. Extended
 * attributes, devices and pipes are not offered; locks are granted, since a guest locks within itself. One thread at a time.
 */
final class P9Server implements AutoCloseable {
    /** Bytes of a message at most. */
    static final int MESSAGE_SIZE = 1 << 19;

    private static final int MIN_MESSAGE_SIZE = 4096;
    private static final int FIDS = 1 << 16;
    private static final int OPEN_FILES = 1024;
    private static final int WALK = 16;
    private static final int IO_HEADER = 24;
    private static final int DIRECTORY_ENTRIES = 1 << 15;
    private static final String VERSION = "9P2000.L";

    private static final int RLERROR = 7;
    private static final int QID_DIRECTORY = 0x80;
    private static final int QID_LINK = 2;
    /** Magic number of the file system, as statfs(2) of a 9P mount gives it. */
    private static final int V9FS = 0x01021997;
    private static final long ALL_BASIC = 0x7ff;
    private static final int UNLOCKED = 2;

    // Tsetattr, field "valid".
    private static final int SET_MODE = 1;
    private static final int SET_USER = 2;
    private static final int SET_GROUP = 4;
    private static final int SET_SIZE = 8;
    private static final int SET_ACCESSED = 0x10;
    private static final int SET_MODIFIED = 0x20;
    private static final int SET_ACCESSED_TO = 0x80;
    private static final int SET_MODIFIED_TO = 0x100;
    private static final long NOW = 0x3fffffff;
    private static final long OMIT = 0x3ffffffe;

    /** What a number of the client stands for. */
    private static final class Fid {
        String path;
        /** Descriptor of the open file, or -1. */
        int open = -1;

        Fid(String path) {
            this.path = path;
        }
    }

    private final HostFolder folder;
    private final Map<Integer, Fid> fids = new HashMap<>();
    private int openFiles;
    private int messageSize = MESSAGE_SIZE;
    private final MemorySegment entries =
            MemorySegment.ofBuffer(ByteBuffer.allocateDirect(DIRECTORY_ENTRIES));

    P9Server(HostFolder folder) {
        this.folder = folder;
    }

    /** Forgets the client, as when it starts afresh. */
    void reset() {
        fids.values().forEach(this::release);
        fids.clear();
        messageSize = MESSAGE_SIZE;
    }

    @Override
    public void close() {
        reset();
        folder.close();
    }

    /**
     * Answers a request.
     *
     * @param request from position to limit
     * @param reply   room for {@link #MESSAGE_SIZE} bytes; afterwards, the answer from its position to its limit
     * @return false when the request is no 9P message at all
     */
    boolean answer(Message request, Message reply) {
        int type;
        int tag;
        try {
            int size = request.get4();
            if (size < Message.HEADER || size - 4 > request.bytes().remaining()) {
                return false;
            }
            request.bytes().limit(request.bytes().position() + size - 4);
            type = request.get1();
            tag = request.get2();
        } catch (Errno e) {
            return false;
        }
        try {
            reply.begin(type + 1, tag);
            serve(type, request, reply);
        } catch (Errno e) {
            error(reply, tag, e.number());
        } catch (IOException e) {
            error(reply, tag, Errno.EIO);
        }
        reply.end();
        return true;
    }

    private static void error(Message reply, int tag, int number) {
        reply.begin(RLERROR, tag);
        reply.put4(number);
    }

    private void serve(int type, Message in, Message out) throws Errno, IOException {
        switch (type) {
            case 100 -> version(in, out);
            case 104 -> attach(in, out);
            case 108 -> { }
            case 110 -> walk(in, out);
            case 116 -> read(in, out);
            case 118 -> write(in, out);
            case 120 -> clunk(in);
            case 122 -> remove(in);
            case 8 -> statistics(in, out);
            case 12 -> open(in, out);
            case 14 -> create(in, out);
            case 16 -> makeLink(in, out);
            case 18 -> makeNode(in, out);
            case 20 -> rename(in);
            case 22 -> out.text(folder.readLink(fid(in).path));
            case 24 -> getAttributes(in, out);
            case 26 -> setAttributes(in);
            case 40 -> readDirectory(in, out);
            case 50 -> sync(in);
            case 52 -> {
                fid(in);
                out.put1(0);
            }
            case 54 -> getLock(in, out);
            case 70 -> hardLink(in);
            case 72 -> makeDirectory(in, out);
            case 74 -> renameAt(in);
            case 76 -> unlinkAt(in);
            default -> throw new Errno(Errno.EOPNOTSUPP);
        }
    }

    // ---- fids ---------------------------------------------------------------------------------------------------

    private Fid fid(Message in) throws Errno {
        Fid f = fids.get(in.get4());
        if (f == null) {
            throw new Errno(Errno.EBADF);
        }
        return f;
    }

    private Fid opened(Message in) throws Errno {
        Fid f = fid(in);
        if (f.open < 0) {
            throw new Errno(Errno.EBADF);
        }
        return f;
    }

    private void put(int number, Fid f) throws Errno {
        if (fids.size() >= FIDS) {
            throw new Errno(Errno.ENFILE);
        }
        if (fids.putIfAbsent(number, f) != null) {
            throw new Errno(Errno.EBADF);
        }
    }

    private void release(Fid f) {
        if (f.open >= 0) {
            folder.close(f.open);
            f.open = -1;
            openFiles--;
        }
    }

    private void mayOpen(Fid f) throws Errno {
        if (f.open >= 0) {
            throw new Errno(Errno.EBADF);
        }
        if (openFiles >= OPEN_FILES) {
            throw new Errno(Errno.ENFILE);
        }
    }

    private void clunk(Message in) throws Errno {
        Fid f = fids.remove(in.get4());
        if (f == null) {
            throw new Errno(Errno.EBADF);
        }
        release(f);
    }

    private void qid(Message out, LibC.Stat s) {
        out.put1(s.directory() ? QID_DIRECTORY : s.link() ? QID_LINK : 0);
        out.put4((int) (s.modified() ^ s.size()));
        out.put8(folder.identity(s));
    }

    // ---- session ------------------------------------------------------------------------------------------------

    private void version(Message in, Message out) throws Errno {
        int size = in.get4();
        String version = in.text();
        reset();
        messageSize = Math.clamp(size & 0xffffffffL, MIN_MESSAGE_SIZE, MESSAGE_SIZE);
        out.put4(messageSize).text(version.equals(VERSION) ? VERSION : "unknown");
    }

    private void attach(Message in, Message out) throws Errno {
        int number = in.get4();
        in.get4();
        in.text();
        in.text();
        LibC.Stat s = folder.stat("");
        put(number, new Fid(""));
        qid(out, s);
    }

    private void walk(Message in, Message out) throws Errno {
        Fid from = fid(in);
        int number = in.get4();
        int count = in.get2();
        if (count > WALK) {
            throw new Errno(Errno.EINVAL);
        }
        List<LibC.Stat> found = new ArrayList<>();
        String path = from.path;
        try {
            for (int i = 0; i < count; i++) {
                String name = in.text();
                if (name.equals("..")) {
                    path = HostFolder.parent(path);
                } else {
                    if (name.isEmpty() || name.equals(".") || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
                        throw new Errno(Errno.ENOENT);
                    }
                    path = HostFolder.child(path, name);
                }
                found.add(folder.stat(path));
            }
        } catch (Errno e) {
            // As far as it got; the new fid is not made then (walk(5)).
            if (found.isEmpty()) {
                throw e;
            }
        }
        if (found.size() == count) {
            if (fids.get(number) == from) {
                if (from.open >= 0) {
                    throw new Errno(Errno.EBADF);
                }
                from.path = path;
            } else {
                put(number, new Fid(path));
            }
        }
        out.put2(found.size());
        found.forEach(s -> qid(out, s));
    }

    private void statistics(Message in, Message out) throws Errno, IOException {
        fid(in);
        FileStore store = folder.store();
        int block = 4096;
        out.put4(V9FS).put4(block).put8(store.getTotalSpace() / block).put8(store.getUnallocatedSpace() / block)
                .put8(store.getUsableSpace() / block).put8(0).put8(0).put8(0).put4(LibC.NAME_MAX);
    }

    // ---- files --------------------------------------------------------------------------------------------------

    private void open(Message in, Message out) throws Errno {
        Fid f = fid(in);
        int flags = in.get4();
        mayOpen(f);
        f.open = folder.open(f.path, flags);
        openFiles++;
        qid(out, folder.stat(f.open));
        out.put4(0);
    }

    private void create(Message in, Message out) throws Errno {
        Fid f = fid(in);
        String path = HostFolder.child(f.path, in.name());
        int flags = in.get4();
        int mode = in.get4();
        mayOpen(f);
        f.open = folder.create(path, flags, mode);
        openFiles++;
        f.path = path;
        qid(out, folder.stat(f.open));
        out.put4(0);
    }

    private void read(Message in, Message out) throws Errno {
        Fid f = opened(in);
        long offset = in.get8();
        long count = in.get4() & 0xffffffffL;
        ByteBuffer to = out.bytes();
        int room = (int) Math.min(count, messageSize - Message.HEADER - 4);
        int n = folder.read(f.open, MemorySegment.ofBuffer(to).asSlice(4, room), offset);
        out.put4(n);
        to.position(to.position() + n);
    }

    private void write(Message in, Message out) throws Errno {
        Fid f = opened(in);
        long offset = in.get8();
        int count = in.get4();
        out.put4(folder.write(f.open, in.take(count), offset));
    }

    private void sync(Message in) throws Errno {
        Fid f = opened(in);
        folder.sync(f.open, in.bytes().remaining() >= 4 && in.get4() != 0);
    }

    private void readDirectory(Message in, Message out) throws Errno {
        Fid f = opened(in);
        long offset = in.get8();
        long count = in.get4() & 0xffffffffL;
        int room = (int) Math.min(count, messageSize - IO_HEADER);
        int at = out.bytes().position();
        out.put4(0);
        int length = folder.entries(f.open, offset, entries);
        int used = 0;
        // struct linux_dirent64: ino[8] off[8] reclen[2] type[1] name.
        for (int e = 0; e < length;) {
            int size = entries.get(ValueLayout.JAVA_SHORT_UNALIGNED, e + 16) & 0xffff;
            int end = e + 19;
            while (entries.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
            byte[] name = entries.asSlice(e + 19, end - e - 19).toArray(ValueLayout.JAVA_BYTE);
            used += IO_HEADER + name.length;
            if (used > room) {
                break;
            }
            entry(f, out, entries.get(ValueLayout.JAVA_LONG_UNALIGNED, e), entries.get(ValueLayout.JAVA_LONG_UNALIGNED, e + 8),
                    entries.get(ValueLayout.JAVA_BYTE, e + 18), name);
            e += size;
        }
        out.bytes().putInt(at, out.bytes().position() - at - 4);
    }

    private void entry(Fid directory, Message out, long inode, long next, int type, byte[] name) throws Errno {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        long identity = inode;
        if (text.equals("..")) {
            // What is above the folder is not the guest's to know.
            identity = folder.identity(folder.stat(HostFolder.parent(directory.path)));
        }
        out.put1(type == 4 ? QID_DIRECTORY : type == 10 ? QID_LINK : 0).put4(0).put8(identity).put8(next).put1(type).text(text);
    }

    // ---- attributes ---------------------------------------------------------------------------------------------

    private void getAttributes(Message in, Message out) throws Errno {
        Fid f = fid(in);
        LibC.Stat s = f.open >= 0 ? folder.stat(f.open) : folder.stat(f.path);
        out.put8(ALL_BASIC);
        qid(out, s);
        out.put4(s.mode()).put4(folder.guestUser(s)).put4(folder.guestGroup(s)).put8(s.links()).put8(s.special())
                .put8(s.size()).put8(s.blockSize()).put8(s.blocks());
        time(out, s.accessed());
        time(out, s.modified());
        time(out, s.changed());
        out.put8(0).put8(0).put8(0).put8(0);
    }

    private static void time(Message out, long nanos) {
        out.put8(Math.floorDiv(nanos, 1_000_000_000L)).put8(Math.floorMod(nanos, 1_000_000_000L));
    }

    private void setAttributes(Message in) throws Errno {
        Fid f = fid(in);
        int valid = in.get4();
        int mode = in.get4();
        int user = in.get4();
        int group = in.get4();
        long size = in.get8();
        long[] times = {in.get8(), in.get8(), in.get8(), in.get8()};
        if ((valid & (SET_USER | SET_GROUP)) != 0) {
            folder.changeOwner(f.path, (valid & SET_USER) != 0 ? user : -1, (valid & SET_GROUP) != 0 ? group : -1);
        }
        if ((valid & SET_MODE) != 0) {
            folder.changeMode(f.path, mode);
        }
        if ((valid & SET_SIZE) != 0) {
            if (size < 0) {
                throw new Errno(Errno.EINVAL);
            }
            folder.truncate(f.path, size);
        }
        if ((valid & (SET_ACCESSED | SET_MODIFIED)) != 0) {
            when(times, 0, (valid & SET_ACCESSED) != 0, (valid & SET_ACCESSED_TO) != 0);
            when(times, 2, (valid & SET_MODIFIED) != 0, (valid & SET_MODIFIED_TO) != 0);
            folder.changeTimes(f.path, times);
        }
    }

    private static void when(long[] times, int at, boolean set, boolean given) {
        if (!set || !given) {
            times[at] = 0;
            times[at + 1] = set ? NOW : OMIT;
        }
    }

    private void getLock(Message in, Message out) throws Errno {
        fid(in);
        in.get1();
        out.put1(UNLOCKED).put8(in.get8()).put8(in.get8()).put4(in.get4()).text(in.text());
    }

    // ---- names --------------------------------------------------------------------------------------------------

    private void makeDirectory(Message in, Message out) throws Errno {
        String path = HostFolder.child(fid(in).path, in.name());
        folder.makeDirectory(path, in.get4());
        qid(out, folder.stat(path));
    }

    private void makeLink(Message in, Message out) throws Errno {
        String path = HostFolder.child(fid(in).path, in.name());
        String target = in.text();
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            throw new Errno(Errno.EINVAL);
        }
        folder.makeLink(path, target);
        qid(out, folder.stat(path));
    }

    /** Only plain files: the host's devices and pipes are not for guests. */
    private void makeNode(Message in, Message out) throws Errno {
        String path = HostFolder.child(fid(in).path, in.name());
        int mode = in.get4();
        if ((mode & 0xf000) != 0x8000) {
            throw new Errno(Errno.EPERM);
        }
        folder.close(folder.create(path, LibC.O_EXCL | LibC.O_WRONLY, mode));
        qid(out, folder.stat(path));
    }

    private void hardLink(Message in) throws Errno {
        Fid directory = fid(in);
        Fid f = fid(in);
        folder.hardLink(f.path, HostFolder.child(directory.path, in.name()));
    }

    private void rename(Message in) throws Errno {
        Fid f = fid(in);
        Fid directory = fid(in);
        moved(f.path, HostFolder.child(directory.path, in.name()));
    }

    private void renameAt(Message in) throws Errno {
        Fid from = fid(in);
        String name = in.name();
        Fid to = fid(in);
        moved(HostFolder.child(from.path, name), HostFolder.child(to.path, in.name()));
    }

    /** Renames, and lets the fids of what was renamed follow it. */
    private void moved(String from, String to) throws Errno {
        folder.rename(from, to);
        for (Fid f : fids.values()) {
            if (f.path.equals(from) || f.path.startsWith(from + "/")) {
                f.path = to + f.path.substring(from.length());
            }
        }
    }

    private void unlinkAt(Message in) throws Errno {
        String path = HostFolder.child(fid(in).path, in.name());
        folder.remove(path, (in.get4() & LibC.AT_REMOVEDIR) != 0);
    }

    /** Removes a file and forgets its fid, even when the first fails (remove(5)). */
    private void remove(Message in) throws Errno {
        int number = in.get4();
        Fid f = fids.remove(number);
        if (f == null) {
            throw new Errno(Errno.EBADF);
        }
        release(f);
        folder.remove(f.path, folder.stat(f.path).directory());
    }
}
