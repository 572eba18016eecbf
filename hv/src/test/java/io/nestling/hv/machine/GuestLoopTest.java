package io.nestling.hv.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.hv.partition.Ending;
import io.nestling.runtime.interp.Interpreter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests that do nothing but loop, in every way there is, can still be stopped. */
@Timeout(20)
class GuestLoopTest {
    private static final int BRANCH_TO_SELF = 0x48000000;
    private static final int TRAP = 0x7fe00008;
    private static final int SYSTEM_CALL = 0x44000002;
    private static final int NOP = 0x60000000;
    private static final int BCTR = 0x4e800420;

    @TempDir
    private Path directory;

    private Machine machine(int... code) throws Exception {
        return new PSeries().memory(PSeries.MIN_MEMORY).kernel(TestMachines.kernel(directory, code))
                .engine(new Interpreter()).build();
    }

    private static int[] everywhere(int word) {
        int[] code = new int[0x4000];
        Arrays.fill(code, word);
        return code;
    }

    private void mustEnd(int... code) throws Exception {
        try (Machine m = machine(code)) {
            m.limit(1_000_000);
            assertEquals(Ending.LIMIT, m.run().ending());
        }
        try (Machine m = machine(code)) {
            Thread stopper = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(Duration.ofMillis(50));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                m.stop();
            });
            assertEquals(Ending.STOPPED, m.run().ending());
            stopper.join();
        }
    }

    @Test
    void branches() throws Exception {
        mustEnd(BRANCH_TO_SELF);
        mustEnd(BCTR);
    }

    @Test
    void interruptsWhoseHandlersInterrupt() throws Exception {
        // Illegal, trap, system call: at the reset vector and in every handler.
        mustEnd(everywhere(0));
        mustEnd(everywhere(TRAP));
        mustEnd(everywhere(SYSTEM_CALL));
    }

    @Test
    void runningOffTheEndOfMemory() throws Exception {
        mustEnd(everywhere(NOP));
    }
}
