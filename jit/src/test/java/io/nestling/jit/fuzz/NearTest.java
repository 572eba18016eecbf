package io.nestling.jit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nestling.jit.fuzz.ChangedCodeTest.Kind;
import io.nestling.jit.fuzz.FuzzProgram.Subject;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.interp.Interpreter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Accesses that follow others through the same register, where what is known of those does not hold for them. Effective
 * pages beside each other lie in frames that are not.
 */
class NearTest {
    private static final long EDGE = FuzzMachine.DATA + 2 * FuzzMachine.PAGE;

    private final FuzzMachine expected = new FuzzMachine();
    private final FuzzMachine actual = new FuzzMachine();

    @AfterEach
    void close() {
        expected.close();
        actual.close();
    }

    /** Runs it some times over, with r1 = EDGE at the start of each. */
    private void check(Kind kind, String source) {
        String loop = """
                li      r31,5
        again:  lis     r1,0x%x
                ori     r1,r1,0x%x
                b       body
        body:   %s
                addi    r31,r31,-1
                cmpdi   r31,0
                bne     again
        rest:   b       rest
        """.formatted(EDGE >>> 16, EDGE & 0xffff, source);
        long[] gpr = new long[32];
        for (int i = 0; i < gpr.length; i++) {
            gpr[i] = 0x0101010101010101L * i;
        }
        FuzzProgram p = FuzzProgram.of(Subject.STORAGE, gpr, List.of(), 1000, loop);
        run(expected, p, new Interpreter());
        run(actual, p, kind.engine());
        assertNull(FuzzMachine.difference(expected, actual));
        assertEquals(0, actual.cpu().gpr(31), "comes to an end");
    }

    private static void run(FuzzMachine machine, FuzzProgram p, Engine engine) {
        machine.load(p);
        try (engine) {
            machine.run(engine, p.length());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void endsInTheNextPage(Kind kind) {
        check(kind, "ld r3,-16(r1)\nld r4,-8(r1)\nld r5,-4(r1)\nlwz r6,-2(r1)\nld r7,0(r1)\nld r8,-12(r1)");
        // Too far apart to be looked at together.
        check(kind, "stb r31,0(r1)\nld r3,-400(r1)\nlwz r4,-3(r1)\nlhz r5,-401(r1)");
        check(kind, "std r3,-16(r1)\nstd r4,-4(r1)\nstw r5,-2(r1)\nstd r6,0(r1)\nld r8,-4(r1)");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void beginsInThePageBefore(Kind kind) {
        check(kind, "ld r3,0(r1)\nld r4,-4(r1)\nld r5,-8(r1)\nlhz r6,-1(r1)\nld r7,8(r1)");
        check(kind, "ld r3,400(r1)\nlwz r4,-1(r1)\nld r5,408(r1)");
        check(kind, "std r3,0(r1)\nstd r4,-4(r1)\nsth r5,-1(r1)\nstd r6,-16(r1)");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void movesItsBase(Kind kind) {
        check(kind, "ldu r3,-8(r1)\nld r4,0(r1)\nld r5,8(r1)\nldu r6,8(r1)\nld r7,-8(r1)\nld r8,0(r1)");
        check(kind, "std r3,-8(r1)\nstdu r4,-16(r1)\nstd r5,8(r1)\nstd r6,16(r1)\naddi r1,r1,16\nstd r7,-4(r1)");
        check(kind, "ld r3,-8(r1)\naddi r9,r1,-8\nld r4,0(r9)\nld r5,8(r9)\nor r10,r9,r9\nld r6,4(r10)\naddis r11,r10,1\nlbz r7,0(r11)");
        check(kind, "ld r3,0(r1)\naddi r9,r1,-2044\nld r4,-2044(r9)\nld r5,2044(r9)");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void replacesItsBase(Kind kind) {
        check(kind, "li r9,4096\nld r3,8(r1)\nadd r1,r1,r9\nld r4,8(r1)\nsubf r1,r9,r1\nld r5,8(r1)");
        check(kind, "addi r9,r1,4096\nstd r9,16(r1)\nld r3,16(r1)\nld r1,16(r1)\nld r4,16(r1)");
        check(kind, "addi r9,r1,4096\nmtspr 273,r9\nld r3,8(r1)\nmfspr r1,273\nld r4,8(r1)");
        check(kind, "addi r9,r1,4096\nld r3,8(r1)\nor r1,r9,r9\nld r4,8(r1)");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isFarAway(Kind kind) {
        check(kind, "ld r3,0(r1)\nld r4,8192(r1)\nld r5,8(r1)\nld r6,8184(r1)\nld r7,600(r1)\nld r8,88(r1)\nld r9,-4096(r1)");
    }

    /** Four bases at a time are known. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void hasManyBases(Kind kind) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            s.append("addi r%d,r1,%d\n".formatted(10 + i, 4096 * (i % 3) - 8));
        }
        for (int i = 0; i < 14; i++) {
            s.append("ld r%d,0(r%d)\n".formatted(17 + i, 10 + i % 7));
        }
        check(kind, s.toString());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isMappedElsewhereMeanwhile(Kind kind) {
        // The table's entry for r1's page is at 0x32000 + 8 * page, big-endian.
        check(kind, """
                lis     r5,3
                ori     r5,r5,0x%x
                ld      r9,0(r5)
                ld      r4,8(r5)
                li      r7,0
                ld      r20,0(r1)
                ld      r21,8(r1)
                std     r4,0(r5)
                sync    2
                tlbiel  r1,r7,0,1,1
                sync    2
                ld      r22,0(r1)
                std     r22,16(r1)
                std     r9,0(r5)
                sync    2
                tlbiel  r1,r7,0,1,1
                sync    2
                ld      r23,0(r1)
                std     r23,24(r1)
                """.formatted(0x2000 + 8 * (EDGE >>> 12)));
        assertEquals(actual.cpu().gpr(20), actual.cpu().gpr(23));
        assertNotEquals(actual.cpu().gpr(20), actual.cpu().gpr(22), "another page");
    }
}
