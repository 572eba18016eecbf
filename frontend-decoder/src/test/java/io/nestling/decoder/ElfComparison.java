package io.nestling.decoder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the disassembler with objdump on all instructions of ELF files; the arguments of {@link #main} name them. */
final class ElfComparison {
    private long lines;
    private long deviations;
    private final Map<String, List<String>> differences = new TreeMap<>();

    /** Prints for every file the number of lines compared and the differences by mnemonic. */
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            System.out.println(compare(Path.of(file)));
        }
    }

    /** Compares one file. */
    static ElfComparison compare(Path file) throws Exception {
        ElfComparison result = new ElfComparison();
        Objdump.lines(List.of("-d", "-M", "power9", file.toString()), line -> {
            String[] columns = line.split("\t", 4);
            if (columns.length >= 3 && columns[0].endsWith(":") && columns[1].length() == 12) {
                long address = Long.parseUnsignedLong(columns[0].trim().replace(":", ""), 16);
                int word = 0;
                for (int i = 0; i < 4; i++) {
                    word |= Integer.parseInt(columns[1].substring(3 * i, 3 * i + 2), 16) << 8 * i;
                }
                result.line(word, address, columns.length == 3 ? columns[2] : columns[2] + columns[3]);
            }
        });
        return result;
    }

    private void line(int word, long address, String expected) {
        lines++;
        int symbol = expected.indexOf(" <");
        String want = symbol < 0 ? expected : expected.substring(0, symbol);
        // objdump writes "0x" only in files without symbols.
        String prefix = want.contains("0x") ? "0x" : "";
        String text = Disassembler.disassemble(word, address, target -> prefix + Long.toHexString(target));
        if (text.equals(want)) {
            return;
        }
        if (Deviations.of(word, want) != null) {
            deviations++;
        } else {
            differences.computeIfAbsent(want.split(" ")[0], k -> new ArrayList<>())
                    .add(String.format("%x: %08x %s | %s", address, word, want, text));
        }
    }

    /** How many instructions were compared. */
    long lines() {
        return lines;
    }

    /** Differences other than the deviations on purpose, by objdump's mnemonic. */
    Map<String, List<String>> differences() {
        return differences;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(lines + " lines compared, " + deviations + " deviations on purpose, "
                + differences.values().stream().mapToInt(List::size).sum() + " differences");
        differences.forEach((name, list) -> out.append("\n  ").append(name).append(": ").append(list.size()).append(" such as ")
                .append(list.subList(0, Math.min(4, list.size()))));
        return out.toString();
    }
}
