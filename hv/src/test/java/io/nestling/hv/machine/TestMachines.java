package io.nestling.hv.machine;

import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Vcpu;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Small machines for tests: a kernel of a few instructions, and an engine that is a script. */
public final class TestMachines {
    private TestMachines() {}

    /** An engine that executes nothing: each run is one step of a script, which sets registers, and then an exit. */
    public static final class Script implements Engine {
        private final Consumer<Vcpu> step;
        private final int steps;
        private int done;

        /** Makes that many hypercalls, with the registers the step leaves, and then reaches its limit. */
        public Script(int steps, Consumer<Vcpu> step) {
            this.steps = steps;
            this.step = step;
        }

        @Override
        public Exit run(Vcpu cpu) {
            if (cpu.exitRequested()) {
                cpu.checkEvents();
                return Exit.REQUESTED;
            }
            if (done++ == steps) {
                return Exit.LIMIT;
            }
            step.accept(cpu);
            return Exit.HCALL;
        }

        @Override
        public String name() {
            return "script";
        }
    }

    /** Writes a big-endian kernel made of these instructions, loaded at 0. */
    public static Path kernel(Path directory, int... code) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(128 + 4 * code.length).order(ByteOrder.BIG_ENDIAN);
        b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 2, 1});
        b.putShort(16, (short) 2).putShort(18, (short) 21).putInt(20, 1);
        b.putLong(24, 0xc000000000000000L).putLong(32, 64);
        b.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 1);
        b.putInt(64, 1).putInt(68, 7).putLong(72, 128).putLong(80, 0xc000000000000000L).putLong(88, 0)
                .putLong(96, 4L * code.length).putLong(104, 0x10000).putLong(112, 0x10000);
        b.position(128);
        for (int word : code) {
            b.putInt(word);
        }
        return Files.write(directory.resolve("kernel"), b.array());
    }
}
