package io.nestling.runtime.device.virtio;

import java.util.function.Consumer;

/**
 * Who serves the queues of a device that answers requests: a thread of its own or, when the machine must repeat exactly,
 * the one that notifies. Requests are served by one thread at a time.
 */
public final class QueueWorker implements AutoCloseable {
    private final Consumer<VirtioSession> serve;
    private final boolean synchronous;

    /** Guards what follows; never held while requests are served. */
    private final Object lock = new Object();
    private VirtioSession session;
    private boolean work;
    private boolean busy;
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param synchronous true for no thread
     * @param serve takes what is in the queues, for as long as the session is {@link #current}
     */
    public QueueWorker(String name, boolean synchronous, Consumer<VirtioSession> serve) {
        this.serve = serve;
        this.synchronous = synchronous;
        if (!synchronous) {
            Thread.ofPlatform().daemon().name(name).start(this::run);
        }
    }

    /** See {@link VirtioDevice#start}. */
    public void start(VirtioSession s) {
        synchronized (lock) {
            session = s;
        }
    }

    /** See {@link VirtioDevice#notify}. */
    public void notified() {
        synchronized (lock) {
            if (session == null) {
                return;
            }
            work = true;
            lock.notifyAll();
        }
        if (synchronous) {
            serveWork();
        }
    }

    /** See {@link VirtioDevice#reset}: when this returns nothing is served any more. */
    public void reset() {
        synchronized (lock) {
            session = null;
            work = false;
            awaitIdle();
        }
    }

    /** Resets for good, and ends the thread. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            session = null;
            lock.notifyAll();
            awaitIdle();
        }
    }

    /** False once the session is over. */
    public boolean current(VirtioSession s) {
        synchronized (lock) {
            return session == s && !closed;
        }
    }

    private void awaitIdle() {
        boolean interrupted = false;
        while (busy) {
            try {
                lock.wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            synchronized (lock) {
                while (!work && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closed) {
                    return;
                }
            }
            serveWork();
        }
    }

    /** Serves what is in the queues, unless another thread does; then that one looks again. */
    private void serveWork() {
        while (true) {
            VirtioSession s;
            synchronized (lock) {
                if (busy || !work || session == null) {
                    return;
                }
                s = session;
                work = false;
                busy = true;
            }
            try {
                serve.accept(s);
            } finally {
                synchronized (lock) {
                    busy = false;
                    lock.notifyAll();
                }
            }
        }
    }
}
