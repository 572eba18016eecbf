package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.PeerQemu;
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
 * @param dialect how it wants to be told of the guest
 */
public record Emulator(String name, String version, List<String> start, Dialect dialect) {
    /** How options are spelled. */
    enum Dialect { NESTLING, QEMU }

    private static final String QEMU = "qemu-system-ppc64";
    /** A machine without the mitigations that only cost time in an emulator, started without firmware as we are. */
    private static final String MACHINE = "pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off";

    /** This Nestling with one of its engines, in a JVM like the one that the launcher started for this process. */
    public static Emulator nestling(String engine) {
        var start = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        start.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String classes = System.getProperty("java.class.path");
        // The launcher gives one jar, whose manifest opens what has to be open.
        start.addAll(classes.endsWith(".jar") && !classes.contains(File.pathSeparator) ? List.of("-jar", classes)
                : List.of("-cp", classes, "io.nestling.cli.Main"));
        start.addAll(List.of("boot", "--engine", engine));
        return new Emulator(engine, "Nestling on " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version"), List.copyOf(start), Dialect.NESTLING);
    }

    /** QEMU's translator: the one that {@code nestling image build qemu-peer} fetched, else the host's own. */
    public static Emulator qemu() throws IOException, InterruptedException {
        var fetched = PeerQemu.command(ImageStore.ofUser());
        if (fetched.isEmpty() && !CrossCompiler.onPath(QEMU)) {
            throw new UserError("--peer qemu: " + QEMU + " not found: run 'nestling image build " + PeerQemu.NAME
                    + "' or install the package qemu-system-ppc, or leave out --peer");
        }
        var start = new ArrayList<>(fetched.orElse(List.of(QEMU)));
        var ask = new ArrayList<>(start);
        ask.add("--version");
        Process process = new ProcessBuilder(ask).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
        if (process.waitFor() != 0) {
            throw new UserError("--peer qemu: " + start.getFirst() + " does not run (" + version + "): run 'nestling image build "
                    + PeerQemu.NAME + "', or leave out --peer");
        }
        return new Emulator("qemu", version, List.copyOf(start), Dialect.QEMU);
    }

    /** The whole command for a guest. */
    List<String> command(Guest guest) {
        var command = new ArrayList<>(start);
        boolean ours = dialect == Dialect.NESTLING;
        String dashes = ours ? "--" : "-";
        if (ours) {
            command.addAll(List.of("--memory", Long.toString(guest.memory()), "--smp", Integer.toString(guest.processors())));
            command.addAll(guest.ours());
        } else {
            command.addAll(List.of("-M", MACHINE + (guest.nesting() ? ",cap-nested-hv=on" : ""), "-accel",
                    guest.processors() > 1 ? "tcg,thread=multi" : "tcg", "-smp", Integer.toString(guest.processors()), "-cpu", "power9",
                    "-m", (guest.memory() >> 20) + "M", "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot"));
        }
        if (guest.network()) {
            command.addAll(ours ? List.of("--net", "user")
                    : List.of("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="));
        }
        for (Path disk : guest.disks()) {
            command.addAll(ours ? List.of("--drive", disk + ",readonly")
                    : List.of("-drive", "file=" + disk + ",format=raw,if=virtio,readonly=on"));
        }
        guest.initrd().ifPresent(initrd -> command.addAll(List.of(dashes + "initrd", initrd.toString())));
        command.addAll(List.of(dashes + "kernel", guest.kernel().toString(), dashes + "append", guest.append()));
        return command;
    }
}
