package io.nestling.cli.command;

import io.nestling.cli.Messages;
import io.nestling.cli.UserError;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageBuilder;
import io.nestling.cli.image.ImageStore;
import io.nestling.jit.JitEngine;
import io.nestling.jit.cache.StoreVersion;
import io.nestling.jit.cache.TranslationStore;
import io.nestling.jit.cache.Translator;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.device.block.DiskFormat;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.interp.Stepper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a guest. */
@Command(name = "boot", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Boots a Linux kernel on an emulated POWER9 pseries machine; its console is this terminal.",
            "Without --kernel, boots a Debian guest that is fetched on first use."},
        footer = {"", "Keys: Ctrl-a x ends, Ctrl-a c shows the state, Ctrl-a n the guests, Ctrl-a h helps, Ctrl-a Ctrl-a sends Ctrl-a."})
final class BootCommand implements Callable<Integer> {
    /** What can execute instructions, by the name users give. */
    private static final Map<String, Supplier<Engine>> ENGINES = Map.of("interp", Interpreter::new, "step", Stepper::new,
            "jit", () -> translating(Translator.Settings.DEFAULT),
            "quick", () -> translating(Translator.Settings.DEFAULT.withoutHotTier()));

    /** An engine that shares translations with other runs of this user. */
    private static Engine translating(Translator.Settings settings) {
        try {
            return new JitEngine(settings, new TranslationStore(ImageStore.ofUser().root().resolve("translations"),
                    StoreVersion.current(), TranslationStore.DEFAULT_LIMIT, Messages::say));
        } catch (IOException e) {
            Messages.say("translations are not stored: this program's own files cannot be read (" + Host.reason(e) + ")");
            return new JitEngine(settings);
        }
    }

    /** What the guest's terminal is, by the name users give: whether it is a virtio device. */
    private static final Map<String, Boolean> CONSOLES = Map.of("hvc", false, "virtio", true);

    /** The names users can give to {@code --engine}. */
    static SortedSet<String> engineNames() {
        return new TreeSet<>(ENGINES.keySet());
    }

    @Option(names = "--image", paramLabel = "NAME", completionCandidates = ImageCommand.BootableNames.class,
            description = "Debian guest to boot: ${COMPLETION-CANDIDATES}. Default: debian-6.12-64k.")
    private String image;

    @Option(names = "--kernel", paramLabel = "FILE", description = "Kernel to boot: a 64-bit Power ELF file such as vmlinux.")
    private Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "Initial RAM disk, as the kernel likes it.")
    private Path initrd;

    @Option(names = "--append", paramLabel = "TEXT", description = "Kernel command line. Default: ${DEFAULT-VALUE}.",
            defaultValue = "console=hvc0")
    private String append;

    @Option(names = "--memory", paramLabel = "SIZE", converter = Sizes.Bytes.class, defaultValue = "2G",
            description = "Guest memory, committed as it is touched. Default: ${DEFAULT-VALUE}.")
    private long memory;

    @Option(names = "--smp", paramLabel = "N[,threads=T]", converter = Smp.Converter.class, defaultValue = "1",
            description = "Processors, up to 16, and how many of them are threads of one core. Default: ${DEFAULT-VALUE}.")
    private Smp smp;

    @Option(names = "--nested", paramLabel = "API", defaultValue = "v1",
            description = "How the guest may run guests of its own: v1, by H_ENTER_NESTED as Linux's kvm-hv does; or none. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String nested;

    @Option(names = "--cap", paramLabel = "NAME=on|off", description = "Offers or withholds a capability; may be given several times."
            + " rpt-invalidate (off): H_RPT_INVALIDATE, which Linux uses in place of H_TLB_INVALIDATE.")
    private List<String> capabilities = List.of();

    @Option(names = "--drive", paramLabel = "FILE[,format=raw|qcow2][,readonly][,snapshot]",
            description = "A disk of the guest, /dev/vda and so on; may be given several times. readonly: the guest cannot write;"
                    + " snapshot: what it writes is gone in the end.")
    private List<String> drives = List.of();

    @Option(names = "--rng", description = "A device that gives the guest random bytes of the host.")
    private boolean entropy;

    @Option(names = "--net", paramLabel = "user[,hostfwd=tcp::HOST-:GUEST]",
            description = "A network card: the guest reaches what this host reaches, its DHCP server and name server are there,"
                    + " and TCP ports of this host can be forwarded to it (loopback only, unless an address is given).")
    private Optional<String> net = Optional.empty();

    @Option(names = "--console", paramLabel = "NAME", defaultValue = "hvc", description = "The guest's terminal: hvc, the hypervisor's,"
            + " /dev/hvc0; or virtio, a device on the PCI bus, /dev/hvc1, beside which hvc0 only prints. Default: ${DEFAULT-VALUE}.")
    private String console;

    @Option(names = "--share", paramLabel = "DIR,tag=NAME[,readonly]",
            description = "A folder of this host for the guest, which mounts it by its tag (mount -t 9p -o trans=virtio NAME /mnt);"
                    + " may be given several times.")
    private List<String> shares = List.of();

    @Option(names = "--time", paramLabel = TimeMode.LABEL, converter = TimeMode.Converter.class, defaultValue = "real",
            description = TimeMode.DESCRIPTION)
    private TimeMode time;

    @Option(names = "--timeout", paramLabel = "TIME", converter = Sizes.Time.class,
            description = "End with exit code 4 after this much host time, such as 120s.")
    private Optional<Duration> timeout = Optional.empty();

    @Option(names = "--expect", paramLabel = "REGEX", converter = Patterns.class,
            description = "End with exit code 0 when a console line matches, and with 6 if the guest ends before.")
    private Optional<Pattern> expect = Optional.empty();

    @Option(names = "--fail-on", paramLabel = "REGEX", converter = Patterns.class,
            description = "End with exit code 3 when a console line matches.")
    private Optional<Pattern> failOn = Optional.empty();

    @Option(names = "--console-log", paramLabel = "FILE", description = "Write the console to this file too.")
    private Path consoleLog;

    @Option(names = "--no-reboot", description = "End when the guest reboots.")
    private boolean noReboot;

    @Option(names = "--stats", description = "Print counters to standard error at the end.")
    private boolean stats;

    @Option(names = "--dump-region", paramLabel = "ADDR", converter = Sizes.Address.class,
            description = "At the end, print the region of translated code at this effective address: guest code and bytecode.")
    private Optional<Long> dumpRegion = Optional.empty();

    @Option(names = "--dump-dtb", paramLabel = "FILE", description = "Write the device tree of the machine to this file.")
    private Path dumpDtb;

    @Option(names = "--engine", paramLabel = "NAME", defaultValue = "jit", description = "What executes instructions: interp; step,"
            + " its slow and plain twin; jit, which translates what is executed often; or quick, the same without its"
            + " optimizing tier. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Override
    public Integer call() throws InterruptedException {
        Path bootKernel = kernel;
        List<Drive> disks = new ArrayList<>(drives.stream().map(Drive::parse).toList());
        Path bootInitrd = initrd;
        if (kernel == null) {
            var built = ImageBuilder.throughApt(ImageStore.ofUser(), Optional.empty())
                    .get(image == null ? GuestRecipe.DEFAULT : ImageCommand.recipe("--image", image, GuestRecipe.BOOTABLE), ImageCommand.progress());
            bootKernel = built.kernel();
            bootInitrd = initrd == null ? built.initrd() : initrd;
            // A system's own disk comes first; what --drive names follows.
            built.root().ifPresent(root -> disks.addFirst(new Drive(root, DiskFormat.RAW, false, false)));
        } else if (image != null) {
            throw new UserError("--image " + image + ": --kernel " + kernel + " is given too: leave out one of them");
        }
        if (memory > Host.memory()) {
            throw new UserError("--memory " + Sizes.text(memory) + " is more than the " + Sizes.text(Host.memory() >> 20 << 20)
                    + " of this host: give less");
        }
        return new GuestSession(new GuestSession.Settings(bootKernel, bootInitrd, append, memory, smp,
                Nesting.parse(nested, capabilities), disks, entropy, net.map(Net::parse), shares.stream().map(Share::parse).toList(),
                choose("--console", console, CONSOLES), time.clock(), engine(), timeout, expect, failOn, Optional.ofNullable(consoleLog),
                Optional.ofNullable(dumpDtb), noReboot, stats)).run();
    }

    private Supplier<Engine> engine() {
        Supplier<Engine> chosen = choose("--engine", engine, ENGINES);
        return dumpRegion.isEmpty() ? chosen : () -> {
            if (!(chosen.get() instanceof JitEngine jit)) {
                throw new UserError("--dump-region: --engine " + engine + " translates nothing: choose jit or quick");
            }
            jit.dumpAtEnd(dumpRegion.get());
            return jit;
        };
    }

    private static <T> T choose(String option, String name, Map<String, T> choices) {
        T choice = choices.get(name);
        if (choice == null) {
            throw new UserError(option + " " + name + ": no such thing: choose one of "
                    + choices.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return choice;
    }
}
