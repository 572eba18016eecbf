package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs GNU objdump for ppc64le, the oracle of the disassembler. */
final class Objdump {
    private static final String PROGRAM = "powerpc64le-linux-gnu-objdump";

    private Objdump() {}

    /** Skips the calling test where objdump is missing, except in CI, where it fails. */
    static void require() {
        boolean present;
        try {
            present = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(present, PROGRAM + " is missing (package binutils-powerpc64le-linux-gnu)");
        }
        assumeTrue(present, PROGRAM + " is missing (package binutils-powerpc64le-linux-gnu)");
    }

    /** The text of every word, at addresses 0, 4, ...; blanks are reduced to one. */
    static List<String> disassemble(int[] words) throws IOException, InterruptedException {
        Path file = Files.createTempFile("nestling", ".bin");
        try {
            ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put(words);
            Files.write(file, bytes.array());
            List<String> result = new ArrayList<>(words.length);
            lines(List.of("-D", "-z", "-b", "binary", "-m", "powerpc:common64", "-M", "power9", "-EL", file.toString()), line -> {
                String[] columns = line.split("\t", 4);
                if (columns.length >= 3 && columns[0].endsWith(":")) {
                    result.add(columns.length == 3 ? columns[2] : columns[2] + columns[3]);
                }
            });
            return result;
        } finally {
            Files.delete(file);
        }
    }

    /** Passes every line that objdump prints to {@code consumer}. */
    static void lines(List<String> arguments, Consumer<String> consumer) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(PROGRAM);
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(consumer);
        }
        assertTrue(process.waitFor() == 0, "objdump failed: " + command);
    }
}
