package io.nestling.jit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.Translator;
import io.nestling.jit.fuzz.FuzzProgram.Subject;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.interp.Interpreter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Code that changes after it was translated, in each way that there is, on every engine. Programs call a function again
 * and again and add up what it returns in r31; r30 counts the calls.
 */
class ChangedCodeTest {
    /** Every engine, the translating ones forced to translate at once. */
    enum Kind {
        INTERPRETER, QUICK, HOT;

        Engine engine() {
            return switch (this) {
                case INTERPRETER -> new Interpreter();
                case QUICK -> new JitEngine(new Translator.Settings(1, Long.MAX_VALUE, 160, true));
                case HOT -> new JitEngine(new Translator.Settings(1, 1, 160, true));
            };
        }
    }

    private static final int PAGE_WORDS = FuzzMachine.PAGE / 4;
    /** Where the function is that the program may change: in the second page. */
    private static final long FUNCTION = FuzzMachine.CODE + FuzzMachine.PAGE;
    private static final int CALLS = 40;

    private final FuzzMachine machine = new FuzzMachine();
    /** Regions of two pages in the last run. */
    private long across;

    @AfterEach
    void close() {
        machine.close();
    }

    /** Runs pages of code until they come to rest. */
    private void run(Kind kind, List<FuzzProgram.Event> events, String... pages) {
        FuzzProgram p = FuzzProgram.of(Subject.ANYTHING, new long[32], events, 5000, pages);
        machine.load(p);
        try (Engine engine = kind.engine()) {
            for (FuzzProgram.Event e : events) {
                machine.run(engine, e.at());
                machine.happen(e);
            }
            machine.run(engine, p.length());
            across = engine.figures().stream().filter(f -> f.name().equals("jit.regions.across")).mapToLong(Engine.Figure::value).sum();
        }
        assertEquals(CALLS, machine.cpu().gpr(30), "calls");
    }

    /** A loop of calls; at call {@code CALLS / 2} it does something. */
    private static String loop(long function, String change) {
        return """
                li      r31,0
                li      r30,0
                li      r29,%d
        again:  bl      0x%x
                add     r31,r31,r3
                addi    r30,r30,1
                cmpdi   r30,%d
                bne     next
                %s
        next:   addi    r29,r29,-1
                cmpdi   r29,0
                bne     again
        rest:   b       rest
        """.formatted(CALLS, function, CALLS / 2, change);
    }

    private static final String ONE = "li r3,1\nblr\n";

    /** Puts {@code li r3,3} at an address. */
    private static String patch(long address, String synchronize) {
        return """
                lis     r4,0x%x
                ori     r4,r4,0x%x
                lis     r5,0x3860
                ori     r5,r5,3
                stw     r5,0(r4)
                %s
                """.formatted(address >>> 16, address & 0xffff, synchronize);
    }

    private static final String SYNCHRONIZE = "dcbst 0,r4\nsync 0\nicbi 0,r4\nsync 0\nisync\n";
    private static final long HALF_EACH = CALLS / 2 + 3 * CALLS / 2;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void storesToAnotherPage(Kind kind) {
        run(kind, List.of(), loop(FUNCTION, patch(FUNCTION, SYNCHRONIZE)), ONE);
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
        assertEquals(kind == Kind.HOT, across > 0, "regions of two pages");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void storesToThePageBefore(Kind kind) {
        long function = FuzzMachine.CODE + 0x800;
        run(kind, List.of(), "b 0x" + Long.toHexString(FUNCTION) + "\n.org 0x" + Long.toHexString(function) + "\n" + ONE,
                loop(function, patch(function, SYNCHRONIZE)));
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
        assertEquals(kind == Kind.HOT, across > 0, "regions of two pages");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void storesToItsOwnPage(Kind kind) {
        long function = FuzzMachine.CODE + 0x800;
        run(kind, List.of(), loop(function, patch(function, SYNCHRONIZE)) + ".org 0x" + Long.toHexString(function) + "\n" + ONE);
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void storesThroughAnotherMapping(Kind kind) {
        run(kind, List.of(), loop(FUNCTION, patch(FuzzMachine.CODE_ALIAS + FuzzMachine.PAGE, SYNCHRONIZE)), ONE);
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void changesTheSecondPageOfAFunctionThatCrossesPages(Kind kind) {
        // nop in the last word of the second page, the function's body in the third.
        String body = ".org 0x" + Long.toHexString(FUNCTION + FuzzMachine.PAGE - 4) + "\nnop\n";
        run(kind, List.of(), loop(FUNCTION + FuzzMachine.PAGE - 4, patch(FUNCTION + FuzzMachine.PAGE, SYNCHRONIZE)), body, ONE);
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void invalidatesWhatIsTheSameAsBefore(Kind kind) {
        run(kind, List.of(), loop(FUNCTION, "lis r4,4\nori r4,r4,0x1000\n" + SYNCHRONIZE), ONE);
        assertEquals(CALLS, machine.cpu().gpr(31));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void mapsAnotherFrame(Kind kind) {
        run(kind, List.of(new FuzzProgram.Event(200, FuzzProgram.Kind.REMAP_CODE, 1, 2)), loop(FUNCTION, ""), ONE, "li r3,3\nblr\n");
        assertEquals(kind == Kind.HOT, across > 0, "regions of two pages");
        // The change comes at the same instruction on every engine.
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aDeviceFillsThePageAnew(Kind kind) {
        run(kind, List.of(new FuzzProgram.Event(200, FuzzProgram.Kind.WRITE_CODE, PAGE_WORDS, 0x38600003L)), loop(FUNCTION, ""), ONE);
        // The change comes at the same instruction on every engine.
        assertEquals(HALF_EACH, machine.cpu().gpr(31));
    }
}
