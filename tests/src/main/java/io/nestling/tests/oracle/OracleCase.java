package io.nestling.tests.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One case: instructions and the registers they start from. Registers come from a seed, except those that are set on
 * purpose (operands, addresses), which are listed; addresses are relative to the case's memory window or code, because
 * these lie elsewhere in every program.
 *
 * @param row the mnemonic under test, or a name for a random program
 * @param words instructions; running past the last one ends the case
 * @param base the GPR that holds the record's address, 1..31; the instructions must not use it
 * @param seed of all registers that are not in {@code set}
 * @param set registers given explicitly, by name (r0.., cr, xer, lr, ctr, fpscr, vscr, vrsave, vs0.0..)
 */
public record OracleCase(String row, int[] words, int base, long seed, Map<String, Value> set) {
    /** What a value is relative to. */
    public enum Origin {
        /** A plain number. */
        NUMBER,
        /** The address of the memory window. */
        WINDOW,
        /** Half the address of the memory window: two of them make an address. */
        HALF_WINDOW,
        /** The address of the case's first instruction. */
        CODE
    }

    /** A register value: an offset from an origin. */
    public record Value(Origin origin, long offset) {
        /** A plain number. */
        public static Value of(long v) {
            return new Value(Origin.NUMBER, v);
        }

        long at(long window, long code) {
            return offset + switch (origin) {
                case NUMBER -> 0;
                case WINDOW -> window;
                case HALF_WINDOW -> window >> 1;
                case CODE -> code;
            };
        }

        @Override
        public String toString() {
            return (origin == Origin.NUMBER ? "" : origin.name().toLowerCase(java.util.Locale.ROOT) + "+")
                    + "0x" + Long.toHexString(offset);
        }

        static Value parse(String s) {
            int plus = s.indexOf('+');
            Origin o = plus < 0 ? Origin.NUMBER : Origin.valueOf(s.substring(0, plus).toUpperCase(java.util.Locale.ROOT));
            return new Value(o, Long.parseUnsignedLong(s.substring(plus + 3), 16));
        }
    }

    /** The registers before the first instruction, for a window and code at these addresses. */
    State initial(long window, long code) {
        State s = Values.state(seed);
        set.forEach((name, v) -> put(s, name, v.at(window, code)));
        s.xer &= State.XER_DEFINED;
        s.fpscr = Values.consistentFpscr(s.fpscr);
        return s;
    }

    private static void put(State s, String name, long v) {
        switch (name) {
            case "cr" -> s.cr = (int) v;
            case "xer" -> s.xer = v;
            case "lr" -> s.lr = v;
            case "ctr" -> s.ctr = v;
            case "fpscr" -> s.fpscr = v;
            case "vscr" -> s.vscr = (int) v;
            case "vrsave" -> s.vrsave = (int) v;
            default -> {
                if (name.startsWith("vs")) {
                    int dot = name.indexOf('.');
                    s.vsr[2 * Integer.parseInt(name.substring(2, dot)) + name.charAt(dot + 1) - '0'] = v;
                } else if (name.startsWith("m")) {
                    // Eight bytes of the window from an offset, in ascending address order, low byte first.
                    int at = Integer.parseInt(name.substring(1));
                    for (int i = 0; i < 8; i++) {
                        s.window[at + i] = (byte) (v >>> 8 * i);
                    }
                } else {
                    s.gpr[Integer.parseInt(name.substring(1))] = v;
                }
            }
        }
    }

    /** The case as a few lines of text that {@link #parse} understands. */
    public String text() {
        StringBuilder b = new StringBuilder();
        b.append("row ").append(row).append('\n');
        for (int w : words) {
            b.append("word ").append(String.format("%08x", w)).append('\n');
        }
        b.append("base ").append(base).append('\n');
        b.append("seed 0x").append(Long.toHexString(seed)).append('\n');
        new TreeMap<>(set).forEach((k, v) -> b.append("set ").append(k).append(' ').append(v).append('\n'));
        return b.toString();
    }

    /** Reads what {@link #text} wrote; lines that begin with # are comments. */
    public static OracleCase parse(List<String> lines) {
        String row = "?";
        int base = 31;
        long seed = 0;
        List<Integer> words = new ArrayList<>();
        Map<String, Value> set = new TreeMap<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] f = line.trim().split("\\s+");
            switch (f[0]) {
                case "row" -> row = f[1];
                case "word" -> words.add(Integer.parseUnsignedInt(f[1], 16));
                case "base" -> base = Integer.parseInt(f[1]);
                case "seed" -> seed = Long.parseUnsignedLong(f[1].substring(2), 16);
                case "set" -> set.put(f[1], Value.parse(f[2]));
                default -> throw new IllegalArgumentException("seed file: " + line);
            }
        }
        return new OracleCase(row, words.stream().mapToInt(Integer::intValue).toArray(), base, seed, set);
    }
}
