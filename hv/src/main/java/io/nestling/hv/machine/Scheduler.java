package io.nestling.hv.machine;

import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.time.Clock;
import io.nestling.runtime.time.VirtualClock;
import java.util.List;

/** Gives the processors of a machine host time: each a thread of its own, or all of them one in turn. */
abstract class Scheduler {
    /** Waits longer than this, an hour, count as having no timer: then input is waited for in real time. */
    static final long FAR = 3600 * Clock.FREQUENCY;
    /** No decrementer reaches this far: nothing will ever happen by itself. */
    static final long NEVER = 1L << 57;
    private static final int VPA_YIELD_COUNT = 0x100;
    private static final String NO_TIMER = "it waits with no timer set and no input to come";

    final List<Runner> runners;
    final Lpar lpar;
    final Console console;
    /** Instructions, in all, after which to stop. */
    long limit = Long.MAX_VALUE;

    Scheduler(List<Runner> runners, Lpar lpar, Console console) {
        this.runners = runners;
        this.lpar = lpar;
        this.console = console;
    }

    /** The one that suits a clock: virtual time is a function of instructions only if their order is. */
    static Scheduler of(Clock clock, List<Runner> runners, Lpar lpar, Console console) {
        return clock instanceof VirtualClock v ? new RoundRobin(v, runners, lpar, console)
                : new ThreadPerProcessor(clock, runners, lpar, console);
    }

    /** Runs until the guest ends, the machine is stopped, or the limit is reached. */
    abstract Ending run();

    /** How many processors have host time at the same time. */
    abstract int threads();

    /** Instructions retired by all processors. */
    final long retired() {
        long sum = 0;
        for (Runner r : runners) {
            sum += r.processor.vcpu.retired(r.processor.vcpu.nip);
        }
        return sum;
    }

    /** True when a processor that ceded has something to do. */
    static boolean awake(Processor p) {
        return p.prodded || p.vcpu.interruptPending() || p.vcpu.exitRequested();
    }

    /** The clock's timebase at which a processor's decrementer interrupts. */
    static long expiry(Vcpu c) {
        return c.decExpiry - c.tbOffset + 1;
    }

    /** What a processor that ceded does before it waits. */
    final void beginIdle(Runner r) {
        r.idles++;
        countYield(r.processor);
    }

    /** What it does when it is {@link #awake}. */
    final void endIdle(Processor p) {
        p.ceded = false;
        p.prodded = false;
        countYield(p);
        // Time has moved without instructions: events must be looked at afresh.
        p.vcpu.deadline = 0;
    }

    /** The dispatch counter of the virtual processor area: odd while the processor does not run. */
    private void countYield(Processor p) {
        long vpa = p.vpa;
        if (vpa != 0) {
            lpar.memory.store(vpa + VPA_YIELD_COUNT, 4, lpar.memory.load(vpa + VPA_YIELD_COUNT, 4) + 1);
        }
    }

    final void dead(boolean allStopped) {
        lpar.end(Ending.DEAD, allStopped ? "all its processors stopped themselves" : NO_TIMER);
    }

    final boolean allStopped() {
        return lpar.processors.stream().allMatch(p -> p.stopped);
    }
}
