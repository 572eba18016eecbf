package io.nestling.hv.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.decoder.Assembler;
import io.nestling.runtime.interp.Interpreter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A guest program that makes random hypercalls and firmware calls as fast as it can. It may well destroy itself (calls
 * store to its memory) or power off; then the next seed goes on. What is asked of level 0: no exception, no hang.
 */
class GuestFuzzTest {
    private static final int CALLS = 100_000;
    private static final long INSTRUCTIONS = 20_000_000;

    /** Registers: r31 random state, r30 argument buffer, r25 to r29 temporaries. */
    private static final String PROGRAM = """
            start:  b begin

                    .org 0x100
                    rfid

            # Interrupts a random H_CEDE lets through: push the timer away and return with interrupts off.
                    .org 0x500
                    b quiet

            # Our own doing, perhaps by overwriting ourselves: start over.
                    .org 0x700
                    b again

                    .org 0x900
            quiet:  lis %r29, 0x7fff
                    mtdec %r29
                    mfspr %r29, 27
                    rldicl %r29, %r29, 48, 1
                    rotldi %r29, %r29, 16
                    mtspr 27, %r29
                    rfid

                    .org 0x4000
            begin:  lis %r30, 1
                    lis %r29, seed@ha
                    ld %r31, seed@l(%r29)

            again:  li %r3, 0x31c          # H_SET_MODE: interrupts big-endian, whatever was set before
                    li %r4, 0
                    li %r5, 4
                    li %r6, 0
                    li %r7, 0
                    sc 1
                    li %r29, 1000          # so that a random H_CEDE has something to wait for
                    mtdec %r29

                    bl value
                    mr %r4, %r0
                    bl value
                    mr %r5, %r0
                    bl value
                    mr %r6, %r0
                    bl value
                    mr %r7, %r0
                    bl value
                    mr %r8, %r0
                    bl next
                    rldicl %r3, %r31, 0, 54        # opcodes 0 .. 0x3fc, multiples of 4
                    rldicr %r3, %r3, 0, 61
                    rldicl. %r29, %r31, 50, 61
                    bne 1f
                    bl value                       # one in eight: anything at all
                    mr %r3, %r0
            1:      rldicl. %r29, %r31, 40, 61
                    bne call
                    bl firmware
            call:   sc 1
                    b again

            # A firmware call with a random argument buffer.
            firmware:
                    mflr %r27
                    li %r25, 0
            2:      bl value
                    stwx %r0, %r30, %r25
                    addi %r25, %r25, 4
                    cmpwi %r25, 64
                    bne 2b
                    bl next
                    rldicl %r29, %r31, 0, 59
                    rldicl. %r28, %r31, 24, 57     # the first six calls end things: only now and then
                    beq 3f
                    addi %r29, %r29, 6
            3:      ori %r29, %r29, 0x2000
                    stw %r29, 0(%r30)
                    rldicl %r29, %r31, 30, 61
                    stw %r29, 4(%r30)
                    rldicl %r29, %r31, 20, 61
                    stw %r29, 8(%r30)
                    li %r3, 0
                    ori %r3, %r3, 0xf000
                    mr %r4, %r30
                    mtlr %r27
                    blr

            # xorshift64
            next:   sldi %r0, %r31, 13
                    xor %r31, %r31, %r0
                    srdi %r0, %r31, 7
                    xor %r31, %r31, %r0
                    sldi %r0, %r31, 17
                    xor %r31, %r31, %r0
                    blr

            # A number that likes to be at the edge of something, in r0.
            value:  mflr %r26
                    bl next
                    mtlr %r26
                    rldicl %r29, %r31, 10, 62
                    srdi %r28, %r31, 20
                    andi. %r0, %r31, 7
                    cmpwi %r0, 0
                    beq small
                    cmpwi %r0, 1
                    beq bit
                    cmpwi %r0, 2
                    beq inside
                    cmpwi %r0, 3
                    beq edge
                    cmpwi %r0, 4
                    beq minus
                    mr %r0, %r31
                    blr
            small:  mr %r0, %r29
                    blr
            bit:    li %r0, 1
                    sld %r0, %r0, %r28
                    blr
            inside: rldicl %r0, %r28, 0, 37
                    rldicr %r0, %r0, 0, 56
                    blr
            edge:   lis %r0, 0x800
                    subf %r0, %r29, %r0
                    blr
            minus:  neg %r0, %r29
                    blr

                    .balign 8
            seed:   .quad SEED
            """;

    @TempDir
    private Path directory;

    private long run(long seed) throws Exception {
        byte[] code = Assembler.assemble(PROGRAM.replace("SEED", "0x" + Long.toHexString(seed)), 0,
                ByteOrder.BIG_ENDIAN).code();
        int[] words = new int[code.length / 4];
        ByteBuffer.wrap(code).asIntBuffer().get(words);
        try (Machine machine = new PSeries().memory(PSeries.MIN_MEMORY).kernel(TestMachines.kernel(directory, words))
                .engine(new Interpreter()).build()) {
            machine.console().endInput();
            machine.limit(INSTRUCTIONS);
            machine.run();
            return machine.ledger().values().get("hcalls");
        }
    }

    @Test
    @Timeout(60)
    void randomCallsOfAGuest() throws Exception {
        long made = 0;
        long seed = 0x9e3779b97f4a7c15L;
        while (made < CALLS) {
            long calls = run(seed);
            assertTrue(calls > 1, "seed 0x" + Long.toHexString(seed) + " made no calls");
            made += calls;
            seed = seed * 6364136223846793005L + 1442695040888963407L;
        }
    }
}
