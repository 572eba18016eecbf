package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Compares the disassembler with objdump on random encodings of every row and every extended mnemonic. */
class DisassemblerTest {
    private static final int PER_FORM = Integer.getInteger("nestling.encodings", 60);

    @Test
    void textEqualsObjdumpOnRandomEncodings() throws Exception {
        Objdump.require();
        Random random = new Random(9);
        List<Integer> list = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Insn row : Isa.rows()) {
            for (Form form : row.forms()) {
                for (int i = 0; i < PER_FORM; i++) {
                    list.add(Encodings.random(row, form, random));
                    names.add(row.name());
                }
            }
        }
        int[] words = list.stream().mapToInt(Integer::intValue).toArray();
        List<String> expected = Objdump.disassemble(words);
        assertEquals(words.length, expected.size());
        Map<String, List<String>> wrong = new TreeMap<>();
        for (int i = 0; i < words.length; i++) {
            String text = Disassembler.disassemble(words[i], 4L * i);
            if (!text.equals(expected.get(i)) && Deviations.of(words[i], expected.get(i)) == null) {
                wrong.computeIfAbsent(names.get(i), k -> new ArrayList<>()).add(String.format("%08x %s | %s", words[i], expected.get(i), text));
            }
        }
        StringBuilder report = new StringBuilder();
        wrong.forEach((name, lines) -> report.append(name).append(": ").append(lines.size()).append(" such as ").append(lines.subList(0, Math.min(4, lines.size()))).append('\n'));
        assertEquals("", report.toString());
    }
}
