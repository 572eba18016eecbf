package io.nestling.tests.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The oracle: Debian's user-mode QEMU, as a POWER9. */
public final class Qemu {
    /** Program name, as Debian's package qemu-user installs it; the other byte order's comes with it. */
    public static final String COMMAND = "qemu-ppc64le";
    private static final String BIG_ENDIAN_COMMAND = "qemu-ppc64";
    private static final int TIMEOUT_SECONDS = 300;

    private final Path directory;

    /** An oracle that keeps its programs in this directory. */
    public Qemu(Path directory) {
        this.directory = directory;
    }

    /** The first line of the oracle's version text, or null when it is not installed. */
    public static String version() {
        try {
            Process p = new ProcessBuilder(COMMAND, "--version").redirectErrorStream(true).start();
            String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return p.waitFor() == 0 ? out.lines().findFirst().orElse("") : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /**
     * Runs a program to its end.
     *
     * @return the final state of each case
     * @throws IOException when the oracle itself fails (which names the first case without a result, if it can tell)
     */
    public List<State> run(OracleProgram program) throws IOException {
        Path elf = Files.createTempFile(directory, "oracle", ".elf");
        Path errors = Files.createTempFile(directory, "oracle", ".err");
        try {
            Files.delete(elf);
            program.writeElf(elf);
            Process p = new ProcessBuilder(
                    program.order() == ByteOrder.LITTLE_ENDIAN ? COMMAND : BIG_ENDIAN_COMMAND, "-cpu", "power9", elf.toString())
                    .redirectError(errors.toFile()).start();
            p.getOutputStream().close();
            int size = program.cases().size() * State.STRIDE;
            var watchdog = p.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).exceptionally(e -> p.destroyForcibly());
            byte[] out;
            try (var in = p.getInputStream()) {
                out = in.readAllBytes();
            }
            watchdog.join();
            p.waitFor();
            if (p.exitValue() != 0 || out.length != size) {
                throw new IOException("the oracle ended with status " + p.exitValue() + " after " + out.length + " of "
                        + size + " bytes: " + Files.readString(errors).strip());
            }
            ByteBuffer b = ByteBuffer.wrap(out).order(program.order());
            List<State> states = new ArrayList<>();
            for (int i = 0; i < program.cases().size(); i++) {
                states.add(State.get(b, i * State.STRIDE));
            }
            return states;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(elf);
            Files.deleteIfExists(errors);
        }
    }

    /** The cases that bring the oracle itself down, found by halving. */
    public List<OracleCase> crashers(List<OracleCase> cases, ByteOrder order) {
        try {
            run(new OracleProgram(cases, order));
            return List.of();
        } catch (IOException e) {
            if (cases.size() == 1) {
                return cases;
            }
            List<OracleCase> found = new ArrayList<>(crashers(cases.subList(0, cases.size() / 2), order));
            found.addAll(crashers(cases.subList(cases.size() / 2, cases.size()), order));
            return found;
        }
    }
}
