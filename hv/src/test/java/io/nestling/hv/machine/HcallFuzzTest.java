package io.nestling.hv.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.machine.TestMachines.Script;
import io.nestling.hv.partition.Ending;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.Ram;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hypercalls and firmware calls as an adversary makes them. What is asked: no exception, no hang, a status in r3, and no
 * effect outside guest memory (every access is checked by {@link Ram}, which throws).
 */
class HcallFuzzTest {
    private static final long MEMORY = 128 << 20;
    private static final int CALLS = 100_000;
    private static final int BUFFER = 0x8000;
    private static final int FIRST_TOKEN = 0x2000;

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(20260101);

    /** A number that is likely to be at the edge of something. */
    private long adversarial() {
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(8);
            case 3 -> MEMORY - random.nextInt(64);
            case 4 -> BUFFER + random.nextInt(4096);
            case 5 -> random.nextLong(MEMORY) & -4096;
            case 6 -> Long.MAX_VALUE - random.nextInt(64);
            case 7 -> Long.MIN_VALUE + random.nextInt(64);
            case 8 -> 1L << random.nextInt(64);
            case 9 -> (1L << random.nextInt(64)) - 1;
            case 10 -> random.nextInt();
            default -> random.nextLong();
        };
    }

    private void registers(Vcpu c) {
        for (int r = 4; r <= 12; r++) {
            c.setGpr(r, adversarial());
        }
        // So that a random H_CEDE has a timer to wake it.
        c.setDecrementer(random.nextInt(1_000_000), c.nip);
    }

    private void fuzz(java.util.function.Consumer<Vcpu> call) throws Exception {
        Path kernel = TestMachines.kernel(directory, 0x44000022);
        int made = 0;
        while (made < CALLS) {
            // A guest that manages to power off is started again.
            int left = CALLS - made;
            try (Machine machine = new PSeries().memory(MEMORY).kernel(kernel)
                    .engine(new Script(left, call)).build()) {
                Outcome outcome = machine.run();
                long done = machine.ledger().values().get("hcalls");
                assertTrue(done > 0);
                made += (int) done;
                if (outcome.ending() == Ending.LIMIT) {
                    assertEquals(left, done);
                }
            }
        }
    }

    @Test
    void hypercalls() throws Exception {
        fuzz(c -> {
            registers(c);
            c.setGpr(3, switch (random.nextInt(10)) {
                case 0 -> adversarial();
                case 1 -> 0xf000 + 4 * random.nextInt(16);
                default -> 4 * random.nextInt(0x140);
            });
        });
    }

    @Test
    void firmwareCalls() throws Exception {
        fuzz(c -> {
            registers(c);
            Ram ram = c.mmu.ram();
            // Calls that end the machine come now and then only: building another takes its time.
            int token = random.nextInt(500) == 0 ? FIRST_TOKEN + random.nextInt(6) : FIRST_TOKEN + 6 + random.nextInt(20);
            ram.putWordBe(BUFFER, random.nextInt(20) == 0 ? random.nextInt() : token);
            ram.putWordBe(BUFFER + 4, random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(9));
            ram.putWordBe(BUFFER + 8, random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(10));
            for (int i = 0; i < 16; i++) {
                ram.putWordBe(BUFFER + 12 + 4L * i, (int) adversarial());
            }
            c.setGpr(3, 0xf000);
            c.setGpr(4, random.nextInt(50) == 0 ? adversarial() : BUFFER);
        });
    }
}
