package io.nestling.runtime.device.console;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The machine's terminal: the guest's side is called by hypercalls on vCPUs' threads, the host's side
 * ({@link #feed}, {@link #endInput}) by any thread. Output is passed on by the line, or when the guest goes idle, so
 * that a byte does not cost a system call.
 */
public final class Console {
    private static final int BUFFER = 8192;
    private static final long FLUSH_NANOS = 10_000_000;

    private final OutputStream out;
    private final byte[] pending = new byte[BUFFER];
    private int pendingLength;
    private long flushedAt = System.nanoTime();
    private IOException failure;
    private long bytesOut;

    private byte[] input = new byte[256];
    private int inputHead;
    private int inputLength;
    private boolean inputEnded;
    private Runnable inputListener = () -> {};

    /** A console that prints to a stream. */
    public Console(OutputStream out) {
        this.out = out;
    }

    /** Another terminal that prints to the same stream, by way of this one, and has no input. */
    public Console printOnly() {
        var other = new Console(new OutputStream() {
            @Override
            public void write(int b) {
                put(b);
            }

            @Override
            public void flush() {
                endBurst();
            }
        });
        other.endInput();
        return other;
    }

    // ---- the guest's side ---------------------------------------------------------------------------------------

    /** Prints one byte. */
    public void put(int b) {
        synchronized (pending) {
            if (pendingLength == BUFFER) {
                flush();
            }
            pending[pendingLength++] = (byte) b;
            bytesOut++;
        }
    }

    /** After a burst of {@link #put}: passes on what is worth a system call now. */
    public void endBurst() {
        synchronized (pending) {
            if (pendingLength != 0
                    && (pending[pendingLength - 1] == '\n' || System.nanoTime() - flushedAt > FLUSH_NANOS)) {
                flush();
            }
        }
    }

    /** Passes on everything printed so far. */
    public void flush() {
        synchronized (pending) {
            flushedAt = System.nanoTime();
            if (pendingLength == 0) {
                return;
            }
            try {
                out.write(pending, 0, pendingLength);
                out.flush();
            } catch (IOException e) {
                // The guest must not notice that nobody listens any more; the host asks for this at the end.
                failure = failure == null ? e : failure;
            }
            pendingLength = 0;
        }
    }

    /** Takes up to {@code max} bytes of input; 0 when there is none now. */
    public synchronized int get(byte[] to, int max) {
        int n = Math.min(max, inputLength);
        for (int i = 0; i < n; i++) {
            to[i] = input[inputHead];
            inputHead = inputHead + 1 & input.length - 1;
        }
        inputLength -= n;
        return n;
    }

    /** True when {@link #get} would give something. */
    public synchronized boolean hasInput() {
        return inputLength != 0;
    }

    /** True while more input may still come from the host. */
    public synchronized boolean inputOpen() {
        return !inputEnded;
    }

    /** Sets what is run, on the feeding thread, when input arrives where there was none. */
    public void onInput(Runnable listener) {
        boolean waiting;
        synchronized (this) {
            inputListener = listener;
            waiting = inputLength != 0;
        }
        if (waiting) {
            listener.run();
        }
    }

    // ---- the host's side ----------------------------------------------------------------------------------------

    /** Adds input for the guest to read. */
    public void feed(byte[] bytes, int offset, int length) {
        Runnable listener;
        synchronized (this) {
            boolean wasEmpty = inputLength == 0;
            reserve(length);
            for (int i = 0; i < length; i++) {
                input[inputHead + inputLength & input.length - 1] = bytes[offset + i];
                inputLength++;
            }
            listener = wasEmpty && length != 0 ? inputListener : null;
        }
        if (listener != null) {
            // Outside the lock: the listener takes the interrupt controller's.
            listener.run();
        }
    }

    /** No more input will come. */
    public synchronized void endInput() {
        inputEnded = true;
    }

    /** Why printing failed, or null. */
    public IOException failure() {
        return failure;
    }

    /** Bytes printed by the guest so far. */
    public long bytesOut() {
        return bytesOut;
    }

    private void reserve(int more) {
        int capacity = input.length;
        while (capacity - inputLength < more) {
            capacity <<= 1;
        }
        if (capacity != input.length) {
            byte[] grown = new byte[capacity];
            for (int i = 0; i < inputLength; i++) {
                grown[i] = input[inputHead + i & input.length - 1];
            }
            input = grown;
            inputHead = 0;
        }
    }
}
