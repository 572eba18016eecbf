package io.nestling.runtime.device.console;

import io.nestling.runtime.device.virtio.DescriptorChain;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioSession;
import io.nestling.runtime.device.virtio.Virtqueue;

/**
 * A console on the PCI bus (Virtual I/O Device Version 1.2, 5.3) with one port: a queue of buffers to fill with what is
 * typed, and a queue of what the guest prints. What it prints is taken within the notification.
 */
public final class VirtioConsole implements VirtioDevice {
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int QUEUE_SIZE = 128;
    /** Bytes of a buffer that the guest prints at most, lest it keep the host's thread. */
    private static final int MOST = 1 << 20;
    /** Bytes moved in one piece. */
    private static final int PIECE = 1024;

    private final Console console;
    private final byte[] piece = new byte[PIECE];
    private VirtioSession session;

    /** A device in front of a terminal, from which nobody else may take input. */
    public VirtioConsole(Console console) {
        this.console = console;
    }

    @Override
    public int type() {
        return CONSOLE;
    }

    @Override
    public String name() {
        return "console";
    }

    @Override
    public int pciClass() {
        return 0x078000;
    }

    @Override
    public int[] queues() {
        return new int[] {QUEUE_SIZE, QUEUE_SIZE};
    }

    /** Columns and rows, which are not told, ports, which there are not several of, and the emergency write, which is not offered. */
    @Override
    public byte[] config() {
        return new byte[12];
    }

    @Override
    public void start(VirtioSession s) {
        synchronized (this) {
            session = s;
        }
        // What was typed before anybody was there to read it.
        console.onInput(this::receive);
    }

    @Override
    public void notify(int queue) {
        if (queue == TRANSMIT) {
            transmit();
        } else {
            receive();
        }
    }

    @Override
    public synchronized void reset() {
        session = null;
    }

    private synchronized void transmit() {
        Virtqueue queue = session == null ? null : session.queue(TRANSMIT);
        if (queue == null) {
            return;
        }
        for (DescriptorChain chain = queue.take(); chain != null; chain = queue.take()) {
            if (chain.readable() > MOST) {
                session.fail();
                return;
            }
            while (chain.readable() > 0) {
                int n = chain.read(piece, 0, PIECE);
                for (int i = 0; i < n; i++) {
                    console.put(piece[i]);
                }
            }
            queue.put(chain);
        }
        console.endBurst();
        queue.signal();
    }

    /** From any thread: what has been typed goes to the guest, as far as it has given buffers. */
    private synchronized void receive() {
        Virtqueue queue = session == null ? null : session.queue(RECEIVE);
        while (queue != null && console.hasInput()) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                break;
            }
            int n = console.get(piece, (int) Math.min(PIECE, chain.writable()));
            chain.write(piece, 0, n);
            queue.put(chain);
        }
        if (queue != null) {
            queue.signal();
        }
    }
}
