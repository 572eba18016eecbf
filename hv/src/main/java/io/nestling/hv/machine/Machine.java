package io.nestling.hv.machine;

import io.nestling.hv.ledger.Counter;
import io.nestling.hv.ledger.Ledger;
import io.nestling.hv.ledger.NestLedger;
import io.nestling.hv.nested.NestedEntry;
import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.hv.rtas.RtasTable;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Pauses;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.pci.PciHostBridge;
import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A machine, built and paused: {@link #run} runs its guest until it ends, the boot processor on the calling
 * thread. Made by {@link PSeries}.
 */
public final class Machine implements AutoCloseable {
    private final Ram ram;
    private final Lpar lpar;
    private final HcallTable hcalls;
    private final RtasTable rtas;
    private final Xics xics;
    private final PciHostBridge pci;
    private final Console console;
    private final byte[] deviceTree;
    private final List<Runner> runners;
    private final Scheduler scheduler;
    private final Ledger ledger = new Ledger();
    private final NestLedger nest;

    /** The parts of a machine; see {@link PSeries} for what they mean. */
    Machine(Ram ram, Lpar lpar, HcallTable hcalls, RtasTable rtas, Xics xics, PciHostBridge pci,
            Console console, Clock clock, Engine engine, NestedEntry nested, NestLedger nest, byte[] deviceTree) {
        this.ram = ram;
        this.lpar = lpar;
        this.hcalls = hcalls;
        this.rtas = rtas;
        this.xics = xics;
        this.pci = pci;
        this.console = console;
        this.runners = lpar.processors.stream().map(p -> new Runner(p, engine, hcalls, lpar, nested, nest)).toList();
        this.scheduler = Scheduler.of(clock, runners, lpar, console);
        engine.begin(scheduler.threads());
        this.deviceTree = deviceTree;
        this.nest = nest;
        declareCounters();
    }

    // ---- running ------------------------------------------------------------------------------------------------

    /** Runs until the guest ends, is stopped, or has retired its limit of instructions; may be called again then. */
    public Outcome run() {
        try {
            Ending how = scheduler.run();
            return new Outcome(lpar.ending() != null ? lpar.ending() : how, lpar.reason(), instructions());
        } finally {
            console.flush();
        }
    }

    /** Stops a run from another thread: {@link #run} returns with {@link Ending#STOPPED}. */
    public void stop() {
        for (Processor p : lpar.processors) {
            p.vcpu.requestExit();
        }
    }

    /** Makes the next {@link #run} return when this many instructions are retired in all. */
    public void limit(long instructions) {
        scheduler.limit = instructions;
    }

    /** Gives the RAM back to the host; the machine is dead. */
    @Override
    public void close() {
        // Devices transfer to and from RAM on threads of their own.
        pci.close();
        ram.close();
    }

    // ---- looking ------------------------------------------------------------------------------------------------

    /** Instructions retired by all processors. */
    public long instructions() {
        return scheduler.retired();
    }

    /** The boot processor, for debuggers and tests. */
    public Vcpu cpu() {
        return lpar.processors.getFirst().vcpu;
    }

    /** The partition, for debuggers and tests. */
    public Lpar lpar() {
        return lpar;
    }

    /** The terminal. */
    public Console console() {
        return console;
    }

    /** The flattened device tree given to the guest. */
    public byte[] deviceTree() {
        return deviceTree.clone();
    }

    /** Who runs whom, and how much: the tree of guests in lines of text. */
    public List<String> nest() {
        return nest.tree();
    }

    /** The counters of this machine. */
    public Ledger ledger() {
        return ledger;
    }

    private void declareCounters() {
        List<Pauses> pauses = lpar.processors.stream().map(p -> p.vcpu.pauses).toList();
        ledger.add(new Counter("instructions", "instructions", "guest instructions retired", this::instructions));
        ledger.add(new Counter("timebase", "ticks", "guest timebase at 512 MHz",
                () -> cpu().timebase(cpu().nip)));
        for (Exit e : Exit.values()) {
            ledger.add(new Counter("exits." + e.name().toLowerCase(Locale.ROOT), "exits",
                    "times the engine handed control to level 0", () -> runners.stream().mapToLong(r -> r.exits(e)).sum()));
        }
        ledger.add(new Counter("idles", "waits", "times a processor ceded and waited", () -> runners.stream().mapToLong(r -> r.idles).sum()));
        ledger.addGroup("pauses.", "pauses", "times a processor's thread did not get on for so long, in real time", () -> Pauses.histogram(pauses));
        ledger.add(new Counter("pauses.longest", "us", "the longest of them", () -> pauses.stream().mapToLong(Pauses::longestMicros).max().orElse(0)));
        ledger.add(new Counter("interrupts.presented", "interrupts", "interrupts presented by the XICS",
                xics::presented));
        ledger.add(new Counter("tlb.misses", "misses", "soft-TLB misses of data accesses", () -> lpar.processors.stream().mapToLong(p -> p.vcpu.mmu.misses()).sum()));
        ledger.add(new Counter("code.invalidations", "pages", "decoded code pages cleared by stores",
                () -> cpu().mmu.codePages().invalidations()));
        ledger.add(new Counter("console.out", "bytes", "bytes the guest printed", console::bytesOut));
        ledger.add(new Counter("hcalls", "calls", "hypercalls, all together", hcalls::total));
        ledger.add(new Counter("hcalls.unknown", "calls", "hypercalls that are not offered", hcalls::unknownTotal));
        ledger.addGroup("level.", "by level", "what the guests of each level did: instructions, host microseconds, exits to level 0",
                nest::byLevel);
        ledger.addGroup("interrupt.", "interrupts", "interrupts taken by vector", this::interrupts);
        ledger.addGroup("hcall.", "calls", "hypercalls by name", hcalls::counts);
        ledger.addGroup("pci.", "by device", "what passed between the guest and each device, by slot", pci::counts);
        ledger.addGroup("rtas.", "calls", "firmware calls by name", rtas::counts);
    }

    private Map<String, Long> interrupts() {
        Map<String, Long> taken = new TreeMap<>();
        for (Processor p : lpar.processors) {
            for (int i = 0; i < Vcpu.VECTORS; i++) {
                if (p.vcpu.interrupts[i] != 0) {
                    taken.merge(String.format("0x%03x", i << 5), p.vcpu.interrupts[i], Long::sum);
                }
            }
        }
        return taken;
    }
}
