package io.nestling.tests.smp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Msr;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Outcomes that Power's memory model forbids do not happen (Power ISA 3.0B, Book II, 1.7; Book III, 5.10). A bounded
 * number of iterations in ordinary runs; {@code mvn verify -Plitmus} runs millions.
 */
@Timeout(900)
class LitmusTest {
    private static final int ROUNDS = Integer.getInteger("nestling.litmus.rounds", 10);

    @TempDir
    private Path directory;

    /** Both engines on threads of their own, and the translator in turn. */
    private static final String ENGINES = "interp, false\njit, false\njit, true";

    private void never(Litmus test, String engine, boolean virtual) throws Exception {
        test.run(directory, engine, virtual, ROUNDS, r -> {
            assertEquals(0, r.forbidden(), "forbidden outcomes of " + ROUNDS * Litmus.CELLS);
            System.out.printf("%s, %s time: %,d cells, vCPUs met in %,d, %,d instructions%n", engine,
                    virtual ? "virtual" : "real", ROUNDS * Litmus.CELLS, r.met(), r.instructions());
        });
    }

    // ---- ordering -----------------------------------------------------------------------------------------------

    private static final String SEES_Y_NOT_X = """
                    ldx %r7, %r23, %r26
                    ldx %r8, %r24, %r26
                    cmpd %cr0, %r7, %r30
                    cmpd %cr1, %r8, %r30
                    crandc 31, 2, 6
                    crandc 30, 6, 2
            """;


    private static Litmus messages(String between, String readerBetween) {
        return new Litmus(SEES_Y_NOT_X, """
                    stdx %%r30, %%r20, %%r26
                    %s
                    stdx %%r30, %%r21, %%r26
            """.formatted(between), """
                    ldx %%r7, %%r21, %%r26
                    %s
                    ldx %%r8, %%r20, %%r26
                    stdx %%r7, %%r23, %%r26
                    stdx %%r8, %%r24, %%r26
            """.formatted(readerBetween));
    }

    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void messagePassing(String engine, boolean virtual) throws Exception {
        never(messages("lwsync", "lwsync"), engine, virtual);
        never(messages("hwsync", "hwsync"), engine, virtual);
        never(messages("eieio", "cmpd %r7, %r7; bne 9f; 9: isync"), engine, virtual);
    }

    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void storeBuffering(String engine, boolean virtual) throws Exception {
        String body = """
                    stdx %%r30, %s, %%r26
                    hwsync
                    ldx %%r7, %s, %%r26
                    stdx %%r7, %s, %%r26
            """;
        never(new Litmus("""
                    ldx %r7, %r23, %r26
                    ldx %r8, %r24, %r26
                    cmpd %cr0, %r7, %r30
                    cmpd %cr1, %r8, %r30
                    crnor 31, 2, 6
                    crand 30, 2, 6
            """, body.formatted("%r20", "%r21", "%r23"), body.formatted("%r21", "%r20", "%r24")), engine, virtual);
    }

    /** Independent reads of independent writes: both readers agree on which came first. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void independentReads(String engine, boolean virtual) throws Exception {
        String reader = """
                    ldx %%r7, %s, %%r26
                    hwsync
                    ldx %%r8, %s, %%r26
                    stdx %%r7, %s, %%r26
                    stdx %%r8, %s, %%r26
            """;
        never(new Litmus("""
                    ldx %r7, %r23, %r26
                    ldx %r8, %r24, %r26
                    ldx %r9, %r25, %r26
                    ldx %r10, %r19, %r26
                    cmpd %cr0, %r7, %r30
                    cmpd %cr1, %r8, %r30
                    cmpd %cr2, %r9, %r30
                    cmpd %cr3, %r10, %r30
                    crandc 29, 2, 6
                    crandc 28, 10, 14
                    crand 31, 29, 28
                    cror 30, 29, 28
            """, "        stdx %r30, %r20, %r26\n", "        stdx %r30, %r21, %r26\n",
                reader.formatted("%r20", "%r21", "%r23", "%r24"), reader.formatted("%r21", "%r20", "%r25", "%r19")), engine, virtual);
    }

    /** Two loads of one place, by different registers, do not go back in time. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void coherenceOfLoads(String engine, boolean virtual) throws Exception {
        never(new Litmus(SEES_Y_NOT_X, "        stdx %r30, %r20, %r26\n", """
                    add %r9, %r20, %r26
                    ldx %r7, %r20, %r26
                    ld %r8, 0(%r9)
                    stdx %r7, %r23, %r26
                    stdx %r8, %r24, %r26
            """), engine, virtual);
    }

    /** Quadword loads and stores are whole to each other. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void quadwords(String engine, boolean virtual) throws Exception {
        never(new Litmus("""
                    ldx %r7, %r23, %r26
                    ldx %r8, %r24, %r26
                    cmpd %cr0, %r7, %r8
                    crnor 31, 2, 2
                    crclr 30
            """, """
                    add %r14, %r30, %r26
                    mr %r15, %r14
                    stq %r14, 0(%r22)
            """, """
                    lq %r14, 0(%r22)
                    stdx %r14, %r23, %r26
                    stdx %r15, %r24, %r26
            """), engine, virtual);
    }

    // ---- atomics ------------------------------------------------------------------------------------------------

    private static String increments() {
        return """
            1:      ldarx %r7, 0, %r22
                    addi %r7, %r7, 1
                    stdcx. %r7, 0, %r22
                    bne 1b
                    addi %r9, %r22, 0x200
            2:      lwarx %r7, 0, %r9
                    addi %r7, %r7, 1
                    stwcx. %r7, 0, %r9
                    bne 2b
                    addi %r9, %r22, 0x204
            3:      lharx %r7, 0, %r9
                    addi %r7, %r7, 1
                    sthcx. %r7, 0, %r9
                    bne 3b
                    addi %r9, %r22, 0x206
            4:      lbarx %r7, 0, %r9
                    addi %r7, %r7, 1
                    stbcx. %r7, 0, %r9
                    bne 4b
                    addi %r9, %r22, 0x400
            5:      lqarx %r14, 0, %r9
                    addi %r15, %r15, 1
                    addi %r14, %r14, 3
                    stqcx. %r14, 0, %r9
                    bne 5b
                    addi %r9, %r22, 0x600
                    li %r16, 1
                    ldat %r15, %r9, 0
            """;
    }

    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void contention(String engine, boolean virtual) throws Exception {
        Litmus test = new Litmus("", increments(), increments(), increments(), increments());
        long base = Litmus.SHARED + 0x1000;
        test.register(22, base).run(directory, engine, virtual, ROUNDS, r -> {
            long n = 4L * ROUNDS * Litmus.CELLS;
            assertEquals(n, Litmus.littleDouble(r.ram(), base));
            assertEquals((int) n, Integer.reverseBytes(r.ram().getWordBe(base + 0x200)));
            assertEquals(n & 0xffff, r.ram().getByte(base + 0x204) | r.ram().getByte(base + 0x205) << 8);
            assertEquals(n & 0xff, r.ram().getByte(base + 0x206));
            assertEquals(n, Litmus.littleDouble(r.ram(), base + 0x400), "low half of the quadword");
            assertEquals(3 * n, Litmus.littleDouble(r.ram(), base + 0x408), "high half");
            assertEquals(n, Litmus.littleDouble(r.ram(), base + 0x600), "atomic memory operation");
        });
    }

    /** A lock of lwarx, isync and lwsync keeps plain increments apart. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void spinLock(String engine, boolean virtual) throws Exception {
        String body = """
            1:      lwarx %r7, 0, %r22
                    cmpwi %r7, 0
                    bne 2f
                    li %r8, 1
                    stwcx. %r8, 0, %r22
                    bne 1b
                    isync
                    ld %r9, 0x200(%r22)
                    addi %r9, %r9, 1
                    std %r9, 0x200(%r22)
                    lwsync
                    li %r8, 0
                    stw %r8, 0(%r22)
                    b 3f
            2:      li %r3, 0xe4
                    li %r4, -1
                    sc 1
                    b 1b
            3:
            """;
        long base = Litmus.SHARED + 0x1000;
        new Litmus("", body, body, body).register(22, base).run(directory, engine, virtual, ROUNDS,
                r -> assertEquals(3L * ROUNDS * Litmus.CELLS, Litmus.littleDouble(r.ram(), base + 0x200)));
    }

    /** A reservation is lost to another's store conditional even when the old value is back. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void reservationsAreLostThoughTheValueIsBack(String engine, boolean virtual) throws Exception {
        // The doubleword at 0x200 counts hand-overs: odd is the second vCPU's turn.
        String wait = """
            8:      ld %r9, 0x200(%r22)
                    cmpd %r9, %r13
                    beq 9f
                    li %r3, 0xe4
                    li %r4, -1
                    sc 1
                    b 8b
            9:      lwsync
            """;
        never(new Litmus("""
                    ldx %r7, %r23, %r26
                    cmpd %cr0, %r7, %r30
                    crmove 31, 2
                    crclr 30
            """, """
            7:      ldarx %r7, 0, %r22
                    addi %r13, %r13, 1
                    lwsync
                    std %r13, 0x200(%r22)
                    addi %r13, %r13, 1
            """ + wait + """
                    li %r8, 0
                    stdcx. %r7, 0, %r22
                    bne 6f
                    mr %r8, %r30
            6:      stdx %r8, %r23, %r26
            """, """
                    addi %r13, %r13, 1
            """ + wait + """
            5:      ldarx %r7, 0, %r22
                    addi %r8, %r7, 1
                    stdcx. %r8, 0, %r22
                    bne 5b
            4:      ldarx %r8, 0, %r22
                    stdcx. %r7, 0, %r22
                    bne 4b
                    addi %r13, %r13, 1
                    lwsync
                    std %r13, 0x200(%r22)
            """).register(22, Litmus.SHARED + 0x1000).register(13, 0), engine, virtual);
    }

    // ---- translation and code -----------------------------------------------------------------------------------

    /** Once tlbsync and ptesync are over, no vCPU uses the old translation. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void shootdown(String engine, boolean virtual) throws Exception {
        long ea = 0x10000000;
        long frames = Litmus.OWN;
        String reader = """
                    ld %r7, 0x40(%r29)
                    lwsync
                    ld %r8, 0(%r14)
                    cmpd %r8, %r7
                    bge 3f
                    ld %r9, 0x100(%r29)
                    addi %r9, %r9, 1
                    std %r9, 0x100(%r29)
            3:
            """;
        Litmus test = new Litmus("", """
                    addi %r15, %r15, 1
                    rldicl %r7, %r15, 0, 63
                    sldi %r8, %r7, 12
                    add %r8, %r8, %r18
                    std %r15, 0(%r8)
                    or %r9, %r8, %r17
                    lwsync
                    stdbrx %r9, 0, %r16
                    ptesync
                    tlbie %r14, %r13, 0, 1, 1
                    eieio
                    tlbsync
                    ptesync
                    std %r15, 0x40(%r29)
            """, reader, reader);
        test.register(13, 1L << 32).register(14, ea).register(15, 0).register(17, 0xc000000000000000L | 0x18e)
                .register(18, frames).setup((ram, vcpus) -> {
                    long entry = Litmus.mapOnePage(ram, vcpus, ea, frames);
                    for (var c : vcpus) {
                        c.setGpr(16, entry);
                        if (c.id != 0) {
                            c.setMsr(c.msr | Msr.DR);
                        }
                    }
                });
        never(test, engine, virtual);
    }

    /** Both invalidate at once, again and again: neither waits for the other for ever. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void shootdownsThatMeet(String engine, boolean virtual) throws Exception {
        String body = """
                    ld %r8, 0(%r14)
                    std %r8, 8(%r14)
                    tlbie %r14, %r13, 0, 1, 1
                    eieio
                    tlbsync
                    ptesync
                    ld %r8, 0(%r14)
            """;
        Litmus test = new Litmus("", body, body, body);
        never(test.register(13, 1L << 32).register(14, 0x10000000).setup((ram, vcpus) -> {
            Litmus.mapOnePage(ram, vcpus, 0x10000000, Litmus.OWN);
            for (var c : vcpus) {
                c.setMsr(c.msr | Msr.DR);
            }
        }), engine, virtual);
    }

    private static final String MODIFY = """
                    addi %r15, %r15, 1
                    cmpdi %r15, 0x7000
                    bge 1f
                    oris %r8, %r15, 0x3860
                    stw %r8, 0(%r14)
                    dcbst 0, %r14
                    hwsync
                    icbi 0, %r14
                    hwsync
                    isync
                    std %r15, 0x40(%r29)
            1:
            """;

    private static String execute(String call) {
        return """
                    ld %%r7, 0x40(%%r29)
                    cmpd %%r7, %%r7
                    bne 1f
            1:      isync
                    %s
                    cmpd %%r3, %%r7
                    bge 3f
                    ld %%r9, 0x100(%%r29)
                    addi %%r9, %%r9, 1
                    std %%r9, 0x100(%%r29)
            3:
            """.formatted(call);
    }

    /** After isync, a vCPU executes the instruction that another has stored: a function of a page of its own. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void modifiedFunction(String engine, boolean virtual) throws Exception {
        String call = execute("mtctr %r14; bctrl");
        long function = 0x30000;
        never(new Litmus("", MODIFY, call, call).register(14, function).register(15, 0).setup((ram, vcpus) -> {
            ram.putWordBe(function, Integer.reverseBytes(0x38600000));
            ram.putWordBe(function + 4, Integer.reverseBytes(0x4e800020));
        }), engine, virtual);
    }

    /** The same in the middle of a loop, in the page of the vCPU that modifies it. */
    @ParameterizedTest
    @CsvSource(textBlock = ENGINES)
    void modifiedLoop(String engine, boolean virtual) throws Exception {
        Litmus test = new Litmus("", MODIFY, execute("patched: li %r3, 0"));
        never(test.register(14, test.address("patched")).register(15, 0), engine, virtual);
    }

    // ---- the scheduler of virtual time ----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"interp, interp", "interp, jit"})
    void virtualRunsRepeat(String first, String second) throws Exception {
        Litmus test = new Litmus("", increments(), increments(), increments());
        test.register(22, Litmus.SHARED + 0x1000);
        long a = test.run(directory, first, true, 5, r -> {}).instructions();
        long b = test.run(directory, second, true, 5, r -> {}).instructions();
        assertEquals(a, b);
        assertTrue(a > 5 * Litmus.CELLS);
    }
}
