package io.nestling.jit.cache;

import io.nestling.decoder.Decoder;
import io.nestling.runtime.cpu.Vcpu;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.agrona.UnsafeApi;

/**
 * Tells whether stored translations fit this program: a digest of all code that makes them, that they call, or whose
 * layouts they know, which is that of the modules decoder, runtime and jit, and of the JVM's layout of arrays. A build
 * with any change makes them anew.
 *
 * <p>Two checksums and a length tell builds apart. A cryptographic digest took 20 ms more of each start, and is not needed:
 * that nobody else writes to the store is seen to elsewhere.
 */
public final class StoreVersion {
    /** Bytes of a version. */
    public static final int LENGTH = 16;

    private StoreVersion() {}

    /** The version of the running program. */
    public static byte[] current() throws IOException {
        var one = new CRC32();
        var other = new CRC32C();
        long length = 0;
        for (Class<?> c : List.of(Decoder.class, Vcpu.class, StoreVersion.class)) {
            for (Path file : files(c)) {
                byte[] code = Files.readAllBytes(file);
                one.update(code);
                other.update(code);
                length += code.length;
            }
        }
        one.update(UnsafeApi.arrayBaseOffset(long[].class));
        return ByteBuffer.allocate(LENGTH).putInt((int) one.getValue()).putInt((int) other.getValue()).putLong(length).array();
    }

    /** The files that a class and its neighbours come from: one archive, or many classes. */
    private static List<Path> files(Class<?> c) throws IOException {
        try {
            Path code = Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (!Files.isDirectory(code)) {
                return List.of(code);
            }
            try (var files = Files.walk(code)) {
                return files.filter(Files::isRegularFile).sorted().toList();
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
