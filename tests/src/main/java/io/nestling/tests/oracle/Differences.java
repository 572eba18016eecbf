package io.nestling.tests.oracle;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Operand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Compares final states, leaving out what {@code differences.txt} says is undefined or wrong in the oracle. */
public final class Differences {
    private static final String TABLE = "differences.txt";
    private static final long FRACTION_ROUNDED = 0x4_0000;
    private static final List<Rule> RULES = parse();
    private static final Map<String, List<Rule>> BY_ROW = new HashMap<>();

    private Differences() {}

    /** One register that differs; {@code name} as in {@link State#forEach}, or {@code m} and an offset. */
    public record Difference(String name, long expected, long actual) {}

    /** A line of the table. */
    public record Rule(Pattern rows, Condition when, List<String> what, String why) {
        /** Whether the row is left out altogether. */
        public boolean skips() {
            return what.contains("skip");
        }
    }

    /** When a rule applies. */
    public enum Condition {
        /** In every case. */
        ALWAYS,
        /** In little-endian mode; for rows that are skipped. */
        LITTLE_ENDIAN,
        /** When a record bit is set. */
        RC,
        /** Integer division: the divisor is 0 or the quotient does not fit. */
        DIVIDE,
        /** Vector extract: the index in RA leaves no room for the element. */
        INDEX,
        /** When a floating-point exception is enabled in the FPSCR. */
        ENABLED,
        /** When the FPSCR says to round toward plus or minus infinity. */
        DIRECTED,
        /** Decimal integers: all digits of the result are 0. */
        ALL_LOST,
        /** When the target is also the source. */
        SAME_REGISTER,
        /** When the operand of an estimate is zero. */
        ZERO,
        /** Decimal integers: bit 3 of CR6 says that an operand is no valid number. */
        INVALID,
        /** Decimal integers: a packed operand has a digit above 9 or a sign below 10. */
        BAD_DIGIT,
        /** When the result is a number that single precision can only hold denormalized, or the least other one. */
        SINGLE_DENORMAL,
        /** When both overflow and underflow are recorded. */
        OVER_AND_UNDER,
        /** When a conversion to integers is invalid for some element. */
        INVALID_CONVERSION,
        /** When infinity times zero is recorded. */
        INFINITY_TIMES_ZERO,
        /** When the results are neighbours among the singles, or infinity and the greatest. */
        NEIGHBOURS,
        /** When the instruction rounds to odd. */
        ODD,
        /** Quad-precision rounding to what the FPSCR says. */
        CURRENT_MODE,
        /** When the operand is not zero, but less than any normalized single. */
        TINY,
        /** When FRA or FRB holds a decimal infinity or NaN. */
        DECIMAL_SPECIAL,
        /** When VSCR[NJ] is set. */
        NON_JAVA,
        /** When the case did not run to completion on both sides. */
        INTERRUPTED;

        static Condition of(String s) {
            return valueOf(s.trim().toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }

        boolean holds(Insn row, int word, State before, State expected, State actual) {
            return switch (this) {
                case ALWAYS, LITTLE_ENDIAN -> true;
                case RC -> row.flags().stream().anyMatch(f -> f.name().startsWith("rc") && f.isSet(word));
                case DIVIDE -> divides(row, word, before);
                case INDEX -> (before.gpr[word >>> 16 & 31] & 15) > (row.name().startsWith("vextuh") ? 14 : 12);
                case ENABLED -> (before.fpscr & 0xf8) != 0;
                case DIRECTED -> (before.fpscr & 2) != 0;
                case ZERO -> before.vsr[2 * (word >>> 11 & 31)] << 1 == 0;
                case ALL_LOST -> {
                    int n = target(row, word);
                    yield (actual.vsr[2 * n] | actual.vsr[2 * n + 1] >>> 4) == 0;
                }
                case SAME_REGISTER -> (word >>> 21 & 31) == (word >>> 11 & 31);
                case INVALID -> (actual.cr & 0x10) != 0;
                case BAD_DIGIT -> row.operands().stream().anyMatch(o -> o.reads()
                        && !packed(before.vsr, 32 + o.field().extract(word)));
                case SINGLE_DENORMAL -> {
                    double d = Math.abs(Double.longBitsToDouble(actual.vsr[2 * target(row, word)]));
                    yield d > 0 && d <= Float.MIN_NORMAL;
                }
                case OVER_AND_UNDER -> (actual.fpscr & 0x1800_0000) == 0x1800_0000;
                case INVALID_CONVERSION -> ((actual.fpscr | expected.fpscr) & 0x0100_0100) != 0;
                case INFINITY_TIMES_ZERO -> (actual.fpscr & 0x0010_0000) != 0;
                case NEIGHBOURS -> {
                    long a = expected.vsr[2 * target(row, word)];
                    long b = actual.vsr[2 * target(row, word)];
                    yield a != b && (Math.abs(a - b) <= 1L << 29
                            || Math.abs((float) Double.longBitsToDouble(a)) >= Float.MAX_VALUE
                            && Math.abs((float) Double.longBitsToDouble(b)) >= Float.MAX_VALUE);
                }
                case ODD -> row.flag("ro") != null && row.flag("ro").isSet(word);
                case CURRENT_MODE -> (word & 0x1_0600) == 0x600;
                case TINY -> {
                    Operand o = row.operand("XB");
                    double d = Math.abs(Double.longBitsToDouble(before.vsr[2 * o.field().extract(word)]));
                    yield d > 0 && d < Float.MIN_NORMAL;
                }
                case DECIMAL_SPECIAL -> special(before.vsr[2 * (word >>> 16 & 31)]) || special(before.vsr[2 * (word >>> 11 & 31)]);
                case NON_JAVA -> (before.vscr & 0x10000) != 0;
                case INTERRUPTED -> expected.ending != State.Ending.COMPLETE || actual.ending != State.Ending.COMPLETE;
            };
        }

        private static boolean special(long decimal) {
            return (~decimal & 0x7800_0000_0000_0000L) == 0;
        }

        private static boolean packed(long[] vsr, int n) {
            for (int i = 4; i < 128; i += 4) {
                if ((vsr[2 * n + (i < 64 ? 1 : 0)] >>> (i & 63) & 15) > 9) {
                    return false;
                }
            }
            return (vsr[2 * n + 1] & 15) > 9;
        }

        private static int target(Insn row, int word) {
            Operand o = row.operands().getFirst();
            return o.field().extract(word) + (o.kind() == Operand.Kind.VR ? 32 : 0);
        }

        private static boolean divides(Insn row, int word, State s) {
            long a = s.gpr[word >>> 16 & 31];
            long b = s.gpr[word >>> 11 & 31];
            boolean w = row.name().contains("w");
            boolean unsigned = row.name().endsWith("u") || row.name().startsWith("modu");
            if ((w ? (int) b : b) == 0) {
                return true;
            }
            if (!row.name().contains("e")) {
                return !unsigned && (w ? (int) b == -1 && (int) a == Integer.MIN_VALUE : b == -1 && a == Long.MIN_VALUE);
            }
            java.math.BigInteger n = number(a, w, unsigned).shiftLeft(w ? 32 : 64);
            java.math.BigInteger q = n.divide(number(b, w, unsigned));
            return unsigned ? q.bitLength() > (w ? 32 : 64) : q.bitLength() > (w ? 31 : 63);
        }

        private static java.math.BigInteger number(long v, boolean w, boolean unsigned) {
            if (!unsigned) {
                return java.math.BigInteger.valueOf(w ? (int) v : v);
            }
            return w ? java.math.BigInteger.valueOf(v & 0xffffffffL)
                    : new java.math.BigInteger(Long.toUnsignedString(v));
        }
    }

    /** Why a row is not run against the oracle in this byte order, or null when it is. */
    public static String skipped(Insn row, ByteOrder order) {
        if (row.privilege() != Insn.Privilege.PROBLEM) {
            return row.section().replaceFirst("(Book \\w+), (\\S+).*", "$1 $2") + ": privileged";
        }
        for (Rule r : rules(row.name())) {
            if (r.skips() && (r.when == Condition.ALWAYS || order == ByteOrder.LITTLE_ENDIAN)) {
                return r.why;
            }
        }
        return null;
    }

    /** Why a row is not run against the oracle in any byte order, or null when it is in some. */
    public static String skipped(Insn row) {
        return skipped(row, ByteOrder.BIG_ENDIAN);
    }

    /** All rules, in the order of the table. */
    public static List<Rule> rules() {
        return RULES;
    }

    private static synchronized List<Rule> rules(String row) {
        return BY_ROW.computeIfAbsent(row,
                k -> RULES.stream().filter(r -> r.rows.matcher(k).matches()).toList());
    }

    /** Everything that differs and should not. */
    public static List<Difference> compare(OracleCase c, State before, State expected, State actual) {
        if (expected.equals(actual)) {
            return List.of();
        }
        Insn row = Isa.row(c.row());
        State want = expected.copy();
        State have = actual.copy();
        if (row == null) {
            // A program: of what the oracle gets wrong its generator lets in only FR (Book I, 4.2.2).
            have.fpscr = merge(have.fpscr, want.fpscr, FRACTION_ROUNDED);
        } else {
            int word = testedWord(c, row);
            for (Rule r : rules(row.name())) {
                if (r.when.holds(row, word, before, expected, actual)) {
                    for (String what : r.what) {
                        forgive(what, row, word, want, have);
                    }
                }
            }
        }
        return list(want, have);
    }

    /** The word of a case's sequence that belongs to the row. */
    static int testedWord(OracleCase c, Insn row) {
        for (int w : c.words()) {
            if (io.nestling.decoder.Decoder.decode(w) == row.op()) {
                return w;
            }
        }
        return c.words()[0];
    }

    private static void forgive(String what, Insn row, int word, State want, State have) {
        if (what.equals("all")) {
            copy(want, have);
            have.ending = want.ending;
        } else if (what.equals("window")) {
            System.arraycopy(want.window, 0, have.window, 0, State.WINDOW);
        } else if (what.equals("ending")) {
            copy(want, have);
        } else if (what.equals("estimate")) {
            Estimates.forgive(row, word, want, have);
        } else if (what.startsWith("fpscr:")) {
            have.fpscr = merge(have.fpscr, want.fpscr, mask(what));
        } else if (what.startsWith("xer:")) {
            have.xer = merge(have.xer, want.xer, mask(what));
        } else if (what.startsWith("vscr:")) {
            have.vscr = (int) merge(have.vscr, want.vscr, mask(what));
        } else if (what.matches("cr[0-7]")) {
            have.cr = (int) merge(have.cr, want.cr, 0xf0000000L >>> 4 * (what.charAt(2) - '0'));
        } else {
            int dot = what.indexOf('.');
            Operand o = row.operand(dot < 0 ? what : what.substring(0, dot));
            if (o == null) {
                throw new IllegalStateException(TABLE + ": " + row.name() + " has no operand " + what);
            }
            register(o, word, dot < 0 ? "" : what.substring(dot + 1), want, have);
        }
    }

    private static void register(Operand o, int word, String part, State want, State have) {
        int n = o.value(word);
        if (o.kind() == Operand.Kind.CR) {
            have.cr = (int) merge(have.cr, want.cr, 0xf0000000L >>> 4 * n);
            return;
        }
        if (o.kind() == Operand.Kind.GPR) {
            have.gpr[n] = merge(have.gpr[n], want.gpr[n], part.equals("high") ? 0xffffffff00000000L : -1);
            return;
        }
        int v = o.kind() == Operand.Kind.VR ? n + 32 : n;
        if (!part.equals("1")) {
            have.vsr[2 * v] = want.vsr[2 * v];
        }
        if (!part.equals("0")) {
            have.vsr[2 * v + 1] = want.vsr[2 * v + 1];
        }
    }

    private static long mask(String what) {
        return Long.parseUnsignedLong(what.substring(what.indexOf(':') + 1), 16);
    }

    private static long merge(long v, long other, long mask) {
        return v & ~mask | other & mask;
    }

    private static void copy(State from, State to) {
        State.Ending ending = to.ending;
        System.arraycopy(from.gpr, 0, to.gpr, 0, 32);
        System.arraycopy(from.vsr, 0, to.vsr, 0, 128);
        System.arraycopy(from.window, 0, to.window, 0, State.WINDOW);
        to.cr = from.cr;
        to.xer = from.xer;
        to.lr = from.lr;
        to.ctr = from.ctr;
        to.fpscr = from.fpscr;
        to.vscr = from.vscr;
        to.vrsave = from.vrsave;
        to.tar = from.tar;
        to.ending = ending;
    }

    private static List<Difference> list(State want, State have) {
        List<Difference> out = new ArrayList<>();
        if (want.ending != have.ending) {
            out.add(new Difference("ending", want.ending.ordinal(), have.ending.ordinal()));
        }
        Map<String, Long> expected = new HashMap<>();
        want.forEach(expected::put);
        have.forEach((name, v) -> {
            if (expected.get(name) != v) {
                out.add(new Difference(name, expected.get(name), v));
            }
        });
        for (int i = 0; i < State.WINDOW; i++) {
            if (want.window[i] != have.window[i]) {
                out.add(new Difference("m" + i, want.window[i] & 255, have.window[i] & 255));
            }
        }
        return out;
    }

    private static List<Rule> parse() {
        List<Rule> rules = new ArrayList<>();
        try (InputStream in = Differences.class.getResourceAsStream(TABLE)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] f = line.split(" \\| ");
                if (f.length != 4) {
                    throw new IllegalStateException(TABLE + ": " + line);
                }
                rules.add(new Rule(Pattern.compile(f[0].trim()), Condition.of(f[1]),
                        List.of(f[2].trim().split("[ ,]+")), f[3].trim()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(rules);
    }
}
