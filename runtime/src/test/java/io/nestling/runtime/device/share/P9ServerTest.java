package io.nestling.runtime.device.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The 9P server, asked by a client that minds no manners. */
class P9ServerTest {
    private static final int ROOT = 0;
    private static final int RLERROR = 7;

    @TempDir
    private Path temporary;
    private Path folder;
    private Path outside;
    private P9Server server;
    private final ByteBuffer request = ByteBuffer.allocateDirect(P9Server.MESSAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(P9Server.MESSAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(temporary.resolve("folder"));
        outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.writeString(folder.resolve("file"), "content");
        Files.createDirectory(folder.resolve("sub"));
        start(false);
    }

    private void start(boolean readOnly) throws IOException {
        server = new P9Server(new HostFolder(folder, readOnly));
        assertEquals(101, ask(100, 8192, "9P2000.L"));
        assertEquals("9P2000.L", text(reply, 11));
        assertEquals(105, ask(104, ROOT, -1, "root", "", 0));
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Sends a message of ints (4 bytes), longs, shorts, bytes, and strings; gives the type of the answer. */
    private int ask(int type, Object... fields) {
        request.clear();
        request.putInt(0).put((byte) type).putShort((short) 1);
        for (Object f : fields) {
            switch (f) {
                case Integer i -> request.putInt(i);
                case Long l -> request.putLong(l);
                case Short s -> request.putShort(s);
                case Byte b -> request.put(b);
                case String s -> request.putShort((short) s.length()).put(s.getBytes(StandardCharsets.ISO_8859_1));
                case byte[] b -> request.put(b);
                default -> throw new IllegalArgumentException();
            }
        }
        request.putInt(0, request.position());
        request.flip();
        assertTrue(server.answer(new Message(request), new Message(reply)));
        assertEquals(reply.limit(), reply.getInt(0));
        return reply.get(4);
    }

    private void refused(int errno, int type, Object... fields) {
        assertEquals(RLERROR, ask(type, fields));
        assertEquals(errno, reply.getInt(7));
    }

    private int walk(int from, int to, String... names) {
        Object[] fields = new Object[3 + names.length];
        fields[0] = from;
        fields[1] = to;
        fields[2] = (short) names.length;
        System.arraycopy(names, 0, fields, 3, names.length);
        return ask(110, fields) == RLERROR ? -reply.getInt(7) : reply.getShort(7);
    }

    private static String text(ByteBuffer b, int at) {
        byte[] bytes = new byte[b.getShort(at)];
        b.get(at + 2, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void filesAreReadAndWritten() throws IOException {
        assertEquals(1, walk(ROOT, 1, "file"));
        assertEquals(13, ask(12, 1, LibC.O_RDWR));
        assertEquals(117, ask(116, 1, 3L, 100));
        assertEquals(4, reply.getInt(7));
        assertEquals('t', reply.get(11));
        assertEquals(119, ask(118, 1, 7L, 3, "new".getBytes()));
        assertEquals("contentnew", Files.readString(folder.resolve("file")));
        assertEquals(51, ask(50, 1, 0));
        assertEquals(121, ask(120, 1));
        refused(Errno.EBADF, 116, 1, 0L, 1);
    }

    @Test
    void filesAreMadeMovedAndRemoved() throws IOException {
        assertEquals(1, walk(ROOT, 1, "sub"));
        assertEquals(0, walk(1, 2));
        assertEquals(15, ask(14, 2, "made", LibC.O_WRONLY | LibC.O_EXCL, 04755, 0));
        Path made = folder.resolve("sub/made");
        assertEquals(PosixFilePermissions.fromString("rwxr-xr-x"), Files.getPosixFilePermissions(made));
        refused(Errno.EEXIST, 18, 1, "made", 0100644, 0, 0, 0);
        assertEquals(75, ask(74, 1, "made", ROOT, "moved"));
        // The open file goes on, and its fid knows the new name.
        assertEquals(119, ask(118, 2, 0L, 1, new byte[] {'x'}));
        assertEquals(27, ask(26, 2, 8, 0, 0, 0, 5L, 0L, 0L, 0L, 0L));
        assertEquals(5, Files.size(folder.resolve("moved")));
        assertEquals(73, ask(72, ROOT, "dir", 0755, 0));
        assertEquals(71, ask(70, ROOT, 2, "hard"));
        assertTrue(Files.isSameFile(folder.resolve("hard"), folder.resolve("moved")));
        assertEquals(77, ask(76, ROOT, "dir", LibC.AT_REMOVEDIR));
        assertEquals(123, ask(122, 2));
        assertFalse(Files.exists(folder.resolve("moved")));
    }

    @Test
    void directoriesAreListedInAnyPieces() throws IOException {
        Set<String> expected = new HashSet<>(Set.of(".", "..", "file", "sub"));
        for (int i = 0; i < 100; i++) {
            Files.createFile(folder.resolve("name-" + i));
            expected.add("name-" + i);
        }
        assertEquals(0, walk(ROOT, 1));
        assertEquals(13, ask(12, 1, LibC.O_RDONLY));
        Set<String> found = new HashSet<>();
        long offset = 0;
        while (true) {
            assertEquals(41, ask(40, 1, offset, 300));
            int length = reply.getInt(7);
            assertTrue(length <= 300);
            if (length == 0) {
                break;
            }
            for (int at = 11; at < 11 + length; at += 24 + reply.getShort(at + 22)) {
                offset = reply.getLong(at + 13);
                assertTrue(found.add(text(reply, at + 22)), "listed twice");
            }
        }
        assertEquals(expected, found);
    }

    @Test
    void linksAreNeverFollowed() throws IOException {
        Files.createSymbolicLink(folder.resolve("up"), Path.of("../outside"));
        Files.createSymbolicLink(folder.resolve("absolute"), outside.toAbsolutePath());
        Files.createSymbolicLink(folder.resolve("secret"), outside.resolve("secret"));
        for (String link : new String[] {"up", "absolute"}) {
            assertEquals(1, walk(ROOT, 1, link, "secret"), "beyond the link there is nothing");
            assertEquals(1, walk(ROOT, 1, link));
            refused(Errno.EPERM, 12, 1, LibC.O_RDONLY);
            assertEquals(RLERROR, ask(72, 1, "made", 0755, 0));
            assertEquals(RLERROR, ask(76, 1, "secret", 0));
            assertEquals(RLERROR, ask(14, 1, "made", LibC.O_WRONLY, 0644, 0));
            assertEquals(RLERROR, ask(74, ROOT, "file", 1, "stolen"));
            assertEquals(RLERROR, ask(16, 1, "made", "x", 0));
            assertEquals(121, ask(120, 1));
        }
        assertEquals(1, walk(ROOT, 2, "secret"));
        refused(Errno.EPERM, 12, 2, LibC.O_RDWR);
        assertEquals(RLERROR, ask(26, 2, 8, 0, 0, 0, 0L, 0L, 0L, 0L, 0L));
        assertEquals(RLERROR, ask(26, 2, 1, 0, 0, 0, 0L, 0L, 0L, 0L, 0L));
        assertEquals(0, walk(ROOT, 3));
        assertEquals(RLERROR, ask(14, 3, "secret", LibC.O_WRONLY | LibC.O_TRUNC, 0644, 0));
        assertEquals("secret", Files.readString(outside.resolve("secret")));
        assertArrayEquals(new String[] {"secret"}, outside.toFile().list());
        // A link itself can be read.
        assertEquals(1, walk(ROOT, 4, "up"));
        assertEquals(23, ask(22, 4));
        assertEquals("../outside", text(reply, 7));
    }

    @Test
    void aDirectoryExchangedForALinkLeadsNowhere() throws IOException {
        Files.createDirectory(folder.resolve("sub/deep"));
        assertEquals(2, walk(ROOT, 1, "sub", "deep"));
        Files.delete(folder.resolve("sub/deep"));
        Files.createSymbolicLink(folder.resolve("sub/deep"), outside.toAbsolutePath());
        assertEquals(RLERROR, ask(14, 1, "made", LibC.O_WRONLY, 0644, 0));
        assertTrue(walk(1, 2, "secret") < 0);
        assertArrayEquals(new String[] {"secret"}, outside.toFile().list());
    }

    @Test
    void namesThatAreNoneAreRefused() {
        assertEquals(2, walk(ROOT, 1, "..", ".."), "the folder is its own parent");
        assertEquals(24 + 1, ask(24, 1, 0x7ffL));
        for (String name : new String[] {"", ".", "../outside/secret", "/etc/passwd", "a\0b", "sub/.."}) {
            assertTrue(walk(ROOT, 2, name) < 0, name);
        }
        for (String name : new String[] {"", ".", "..", "../made", "/made", "sub/made", "made\0"}) {
            refused(Errno.EINVAL, 72, ROOT, name, 0755, 0);
            refused(Errno.EINVAL, 74, ROOT, "file", ROOT, name);
            refused(Errno.EINVAL, 76, ROOT, name, LibC.AT_REMOVEDIR);
        }
        refused(Errno.ENAMETOOLONG, 72, ROOT, "x".repeat(300), 0755, 0);
    }

    @Test
    void devicesAndPipesAreNotForGuests() throws Exception {
        refused(Errno.EPERM, 18, ROOT, "null", 020666, 1, 3, 0);
        refused(Errno.EPERM, 18, ROOT, "fifo", 010666, 0, 0, 0);
        new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
        assertEquals(1, walk(ROOT, 1, "pipe"));
        refused(Errno.EPERM, 12, 1, LibC.O_RDONLY);
    }

    @Test
    void aReadOnlyFolderStaysAsItIs() throws IOException {
        server.close();
        start(true);
        assertEquals(1, walk(ROOT, 1, "file"));
        refused(Errno.EROFS, 12, 1, LibC.O_RDWR);
        refused(Errno.EROFS, 12, 1, LibC.O_RDONLY | LibC.O_TRUNC);
        refused(Errno.EROFS, 26, 1, 1, 0, 0, 0, 0L, 0L, 0L, 0L, 0L);
        refused(Errno.EROFS, 26, 1, 0x20, 0, 0, 0, 0L, 0L, 0L, 0L, 0L);
        refused(Errno.EROFS, 72, ROOT, "dir", 0755, 0);
        refused(Errno.EROFS, 16, ROOT, "link", "x", 0);
        refused(Errno.EROFS, 70, ROOT, 1, "hard");
        refused(Errno.EROFS, 74, ROOT, "file", ROOT, "moved");
        refused(Errno.EROFS, 76, ROOT, "file", 0);
        refused(Errno.EROFS, 18, ROOT, "node", 0100644, 0, 0, 0);
        assertEquals(13, ask(12, 1, LibC.O_RDONLY));
        refused(Errno.EROFS, 118, 1, 0L, 1, new byte[1]);
        refused(Errno.EROFS, 122, 1);
        assertEquals("content", Files.readString(folder.resolve("file")));
    }

    @Test
    void randomMessagesDoNoHarm() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), outside.toAbsolutePath());
        var random = new SplittableRandom(9);
        int[] types = {100, 104, 108, 110, 116, 118, 120, 122, 8, 12, 14, 16, 18, 20, 22, 24, 26, 30, 32, 40, 50, 52, 54, 70, 72, 74,
            76, 102, 6, 255};
        String[] names = {"file", "sub", "link", "..", ".", "", "a", "b", "secret", "/", "link/secret"};
        for (int i = 0; i < 100_000; i++) {
            request.clear();
            int type = types[random.nextInt(types.length)];
            // Version starts afresh; rarely, so that fids live.
            type = type == 100 && random.nextInt(50) != 0 ? 104 : type;
            request.putInt(0).put((byte) type).putShort((short) 0);
            for (int n = random.nextInt(9); n > 0; n--) {
                switch (random.nextInt(6)) {
                    case 0 -> request.putShort((short) random.nextInt(4));
                    case 1 -> request.putInt(random.nextInt());
                    case 2 -> request.put((byte) random.nextInt());
                    case 3 -> {
                        String name = names[random.nextInt(names.length)];
                        request.putShort((short) name.length()).put(name.getBytes());
                    }
                    default -> request.putInt(random.nextInt(4));
                }
            }
            request.putInt(0, random.nextInt(50) == 0 ? random.nextInt() : request.position());
            request.flip();
            if (server.answer(new Message(request), new Message(reply))) {
                assertEquals(reply.limit(), reply.getInt(0));
            }
            if (i % 1000 == 0 && Files.exists(folder.resolve("sub"), LinkOption.NOFOLLOW_LINKS)) {
                assertEquals("secret", Files.readString(outside.resolve("secret")));
            }
        }
        assertArrayEquals(new String[] {"secret"}, outside.toFile().list());
        assertEquals("secret", Files.readString(outside.resolve("secret")));
    }
}
