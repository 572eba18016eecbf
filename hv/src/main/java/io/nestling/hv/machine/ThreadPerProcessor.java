package io.nestling.hv.machine;

import io.nestling.hv.partition.Ending;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Each processor is a thread of the host, the first one the calling thread. Waiting processors are parked. */
final class ThreadPerProcessor extends Scheduler {
    private final Clock clock;
    private final AtomicReference<Ending> ending = new AtomicReference<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    ThreadPerProcessor(Clock clock, List<Runner> runners, Lpar lpar, Console console) {
        super(runners, lpar, console);
        this.clock = clock;
    }

    @Override
    int threads() {
        return runners.size();
    }

    @Override
    Ending run() {
        ending.set(null);
        List<Thread> threads = new ArrayList<>();
        for (Runner r : runners.subList(1, runners.size())) {
            threads.add(Thread.ofPlatform().name("vcpu-" + r.processor.vcpu.id).start(() -> drive(r)));
        }
        drive(runners.getFirst());
        boolean interrupted = false;
        for (Thread t : threads) {
            while (t.isAlive()) {
                try {
                    t.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        // Those who were asked to leave and had left already must not leave the next run.
        runners.forEach(r -> r.processor.vcpu.forgetExit());
        switch (failure.getAndSet(null)) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {
                return ending.get();
            }
        }
    }

    /** A processor's whole run, on its thread. When it ends, for whatever reason, all end. */
    private void drive(Runner r) {
        Vcpu c = r.processor.vcpu;
        c.thread = Thread.currentThread();
        enter(c);
        try {
            ending.compareAndSet(null, loop(r));
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            c.mailbox.leave();
            c.thread = null;
            runners.forEach(other -> other.processor.vcpu.requestExit());
        }
    }

    private Ending loop(Runner r) {
        Processor p = r.processor;
        Vcpu c = p.vcpu;
        share(c);
        while (true) {
            if (p.stopped) {
                // Not started yet.
                waitForStart(p);
                if (lpar.ending() == null && p.stopped) {
                    return Ending.STOPPED;
                }
            }
            Ending end = lpar.ending() != null ? lpar.ending() : r.turn();
            if (end == Ending.LIMIT && runners.size() > 1 && retiredAtExits() < limit) {
                share(c);
                end = null;
            }
            if (p.ceded) {
                idle(r);
            }
            if (p.stopping) {
                p.stopping = false;
                waitForStart(p);
            }
            if (p.conferred) {
                p.conferred = false;
                Thread.yield();
            }
            if (end != null || lpar.ending() != null) {
                return end != null ? end : lpar.ending();
            }
        }
    }

    /** Lets a processor run its share of what is left of the limit. */
    private void share(Vcpu c) {
        c.runUntil(limit == Long.MAX_VALUE ? limit : runners.size() == 1 ? limit
                : c.retired(c.nip) + Math.max(1, (limit - retiredAtExits()) / runners.size()));
    }

    /** Instructions of all processors, of those that run as of their last exit. */
    private long retiredAtExits() {
        long sum = 0;
        for (Runner r : runners) {
            sum += r.retired;
        }
        return sum;
    }

    /** The thread has something to do again. */
    private static void enter(Vcpu c) {
        c.mailbox.enter();
        c.pauses.waited();
    }

    private void idle(Runner r) {
        Processor p = r.processor;
        Vcpu c = p.vcpu;
        beginIdle(r);
        c.mailbox.leave();
        console.flush();
        while (!awake(p) && lpar.ending() == null) {
            long retired = c.retired(c.nip);
            long wait = expiry(c) - clock.timebase(retired);
            p.asleep = wait > NEVER;
            if (p.asleep && !console.inputOpen() && nobodyRuns()) {
                dead(false);
            } else {
                clock.idle(expiry(c), retired);
            }
        }
        p.asleep = false;
        enter(c);
        endIdle(p);
    }

    /** A processor that called stop-self, or was not started yet, stays in firmware until start-cpu names it. */
    private void waitForStart(Processor p) {
        p.vcpu.mailbox.leave();
        p.stopped = true;
        while (p.stopped && !p.vcpu.exitRequested() && lpar.ending() == null) {
            if (allStopped()) {
                dead(true);
            } else if (!console.inputOpen() && nobodyRuns()) {
                dead(false);
            } else {
                LockSupport.park(this);
            }
        }
        enter(p.vcpu);
        p.vcpu.deadline = 0;
    }

    /** True when every processor waits for another. */
    private boolean nobodyRuns() {
        for (Processor p : lpar.processors) {
            if (!p.stopped && (!p.asleep || awake(p))) {
                return false;
            }
        }
        return true;
    }
}
