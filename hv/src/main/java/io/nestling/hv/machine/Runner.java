package io.nestling.hv.machine;

import io.nestling.hv.ledger.NestLedger;
import io.nestling.hv.nested.NestedEntry;
import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Vcpu;

/** Drives one processor: lets the engine run it until an exit, and handles the exit. It never waits; who calls it does. */
final class Runner {
    /** What is driven. */
    final Processor processor;
    private final Engine engine;
    private final HcallTable hcalls;
    private final Lpar lpar;
    private final NestedEntry nested;
    private final NestLedger ledger;
    /** Times the processor ceded and waited. */
    long idles;
    /** Instructions retired up to the last exit, for other threads. */
    volatile long retired;
    private final long[] exits = new long[Exit.values().length];

    Runner(Processor processor, Engine engine, HcallTable hcalls, Lpar lpar, NestedEntry nested, NestLedger ledger) {
        this.processor = processor;
        this.engine = engine;
        this.hcalls = hcalls;
        this.lpar = lpar;
        this.nested = nested;
        this.ledger = ledger;
    }

    /**
     * Runs the processor up to its next exit and does what that asks for.
     *
     * @return null to go on, once the processor is neither ceded nor stopped; else how the run ended
     */
    Ending turn() {
        Vcpu c = processor.vcpu;
        ledger.enter(c.id);
        Exit exit = engine.run(c);
        ledger.exit(c.id, exit == Exit.HCALL ? Interrupts.SYSTEM_CALL : exit == Exit.HYPERVISOR ? c.fault.vector : 0);
        exits[exit.ordinal()]++;
        retired = c.retired(c.nip);
        if (nested.handled(processor, exit)) {
            return null;
        }
        return switch (exit) {
            case HCALL -> {
                hcalls.call(processor);
                // What it changed for other processors must be so when it returns.
                processor.vcpu.mailbox.settle();
                yield lpar.ending();
            }
            case REQUESTED -> Ending.STOPPED;
            case LIMIT -> Ending.LIMIT;
            case HYPERVISOR -> {
                // What we do not offer (HFSCR) is to this guest as if it did not exist.
                Interrupts.deliver(c, Interrupts.PROGRAM, Vcpu.PROGRAM_ILLEGAL);
                yield null;
            }
        };
    }

    /** How often the engine came back for that reason. */
    long exits(Exit reason) {
        return exits[reason.ordinal()];
    }
}
