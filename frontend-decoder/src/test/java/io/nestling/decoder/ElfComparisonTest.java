package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** All instructions of whole programs as text, against objdump: {@code -Dnestling.elf=vmlinux,busybox,libc.so.6,cc1}. */
class ElfComparisonTest {

    @Test
    @EnabledIfSystemProperty(named = "nestling.elf", matches = ".+", disabledReason = "slow; run with -Dnestling.elf=FILE,FILE...")
    void textEqualsObjdumpOnWholePrograms() throws Exception {
        Objdump.require();
        for (String file : System.getProperty("nestling.elf").split(",")) {
            ElfComparison result = ElfComparison.compare(Path.of(file));
            System.out.println(file + ": " + result);
            assertTrue(result.lines() > 0, file);
            assertEquals(Map.of(), result.differences(), file);
        }
    }
}
