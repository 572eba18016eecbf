package io.nestling.runtime.interp;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.runtime.cpu.Vcpu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes {@code GeneratedLoop.java}, {@code TieredLoop.java}, {@code GeneratedStraight.java}, {@code GeneratedCold.java} and
 * {@code GeneratedIndex.java} from the instruction table and the semantics classes. A row's method is found by name in the
 * classes of {@code io.nestling.runtime.isa}; its parameters say what it needs, its result whether it transfers control.
 */
final class DispatchGenerator {
    static final Path OUT = Path.of("src/main/java/io/nestling/runtime/interp");
    private static final int COLD_ID = 2;
    private static final int FIRST_CASE = 3;
    private static final int COLD_CHUNK = 32;

    private final Map<String, Method> methods = new LinkedHashMap<>();
    private final List<Insn> rows = Isa.rows();
    /** Hot rows that end straight code, which the loops have a case for each. */
    private final List<Insn> ends = new ArrayList<>();
    /** Hot rows that may go on with the next instruction. */
    private final List<Insn> straight = new ArrayList<>();

    DispatchGenerator() {
        findMethods();
        Map<String, Insn> byName = new LinkedHashMap<>();
        rows.forEach(r -> byName.put(r.name(), r));
        for (String name : hotNames()) {
            Insn row = byName.get(name);
            if (row == null || !methods.containsKey(methodName(row))) {
                throw new IllegalStateException("hot-rows.txt names " + name + ", which the table or the semantics classes do not have");
            }
            List<Insn> list = row.ends() && !direct(row) ? ends : straight;
            if (!list.contains(row)) {
                list.add(row);
            }
        }
    }

    private static List<String> hotNames() {
        try (var in = DispatchGenerator.class.getResourceAsStream("hot-rows.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(l -> !l.startsWith("#")).flatMap(l -> Stream.of(l.split("\\s+")))
                    .filter(s -> !s.isEmpty()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void findMethods() {
        Path dir = Path.of("target/classes/io/nestling/runtime/isa");
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                if (name.contains("$")) {
                    continue;
                }
                Class<?> c = Class.forName("io.nestling.runtime.isa." + name);
                for (Method m : c.getDeclaredMethods()) {
                    Class<?>[] p = m.getParameterTypes();
                    boolean shape = Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers())
                            && p.length >= 2 && p.length <= 3 && p[0].isAssignableFrom(Vcpu.class)
                            && p[0] != Object.class && p[1] == int.class && (p.length == 2 || p[2] == long.class);
                    if (shape && isRow(m.getName())) {
                        Method other = methods.put(m.getName(), m);
                        if (other != null) {
                            throw new IllegalStateException(m + " and " + other + " claim the same row");
                        }
                    }
                }
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isRow(String method) {
        return rows.stream().anyMatch(r -> methodName(r).equals(method));
    }

    private static String methodName(Insn row) {
        return row.identifier();
    }

    /** Rows that have a semantics method. */
    List<Insn> implemented() {
        return rows.stream().filter(r -> methods.containsKey(methodName(r))).toList();
    }

    private static String checks(Insn row) {
        String privilege = switch (row.privilege()) {
            case HYPERVISOR -> "c.needHypervisor(); ";
            case PRIVILEGED -> "c.needPrivilege(); ";
            case PROBLEM -> "";
        };
        // TX or SX: bit 28 in DQ form, else bit 31.
        int high = row.name().equals("lxv") || row.name().equals("stxv") ? 8 : 1;
        String facility = switch (row.facility()) {
            case NONE, TM, BHRB -> "";
            case FP -> "c.needFp(); ";
            case VEC -> "c.needVec(); ";
            case VSX -> "c.needVsx(); ";
            case VSXVEC -> "c.needVsxOrVec(w, " + high + "); ";
            case FPVEC -> "c.needFpOrVec(w, " + high + "); ";
            case TAR -> "c.needFacility(Facility.TAR); ";
            case SCV -> "c.needFacility(Facility.SCV); ";
            case EBB -> "c.needFacility(Facility.EBB); ";
            case MSGP -> "c.needFacility(Facility.MSGP); ";
        };
        return privilege + facility;
    }

    private String call(Insn row, String pc) {
        Method m = methods.get(methodName(row));
        String args = m.getParameterCount() == 3 ? "(c, w, " + pc + ")" : "(c, w)";
        return m.getDeclaringClass().getSimpleName() + "." + m.getName() + args;
    }

    private boolean transfers(Insn row) {
        return methods.get(methodName(row)).getReturnType() == long.class;
    }

    private static boolean direct(Insn row) {
        return row.name().equals("b") || row.name().equals("bc");
    }

    private static boolean indirect(Insn row) {
        return row.name().equals("bclr") || row.name().equals("bcctr") || row.name().equals("bctar");
    }

    private static final String HEADER = """
            // Generated by DispatchGenerator from the instruction table; do not edit. To regenerate:
            // mvn -pl runtime -am test -Dtest=DispatchTest -Dnestling.regenerate=true -Dsurefire.failIfNoSpecifiedTests=false
            package io.nestling.runtime.interp;

            """;

    /** The loop alone, or with translated code where there is some: lines marked tiered are for the latter only. */
    String loop(boolean tiered) {
        StringBuilder text = new StringBuilder();
        int id = FIRST_CASE;
        for (Insn row : ends) {
            text.append("                                    case ").append(id++).append(": ").append(checks(row));
            if (indirect(row)) {
                text.append("next = ").append(call(row, "pc")).append("; break;");
            } else if (transfers(row)) {
                text.append("next = ").append(call(row, "pc")).append("; break context;");
            } else {
                text.append(call(row, "pc")).append("; next = pc + 4; break context;");
            }
            text.append('\n');
        }
        return (HEADER + imports(ends) + """

                /** The interpreter loop; see {@link GeneratedStraight}. */ //plain
                final class GeneratedLoop { //plain
                    private GeneratedLoop() {} //plain
                 //plain
                    /** Runs until an exit; see {@link Vcpu} for check points and counting. */ //plain
                    static Exit run(Vcpu c) { //plain
                /** {@link GeneratedLoop} that runs translated code where control arrives at some. */ //tiered
                final class TieredLoop { //tiered
                    private TieredLoop() {} //tiered
                 //tiered
                    /** Runs until an exit; see {@link Vcpu} for check points and counting. */ //tiered
                    static Exit run(Vcpu c, Tiering tiers) { //tiered
                        long base = c.nip & -4096L;
                        int i = (int) (c.nip >>> 2) & 1023;
                        boolean check = true;
                        boolean interpret = false; //tiered
                        Tiering.Counts counts = tiers.counts(c); //tiered
                        while (true) {
                            try {
                                if (check) {
                                    check = false;
                                    c.nip = base + 4L * i;
                                    if (c.due(c.nip)) {
                                        Exit exit = c.checkEvents();
                                        base = c.nip & -4096L;
                                        i = (int) (c.nip >>> 2) & 1023;
                                        if (exit != null) {
                                            return exit;
                                        }
                                    }
                                }
                                CodePage page = c.mmu.fetch(base + 4L * i);
                                arrival: //tiered
                                while (true) { //tiered
                                if (interpret) { //tiered
                                    interpret = false; //tiered
                                } else if (c.eaMask == -1 && !page.bigEndian) { //tiered
                                    CompiledCode[] compiled = page.compiled; //tiered
                                    if (compiled == null) { compiled = tiers.prepare(c, page); } //tiered
                                    CompiledCode code = compiled[i]; //tiered
                                    if (code == null) { //tiered
                                        if (page.arrived(i) == tiers.threshold) { tiers.hot(c, page, i); continue arrival; } //tiered
                                    } else { //tiered
                                        c.nip = base + 4L * i; //tiered
                                        int status = tiers.chain(c, counts, page, code); //tiered
                                        if (c.pendingExit != null) { //tiered
                                            return c.takePendingExit(); //tiered
                                        } //tiered
                                        if (status == CompiledCode.FAULT) { //tiered
                                            return Exit.HYPERVISOR; //tiered
                                        } //tiered
                                        if (status < CompiledCode.INTERPRET) { counts.exits[status]++; } //tiered
                                        check = status == CompiledCode.CHECK || status == CompiledCode.CONTEXT; //tiered
                                        interpret = status == CompiledCode.INTERPRET; //tiered
                                        base = c.nip & -4096L; //tiered
                                        i = (int) (c.nip >>> 2) & 1023; //tiered
                                        break arrival; //tiered
                                    } //tiered
                                } //tiered
                                long[] ops = page.ops;
                                loop:
                                while (true) {
                                    try {
                                        i = GeneratedStraight.run(c, ops, base, i);
                                    } catch (GuestFault f) {
                                        i = (int) (c.nip >>> 2) & 1023;
                                        throw f;
                                    }
                                    if (i < 0) {
                                        boolean forward = i == GeneratedStraight.FORWARD;
                                        i = (int) (c.nip >>> 2) & 1023;
                                        if ((c.nip & -4096L) == base && (forward || !c.due(c.nip))) { continue loop; } //plain
                                        if ((c.nip & -4096L) == base && (forward || !c.due(c.nip))) { continue arrival; } //tiered
                                        base = c.nip & -4096L;
                                        check = !forward;
                                        break loop;
                                    }
                                    long op = ops[i];
                                    int w = (int) op;
                                    long pc = base + 4L * i;
                                    long next;
                                    context: {
                                        switch ((int) (op >>> 48)) {
                                            case 0: if (Predecoder.decode(c, page, ops, i)) { continue loop; } break loop;
                                            case 1: base = c.ea(base + 4096); i = 0; break loop;
                %s                            default:
                                                next = GeneratedCold.run(c, w, (int) (op >>> 32) & 0xffff, pc);
                                                if (next == GeneratedCold.ORDINARY) { i++; continue loop; }
                                                break context;
                                        }
                                        c.moved(pc + 4, next);
                                        i = (int) (next >>> 2) & 1023;
                                        if ((next & -4096L) == base && !c.due(next)) { continue loop; } //plain
                                        if ((next & -4096L) == base && !c.due(next)) { continue arrival; } //tiered
                                        base = next & -4096L;
                                        check = true;
                                        break loop;
                                    }
                                    c.moved(pc + 4, next);
                                    base = next & -4096L;
                                    i = (int) (next >>> 2) & 1023;
                                    check = true;
                                    if (c.pendingExit != null) {
                                        c.nip = next;
                                        return c.takePendingExit();
                                    }
                                    break loop;
                                }
                                break arrival; //tiered
                                } //tiered
                            } catch (GuestFault f) {
                                c.nip = base + 4L * i;
                                if (c.faulted(f)) {
                                    return Exit.HYPERVISOR;
                                }
                                base = c.nip & -4096L;
                                i = (int) (c.nip >>> 2) & 1023;
                                // A guest whose handler faults at once must still be interruptible.
                                check = true;
                                interpret = false; //tiered
                            }
                        }
                    }
                }
                """.formatted(text)).lines()
                .filter(l -> !l.endsWith(tiered ? " //plain" : " //tiered"))
                .map(l -> l.replaceAll(" //(plain|tiered)$", "").stripTrailing() + "\n").collect(Collectors.joining());
    }

    /** Dispatch numbers, and the hot rows of straight code. */
    String straight() {
        StringBuilder dispatch = new StringBuilder();
        StringBuilder text = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        int id = FIRST_CASE;
        for (Insn row : ends) {
            dispatch.append("        DISPATCH[").append(row.op()).append("] = ").append(id++).append("; // ").append(row.name()).append('\n');
        }
        for (Insn row : straight) {
            boolean needsPc = methods.get(methodName(row)).getParameterCount() == 3;
            String call = methodName(row) + (needsPc ? "(c, w, base + 4L * i)" : "(c, w)");
            dispatch.append("        DISPATCH[").append(row.op()).append("] = ").append(id).append("; // ").append(row.name()).append('\n');
            text.append("                    case ").append(id++).append(": ");
            if (!direct(row)) {
                text.append(call).append("; break;\n");
            } else if (row.name().equals("b")) {
                text.append("return taken(c, base + 4L * i, ").append(call).append(");\n");
            } else {
                text.append("next = ").append(call).append("; if (next != base + 4L * i + 4) { return taken(c, base + 4L * i, next); } break;\n");
            }
            calls.append("    private static ").append(direct(row) ? "long " : "void ").append(methodName(row))
                    .append(needsPc ? "(Vcpu c, int w, long pc) { " : "(Vcpu c, int w) { ").append(checks(row))
                    .append(direct(row) ? "return " : "").append(call(row, "pc")).append("; }\n");
        }
        return HEADER + imports(straight) + """

                /**
                 * Straight code: what only goes on with the next instruction, and branches up to the first one taken. A switch of
                 * direct calls, which the JVM's optimizing compiler makes a table of jumps: on the way from an instruction to its
                 * semantics is one load, where a virtual call has five, one waiting for the other. They must stay calls
                 * ({@code compiler-directives.json}): else it computes what cases have in common, all fields of the word and more,
                 * ahead of the switch. And they must be calls of this class: it does not compile those of classes not met yet.
                 */
                final class GeneratedStraight {
                    /** A branch was taken to NIP, which lies behind it. */
                    static final int FORWARD = -1;
                    /** A branch was taken to NIP, which lies before it: look at events there. */
                    static final int BACKWARD = -2;
                    /** Dispatch number of each row: %d is for all behind {@link GeneratedCold}. */
                    static final short[] DISPATCH = new short[%d];

                    private GeneratedStraight() {}

                    static {
                        java.util.Arrays.fill(DISPATCH, (short) %d);
                %s    }

                    /**
                     * Runs from slot {@code from} of the page at {@code base}; with a fault, NIP is where it happened.
                     *
                     * @return the slot of an instruction that is the caller's business, FORWARD or BACKWARD
                     */
                    static int run(Vcpu c, long[] ops, long base, int from) {
                        int i = from;
                        long next;
                        try {
                            while (true) {
                                long op = ops[i];
                                int w = (int) op;
                                switch ((int) (op >>> 48)) {
                %s                    default: return i;
                                }
                                i++;
                            }
                        } catch (GuestFault f) {
                            c.nip = base + 4L * i;
                            throw f;
                        }
                    }

                    private static int taken(Vcpu c, long pc, long next) {
                        c.moved(pc + 4, next);
                        c.nip = next;
                        return next > pc ? FORWARD : BACKWARD;
                    }

                %s}
                """.formatted(COLD_ID, rows.size() + 1, COLD_ID, dispatch, text, calls);
    }

    String cold() {
        List<Insn> all = implemented();
        StringBuilder chunks = new StringBuilder();
        StringBuilder top = new StringBuilder();
        int n = rows.size() + 1;
        for (int start = 0; start < n; start += COLD_CHUNK) {
            int from = start;
            int to = Math.min(n, start + COLD_CHUNK);
            String name = "rows" + from;
            top.append("            case ").append(from / COLD_CHUNK).append(": return ").append(name).append("(c, w, row, pc);\n");
            chunks.append("\n    private static long ").append(name).append("(Vcpu c, int w, int row, long pc) {\n")
                    .append("        switch (row) {\n");
            for (Insn row : all) {
                if (row.op() < from || row.op() >= to) {
                    continue;
                }
                chunks.append("            case ").append(row.op()).append(": ").append(checks(row));
                if (transfers(row)) {
                    chunks.append("return ").append(call(row, "pc")).append(";\n");
                } else if (row.ends()) {
                    chunks.append(call(row, "pc")).append("; return pc + 4;\n");
                } else {
                    chunks.append(call(row, "pc")).append("; return ORDINARY;\n");
                }
            }
            chunks.append("            default: throw GeneratedCold.none(c, row);\n        }\n    }\n");
        }
        return HEADER + imports(all) + """

                /** Every row that has semantics, for engines that have nothing better for it. */
                final class GeneratedCold {
                    /** Returned by ordinary instructions: go on with the next one. No instruction has this address. */
                    static final long ORDINARY = 1;

                    private GeneratedCold() {}

                    /** Executes one instruction; the address of the next one, or {@link #ORDINARY}. */
                    static long run(Vcpu c, int w, int row, long pc) {
                        switch (row / %d) {
                %s            default: throw none(c, row);
                        }
                    }

                    private static GuestFault none(Vcpu c, int row) {
                        return Unimplemented.fault(c, row);
                    }
                %s}
                """.formatted(COLD_CHUNK, top, chunks);
    }

    /** Where the semantics of each row are, for the translator. */
    String index() {
        StringBuilder s = new StringBuilder();
        for (Insn row : implemented()) {
            Method m = methods.get(methodName(row));
            s.append("            case ").append(row.op()).append(" -> new Semantics(\"")
                    .append(m.getDeclaringClass().getSimpleName()).append("\", \"").append(m.getName()).append("\", \"")
                    .append(m.getParameterTypes()[0] == Vcpu.class ? "cpu/Vcpu" : "cpu/CpuState").append("\", ")
                    .append(m.getParameterCount() == 3).append(");\n");
        }
        return HEADER + """

                /** The semantics method of every row that has one. */
                final class GeneratedIndex {
                    private GeneratedIndex() {}

                    static Semantics of(int row) {
                        return switch (row) {
                %s            default -> null;
                        };
                    }
                }
                """.formatted(s);
    }

    private String imports(List<Insn> used) {
        StringBuilder s = new StringBuilder();
        s.append("import io.nestling.runtime.cpu.Exit;\n");
        s.append("import io.nestling.runtime.cpu.Facility;\n");
        s.append("import io.nestling.runtime.cpu.GuestFault;\n");
        s.append("import io.nestling.runtime.cpu.Vcpu;\n");
        used.stream().map(r -> methods.get(methodName(r)).getDeclaringClass().getName()).distinct().sorted()
                .forEach(n -> s.append("import ").append(n).append(";\n"));
        s.append("import io.nestling.runtime.memory.CodePage;\n");
        s.append("import io.nestling.runtime.memory.CompiledCode;\n");
        return s.toString();
    }

    /** Source text of a generated class: imports that it does not use are left out, lines indented by their depth. */
    static String tidy(String source) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (String line : source.lines().map(String::strip).toList()) {
            if (line.startsWith("import ")) {
                String simple = line.substring(line.lastIndexOf('.') + 1, line.length() - 1);
                if (!source.replace(line, "").matches("(?s).*\\b" + simple + "\\b.*")) {
                    continue;
                }
            }
            int after = line.startsWith("//") || line.startsWith("*") || line.startsWith("/*") ? depth
                    : depth + (int) (line.chars().filter(c -> c == '{').count() - line.chars().filter(c -> c == '}').count());
            int here = line.startsWith("}") ? depth - 1 : depth;
            if (!line.isEmpty()) {
                out.append("    ".repeat(here)).append(line.startsWith("*") ? " " : "").append(line);
            }
            out.append('\n');
            depth = after;
        }
        return out.toString();
    }
}
