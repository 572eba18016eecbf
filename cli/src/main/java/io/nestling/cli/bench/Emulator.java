package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that can boot a guest: how its command line is made.
 *
 * @param name    short, for tables
 * @param version what it says of itself
 * @param start   the words before those for the guest
 * @param dashes  how it spells its long options
 */
public record Emulator(String name, String version, List<String> start, String dashes) {
    private static final String QEMU = "qemu-system-ppc64";
    private static final String MEMORY = "2G";
    /** The same for all, in bytes. */
    static final long GUEST_MEMORY = 2L << 30;

    /** This Nestling with one of its engines, in a JVM like the one that the launcher started for this process. */
    public static Emulator nestling(String engine) {
        var start = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        start.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String classes = System.getProperty("java.class.path");
        // The launcher gives one jar, whose manifest opens what has to be open.
        start.addAll(classes.endsWith(".jar") && !classes.contains(File.pathSeparator) ? List.of("-jar", classes)
                : List.of("-cp", classes, "io.nestling.cli.Main"));
        start.addAll(List.of("boot", "--engine", engine, "--memory", MEMORY));
        return new Emulator(engine, "Nestling on " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version"), List.copyOf(start), "--");
    }

    /** QEMU's translator with the machine we emulate, started without firmware as we are. */
    public static Emulator qemu() throws IOException, InterruptedException {
        if (!CrossCompiler.onPath(QEMU)) {
            throw new UserError("--peer qemu: " + QEMU + " not found: install the package qemu-system-ppc, or leave out --peer");
        }
        Process process = new ProcessBuilder(QEMU, "--version").redirectErrorStream(true).start();
        process.getOutputStream().close();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
        process.waitFor();
        return new Emulator("qemu", version, List.of(QEMU, "-M",
                "pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off", "-accel", "tcg", "-cpu", "power9",
                "-m", MEMORY, "-nographic", "-vga", "none", "-nic", "none", "-no-reboot"), "-");
    }

    /** The whole command for a guest. */
    List<String> command(Path kernel, Path initrd, String append) {
        var command = new ArrayList<>(start);
        command.addAll(List.of(dashes + "kernel", kernel.toString(), dashes + "initrd", initrd.toString(), dashes + "append", append));
        return command;
    }
}
