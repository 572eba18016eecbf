package io.nestling.decoder;

import java.util.ArrayList;
import java.util.Collections;
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
    private final List<Form> moveFrom = new ArrayList<>();
    private final List<Form> moveTo = new ArrayList<>();
    private final List<Insn> rows = new ArrayList<>(1024);
    private List<Form> forms = new ArrayList<>();
    private List<Form> inputs = new ArrayList<>();
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
            case "flag" -> flag(words);
            case "spr" -> spr(words);
            case "=", "+" -> alias(words);
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

    private void flag(List<String> words) {
        Field field = Field.parse(words.get(1), words.get(2).charAt(0), words.get(3));
        flags.put(words.get(1), new Flag(words.get(1), field, words.get(4), words.size() > 5 ? words.get(5) : null));
        fields.put(words.get(1), field);
    }

    private void operand(List<String> words) {
        String role = words.get(4);
        boolean signed = false;
        int scale = 1;
        int from = 0;
        int zero = 0;
        boolean either = false;
        for (String option : words.subList(5, words.size())) {
            if (option.equals("signed")) {
                signed = true;
            } else if (option.equals("either")) {
                either = true;
            } else if (option.startsWith("scale=")) {
                scale = Integer.parseInt(option.substring(6));
            } else if (option.startsWith("from=")) {
                from = Integer.parseInt(option.substring(5));
            } else if (option.startsWith("zero=")) {
                zero = Integer.parseInt(option.substring(5));
            } else {
                throw new IllegalArgumentException("unknown operand option " + option);
            }
        }
        operands.put(words.get(1), new Operand(words.get(1), need(fields, words.get(2)),
                Operand.Kind.valueOf(words.get(3).toUpperCase(Locale.ROOT)), role.equals("r") || role.equals("m"),
                role.equals("w") || role.equals("m"), signed, scale, from, zero, either, false));
    }

    /** A special-purpose register with extended mnemonics: {@code spr NAME NUMBER r|w|rw}. */
    private void spr(List<String> words) {
        Field field = need(fields, "SPR");
        int number = Integer.parseInt(words.get(2));
        List<Condition> conditions = List.of(new Condition(field, Condition.Relation.EQUAL, new int[] {number}, null, 0, false));
        if (words.get(3).indexOf('r') >= 0) {
            moveFrom.add(new Form("mf" + words.get(1), "", items("RT"), conditions, true));
        }
        if (words.get(3).indexOf('w') >= 0) {
            moveTo.add(new Form("mt" + words.get(1), "", items("RS"), conditions, true));
        }
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
        List<Form.Item> items = items(words.get(2));
        List<Operand> list = items.stream().map(Form.Item::operand).toList();
        List<Flag> rowFlags = new ArrayList<>(2);
        List<Condition> conditions = new ArrayList<>(2);
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
            if (a.equals("if")) {
                conditions(words, i + 1, conditions);
                break;
            }
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
        int mask = bits(pattern, "01");
        int value = bits(pattern, "1");
        int ignored = bits(pattern, "-/");
        int unwritten = bits(pattern, "-");
        checkFields(name, pattern, list, rowFlags, mask | ignored);
        forms = new ArrayList<>(2);
        inputs = new ArrayList<>(0);
        forms.add(form(name, items, conditions, false));
        if (name.equals("mfspr")) {
            forms.addAll(0, moveFrom);
        } else if (name.equals("mtspr")) {
            forms.addAll(0, moveTo);
        }
        rows.add(new Insn(rows.size() + 1, name, section, mask, value, ignored, unwritten, list, List.copyOf(rowFlags), facility,
                privilege, ends, load, store, update, reserve, reads, writes, version,
                Collections.unmodifiableList(forms), Collections.unmodifiableList(inputs)));
    }

    private static int bits(String pattern, String characters) {
        if (pattern.length() != 32) {
            throw new IllegalArgumentException("a pattern of " + pattern.length() + " characters");
        }
        int bits = 0;
        for (int i = 0; i < 32; i++) {
            bits = bits << 1 | (characters.indexOf(pattern.charAt(i)) >= 0 ? 1 : 0);
        }
        return bits;
    }

    /** An extended mnemonic of the row above: {@code = NAME OPERANDS [if CONDITION...]}, or with "+" for the assembler only. */
    private void alias(List<String> words) {
        List<Condition> conditions = new ArrayList<>(3);
        if (words.size() > 3) {
            conditions(words, 4, conditions);
        }
        Form form = form(words.get(1), items(words.get(2)), conditions, true);
        if (words.getFirst().equals("=")) {
            forms.add(forms.size() - 1, form);
        } else {
            inputs.add(form);
        }
    }

    private static Form form(String name, List<Form.Item> items, List<Condition> conditions, boolean alias) {
        int star = name.indexOf('*');
        return star < 0 ? new Form(name, "", items, List.copyOf(conditions), alias)
                : new Form(name.substring(0, star), name.substring(star + 1), items, List.copyOf(conditions), alias);
    }

    private void conditions(List<String> words, int from, List<Condition> conditions) {
        for (String text : words.subList(from, words.size())) {
            int at = 0;
            while ("=!<>".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            Condition.Relation relation = switch (text.charAt(at)) {
                case '=' -> Condition.Relation.EQUAL;
                case '!' -> Condition.Relation.UNEQUAL;
                case '<' -> Condition.Relation.LESS;
                default -> Condition.Relation.GREATER;
            };
            Field field = need(fields, text.substring(0, at));
            conditions.add(condition(field, relation, text.substring(text.charAt(at) == '!' ? at + 2 : at + 1)));
        }
    }

    /** The right-hand side: {@code 3}, {@code 1|2}, {@code SH}, {@code 31-SH} or {@code 1+SH}. */
    private Condition condition(Field field, Condition.Relation relation, String right) {
        if (Character.isLetter(right.charAt(0))) {
            return new Condition(field, relation, new int[0], need(fields, right), 0, false);
        }
        int sign = Math.max(right.indexOf('-'), right.indexOf('+'));
        if (sign > 0) {
            return new Condition(field, relation, new int[0], need(fields, right.substring(sign + 1)),
                    Integer.parseInt(right.substring(0, sign)), right.charAt(sign) == '-');
        }
        String[] choices = right.split("\\|");
        int[] numbers = new int[choices.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.parseInt(choices[i]);
        }
        return new Condition(field, relation, numbers, null, 0, false);
    }

    private static Set<String> plus(Set<String> set, String name) {
        Set<String> result = new TreeSet<>(set);
        result.add(name);
        return result;
    }

    private static int bytes(String text) {
        return text.equals("*") ? Insn.VARIABLE : Integer.parseInt(text);
    }

    /** The operands of {@code RT,D(RA0)} or {@code [BF],RA,RB}: commas, a base in parentheses, optional ones in brackets. */
    private List<Form.Item> items(String text) {
        if (text.equals("-")) {
            return List.of();
        }
        List<Form.Item> list = new ArrayList<>(5);
        char before = ',';
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (",()[]".indexOf(c) >= 0) {
                if (i > start) {
                    list.add(item(text.substring(start, i), before));
                }
                start = i + 1;
                before = c;
            }
        }
        return List.copyOf(list);
    }

    private Form.Item item(String text, char before) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        int defaultValue = colon < 0 ? 0 : Integer.parseInt(text.substring(colon + 1));
        char last = name.charAt(name.length() - 1);
        boolean suffix = last == '=' || last == '+';
        boolean base = before == '(';
        Operand o = need(operands, suffix ? name.substring(0, name.length() - 1) : name);
        if (suffix || base) {
            o = new Operand(o.name(), o.field(), o.kind(), suffix ? last == '+' : o.reads(), suffix || o.writes(), o.signed(), o.scale(),
                    o.from(), o.zero(), o.either(), base);
        }
        return new Form.Item(o, before == '[', defaultValue);
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
