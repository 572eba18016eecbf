package io.nestling.jit.cache;

import io.nestling.decoder.Decoder;
import io.nestling.runtime.cpu.Vcpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.agrona.UnsafeApi;

/**
 * Tells whether stored translations fit this program: a digest of all code that makes them, that they call, or whose
 * layouts they know, which is that of the modules decoder, runtime and jit, and of the JVM's layout of arrays. A build
 * with any change makes them anew.
 */
public final class StoreVersion {
    /** Bytes of a version. */
    public static final int LENGTH = 16;

    private StoreVersion() {}

    /** The version of the running program. */
    public static byte[] current() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Class<?> c : List.of(Decoder.class, Vcpu.class, StoreVersion.class)) {
                Path code = Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (Files.isDirectory(code)) {
                    try (var files = Files.walk(code)) {
                        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                            digest.update(Files.readAllBytes(file));
                        }
                    }
                } else {
                    digest.update(Files.readAllBytes(code));
                }
            }
            digest.update((byte) UnsafeApi.arrayBaseOffset(int[].class));
            digest.update((byte) UnsafeApi.arrayBaseOffset(long[].class));
            return Arrays.copyOf(digest.digest(), LENGTH);
        } catch (NoSuchAlgorithmException | java.net.URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
