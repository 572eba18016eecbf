package io.nestling.tests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.nestling.decoder.Insn;
import io.nestling.decoder.Isa;
import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.interp.Semantics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every user-mode instruction that has semantics, on random operands, against user-mode QEMU; and random programs.
 *
 * <p>System properties: {@code nestling.oracle.cases} cases per mnemonic (200), {@code nestling.oracle.rows} a regular
 * expression over row names, {@code nestling.oracle.first} the number of the first case (0), {@code nestling.oracle.seed}
 * a file with one case to run and print.
 */
class OracleTest {
    private static final Path SEEDS = Path.of("src/test/resources/io/nestling/tests/oracle/seeds");
    private static final int REPORTS = 20;
    private static final int CASES = Integer.getInteger("nestling.oracle.cases", 200);
    private static final int PROGRAMS = Integer.getInteger("nestling.oracle.programs", 3000);
    /** Translating takes a while, so it is done for one case in so many. */
    private static final int TRANSLATED = 20;

    @TempDir
    static Path directory;

    @BeforeAll
    static void oracleIsInstalled() {
        String version = Qemu.version();
        if (version == null && "true".equals(System.getenv("CI"))) {
            fail(Qemu.COMMAND + " is missing: install Debian's package qemu-user");
        }
        Assumptions.assumeTrue(version != null, Qemu.COMMAND + " is not installed (Debian: qemu-user)");
    }

    @Test
    void everyInstructionAgrees() throws IOException {
        try (Suite suite = suite(ByteOrder.LITTLE_ENDIAN)) {
            instructionsAgree(suite, ByteOrder.LITTLE_ENDIAN, row -> true, CASES);
        }
    }

    /** The translator makes code of each case on its first run; it is the second that counts. */
    @Test
    void translatedCodeAgrees() throws IOException {
        try (JitEngine engine = translating(); Suite suite = translated(engine)) {
            programsAgree(suite, PROGRAMS / TRANSLATED);
            instructionsAgree(suite, ByteOrder.LITTLE_ENDIAN, row -> true, CASES / TRANSLATED);
        }
    }

    /** Storage is where the byte order matters. */
    @Test
    void bigEndianStorageAgrees() throws IOException {
        try (Suite suite = suite(ByteOrder.BIG_ENDIAN)) {
            instructionsAgree(suite, ByteOrder.BIG_ENDIAN,
                    row -> row.load() != 0 || row.store() != 0 || row.name().startsWith("lvs"), CASES);
        }
    }

    private static void instructionsAgree(Suite suite, ByteOrder order, Predicate<Insn> wanted, int count)
            throws IOException {
        long first = Long.getLong("nestling.oracle.first", 0);
        String rows = System.getProperty("nestling.oracle.rows", ".*");
        int covered = 0;
        int missing = 0;
        int skipped = 0;
        long before = suite.cases();
        List<OracleCase> cases = new ArrayList<>();
        for (Insn row : Isa.rows()) {
            if (!row.name().matches(rows) || !wanted.test(row)) {
                continue;
            }
            if (Differences.skipped(row, order) != null) {
                skipped++;
            } else if (Semantics.of(row.op()) == null) {
                missing++;
            } else {
                covered++;
                for (int i = 0; i < count; i++) {
                    cases.add(CaseGenerator.generate(row, first + i));
                }
                if (cases.size() + count > OracleProgram.LIMIT) {
                    suite.run(cases);
                    cases.clear();
                }
            }
        }
        suite.run(cases);
        System.out.println("oracle, " + order + ": " + covered + " mnemonics covered by " + (suite.cases() - before)
                + " cases; " + missing + " user-mode mnemonics have no semantics, " + skipped + " rows cannot be compared");
        check(suite);
    }

    @Test
    void randomProgramsAgree() throws IOException {
        try (Suite suite = suite(ByteOrder.LITTLE_ENDIAN)) {
            programsAgree(suite, PROGRAMS);
        }
    }

    private static void programsAgree(Suite suite, int count) throws IOException {
        long first = Long.getLong("nestling.oracle.first", 0);
        long before = suite.cases();
        List<OracleCase> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cases.add(ProgramGenerator.generate(first + i));
            if (cases.size() == ProgramGenerator.BATCH) {
                suite.run(cases);
                cases.clear();
            }
        }
        suite.run(cases);
        System.out.println("oracle: " + (suite.cases() - before) + " random programs compared");
        check(suite);
    }

    @Test
    void oldFailuresStayFixed() throws IOException {
        String one = System.getProperty("nestling.oracle.seed");
        List<Path> files;
        if (one != null) {
            files = List.of(Path.of(one));
        } else {
            try (Stream<Path> s = Files.list(SEEDS)) {
                files = s.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
            }
        }
        List<OracleCase> cases = new ArrayList<>();
        for (Path file : files) {
            cases.add(OracleCase.parse(Files.readAllLines(file)));
        }
        try (Suite suite = suite(ByteOrder.LITTLE_ENDIAN)) {
            suite.run(cases);
            assertEquals(files.size(), suite.cases());
            check(suite);
        }
        try (JitEngine engine = translating(); Suite suite = translated(engine)) {
            suite.run(cases);
            check(suite);
        }
    }

    private static JitEngine translating() {
        return new JitEngine(new Translator.Settings(1, Long.MAX_VALUE, 160, true));
    }

    private static Suite translated(JitEngine engine) {
        return new Suite(new Qemu(directory), engine, ByteOrder.LITTLE_ENDIAN, 2);
    }

    private static Suite suite(ByteOrder order) {
        return new Suite(new Qemu(directory), new Interpreter(), order);
    }

    private static void check(Suite suite) {
        assertTrue(suite.crashers().isEmpty(), () -> "the oracle does not survive " + suite.crashers().getFirst().text());
        if (suite.failures().isEmpty()) {
            return;
        }
        Map<String, Integer> rows = new LinkedHashMap<>();
        StringBuilder b = new StringBuilder();
        for (Suite.Failure f : suite.failures()) {
            int before = rows.merge(f.test().row(), 1, Integer::sum);
            if (before == 1 && rows.size() <= REPORTS) {
                Path seed = save(f);
                b.append(f.text()).append("   to repeat: mvn -pl tests -am test -Dtest=OracleTest "
                        + "-Dsurefire.failIfNoSpecifiedTests=false -Dnestling.oracle.seed=").append(seed)
                        .append("\n\n");
            }
        }
        fail(suite.failures().size() + " of " + suite.cases() + " cases differ: " + rows + "\n" + b);
    }

    /** Writes the case where it can be run again; once fixed, it belongs with the other seeds. */
    private static Path save(Suite.Failure f) {
        try {
            Path out = Files.createDirectories(Path.of("target/oracle")).toAbsolutePath();
            Path file = out.resolve(f.test().row().replace(".", "_") + ".txt");
            return Files.writeString(file, f.test().text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
