package io.nestling.decoder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Encodes one instruction from its mnemonic and the texts of its operands, by the forms that the table gives. */
final class Encoder {
    private static final Map<String, Long> CR_NAMES = Map.of("lt", 0L, "gt", 1L, "eq", 2L, "so", 3L, "un", 3L);
    private static final Map<String, List<Candidate>> CANDIDATES = candidates();

    private Encoder() {}

    /** What a mnemonic can stand for: a form of a row with some of its flags set. */
    private record Candidate(Insn row, Form form, int flags) {}

    private static Map<String, List<Candidate>> candidates() {
        Map<String, List<Candidate>> map = new HashMap<>();
        for (Insn row : Isa.rows()) {
            List<Form> forms = new ArrayList<>(row.forms());
            forms.addAll(row.inputs());
            for (Form form : forms) {
                for (int set = 0; set < 1 << row.flags().size(); set++) {
                    StringBuilder name = new StringBuilder(form.before());
                    int bits = 0;
                    for (int i = 0; i < row.flags().size(); i++) {
                        if ((set >> i & 1) != 0) {
                            name.append(row.flags().get(i).suffix());
                            bits |= row.flags().get(i).field().mask();
                        }
                    }
                    map.computeIfAbsent(name.append(form.after()).toString(), k -> new ArrayList<>(2)).add(new Candidate(row, form, bits));
                }
            }
        }
        return map;
    }

    /**
     * The word of an instruction at {@code address}.
     *
     * @param operands separated at commas
     * @param names    the values of names in operands
     */
    static int encode(String mnemonic, List<String> operands, long address, ToLongFunction<String> names) {
        List<Candidate> candidates = CANDIDATES.get(mnemonic);
        if (candidates == null) {
            throw new AssemblyException("unknown instruction " + mnemonic);
        }
        AssemblyException first = null;
        for (Candidate candidate : candidates) {
            try {
                return encode(candidate, operands, address, names);
            } catch (AssemblyException e) {
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    private static int encode(Candidate candidate, List<String> operands, long address, ToLongFunction<String> names) {
        List<Form.Item> items = candidate.form.operands();
        List<String> texts = splitBases(items, operands);
        int required = (int) items.stream().filter(item -> !item.optional()).count();
        int optional = texts.size() - required;
        if (optional < 0 || texts.size() > items.size()) {
            throw new AssemblyException("takes " + required + (required == items.size() ? "" : " to " + items.size()) + " operands");
        }
        int word = candidate.row.value() | candidate.flags;
        int next = 0;
        for (Form.Item item : items) {
            Operand operand = item.operand();
            if (item.optional() && optional-- <= 0) {
                word = operand.field().insert(word, item.defaultValue());
                continue;
            }
            String text = texts.get(next++);
            long value = value(candidate, operand, text, address, names);
            if (!operand.accepts(value)) {
                throw new AssemblyException("operand '" + text + "' is out of range or not aligned");
            }
            word = operand.set(word, value);
        }
        return impose(candidate, word);
    }

    /** Sets the fields that follow from the others; they must not disturb what the operands said. */
    private static int impose(Candidate candidate, int word) {
        int result = word;
        for (Condition condition : candidate.form.conditions()) {
            if (!condition.holds(result)) {
                result = condition.impose(result);
            }
        }
        boolean kept = candidate.row.matches(result) && candidate.form.appliesTo(result);
        for (Form.Item item : candidate.form.operands()) {
            kept &= item.operand().value(result) == item.operand().value(word);
        }
        if (!kept) {
            throw new AssemblyException("an invalid combination of operands");
        }
        return result;
    }

    /** Splits {@code 8(r3)} in two where the form has a base in parentheses. */
    private static List<String> splitBases(List<Form.Item> items, List<String> operands) {
        int base = 0;
        while (base < items.size() && !items.get(base).operand().base()) {
            base++;
        }
        if (base == items.size() || operands.size() < base) {
            return operands;
        }
        List<String> result = new ArrayList<>(operands);
        String text = result.get(base - 1);
        int open = text.lastIndexOf('(');
        if (open < 0 || !text.endsWith(")")) {
            throw new AssemblyException("'" + text + "' has no base register in parentheses");
        }
        String displacement = text.substring(0, open).trim();
        result.set(base - 1, displacement.isEmpty() ? "0" : displacement);
        result.add(base, text.substring(open + 1, text.length() - 1).trim());
        return result;
    }

    private static long value(Candidate candidate, Operand operand, String text, long address, ToLongFunction<String> names) {
        switch (operand.kind()) {
            case GPR, GPR0, GPRPAIR, GPRS:
                return register(text, "r", names);
            case FPR, FPRPAIR:
                return register(text, "f", names);
            case VR:
                return register(text, "v", names);
            case VSR:
                return register(text, "vs", names);
            case CR, FPSCRF:
                return register(text, "cr", names);
            case CRB:
                return Expression.evaluate(text, name -> crName(name, names)).value();
            case REL: {
                long target = Expression.evaluate(text, names).value();
                Flag absolute = candidate.row.flag("aa");
                boolean isAbsolute = absolute != null && (candidate.flags & absolute.field().mask()) != 0;
                return isAbsolute ? target == (target & 0xffffffffL) ? (int) target : target : target - address;
            }
            default: {
                Expression.Value v = Expression.evaluate(text, names);
                boolean wraps = v.half() || operand.either() && v.value() == (v.value() & 0xffff);
                return wraps && operand.signed() ? (short) v.value() : v.value();
            }
        }
    }

    private static long crName(String name, ToLongFunction<String> names) {
        Long bit = CR_NAMES.get(name);
        if (bit != null) {
            return bit;
        }
        return name.length() == 3 && name.startsWith("cr") && Character.isDigit(name.charAt(2)) ? name.charAt(2) - '0' : names.applyAsLong(name);
    }

    private static long register(String text, String prefix, ToLongFunction<String> names) {
        String name = text.startsWith("%") ? text.substring(1) : text;
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        if (!number.isEmpty() && number.length() <= 2 && number.chars().allMatch(Character::isDigit)) {
            return Integer.parseInt(number);
        }
        return Expression.evaluate(text, names).value();
    }
}
