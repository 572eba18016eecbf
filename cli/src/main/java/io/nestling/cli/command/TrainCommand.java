package io.nestling.cli.command;

import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.VirtualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/**
 * Boots a guest of a dozen instructions. The launcher runs this once after a build, with the JVM recording which classes a
 * boot needs, so that later starts find them ready in an ahead-of-time cache.
 */
@Command(name = "train", hidden = true, description = "Boots a tiny guest, for the JVM to learn from.")
final class TrainCommand implements Callable<Integer> {
    private static final String WORD = "ok";
    private static final int HEADERS = 64 + 56;
    private static final int LOAD_ADDRESS = 0x10000;

    /** Counts down a loop, prints the word through H_PUT_TERM_CHAR and spins. */
    private static final int[] PROGRAM = {
        0x3d000010, // lis    r8,16
        0x7d0903a6, // mtctr  r8
        0x42000000, // bdnz   .
        0x38600058, // li     r3,0x58
        0x38800000, // li     r4,0
        0x38a00003, // li     r5,3
        0x3cc06f6b, // lis    r6,'ok'
        0x60c60a00, // ori    r6,r6,'\n' << 8
        0x78c607c6, // sldi   r6,r6,32
        0x44000022, // sc     1
        0x48000000, // b      .
    };

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path kernel = Files.createTempFile("nestling", ".elf");
        try {
            Files.write(kernel, elf());
            return new GuestSession(new GuestSession.Settings(kernel, null, "", 1L << 30, VirtualClock::new,
                    Interpreter::new,
                    Optional.of(Duration.ofSeconds(20)), Optional.of(Pattern.compile(WORD)), Optional.empty(),
                    Optional.empty(), Optional.empty(), false, true)).run();
        } finally {
            Files.delete(kernel);
        }
    }

    /** The program as a big-endian ELF executable with one segment. */
    private static byte[] elf() {
        int length = 4 * PROGRAM.length;
        var file = ByteBuffer.allocate(HEADERS + length);
        file.putInt(0x7f454c46).put((byte) 2).put((byte) 2).put((byte) 1).position(16);
        // Executable, 64-bit Power, version; entry; program headers behind this one, no sections; sizes.
        file.putShort((short) 2).putShort((short) 21).putInt(1).putLong(LOAD_ADDRESS).putLong(64).putLong(0).putInt(2)
                .putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
        // Loadable, all permissions; place in the file, in memory; sizes; alignment.
        file.putInt(1).putInt(7).putLong(HEADERS).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS).putLong(length)
                .putLong(length).putLong(LOAD_ADDRESS);
        for (int word : PROGRAM) {
            file.putInt(word);
        }
        return file.array();
    }
}
