package io.nestling.tests.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not hold. */
class HouseTest {
    private static final int LONGEST_FILE = 1000;
    private static final Path ROOT = Path.of("..");
    /** What no source may have. Spelled so that this file does not have it either. */
    private static final Pattern FORBIDDEN = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b|@Dis" + "abled|sun\\.misc\\.Un" + "safe"
            + "|^import .*\\.Unsafe;");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.nestling");
    }

    private static void assertNoArrow(String from, String... to) {
        noClasses().that().resideInAPackage("io.nestling." + from + "..").should().dependOnClassesThat()
                .resideInAnyPackage(List.of(to).stream().map(p -> "io.nestling." + p + "..").toArray(String[]::new))
                .because("arrows point one way only: decoder, runtime, hv, cli").allowEmptyShould(true).check(classes);
    }

    @Test
    void arrowsPointOneWay() {
        assertTrue(classes.size() > 50, "the classes of the house are not on the class path");
        assertNoArrow("decoder", "runtime", "jit", "hv", "cli");
        assertNoArrow("runtime", "jit", "hv", "cli");
        assertNoArrow("jit", "hv", "cli");
        assertNoArrow("hv", "jit", "cli");
    }

    @Test
    void nobodyUsesUnsafe() {
        noClasses().should().dependOnClassesThat().haveFullyQualifiedName("sun.misc.Un" + "safe")
                .orShould().dependOnClassesThat().resideInAnyPackage("jdk.internal..").check(classes);
    }

    @Test
    void sourcesAreShortAndFinished() throws IOException {
        var faults = new ArrayList<String>();
        int files = 0;
        try (var modules = Files.list(ROOT)) {
            for (Path sources : modules.map(m -> m.resolve("src")).filter(Files::isDirectory).toList()) {
                try (var found = Files.walk(sources)) {
                    for (Path file : found.filter(f -> f.toString().endsWith(".java")).toList()) {
                        files++;
                        inspect(file, faults);
                    }
                }
            }
        }
        assertTrue(files > 50, "found only " + files + " sources");
        assertEquals(List.of(), faults);
    }

    private static void inspect(Path file, List<String> faults) throws IOException {
        List<String> lines = Files.readAllLines(file);
        boolean generated = lines.stream().limit(20).anyMatch(line -> line.matches(".*Generated (by|from) .*"));
        if (lines.size() > LONGEST_FILE && !generated) {
            faults.add(file + " has " + lines.size() + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (FORBIDDEN.matcher(lines.get(i)).find()) {
                faults.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
            }
        }
    }
}
