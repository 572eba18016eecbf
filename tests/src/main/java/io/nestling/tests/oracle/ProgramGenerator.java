package io.nestling.tests.oracle;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Flag;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.decoder.Operand;
import io.nestling.runtime.interp.Semantics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes random user-mode programs of 20 to 50 instructions: straight lines, forward branches over some of them, and
 * loops counted in CTR. Three GPRs are never written: the record's address, which is also the base of all loads and
 * stores, and two small offsets for indexed ones.
 */
public final class ProgramGenerator {
    /** Programs that fit into one {@link OracleProgram}. */
    public static final int BATCH = 2048;

    private static final int MAX_WORDS = 56;
    private static final int OFFSET_A = 144;
    private static final int OFFSET_B = 251;
    /** Rows whose results the book leaves open in cases that a program can run into. */
    private static final Pattern AVOID = Pattern.compile("mff.*|mcrfs|mtfs.*|vsl|vsr|vextu.*x|mtspr|mfspr|mtocrf|mfocrf|t[wd]i?|bc.*|addex"
            + "|cdtbcd|cbcdtd|addg6s|.*(qua|rnd|rint|xex|iex|dscl|dscr|dctf|dcff|ddedpd|denbcd|dtst|drsp|dctd|dctq|drdpq).*");
    /** Floating point in double precision, of which the oracle gets nothing wrong but FR, which programs do not compare. */
    private static final Pattern FLOAT = Pattern.compile("f(add|sub|mul|div|sqrt|madd|msub|ctid|ctiw|ctidu|ctiwu)z?|fri."
            + "|xs(add|sub|mul|div|sqrt|m(add|sub)[am])dp|xvcv[su]x[dw][ds]p"
            + "|xs(max|min)dp|xscv[su]xddp");
    private static final List<Insn> ROWS = rows();

    private final SplittableRandom random;
    private final List<Integer> words = new ArrayList<>();
    private int base;
    private int offsetA;
    private int offsetB;

    private ProgramGenerator(SplittableRandom random) {
        this.random = random;
    }

    private static List<Insn> rows() {
        Set<String> compared = new java.util.HashSet<>();
        for (Differences.Rule r : Differences.rules()) {
            for (Insn row : Isa.rows()) {
                if (r.rows().matcher(row.name()).matches()) {
                    compared.add(row.name());
                }
            }
        }
        return Isa.rows().stream().filter(r -> Semantics.of(r.op()) != null && !r.ends() && !r.reserve()
                && (!compared.contains(r.name()) || FLOAT.matcher(r.name()).matches()) && Differences.skipped(r) == null
                && r.load() != Insn.VARIABLE && r.store() != Insn.VARIABLE
                && !r.section().contains("Atomic") && !r.section().contains("Cache")
                && r.op() != Op.LQ && r.op() != Op.STQ && !r.update()
                && !AVOID.matcher(r.name()).matches()).toList();
    }

    /** Program number {@code index}; the same number gives the same program. */
    public static OracleCase generate(long index) {
        return new ProgramGenerator(new SplittableRandom(0x70726f67 + index)).program();
    }

    private OracleCase program() {
        long seed = random.nextLong();
        base = 1 + random.nextInt(31);
        do {
            offsetA = 1 + random.nextInt(31);
            offsetB = 1 + random.nextInt(31);
        } while (offsetA == base || offsetB == base || offsetA == offsetB);
        int length = 20 + random.nextInt(25);
        boolean branches = random.nextBoolean();
        Map<String, OracleCase.Value> set = new TreeMap<>();
        set.put("r" + offsetA, OracleCase.Value.of(OFFSET_A));
        set.put("r" + offsetB, OracleCase.Value.of(OFFSET_B));
        set.put("ctr", OracleCase.Value.of(1 + random.nextInt(6)));
        set.put("fpscr", OracleCase.Value.of(random.nextInt(4)));
        int loopStart = branches && random.nextBoolean() ? random.nextInt(length / 2) : -1;
        int loopEnd = loopStart + 3 + random.nextInt(length / 2);
        while (words.size() < length) {
            int at = words.size();
            if (loopStart >= 0 && at == loopEnd) {
                // bdnz: back to the start of the loop
                words.add(16 << 26 | 16 << 21 | 4 * (loopStart - at) & 0xfffc);
            } else if (branches && random.nextInt(6) == 0) {
                // Over one to three instructions on a condition that does not count; never over the end of a loop.
                int skip = 2 + random.nextInt(3);
                if (loopStart < 0 || at > loopEnd || at + skip <= loopEnd) {
                    words.add(16 << 26 | (4 | random.nextInt(2) << 3) << 21 | random.nextInt(32) << 16 | 4 * skip);
                }
            } else {
                words.add(instruction());
            }
        }
        // A branch at the very end may reach two words past it.
        while (words.size() < Math.min(MAX_WORDS, length + 4)) {
            words.add(24 << 26);
        }
        return new OracleCase("program", words.stream().mapToInt(Integer::intValue).toArray(), base, seed, set);
    }

    private int instruction() {
        while (true) {
            Insn row = ROWS.get(random.nextInt(ROWS.size()));
            int word = row.value();
            for (Operand o : row.operands()) {
                int any = random.nextInt() & -1 >>> 32 - o.field().width();
                word = o.field().insert(word, switch (o.kind()) {
                    case GPRPAIR, FPRPAIR -> any & ~1;
                    default -> o.name().startsWith("UIM") && row.name().matches("v(extract|insert).*|xx(extract|insert).*")
                            ? any & 7 : any;
                });
            }
            for (Flag f : row.flags()) {
                word = f.field().insert(word, random.nextInt(2));
            }
            if (row.load() != 0 || row.store() != 0) {
                word = address(row, word);
            }
            if (Decoder.decode(word) == row.op() && !clobbers(row, word)) {
                return word;
            }
        }
    }

    private int address(Insn row, int word) {
        Operand a = row.operand("RA0");
        int w = a.field().insert(word, base);
        for (Operand o : row.operands()) {
            if (o.kind() == Operand.Kind.DISP) {
                return o.set(w, (long) random.nextInt(8, 29) * 16 + (o.scale() < 16 ? random.nextInt(3) * o.scale() : 0));
            }
        }
        Operand b = row.operand("RB");
        return b.field().insert(w, random.nextBoolean() ? offsetA : offsetB);
    }

    /** Whether an instruction writes a register that must keep its value, or reads the record's address as a number. */
    private boolean clobbers(Insn row, int word) {
        for (Operand o : row.operands()) {
            int n = o.field().extract(word);
            boolean gpr = o.kind() == Operand.Kind.GPR || o.kind() == Operand.Kind.GPR0;
            if (gpr && o.writes() && (n == base || n == offsetA || n == offsetB)) {
                return true;
            }
        }
        return false;
    }
}
