package io.nestling.tests.oracle;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Flag;
import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.decoder.Operand;
import io.nestling.tests.oracle.OracleCase.Origin;
import io.nestling.tests.oracle.OracleCase.Value;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Makes random cases from the instruction table: a valid encoding of a row, and registers to suit it. Addresses are
 * arranged to fall into the case's memory window, often next to the page boundary in it; branches get targets inside
 * the case; invalid forms, whose results the architecture leaves open, are avoided where an operand decides it.
 */
public final class CaseGenerator {
    /** User-mode SPRs whose contents are the program's own. */
    private static final int[] SPRS = {1, 8, 9, 256, 815};
    /**
     * Function codes but for those the oracle gets wrong: signed extremes, bounded decrement,
     * and bounded operations on doublewords.
     */
    private static final int[] LOAD_ATOMICS = {0, 1, 2, 3, 4, 6, 8, 0x10, 0x18, 0x19};
    private static final int[] STORE_ATOMICS = {0, 1, 2, 3, 4, 6, 0x18};
    private static final Set<String> CACHE = Set.of("icbi", "icbt", "dcbt", "dcbtst", "dcbz", "dcbst", "dcbf");
    private static final int BOUNDARY = 256;
    private static final int NO_REGISTER = -1;

    private final Insn row;
    private final SplittableRandom random;
    private final Map<String, Value> set = new TreeMap<>();
    private int word;
    private int base;

    private CaseGenerator(Insn row, SplittableRandom random) {
        this.row = row;
        this.random = random;
    }

    /** Case number {@code index} of a row; the same numbers give the same case. */
    public static OracleCase generate(Insn row, long index) {
        SplittableRandom random = new SplittableRandom(row.name().hashCode() * 0x9e3779b97f4a7c15L + index);
        return new CaseGenerator(row, random).generate();
    }

    private OracleCase generate() {
        long seed = random.nextLong();
        encode();
        controls();
        operands();
        int[] words;
        if (row.section().contains("Branch Instructions") && row.ends()) {
            words = branch();
        } else {
            if (isStorage()) {
                address();
            }
            words = row.reserve() && row.store() != 0 ? conditionalStore() : new int[] {word};
        }
        return new OracleCase(row.name(), words, base, seed, set);
    }

    // ---- encoding -----------------------------------------------------------------------------------------------

    private void encode() {
        do {
            word = row.value();
            for (Operand o : row.operands()) {
                word = o.field().insert(word, field(o));
            }
            for (Flag f : row.flags()) {
                if (!f.name().equals("aa")) {
                    word = f.field().insert(word, random.nextInt(2));
                }
            }
        } while (Decoder.decode(word) != row.op() || !valid());
        do {
            base = 1 + random.nextInt(31);
        } while (uses(base));
    }

    private int field(Operand o) {
        int any = random.nextInt() & -1 >>> 32 - o.field().width();
        return switch (o.kind()) {
            case GPRPAIR, FPRPAIR -> any & ~1;
            case SPR -> {
                int n = SPRS[random.nextInt(SPRS.length)];
                yield n;
            }
            default -> switch (o.name()) {
                case "FXM" -> row.name().startsWith("mto") || row.name().startsWith("mfo")
                        ? 1 << random.nextInt(8) : any;
                case "FC" -> row.name().startsWith("l") ? LOAD_ATOMICS[random.nextInt(row.load() == 4 ? LOAD_ATOMICS.length : 8)]
                        : STORE_ATOMICS[random.nextInt(STORE_ATOMICS.length)];
                case "CY" -> 0;
                case "BO" -> row.op() == Op.BCCTR ? any | 4 : any;
                case "UIMB" -> row.name().startsWith("vextract") || row.name().startsWith("vinsert")
                        ? any % (17 - elementBytes()) : any;
                case "UIM4" -> any % 13;
                // The oracle knows no other L.
                case "L3" -> row.op() == Op.DCBF ? any & 1 : any;
                case "LSYNC" -> any % 3;
                default -> any;
            };
        };
    }

    private int elementBytes() {
        String n = row.name();
        return n.endsWith("b") ? 1 : n.endsWith("h") ? 2 : n.endsWith("w") ? 4 : 8;
    }

    /** False for forms the book calls invalid. */
    private boolean valid() {
        int t = number("RT", "RTp", "RTm");
        int a = number("RA", "RA0");
        int b = number("RB");
        if (row.update() && (a == 0 || a == t)) {
            return false;
        }
        return switch (row.name()) {
            case "lmw" -> a < t && t > 2;
            case "stmw" -> t() > 2;
            case "lq" -> a != t && a != t + 1;
            case "lqarx" -> a != t && a != t + 1 && b != t && b != t + 1;
            // RA and RB must not be loaded; a run that wraps would reach every base.
            case "lswi", "lswx" -> t < 8 && a > 16 && (b < 0 || b > 16);
            // With R=0 only RMC 0 and 3 are defined.
            case "xsrqpi", "xsrqpxp" -> (word & 0x1_0000) != 0 || (word >>> 9 & 3) % 3 == 0;
            default -> !row.name().matches("[ls][wd]at") || a != 0;
        };
    }

    private int t() {
        return word >>> 21 & 31;
    }

    /** The number in the first of these operands that the row has. */
    private int number(String... names) {
        for (String n : names) {
            Operand o = row.operand(n);
            if (o != null) {
                return o.field().extract(word);
            }
        }
        return NO_REGISTER;
    }

    private boolean uses(int gpr) {
        for (Operand o : row.operands()) {
            int n = o.value(word);
            boolean hit = switch (o.kind()) {
                case GPR, GPR0 -> n == gpr;
                case GPRPAIR -> n == gpr || n + 1 == gpr;
                case GPRS -> row.name().endsWith("mw") ? gpr >= n
                        : (gpr - n & 31) < 32 && row.load() + row.store() != 0 && gpr < 17;
                default -> false;
            };
            if (hit) {
                return true;
            }
        }
        // Atomics use RT+1 and RT+2 too.
        return row.section().contains("Atomic") && (gpr - t() & 31) < 3;
    }

    // ---- operands -----------------------------------------------------------------------------------------------

    /** The state that rules rounding, saturation and the like. */
    private void controls() {
        if (row.facility() != io.nestling.decoder.Facility.NONE) {
            long f = random.nextInt(4) & (random.nextInt(3) == 0 ? 0 : -1);
            if (random.nextInt(4) == 0) {
                // FX too: the oracle sets it even where the exception's own bit was set before.
                f |= random.nextLong() & 0x1fff_f700L | 0x8000_0000L;
            }
            if (random.nextInt(8) == 0) {
                // Enabled exceptions must not be pending already.
                f = f & 0x6_f003L | 1L << 3 + random.nextInt(5) | random.nextLong() & 0xf8;
            }
            if (row.name().matches("xvcmpg[et][ds]p")) {
                // The oracle defers the interrupt of an enabled VXVC to some later instruction, of another case even.
                f &= ~0x80L;
            }
            if (row.section().contains("DFP") || row.name().startsWith("m")) {
                f |= (random.nextLong() & 7) << 32;
            }
            number("fpscr", f);
            number("vscr", (random.nextInt(6) == 0 ? 0x10000 : 0) | random.nextInt(2));
        }
        if (row.op() == Op.LSWX || row.op() == Op.STSWX) {
            // So many bytes that no more than the registers below 17 are loaded.
            number("xer", random.nextLong() & 0xe00c0000L | random.nextInt(37));
        }
        if (row.reads().contains("ctr") || row.writes().contains("ctr")) {
            number("ctr", random.nextInt(4) != 0 ? random.nextInt(3) : Values.integer(random));
        }
    }

    private void number(String register, long v) {
        set.put(register, Value.of(v));
    }

    private void operands() {
        Values.Kind kind = kind();
        long[] v = new long[128];
        for (Operand o : row.operands()) {
            int n = o.value(word);
            switch (o.kind()) {
                case GPR -> {
                    if (o.reads() && n != base) {
                        number("r" + n, Values.integer(random));
                    }
                }
                case FPR, FPRPAIR -> {
                    int count = o.kind() == Operand.Kind.FPRPAIR ? 2 : 1;
                    for (int i = n; i < n + count; i++) {
                        Values.vector(random, random.nextInt(3) == 0 && kind == Values.Kind.DOUBLE
                                ? Values.Kind.SINGLE_IN_DOUBLE : kind, v, i);
                        number("vs" + i + ".0", v[2 * i]);
                    }
                }
                case VR -> vector(v, n + 32, kind);
                case VSR -> vector(v, n, kind);
                default -> { }
            }
        }
        Operand vra = row.operand("VRA");
        if (row.name().matches("bcd(s|us|sr|trunc|utrunc)\\.")) {
            // The count is byte 7 of VRA.
            int n = 32 + vra.field().extract(word);
            number("vs" + n + ".0", v[2 * n] & ~0xffL | random.nextInt(-34, 35) & 0xff);
        }
        if (row.op() == Op.VSL || row.op() == Op.VSR) {
            // All bytes must hold the same shift count (Book I, 6.8.6).
            int b = word >>> 11 & 31;
            long same = (random.nextInt() & 0xffL) * 0x0101010101010101L;
            number("vs" + (b + 32) + ".0", same);
            number("vs" + (b + 32) + ".1", same);
        }
    }

    private void vector(long[] v, int n, Values.Kind kind) {
        Values.vector(random, kind, v, n);
        number("vs" + n + ".0", v[2 * n]);
        number("vs" + n + ".1", v[2 * n + 1]);
    }

    private Values.Kind kind() {
        String n = row.name();
        if (row.section().contains("DFP")) {
            return n.startsWith("den") || n.startsWith("dcff") ? Values.Kind.INTEGER : Values.Kind.DECIMAL_FLOAT;
        }
        if (row.section().contains("Decimal Integer")) {
            return switch (row.name()) {
                case "bcdcfn." -> Values.Kind.NATIONAL;
                case "bcdcfz." -> Values.Kind.ZONED;
                case "bcdcfsq." -> Values.Kind.INTEGER;
                default -> Values.Kind.PACKED;
            };
        }
        if (n.startsWith("fcfi") || n.matches("x[sv]cv[su]x.*") || n.matches("xscv[su]d.*") || n.matches("vcf[su]x")) {
            return Values.Kind.INTEGER;
        }
        if (n.matches("v.*fp") || n.matches("vct[su]xs|vrfi.") || n.matches("xv.*sp.?") || n.matches("xvcvsp.*|xvrspi.*")
                || n.matches("xscvspdpn?")) {
            return Values.Kind.SINGLE;
        }
        if (n.startsWith("xs") && (n.contains("qp") || n.endsWith("qp") || n.endsWith("qpo"))) {
            return n.equals("xscvdpqp") ? Values.Kind.DOUBLE : Values.Kind.QUAD;
        }
        if (n.startsWith("xs") && n.contains("sp")) {
            return random.nextInt(4) == 0 ? Values.Kind.DOUBLE : Values.Kind.SINGLE_IN_DOUBLE;
        }
        if (row.facility() == io.nestling.decoder.Facility.FP || n.startsWith("xs") || n.startsWith("xv")
                || n.startsWith("stfs") || n.startsWith("stxss")) {
            return Values.Kind.DOUBLE;
        }
        return Values.Kind.INTEGER;
    }

    // ---- storage ------------------------------------------------------------------------------------------------

    private boolean isStorage() {
        return row.load() != 0 || row.store() != 0 || CACHE.contains(row.name());
    }

    private void address() {
        int size = Math.max(row.load(), row.store());
        int t = random.nextInt(128, 321);
        if (random.nextInt(3) == 0) {
            t = BOUNDARY - random.nextInt(17);
        }
        boolean aligned = row.reserve() || row.section().contains("Atomic") || row.op() == Op.LQ || row.op() == Op.STQ;
        if (aligned || random.nextInt(4) == 0) {
            t &= -Math.max(size, 1);
        }
        if (row.section().contains("Atomic")) {
            // Operations on two neighbours must not leave a 32-byte block (Book II, 4.5).
            t = t & ~31 | t & size;
        }
        int a = number("RA0", "RA");
        Operand disp = null;
        for (Operand o : row.operands()) {
            if (o.kind() == Operand.Kind.DISP) {
                disp = o;
            }
        }
        boolean length = row.name().matches("l?s?t?xvll?") && row.operand("RB") != null;
        if (disp != null) {
            window(redirect(a), t - disp.value(word));
        } else if (row.operand("RB") == null || length) {
            a = redirect(a);
            if (length) {
                number("r" + number("RB"), (long) random.nextInt(20) << 56 | random.nextLong() >>> 8);
            }
            window(a, t);
        } else {
            int b = number("RB");
            if (a == b && a != 0) {
                set.put("r" + a, new Value(Origin.HALF_WINDOW, t >> 1));
            } else if (a == 0 && !row.update()) {
                window(b, t);
            } else {
                long offset = Values.integer(random);
                number("r" + b, offset);
                window(a, t - offset);
            }
        }
    }

    /** Register 0 cannot hold a base address: takes another that the instruction does not use. */
    private int redirect(int a) {
        if (a != 0) {
            return a;
        }
        int n;
        do {
            n = 1 + random.nextInt(31);
        } while (n == base || uses(n));
        Operand o = row.operand("RA0") != null ? row.operand("RA0") : row.operand("RA");
        word = o.field().insert(word, n);
        return n;
    }

    private void window(int gpr, long offset) {
        set.put("r" + gpr, new Value(Origin.WINDOW, offset));
    }

    /** A store conditional, mostly after the load that makes its reservation. */
    private int[] conditionalStore() {
        if (random.nextInt(4) == 0) {
            return new int[] {word};
        }
        Insn larx = Isa.row(row.name().replace("st", "l").replace("cx.", "arx"));
        int target;
        do {
            target = random.nextInt(32) & (larx.op() == Op.LQARX ? ~1 : -1);
        } while (uses(target) || target == base || larx.op() == Op.LQARX && (uses(target + 1) || target + 1 == base));
        return new int[] {larx.value() | target << 21 | word & 0x001ff800, word};
    }

    // ---- branches -----------------------------------------------------------------------------------------------

    /**
     * Wraps a branch so that each target leaves its own trace: 0 goes to 3, which may go to 1 (mark), 2 (end) or 4
     * (end).
     */
    private int[] branch() {
        int mark = 1 + random.nextInt(31);
        if (mark == base) {
            mark = 0;
        }
        int from = 3;
        int to = switch (random.nextInt(3)) {
            case 0 -> 1;
            case 1 -> 2;
            default -> 4;
        };
        int prefix = 18 << 26 | 12;
        Value target = new Value(Origin.CODE, 4 * to + random.nextInt(4));
        switch (row.op()) {
            case Op.B, Op.BC -> {
                Operand o = row.operand("LI") != null ? row.operand("LI") : row.operand("BD");
                word = o.set(word, 4L * (to - from));
            }
            case Op.BCLR -> set.put("lr", target);
            case Op.BCCTR -> set.put("ctr", target);
            default -> {
                return tarBranch(mark, to);
            }
        }
        return new int[] {prefix, 14 << 26 | mark << 21 | 0x111, 18 << 26 | 8, word};
    }

    /** TAR is loaded inside the case (by 0, then 1 goes to 4), because the case is entered through it. */
    private int[] tarBranch(int mark, int to) {
        int load = 31 << 26 | mark << 21 | (815 & 31) << 16 | 815 >> 5 << 11 | 467 << 1;
        set.put("r" + mark, new Value(Origin.CODE, 4 * (to + 1) + random.nextInt(4)));
        return new int[] {load, 18 << 26 | 12, 14 << 26 | mark << 21 | 0x111, 18 << 26 | 8, word};
    }
}
