package io.nestling.runtime.cpu;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What other vCPUs want done to this one's own structures: its soft TLB, its LPCR. While the vCPU runs, its thread does
 * it at its next check point; while it does not (idle, stopped, or all vCPUs share one thread), the sender does it at
 * once under the lock. So the owner's fast paths need no lock, and a sender never waits for somebody who sleeps.
 *
 * <p>Nobody may call {@link #settle} with a lock held that a running vCPU may want.
 */
public final class Mailbox {
    /** How long a waiting sender spins before it lets go of its host processor. */
    private static final int SPINS = 200;
    private static final long NAP_NANOS = 20_000;

    private record Request(Runnable work, Mailbox sender) {}

    private final Vcpu owner;
    private final Queue<Request> requests = new ArrayDeque<>();
    private boolean running;
    private volatile boolean full;
    /** What this vCPU has asked of others and is not done yet. */
    private final AtomicInteger outstanding = new AtomicInteger();

    Mailbox(Vcpu owner) {
        this.owner = owner;
    }

    // ---- the owner's thread -------------------------------------------------------------------------------------

    /** From now on only the calling thread touches the vCPU. */
    public synchronized void enter() {
        running = true;
    }

    /** From now on senders may do their work themselves. */
    public synchronized void leave() {
        serveAll();
        running = false;
    }

    /** Does what is asked for; called at check points and while waiting. */
    public void serve() {
        if (full) {
            synchronized (this) {
                serveAll();
            }
        }
    }

    private void serveAll() {
        full = false;
        for (Request r = requests.poll(); r != null; r = requests.poll()) {
            r.work.run();
            r.sender.done();
        }
    }

    /** Waits until all that this vCPU has posted to others is done, doing what they want of it meanwhile. */
    public void settle() {
        for (int spins = 0; outstanding.get() != 0; spins++) {
            serve();
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
    }

    // ---- other threads ------------------------------------------------------------------------------------------

    /**
     * Has something done to the owner: at once, or before the {@link #settle} of the sender returns.
     *
     * @param work short, and takes no lock
     */
    public void post(Runnable work, Mailbox sender) {
        synchronized (this) {
            if (!running || sender == this) {
                work.run();
                return;
            }
            sender.outstanding.incrementAndGet();
            requests.add(new Request(work, sender));
            full = true;
        }
        owner.kick();
    }

    private void done() {
        if (outstanding.decrementAndGet() == 0) {
            Thread waiting = owner.thread;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }
    }
}
