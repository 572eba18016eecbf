package io.nestling.runtime.debug;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A run on file, to hold a later one against: the registers at check points, each as what changed since the one before.
 *
 * <p>Format, big-endian: the magic number, the interval; then for each point the number of changed registers (one byte),
 * and for each its index in {@link Registers} (one byte) and its value (eight).
 */
public final class Trace {
    private static final long MAGIC = 0x4e4553544c540001L;

    private Trace() {}

    /**
     * Runs a machine and writes its trace.
     *
     * @param interval instructions between points, at least 1
     * @param instructions where to stop, if the machine does not end before
     * @return points written
     */
    public static long record(DebugTarget target, Path file, long interval, long instructions) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeLong(MAGIC);
            out.writeLong(interval);
            long[] last = new long[Registers.COUNT];
            long points = 0;
            boolean more = true;
            while (more && target.retired() < instructions) {
                more = target.advance(target.retired() + interval);
                long[] now = Registers.of(target.cpu());
                int changed = 0;
                for (int i = 0; i < now.length; i++) {
                    changed += now[i] != last[i] ? 1 : 0;
                }
                out.writeByte(changed);
                for (int i = 0; i < now.length; i++) {
                    if (now[i] != last[i]) {
                        out.writeByte(i);
                        out.writeLong(now[i]);
                    }
                }
                last = now;
                points++;
            }
            return points;
        }
    }

    /**
     * Runs a machine along a trace.
     *
     * @return null when they agree to the end of the trace, else both states at the first point where they do not
     * @throws IOException when the file cannot be read or is no trace
     */
    public static String compare(DebugTarget target, Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readLong() != MAGIC) {
                throw new IOException(file + " is not a trace");
            }
            long interval = in.readLong();
            long[] want = new long[Registers.COUNT];
            while (true) {
                int changed;
                try {
                    changed = in.readUnsignedByte();
                } catch (EOFException end) {
                    return null;
                }
                for (int i = 0; i < changed; i++) {
                    int index = in.readUnsignedByte();
                    if (index >= Registers.COUNT) {
                        throw new IOException(file + " is damaged");
                    }
                    want[index] = in.readLong();
                }
                long before = target.retired();
                target.advance(before + interval);
                long[] have = Registers.of(target.cpu());
                if (!Arrays.equals(want, have)) {
                    return "registers differ from the trace; they agreed after " + before + " instructions\n"
                            + Registers.sideBySide("trace", want, target.engine().name(), have);
                }
            }
        }
    }
}
