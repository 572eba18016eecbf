package io.nestling.runtime.device.entropy;

import io.nestling.runtime.device.virtio.DescriptorChain;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioSession;
import io.nestling.runtime.device.virtio.Virtqueue;
import java.util.random.RandomGenerator;

/** An entropy device (Virtual I/O Device Version 1.2, 5.4): one queue of buffers to fill with random bytes. */
public final class VirtioEntropy implements VirtioDevice {
    private static final int QUEUE_SIZE = 64;
    /** Bytes given for one buffer at most; the driver is told how many it got. */
    private static final int MOST = 4096;

    private final RandomGenerator random;
    private VirtioSession session;

    /** @param random where the bytes come from; used by one thread at a time */
    public VirtioEntropy(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public int type() {
        return ENTROPY;
    }

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public int pciClass() {
        return 0xff0000;
    }

    @Override
    public int[] queues() {
        return new int[] {QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return new byte[0];
    }

    @Override
    public synchronized void start(VirtioSession s) {
        session = s;
    }

    @Override
    public synchronized void notify(int i) {
        Virtqueue queue = session == null ? null : session.queue(i);
        if (queue == null) {
            return;
        }
        for (DescriptorChain chain = queue.take(); chain != null; chain = queue.take()) {
            byte[] bytes = new byte[(int) Math.min(chain.writable(), MOST)];
            random.nextBytes(bytes);
            chain.write(bytes, 0, bytes.length);
            queue.put(chain);
        }
        queue.signal();
    }

    @Override
    public synchronized void reset() {
        session = null;
    }
}
