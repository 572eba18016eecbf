package io.nestling.hv.machine;

import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.time.VirtualClock;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread for all processors, which take turns of so many instructions: a run is a function of its inputs. The
 * timebase counts the instructions of all, and never goes back from one processor to the next; idle time is skipped once
 * all of them idle.
 */
final class RoundRobin extends Scheduler {
    /** Instructions of a turn: some ten microseconds of the host, which the change of processor is small against. */
    private static final long QUANTUM = 10_000;

    private final VirtualClock clock;
    private int next;

    RoundRobin(VirtualClock clock, List<Runner> runners, Lpar lpar, Console console) {
        super(runners, lpar, console);
        this.clock = clock;
    }

    @Override
    int threads() {
        return 1;
    }

    @Override
    Ending run() {
        runners.forEach(r -> r.processor.vcpu.thread = Thread.currentThread());
        try {
            Ending ending = null;
            while (ending == null) {
                boolean ran = false;
                for (int i = 0; i < runners.size() && ending == null; i++) {
                    Runner r = runners.get(next);
                    if (runnable(r.processor)) {
                        ending = turn(r);
                        ran = true;
                    }
                    if (ending == null) {
                        next = (next + 1) % runners.size();
                    }
                }
                if (!ran) {
                    ending = skip();
                }
            }
            return ending;
        } finally {
            select(runners.getFirst().processor.vcpu);
            runners.forEach(r -> r.processor.vcpu.thread = null);
        }
    }

    /** Makes the clock that of one processor; the result is the count of all. */
    private long select(Vcpu c) {
        long all = retired();
        clock.others(all - c.retired(c.nip));
        return all;
    }

    private boolean runnable(Processor p) {
        if (p.stopped) {
            return false;
        }
        if (p.ceded) {
            select(p.vcpu);
            if (!awake(p)) {
                return false;
            }
            endIdle(p);
        }
        return true;
    }

    /** Lets a processor run until its turn is over or it waits. */
    private Ending turn(Runner r) {
        Processor p = r.processor;
        Vcpu c = p.vcpu;
        long all = select(c);
        boolean alone = runners.size() == 1;
        long left = limit - all;
        // Sets the deadline too, so that what happened in the meantime is seen.
        c.runUntil(alone ? limit : c.retired(c.nip) + Math.min(QUANTUM, left));
        while (true) {
            Ending ending = r.turn();
            if (ending == Ending.LIMIT && !alone && retired() < limit) {
                return null;
            }
            if (p.ceded) {
                console.flush();
                beginIdle(r);
            }
            if (p.stopping) {
                p.stopping = false;
                p.stopped = true;
            }
            if (ending != null || p.ceded || p.stopped || p.conferred) {
                p.conferred = false;
                return ending;
            }
        }
    }

    /** Everybody waits: moves the clock to the first decrementer. */
    private Ending skip() {
        if (lpar.ending() != null) {
            return lpar.ending();
        }
        long expiry = Long.MAX_VALUE;
        Vcpu first = null;
        for (Runner r : runners) {
            Processor p = r.processor;
            if (p.vcpu.exitRequested()) {
                return Ending.STOPPED;
            }
            if (!p.stopped && (first == null || expiry(p.vcpu) < expiry)) {
                first = p.vcpu;
                expiry = expiry(first);
            }
        }
        if (first == null) {
            dead(true);
            return lpar.ending();
        }
        select(first);
        long retired = first.retired(first.nip);
        long wait = expiry - clock.timebase(retired);
        if (wait > NEVER && !console.inputOpen()) {
            dead(false);
        } else if (wait > FAR && console.inputOpen()) {
            LockSupport.park(this);
        } else {
            clock.idle(expiry, retired);
        }
        return lpar.ending();
    }
}
