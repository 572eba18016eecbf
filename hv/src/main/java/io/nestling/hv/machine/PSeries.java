package io.nestling.hv.machine;

import io.nestling.hv.ledger.NestLedger;
import io.nestling.hv.nested.EnterNested;
import io.nestling.hv.nested.NestedApi;
import io.nestling.hv.nested.NestedEntry;
import io.nestling.hv.nested.NestedHcalls;
import io.nestling.hv.nested.QuadrantCopy;
import io.nestling.hv.papr.CpuHcalls;
import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.papr.LogicalIoHcalls;
import io.nestling.hv.papr.MmuHcalls;
import io.nestling.hv.papr.ModeHcalls;
import io.nestling.hv.papr.TceHcalls;
import io.nestling.hv.papr.TermHcalls;
import io.nestling.hv.papr.VpaHcalls;
import io.nestling.hv.papr.XicsHcalls;
import io.nestling.hv.partition.Guest;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.hv.rtas.ClockRtas;
import io.nestling.hv.rtas.MiscRtas;
import io.nestling.hv.rtas.NvramRtas;
import io.nestling.hv.rtas.PciRtas;
import io.nestling.hv.rtas.PowerRtas;
import io.nestling.hv.rtas.RtasTable;
import io.nestling.hv.rtas.XicsRtas;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.block.Disk;
import io.nestling.runtime.device.block.VirtioBlock;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.console.VirtioConsole;
import io.nestling.runtime.device.entropy.VirtioEntropy;
import io.nestling.runtime.device.pci.PciHostBridge;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioPci;
import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.image.DeviceTree;
import io.nestling.runtime.image.ElfFile;
import io.nestling.runtime.image.ImageException;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.memory.Reservations;
import io.nestling.runtime.mmu.Broadcast;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.Clock;
import io.nestling.runtime.time.VirtualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Builds a paravirtualized POWER9 machine as PAPR describes it, booted without firmware: the kernel is entered with a
 * flattened device tree that already says what firmware would have negotiated.
 *
 * <pre>{@code
 * try (Machine machine = new PSeries().memory(2L << 30).kernel(vmlinux).append("console=hvc0")
 *         .console(new Console(System.out)).engine(interpreter).build()) {
 *     Outcome outcome = machine.run();
 * }
 * }</pre>
 */
public final class PSeries {
    /** Memory when nothing else is asked for, bytes. */
    public static final long DEFAULT_MEMORY = 2L << 30;
    /** Most processors of a machine. */
    public static final int MAX_PROCESSORS = 16;
    private static final int MAX_THREADS = 8;
    /** Linux does not start in less. */
    public static final long MIN_MEMORY = 128L << 20;

    /** Date at timebase 0 of machines with a virtual clock, so that runs repeat exactly. */
    private static final Instant VIRTUAL_EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long VIRTUAL_SEED = 0x6e6573746c696e67L;
    private static final int TERMINAL = 0x71000000;
    private static final int LARGEST_PAGE = 1 << 16;
    private static final int MAX_COMMAND_LINE = 2047;
    /** What a kernel needs beyond itself and its initrd to get anywhere. */
    private static final long WORKING_MEMORY = 32L << 20;

    private long memory = DEFAULT_MEMORY;
    private Path kernel;
    private Path initrd;
    private String commandLine = "";
    private Clock clock = new VirtualClock();
    private Console console = new Console(OutputStream.nullOutputStream());
    private boolean virtioConsole;
    private Engine engine;
    private NestedApi nesting = NestedApi.V1;
    private boolean rptInvalidate;
    private int processors = 1;
    private int threads = 1;
    private final List<Disk> disks = new ArrayList<>();
    private final List<VirtioDevice> devices = new ArrayList<>();

    /** Bytes of RAM; a multiple of 64 KiB. */
    public PSeries memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** The kernel: an ELF file. */
    public PSeries kernel(Path file) {
        kernel = file;
        return this;
    }

    /** The initial RAM disk, or null for none. */
    public PSeries initrd(Path file) {
        initrd = file;
        return this;
    }

    /** The kernel's command line. */
    public PSeries append(String text) {
        commandLine = text;
        return this;
    }

    /**
     * Processors the guest sees, 1 to {@link #MAX_PROCESSORS}, and how many of them are threads of one core: 1, 2, 4 or
     * 8, a divisor of their number.
     */
    public PSeries processors(int count, int threadsPerCore) {
        processors = count;
        threads = threadsPerCore;
        return this;
    }

    /** Virtual or real time. */
    public PSeries clock(Clock c) {
        clock = c;
        return this;
    }

    /** The terminal. */
    public PSeries console(Console c) {
        console = c;
        return this;
    }

    /**
     * The terminal is a virtio console on the PCI bus, {@code /dev/hvc1} in Linux. The hypervisor's own, {@code hvc0}, stays for what
     * is printed before drivers are there, and has no input.
     */
    public PSeries virtioConsole() {
        virtioConsole = true;
        return this;
    }

    /** What executes instructions. */
    public PSeries engine(Engine e) {
        engine = e;
        return this;
    }

    /** Adds a disk, which stays the caller's to close after the machine: {@code /dev/vda} and so on, in this order. */
    public PSeries drive(Disk disk) {
        disks.add(disk);
        return this;
    }

    /** Adds a source of randomness: under a virtual clock the same bytes each time. */
    public PSeries entropy() {
        return device(new VirtioEntropy(clock.virtual() ? new SplittableRandom(VIRTUAL_SEED) : new SecureRandom()));
    }

    /** Adds a device to the PCI bus; the machine closes it when it is closed. Serves one machine. */
    public PSeries device(VirtioDevice device) {
        devices.add(device);
        return this;
    }

    /** The interface by which the guest may run guests of its own. */
    public PSeries nested(NestedApi api) {
        nesting = api;
        return this;
    }

    /** Whether H_RPT_INVALIDATE is offered, as capability {@code rpt-invalidate}. */
    public PSeries rptInvalidate(boolean offered) {
        rptInvalidate = offered;
        return this;
    }

    /**
     * Builds the machine, loads the images and leaves the boot processor at the kernel's first instruction.
     *
     * @throws ConfigurationException when something asked for cannot be; nothing is left allocated then
     */
    public Machine build() throws ConfigurationException {
        if (kernel == null || engine == null) {
            throw new IllegalStateException("a machine needs a kernel and an engine");
        }
        if (commandLine.length() > MAX_COMMAND_LINE) {
            throw new ConfigurationException("append", "is " + commandLine.length()
                    + " characters long; the kernel takes " + MAX_COMMAND_LINE);
        }
        checkProcessors();
        // Images are mapped while they are copied, and no longer: they would count as memory of the process.
        try (Arena images = Arena.ofShared()) {
            return build(readKernel(images), readInitrd(images));
        }
    }

    private Machine build(ElfFile elf, MemorySegment disk) throws ConfigurationException {
        int others = devices.size() + (virtioConsole ? 1 : 0);
        if (disks.size() + others > PciHostBridge.SLOTS) {
            throw new ConfigurationException("drive", "is given " + disks.size() + " times; the bus holds "
                    + (PciHostBridge.SLOTS - others) + " drives at most");
        }
        Ram ram = allocate(elf.end(), disk.byteSize());
        Future<?> loading;
        Machine machine;
        // On a thread of its own, which is waited for in any case: the host clears what is loaded to, and that takes a while.
        try (ExecutorService loader = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("load").factory())) {
            loading = loader.submit(() -> load(elf, disk, ram));
            machine = assemble(ram, elf, disk.byteSize());
        } catch (ConfigurationException | RuntimeException e) {
            ram.close();
            throw e;
        }
        if (loading.state() == Future.State.FAILED) {
            ram.close();
            throw new ConfigurationException("kernel", kernel + " " + loading.exceptionNow().getMessage());
        }
        return machine;
    }

    private Machine assemble(Ram ram, ElfFile elf, long initrdSize) throws ConfigurationException {
        // Memory and processors.
        CodePages codePages = new CodePages(ram);
        Partition partition = new Partition(0, new LinearScope(ram.size()));
        List<Vcpu> vcpus = vcpus(ram, codePages, partition);
        GuestMemory guestMemory = new GuestMemory(ram, codePages);
        List<Processor> all = vcpus.stream().map(Processor::new).toList();
        // The others wait in firmware until the first starts them.
        all.stream().skip(1).forEach(p -> p.stopped = true);
        Lpar lpar = new Lpar(partition, guestMemory, all);
        NestLedger nest = new NestLedger(lpar.processors.size(), partition.lpid, i -> {
            Vcpu c = lpar.processors.get(i).vcpu;
            return c.retired(c.nip);
        });

        // Devices.
        Xics xics = new Xics();
        vcpus.forEach(xics::addServer);
        int terminalInterrupt = xics.addSource(false);
        Console terminal = virtioConsole ? console.printOnly() : console;
        terminal.onInput(() -> xics.pulse(terminalInterrupt));

        PciHostBridge pci = new PciHostBridge(xics);
        for (int i = 0; i < disks.size(); i++) {
            pci.plug(new VirtioPci(new VirtioBlock(disks.get(i), "drive" + i, clock.virtual()), guestMemory));
        }
        if (virtioConsole) {
            pci.plug(new VirtioPci(new VirtioConsole(console), guestMemory));
        }
        devices.forEach(d -> pci.plug(new VirtioPci(d, guestMemory)));
        vcpus.forEach(c -> c.mmu.setMmio(pci));

        // Firmware and hypervisor.
        SplittableRandom random = new SplittableRandom(clock.virtual() ? VIRTUAL_SEED : System.nanoTime());
        RtasTable rtas = new RtasTable(guestMemory);
        new PowerRtas(lpar).register(rtas);
        new ClockRtas(clock.virtual() ? VIRTUAL_EPOCH : Instant.now()).register(rtas);
        new XicsRtas(xics).register(rtas);
        new MiscRtas(console).register(rtas);
        PciRtas pciRtas = new PciRtas(pci);
        pciRtas.register(rtas);
        NvramRtas nvram = new NvramRtas(guestMemory);
        nvram.register(rtas);
        HcallTable hcalls = new HcallTable()
                .add(rtas)
                .add(new TermHcalls(terminal, TERMINAL, terminalInterrupt))
                .add(new XicsHcalls(xics))
                .add(new ModeHcalls(lpar))
                .add(new MmuHcalls(lpar))
                .add(new VpaHcalls(lpar))
                .add(new CpuHcalls(lpar, random))
                .add(new LogicalIoHcalls(lpar))
                .add(new TceHcalls(guestMemory));
        NestedEntry nested = NestedEntry.NONE;
        if (nesting == NestedApi.V1) {
            EnterNested entry = new EnterNested(lpar, new Guest(partition, ram), nest);
            hcalls.add(new NestedHcalls(entry, nest, new QuadrantCopy(ram, guestMemory), rptInvalidate));
            nested = entry;
        }

        // In RAM: kernel, firmware code, initial RAM disk, device tree, in this order.
        long rtasBase = rtasBase(elf);
        rtas.install(rtasBase);
        long initrdStart = initrdStart(elf);
        long treeBase = align(initrdStart + initrdSize);

        DeviceTree tree = new DeviceTree();
        describe(tree, ram, vcpus, random);
        if (initrdSize != 0) {
            tree.root().node("chosen").longs("linux,initrd-start", initrdStart)
                    .longs("linux,initrd-end", initrdStart + initrdSize);
        }
        hcalls.describe(tree);
        nvram.describe(tree);
        pciRtas.describe(tree);
        tree.reserve(rtasBase, RtasTable.SIZE);
        byte[] flat = tree.flatten(vcpus.getFirst().id);
        ram.write(treeBase, flat, 0, flat.length);

        enter(vcpus.getFirst(), elf, treeBase);
        return new Machine(ram, lpar, hcalls, rtas, xics, pci, console, clock, engine, nested, nest, flat);
    }

    private void checkProcessors() throws ConfigurationException {
        if (processors < 1 || processors > MAX_PROCESSORS) {
            throw new ConfigurationException("smp", processors + " processors cannot be: give 1 to " + MAX_PROCESSORS);
        }
        if (threads < 1 || threads > MAX_THREADS || Integer.bitCount(threads) != 1) {
            throw new ConfigurationException("smp", threads + " threads a core cannot be: give 1, 2, 4 or 8");
        }
        if (processors % threads != 0) {
            throw new ConfigurationException("smp", processors + " processors do not make whole cores of " + threads
                    + " threads: give a multiple");
        }
    }

    private List<Vcpu> vcpus(Ram ram, CodePages codePages, Partition partition) {
        List<Vcpu> vcpus = new ArrayList<>();
        for (int id = 0; id < processors; id++) {
            Vcpu c = new Vcpu(id, new Mmu(ram, codePages), clock);
            c.mmu.enter(partition);
            Power9.reset(c, threads > 1);
            vcpus.add(c);
        }
        Reservations reservations = new Reservations();
        for (Vcpu c : vcpus) {
            int first = c.id / threads * threads;
            c.setCore(vcpus.subList(first, first + threads));
            if (processors > 1) {
                c.reservations = reservations;
                c.mmu.setBroadcast(new Broadcast(c, vcpus));
            }
        }
        return vcpus;
    }

    /** Root, memory, processors, and what a boot loader says; the rest is described by the hypercall families. */
    private void describe(DeviceTree tree, Ram ram, List<Vcpu> vcpus, SplittableRandom random) {
        // "chrp" is by what Linux knows a PAPR platform.
        tree.root().strings("device_type", "chrp").strings("model", "IBM pSeries (Nestling)")
                .strings("compatible", "nestling,pseries").cells("#address-cells", 2).cells("#size-cells", 2);
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        tree.root().node("chosen").strings("bootargs", commandLine)
                .bytes("ibm,architecture-vec-5", architectureVector5())
                .bytes("rng-seed", seed)
                .cells("linux,pci-probe-only", 0);
        tree.root().node("memory@0").strings("device_type", "memory").longs("reg", 0, ram.size());
        for (int first = 0; first < vcpus.size(); first += threads) {
            Power9.describe(tree, first, threads);
        }
    }

    /** What ibm,client-architecture-support would have answered: radix only, tlbie by the guest, XICS. */
    private static byte[] architectureVector5() {
        byte[] vector = new byte[27];
        vector[0] = (byte) (vector.length - 2);
        vector[24] = 0x40;
        vector[26] = 0x40;
        return vector;
    }

    /** Entry as a boot loader without firmware does it: r3 device tree, r4 kernel, r5 0, 64-bit big-endian real mode. */
    private static void enter(Vcpu c, ElfFile elf, long treeBase) {
        c.setGpr(3, treeBase);
        c.setGpr(4, elf.start());
        c.moved(c.nip, elf.entry());
        c.nip = elf.entry();
        c.setMsr(Msr.SF | Msr.ME);
    }

    private static long align(long address) {
        return address + LARGEST_PAGE - 1 & -LARGEST_PAGE;
    }

    // ---- images -------------------------------------------------------------------------------------------------

    private ElfFile readKernel(Arena images) throws ConfigurationException {
        try {
            return ElfFile.read(kernel, images);
        } catch (ImageException e) {
            throw new ConfigurationException("kernel", kernel + " " + e.getMessage());
        } catch (IOException e) {
            throw unreadable("kernel", kernel, e);
        }
    }

    private MemorySegment readInitrd(Arena images) throws ConfigurationException {
        if (initrd == null) {
            return MemorySegment.ofArray(new byte[0]);
        }
        if (Files.isDirectory(initrd)) {
            throw new ConfigurationException("initrd", initrd + " is a directory; name a file");
        }
        try (FileChannel channel = FileChannel.open(initrd, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                throw new ConfigurationException("initrd", initrd + " is empty; give a cpio archive or leave it out");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), images);
        } catch (IOException e) {
            throw unreadable("initrd", initrd, e);
        }
    }

    private static ConfigurationException unreadable(String setting, Path file, IOException e) {
        String why = switch (e) {
            case NoSuchFileException missing -> "does not exist; check the name";
            case AccessDeniedException denied -> "may not be read; check its permissions";
            default -> "cannot be read (" + e.getMessage() + ")";
        };
        return new ConfigurationException(setting, file + " " + why);
    }

    private Ram allocate(long kernelEnd, long initrdSize) throws ConfigurationException {
        if (memory < MIN_MEMORY) {
            throw new ConfigurationException("memory", (memory >> 20) + " MiB is too little; give at least "
                    + (MIN_MEMORY >> 20) + "M");
        }
        if (memory % LARGEST_PAGE != 0) {
            throw new ConfigurationException("memory", memory + " bytes is not a multiple of 64K; round it up");
        }
        List<String> parts = new ArrayList<>(List.of("the kernel"));
        if (initrdSize != 0) {
            parts.add("its initrd");
        }
        // Compared piecewise: a damaged kernel may claim to end anywhere.
        if (kernelEnd > memory || initrdSize > memory - kernelEnd
                || WORKING_MEMORY > memory - kernelEnd - initrdSize) {
            long needed = kernelEnd / (1 << 20) + initrdSize / (1 << 20) + (WORKING_MEMORY >> 20) + 1;
            throw new ConfigurationException("memory", (memory >> 20) + " MiB does not hold "
                    + String.join(" and ", parts) + "; give at least " + needed + "M");
        }
        try {
            return new Ram(memory);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("memory", e.getMessage() + "; give less");
        }
    }

    private static Void load(ElfFile elf, MemorySegment disk, Ram ram) throws ImageException {
        elf.load(ram);
        MemorySegment.copy(disk, 0, ram.segment(), initrdStart(elf), disk.byteSize());
        return null;
    }

    private static long rtasBase(ElfFile elf) {
        return align(elf.end());
    }

    private static long initrdStart(ElfFile elf) {
        return align(rtasBase(elf) + RtasTable.SIZE);
    }
}
