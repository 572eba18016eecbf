package io.nestling.decoder;

import java.util.function.ToLongFunction;

/**
 * Evaluates an expression of assembler source: numbers ({@code 12 0x1f 0b101 'c'}), names, {@code .} (here), the
 * operators {@code | ^ & << >> + - * / % ~} with C's precedence, parentheses, and a suffix such as {@code @l}.
 */
final class Expression {
    private final String text;
    private final ToLongFunction<String> names;
    private int at;
    private boolean half;

    private Expression(String text, ToLongFunction<String> names) {
        this.text = text;
        this.names = names;
    }

    /**
     * The result of an evaluation.
     *
     * @param value the number
     * @param half  whether a suffix chose 16 bits of it, so that its sign means nothing
     */
    record Value(long value, boolean half) {}

    /** Evaluates {@code text}; {@code names} gives the values of names, including {@code .} and {@code 1f}. */
    static Value evaluate(String text, ToLongFunction<String> names) {
        Expression e = new Expression(text, names);
        long value = e.suffixed(e.or());
        if (e.peek() != 0) {
            throw new AssemblyException("unexpected '" + text.substring(e.at) + "'");
        }
        return new Value(value, e.half);
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(String token) {
        peek();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private long suffixed(long value) {
        if (peek() != '@') {
            return value;
        }
        String suffix = text.substring(at + 1).trim();
        at = text.length();
        half = true;
        // The "a" forms make up for the sign of the half below them.
        return switch (suffix) {
            case "l" -> value;
            case "h", "high" -> value >> 16;
            case "ha", "higha" -> value + 0x8000 >> 16;
            case "higher" -> value >> 32;
            case "highera" -> value + 0x8000 >> 32;
            case "highest" -> value >> 48;
            case "highesta" -> value + 0x8000 >> 48;
            default -> throw new AssemblyException("unknown suffix @" + suffix);
        } & 0xffff;
    }

    private long or() {
        long value = xor();
        while (take("|")) {
            value |= xor();
        }
        return value;
    }

    private long xor() {
        long value = and();
        while (take("^")) {
            value ^= and();
        }
        return value;
    }

    private long and() {
        long value = shift();
        while (take("&")) {
            value &= shift();
        }
        return value;
    }

    private long shift() {
        long value = sum();
        while (true) {
            if (take("<<")) {
                value <<= sum();
            } else if (take(">>")) {
                value >>>= sum();
            } else {
                return value;
            }
        }
    }

    private long sum() {
        long value = product();
        while (true) {
            if (take("+")) {
                value += product();
            } else if (take("-")) {
                value -= product();
            } else {
                return value;
            }
        }
    }

    private long product() {
        long value = unary();
        while (true) {
            if (take("*")) {
                value *= unary();
            } else if (take("/")) {
                value /= divisor(unary());
            } else if (take("%")) {
                value %= divisor(unary());
            } else {
                return value;
            }
        }
    }

    private static long divisor(long value) {
        if (value == 0) {
            throw new AssemblyException("division by zero");
        }
        return value;
    }

    private long unary() {
        if (take("-")) {
            return -unary();
        }
        if (take("~")) {
            return ~unary();
        }
        if (take("+")) {
            return unary();
        }
        if (take("(")) {
            long value = suffixed(or());
            if (!take(")")) {
                throw new AssemblyException("missing ')'");
            }
            return value;
        }
        return primary();
    }

    private long primary() {
        char c = peek();
        if (c == '\'' && at + 1 < text.length()) {
            long value = text.charAt(at + 1);
            at += at + 2 < text.length() && text.charAt(at + 2) == '\'' ? 3 : 2;
            return value;
        }
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.isEmpty()) {
            throw new AssemblyException("a number or name is missing in '" + text + "'");
        }
        char last = word.charAt(word.length() - 1);
        boolean local = (last == 'b' || last == 'f') && word.chars().limit(word.length() - 1L).allMatch(Character::isDigit);
        return Character.isDigit(c) && (!local || word.length() == 1) ? number(word) : names.applyAsLong(word);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$';
    }

    private static long number(String word) {
        try {
            if (word.startsWith("0x") || word.startsWith("0X")) {
                return Long.parseUnsignedLong(word.substring(2), 16);
            }
            if (word.startsWith("0b")) {
                return Long.parseUnsignedLong(word.substring(2), 2);
            }
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw new AssemblyException("'" + word + "' is not a number");
        }
    }
}
