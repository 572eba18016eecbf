package io.nestling.decoder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the instruction table, whose grammar its first lines give. Errors name the line. */
final class TableParser {
    private final Map<String, Field> fields = new HashMap<>();
    private final Map<String, Operand> operands = new HashMap<>();
    private final Map<String, Flag> flags = new HashMap<>();
    private final List<Insn> rows = new ArrayList<>(1024);
    private String section = "";

    /** The rows of {@code text} in order, numbered from 1. */
    static List<Insn> parse(String text) {
        TableParser parser = new TableParser();
        int number = 0;
        for (int at = 0; at < text.length();) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            String line = text.substring(at, end);
            at = end + 1;
            number++;
            try {
                parser.line(line);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("instruction table, line " + number + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(parser.rows);
    }

    private void line(String line) {
        if (line.startsWith("##")) {
            section = line.substring(2).trim();
            return;
        }
        if (line.isEmpty() || line.charAt(0) == '#') {
            return;
        }
        List<String> words = words(line);
        switch (words.getFirst()) {
            case "field" -> fields.put(words.get(1), Field.parse(words.get(1), words.get(2).charAt(0), words.get(3)));
            case "operand" -> operand(words);
            case "flag" -> flags.put(words.get(1), new Flag(words.get(1),
                    Field.parse(words.get(1), words.get(2).charAt(0), words.get(3)), words.get(4), words.size() > 5 ? words.get(5) : null));
            default -> row(words);
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(8);
        int at = 0;
        int n = line.length();
        while (at < n) {
            while (at < n && line.charAt(at) == ' ') {
                at++;
            }
            int start = at;
            while (at < n && line.charAt(at) != ' ') {
                at++;
            }
            if (at > start) {
                words.add(line.substring(start, at));
            }
        }
        return words;
    }

    private void operand(List<String> words) {
        String role = words.get(4);
        boolean signed = false;
        int scale = 1;
        for (String option : words.subList(5, words.size())) {
            if (option.equals("signed")) {
                signed = true;
            } else if (option.startsWith("scale=")) {
                scale = Integer.parseInt(option.substring(6));
            } else {
                throw new IllegalArgumentException("unknown operand option " + option);
            }
        }
        operands.put(words.get(1), new Operand(words.get(1), need(fields, words.get(2)),
                Operand.Kind.valueOf(words.get(3).toUpperCase(Locale.ROOT)), role.equals("r") || role.equals("m"),
                role.equals("w") || role.equals("m"), signed, scale, false));
    }

    private static <T> T need(Map<String, T> map, String name) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("undeclared name " + name);
        }
        return value;
    }

    private void row(List<String> words) {
        String name = words.get(0);
        String pattern = words.get(1);
        List<Operand> list = operandList(words.get(2));
        List<Flag> rowFlags = new ArrayList<>(2);
        Facility facility = Facility.NONE;
        Insn.Privilege privilege = Insn.Privilege.PROBLEM;
        boolean ends = false;
        boolean update = false;
        boolean reserve = false;
        int load = 0;
        int store = 0;
        String version = "";
        Set<String> reads = Set.of();
        Set<String> writes = Set.of();
        for (int i = 3; i < words.size(); i++) {
            String a = words.get(i);
            switch (a) {
                case "priv" -> privilege = Insn.Privilege.PRIVILEGED;
                case "hv" -> privilege = Insn.Privilege.HYPERVISOR;
                case "ends" -> ends = true;
                case "update" -> update = true;
                case "reserve" -> reserve = true;
                default -> {
                    if (a.startsWith("fac=")) {
                        facility = Facility.valueOf(a.substring(4).toUpperCase(Locale.ROOT));
                    } else if (a.startsWith("load=")) {
                        load = bytes(a.substring(5));
                    } else if (a.startsWith("store=")) {
                        store = bytes(a.substring(6));
                    } else if (a.charAt(0) == '<') {
                        reads = plus(reads, a.substring(1));
                    } else if (a.charAt(0) == '>') {
                        writes = plus(writes, a.substring(1));
                    } else if (a.charAt(0) == 'v' && a.indexOf('.') > 0) {
                        version = a;
                    } else {
                        rowFlags.add(need(flags, a));
                    }
                }
            }
        }
        int mask = 0;
        int value = 0;
        int ignored = 0;
        if (pattern.length() != 32) {
            throw new IllegalArgumentException("pattern of " + name + " has " + pattern.length() + " characters");
        }
        for (int i = 0; i < 32; i++) {
            char c = pattern.charAt(i);
            int bit = 1 << 31 - i;
            if (c == '0' || c == '1') {
                mask |= bit;
                value |= c == '1' ? bit : 0;
            } else if (c == '-') {
                ignored |= bit;
            }
        }
        checkFields(name, pattern, list, rowFlags, mask | ignored);
        rows.add(new Insn(rows.size() + 1, name, section, mask, value, ignored, list, List.copyOf(rowFlags), facility,
                privilege, ends, load, store, update, reserve, reads, writes, version));
    }

    private static Set<String> plus(Set<String> set, String name) {
        Set<String> result = new TreeSet<>(set);
        result.add(name);
        return result;
    }

    private static int bytes(String text) {
        return text.equals("*") ? Insn.VARIABLE : Integer.parseInt(text);
    }

    private List<Operand> operandList(String text) {
        if (text.equals("-")) {
            return List.of();
        }
        List<Operand> list = new ArrayList<>(5);
        boolean base = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == ',' || c == '(' || c == ')') {
                if (i > start) {
                    list.add(operand(text.substring(start, i), base));
                }
                start = i + 1;
                base = c == '(';
            }
        }
        return List.copyOf(list);
    }

    private Operand operand(String text, boolean base) {
        char last = text.charAt(text.length() - 1);
        boolean suffix = last == '=' || last == '+';
        Operand o = need(operands, suffix ? text.substring(0, text.length() - 1) : text);
        if (!suffix && !base) {
            return o;
        }
        return new Operand(o.name(), o.field(), o.kind(), suffix ? last == '+' : o.reads(), suffix || o.writes(), o.signed(), o.scale(), base);
    }

    /** Every letter of the pattern must belong to exactly one operand or flag, and the other way round. */
    private static void checkFields(String name, String pattern, List<Operand> operands, List<Flag> flags, int taken) {
        int seen = taken;
        for (Operand o : operands) {
            seen = claim(name, pattern, o.field(), seen);
        }
        for (Flag f : flags) {
            seen = claim(name, pattern, f.field(), seen);
        }
        if (seen != -1) {
            throw new IllegalArgumentException("letters of " + name + " without a field: " + Integer.toBinaryString(~seen));
        }
    }

    private static int claim(String name, String pattern, Field field, int seen) {
        int bits = field.mask();
        if ((bits & seen) != 0) {
            throw new IllegalArgumentException("field " + field.name() + " of " + name + " overlaps");
        }
        for (int left = bits; left != 0; left &= left - 1) {
            char c = pattern.charAt(Integer.numberOfLeadingZeros(left & -left));
            if ((c | 0x20) != field.letter()) {
                throw new IllegalArgumentException("field " + field.name() + " of " + name + " covers '" + c + "'");
            }
        }
        return seen | bits;
    }
}
