package io.nestling.jit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.nestling.decoder.Disassembler;
import io.nestling.jit.JitEngine;
import io.nestling.jit.fuzz.FuzzProgram.Subject;
import io.nestling.runtime.interp.Interpreter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random programs on the interpreter and on the translator: registers, memory and instruction counts must be equal at
 * every event and at the end.
 *
 * <p>Properties: {@code nestling.fuzz.seed} replays one program; {@code nestling.fuzz.blocks} (100,000 by default) says
 * how many blocks to try and {@code nestling.fuzz.seconds} (120) how long at most; {@code nestling.fuzz.first} chooses other
 * programs. A seed's highest four bits are the program's {@link Subject}; where the first seed's are 0, subjects take turns.
 * Seeds that once failed are in {@code seeds.txt}.
 */
class FuzzTest {
    /** Blocks after which a long run tells how far it is. */
    private static final long PROGRESS = 1_000_000;
    private static final Subject[] SUBJECTS = Subject.values();

    private final FuzzMachine left = new FuzzMachine();
    private final FuzzMachine right = new FuzzMachine();

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    @Test
    void seedsThatOnceFailed() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                FuzzTest.class.getResourceAsStream("seeds.txt"), StandardCharsets.UTF_8))) {
            for (String line : in.lines().filter(s -> !s.isBlank() && !s.startsWith("#")).toList()) {
                check(Long.decode(line.strip().split(" ")[0]));
            }
        }
    }

    @Test
    void randomPrograms() {
        Long seed = Long.getLong("nestling.fuzz.seed");
        if (seed != null) {
            narrow(FuzzGenerator.generate(seed));
            check(seed);
            return;
        }
        long blocks = Long.getLong("nestling.fuzz.blocks", 100_000);
        long seconds = Long.getLong("nestling.fuzz.seconds", 120);
        long first = Long.getLong("nestling.fuzz.first", 0x6e657374);
        long end = System.nanoTime() + seconds * 1_000_000_000;
        long tried = 0;
        long programs = 0;
        long retired = 0;
        long told = 0;
        while (tried < blocks && System.nanoTime() < end) {
            if (tried - told >= PROGRESS) {
                told = tried;
                tell(programs, tried, retired, first);
            }
            long next = first + programs;
            tried += check(first >>> 60 == 0 ? SUBJECTS[(int) (programs % SUBJECTS.length)].seed(next) : next);
            programs++;
            retired += left.cpu().retired(left.cpu().nip);
        }
        tell(programs, tried, retired, first);
    }

    private static void tell(long programs, long tried, long retired, long first) {
        System.out.printf("%,d programs, %,d blocks, %,d instructions from seed 0x%x%n", programs, tried, retired, first);
    }

    /** Runs a program on both engines; gives its number of blocks. */
    private int check(long seed) {
        FuzzProgram p = FuzzGenerator.generate(seed);
        run(p);
        return p.blocks();
    }

    private void run(FuzzProgram p) {
        try (JitEngine jit = new JitEngine(p.settings())) {
            left.load(p);
            right.load(p);
            Interpreter interpreter = new Interpreter();
            for (FuzzProgram.Event e : p.events()) {
                left.run(interpreter, e.at());
                right.run(jit, e.at());
                compare(p, "before " + e);
                left.happen(e);
                right.happen(e);
            }
            left.run(interpreter, p.length());
            right.run(jit, p.length());
            compare(p, "after " + p.length() + " instructions");
            assertEquals(0, jit.translator().failed(), () -> "translations failed: seed 0x" + Long.toHexString(p.seed()));
        } catch (RuntimeException | LinkageError e) {
            throw new AssertionError("seed 0x" + Long.toHexString(p.seed()), e);
        }
    }

    /** Ends earlier and earlier runs first: finds the first check point at which the engines differ. */
    private void narrow(FuzzProgram p) {
        for (long at = 1; at < p.length(); at++) {
            long end = at;
            List<FuzzProgram.Event> events = p.events().stream().filter(e -> e.at() < end).toList();
            run(new FuzzProgram(p.seed(), p.blocks(), p.code(), p.gpr(), p.vsr(), p.spr(), p.fpscr(), p.entry(), p.msr(), p.ail(),
                    p.pages(), events, end, p.settings()));
        }
    }

    private void compare(FuzzProgram p, String when) {
        String difference = FuzzMachine.difference(left, right);
        if (difference != null) {
            fail("seed 0x" + Long.toHexString(p.seed()) + " " + when + ", " + p.settings() + ":\n" + difference
                    + listing(p));
        }
    }

    private static String listing(FuzzProgram p) {
        StringBuilder s = new StringBuilder(String.format("entry %x, msr %x, events %s%n", p.entry(), p.msr(), p.events()));
        for (int i = 0; i < p.code().length; i++) {
            if (p.code()[i] != 0) {
                long address = FuzzMachine.CODE + 4L * i;
                s.append(String.format("%x  %08x  %s%n", address, p.code()[i], Disassembler.disassemble(p.code()[i], address)));
            }
        }
        return s.toString();
    }
}
