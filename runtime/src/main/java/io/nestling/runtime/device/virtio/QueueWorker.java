package io.nestling.runtime.device.virtio;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who serves the queues of a device that answers requests: at first the thread that notifies, for as long as nothing
 * has to be waited for, then a thread of the device's own; or, when the machine must repeat exactly, always the one that
 * notifies. Requests are served by one thread at a time.
 */
public final class QueueWorker implements AutoCloseable {
    /** Serves requests. */
    @FunctionalInterface
    public interface Server {
        /**
         * Takes what is in the queues, for as long as the session is {@link #current}.
         *
         * @param mayWait false on a vCPU's thread: what takes long, or might have to wait for the host, is not to be begun
         * @return false when {@code mayWait} is, and there is something that takes a thread that may wait
         */
        boolean serve(VirtioSession session, boolean mayWait);
    }

    private final Server server;
    private final boolean synchronous;

    /** Guards what follows; never held while requests are served. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private VirtioSession session;
    private boolean work;
    private boolean busy;
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param synchronous true for no thread
     */
    public QueueWorker(String name, boolean synchronous, Server server) {
        this.server = server;
        this.synchronous = synchronous;
        if (!synchronous) {
            Thread.ofPlatform().daemon().name(name).start(this::run);
        }
    }

    /** See {@link VirtioDevice#start}. */
    public void start(VirtioSession s) {
        lock.lock();
        try {
            session = s;
        } finally {
            lock.unlock();
        }
    }

    /** See {@link VirtioDevice#notify}. */
    public void notified() {
        lock.lock();
        try {
            if (session == null) {
                return;
            }
            work = true;
        } finally {
            lock.unlock();
        }
        serveWork(synchronous);
    }

    /** See {@link VirtioDevice#reset}: when this returns nothing is served any more. */
    public void reset() {
        lock.lock();
        try {
            session = null;
            work = false;
            awaitIdle();
        } finally {
            lock.unlock();
        }
    }

    /** Resets for good, and ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            session = null;
            wanted.signal();
            awaitIdle();
        } finally {
            lock.unlock();
        }
    }

    /** False once the session is over. */
    public boolean current(VirtioSession s) {
        lock.lock();
        try {
            return session == s && !closed;
        } finally {
            lock.unlock();
        }
    }

    private void awaitIdle() {
        while (busy) {
            idle.awaitUninterruptibly();
        }
    }

    private void run() {
        while (true) {
            lock.lock();
            try {
                while (!closed && (!work || busy)) {
                    wanted.awaitUninterruptibly();
                }
                if (closed) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            serveWork(true);
        }
    }

    /** Serves what is in the queues, unless another thread does; then that one looks again. */
    private void serveWork(boolean mayWait) {
        while (true) {
            VirtioSession s;
            lock.lock();
            try {
                if (busy || !work || session == null) {
                    return;
                }
                s = session;
                work = false;
                busy = true;
            } finally {
                lock.unlock();
            }
            boolean done = false;
            try {
                done = server.serve(s, mayWait);
            } finally {
                lock.lock();
                try {
                    busy = false;
                    idle.signalAll();
                    if (!done && session == s) {
                        work = true;
                        wanted.signal();
                    }
                } finally {
                    lock.unlock();
                }
            }
            if (!done) {
                return;
            }
        }
    }
}
