package io.nestling.runtime.device.virtio;

/** What a driver has set up between two resets. */
public final class VirtioSession {
    private final long features;
    private final Virtqueue[] queues;
    private final Runnable configChanged;
    private final Runnable fail;

    VirtioSession(long features, Virtqueue[] queues, Runnable configChanged, Runnable fail) {
        this.features = features;
        this.queues = queues;
        this.configChanged = configChanged;
        this.fail = fail;
    }

    /** True when the driver accepted that feature bit. */
    public boolean has(int feature) {
        return (features >>> feature & 1) != 0;
    }

    /** A queue, or null when the driver does not use it. */
    public Virtqueue queue(int i) {
        return queues[i];
    }

    /** Tells the driver that device configuration has changed. */
    public void configChanged() {
        configChanged.run();
    }

    /** The driver broke the rules: the device stops and asks to be reset. From any thread. */
    public void fail() {
        fail.run();
    }
}
