package io.nestling.decoder;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A small assembler for guest programs: the mnemonics of the instruction table in GNU syntax, labels (also local ones,
 * {@code 1:} with {@code 1b} and {@code 1f}), expressions with {@code @l @ha @h @higher @highest}, and the directives
 * {@code .byte .short .long .quad .ascii .asciz .align .balign .skip .org .set}. '#' begins a comment, ';' separates
 * statements.
 */
public final class Assembler {
    private static final int MAX_SIZE = 1 << 28;

    private final List<Statement> statements = new ArrayList<>();
    private final Map<String, Long> symbols = new HashMap<>();
    private final Map<String, List<Long>> locals = new HashMap<>();
    private final long base;
    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean emitting;

    private record Statement(int line, String text) {}

    /**
     * What a source was assembled to.
     *
     * @param code    the bytes, the first of them at the base address
     * @param symbols the addresses of labels and the values of names set with {@code .set}
     */
    public record Program(byte[] code, Map<String, Long> symbols) {}

    private Assembler(long base, ByteOrder order) {
        this.base = base;
        this.order = order;
    }

    /** Assembles {@code source} to be put at {@code base}, instructions and data in little-endian order. */
    public static byte[] assemble(String source, long base) {
        return assemble(source, base, ByteOrder.LITTLE_ENDIAN).code();
    }

    /** Assembles {@code source} to be put at {@code base}, instructions and data in {@code order}. */
    public static Program assemble(String source, long base, ByteOrder order) {
        Assembler assembler = new Assembler(base, order);
        assembler.split(source);
        // The first pass finds the addresses of labels; instructions are not encoded yet.
        assembler.pass();
        assembler.emitting = true;
        assembler.out.reset();
        assembler.pass();
        return new Program(assembler.out.toByteArray(), Map.copyOf(assembler.symbols));
    }

    /** The word of a single instruction at {@code address}, for example {@code addi r3,r3,-1}. */
    public static int word(String instruction, long address) {
        byte[] bytes = assemble(instruction, address, ByteOrder.BIG_ENDIAN).code();
        if (bytes.length != 4) {
            throw new AssemblyException("not one instruction: " + instruction);
        }
        return (bytes[0] & 255) << 24 | (bytes[1] & 255) << 16 | (bytes[2] & 255) << 8 | bytes[3] & 255;
    }

    private void split(String source) {
        int number = 0;
        for (String line : source.split("\n", -1)) {
            number++;
            boolean quoted = false;
            int start = 0;
            for (int i = 0; i <= line.length(); i++) {
                char c = i == line.length() ? '#' : line.charAt(i);
                if (quoted && c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (i == line.length() || !quoted && (c == ';' || c == '#')) {
                    addStatement(number, line.substring(start, i));
                    start = i + 1;
                    if (c == '#') {
                        break;
                    }
                }
            }
        }
    }

    private void addStatement(int line, String text) {
        String rest = text.trim();
        int colon;
        while ((colon = labelEnd(rest)) > 0) {
            statements.add(new Statement(line, rest.substring(0, colon + 1)));
            rest = rest.substring(colon + 1).trim();
        }
        if (!rest.isEmpty()) {
            statements.add(new Statement(line, rest));
        }
    }

    private static int labelEnd(String text) {
        int at = 0;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "_.$".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at < text.length() && text.charAt(at) == ':' ? at : 0;
    }

    private void pass() {
        for (List<Long> addresses : locals.values()) {
            if (!emitting) {
                addresses.clear();
            }
        }
        for (Statement statement : statements) {
            try {
                statement(statement.text);
            } catch (AssemblyException e) {
                throw new AssemblyException(statement.line, statement.text, e);
            }
            if (out.size() > MAX_SIZE) {
                throw new AssemblyException("line " + statement.line + ": the program is larger than 256 MiB");
            }
        }
    }

    private long here() {
        return base + out.size();
    }

    private void statement(String text) {
        if (text.endsWith(":")) {
            label(text.substring(0, text.length() - 1));
            return;
        }
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        String name = text.substring(0, end).toLowerCase(Locale.ROOT);
        String rest = text.substring(end).trim();
        if (name.startsWith(".")) {
            directive(name, rest);
        } else {
            int word = emitting ? Encoder.encode(name, operands(rest), here(), this::value) : 0;
            number(word, 4);
        }
    }

    private void label(String name) {
        if (name.chars().allMatch(Character::isDigit)) {
            if (!emitting) {
                locals.computeIfAbsent(name, k -> new ArrayList<>()).add(here());
            }
        } else if (!emitting && symbols.containsKey(name)) {
            throw new AssemblyException("label defined twice");
        } else {
            symbols.put(name, here());
        }
    }

    private void directive(String name, String rest) {
        List<String> arguments = operands(rest);
        switch (name) {
            case ".byte" -> numbers(arguments, 1);
            case ".short", ".hword", ".2byte" -> numbers(arguments, 2);
            case ".long", ".int", ".4byte" -> numbers(arguments, 4);
            case ".quad", ".llong", ".8byte" -> numbers(arguments, 8);
            case ".ascii" -> arguments.forEach(a -> out.writeBytes(string(a)));
            case ".asciz", ".string" -> arguments.forEach(a -> {
                out.writeBytes(string(a));
                out.write(0);
            });
            case ".align", ".p2align" -> align(1L << Math.clamp(known(argument(arguments, 0)), 0, 24));
            case ".balign" -> align(known(argument(arguments, 0)));
            case ".skip", ".space", ".zero" -> skip(known(argument(arguments, 0)));
            case ".org" -> skip(known(argument(arguments, 0)) - here());
            case ".set", ".equ" -> symbols.put(argument(arguments, 0), known(argument(arguments, 1)));
            case ".text", ".globl", ".global", ".machine", ".abiversion" -> { }
            default -> throw new AssemblyException("unknown directive");
        }
    }

    private static String argument(List<String> arguments, int number) {
        if (number >= arguments.size()) {
            throw new AssemblyException("an argument is missing");
        }
        return arguments.get(number);
    }

    private void numbers(List<String> arguments, int size) {
        for (String argument : arguments) {
            number(emitting ? Expression.evaluate(argument, this::value).value() : 0, size);
        }
    }

    private void number(long value, int size) {
        for (int i = 0; i < size; i++) {
            out.write((int) (value >>> 8 * (order == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i)));
        }
    }

    private void align(long alignment) {
        if (alignment > 0) {
            skip(Math.floorMod(-here(), alignment));
        }
    }

    private void skip(long count) {
        if (count < 0 || count > MAX_SIZE) {
            throw new AssemblyException("cannot skip " + count + " bytes");
        }
        for (long i = 0; i < count; i++) {
            out.write(0);
        }
    }

    /** The value of an expression whose names are all defined before it. */
    private long known(String text) {
        return Expression.evaluate(text, this::value).value();
    }

    private long value(String name) {
        if (name.equals(".")) {
            return here();
        }
        if (Character.isDigit(name.charAt(0))) {
            return local(name);
        }
        Long value = symbols.get(name);
        if (value == null) {
            throw new AssemblyException("undefined name " + name);
        }
        return value;
    }

    private long local(String name) {
        boolean back = name.endsWith("b");
        Long found = null;
        for (long address : locals.getOrDefault(name.substring(0, name.length() - 1), List.of())) {
            if (back && address <= here() || !back && address > here() && found == null) {
                found = address;
            }
        }
        if (found == null) {
            throw new AssemblyException("no local label " + name);
        }
        return found;
    }

    /** Splits at commas outside of parentheses and quotes. */
    private static List<String> operands(String text) {
        List<String> list = new ArrayList<>(4);
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '(' || c == ')')) {
                depth += c == '(' ? 1 : -1;
            } else if (!quoted && c == ',' && depth == 0) {
                list.add(text.substring(start, i).trim());
                start = i + 1;
            }
        }
        if (!text.isBlank()) {
            list.add(text.substring(start).trim());
        }
        return list;
    }

    private static byte[] string(String quoted) {
        if (quoted.length() < 2 || quoted.charAt(0) != '"' || !quoted.endsWith("\"")) {
            throw new AssemblyException("a string in double quotes is missing");
        }
        try {
            return quoted.substring(1, quoted.length() - 1).translateEscapes().getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AssemblyException("an unknown escape in the string");
        }
    }
}
