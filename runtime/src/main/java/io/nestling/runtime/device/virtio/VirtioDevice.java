package io.nestling.runtime.device.virtio;

/**
 * A virtio device apart from how the guest reaches it (Virtual I/O Device Version 1.2, chapters 2 and 5). The transport
 * has negotiated features and set up queues by the time it calls {@link #start}; what a device keeps beyond its queues and
 * its configuration is its own state.
 *
 * <p>{@link #start}, {@link #notify}, {@link #reset} and {@link #config} are called by vCPU threads; {@code notify} may
 * come from several at once, and even, late, after a {@code reset}: a device ignores that. Buffers may be completed at
 * any time from any thread. Under virtual time a device must do its work within {@code notify}, or at a time that is a
 * function of the guest's time alone.
 */
public interface VirtioDevice extends AutoCloseable {
    /** Device identities (chapter 5). */
    int NETWORK = 1;
    /** See {@link #NETWORK}. */
    int BLOCK = 2;
    /** See {@link #NETWORK}. */
    int CONSOLE = 3;
    /** See {@link #NETWORK}. */
    int ENTROPY = 4;
    /** See {@link #NETWORK}. */
    int FILES_9P = 9;

    /** Device identity. */
    int type();

    /** What users and reports call it: one word. */
    String name();

    /** PCI class, subclass and programming interface, 24 bits. */
    int pciClass();

    /** Features of the device type that are offered; those of queues and transport are not its business. */
    default long features() {
        return 0;
    }

    /** The largest size of each queue: powers of two, 1,024 at most. */
    int[] queues();

    /** Device configuration as of now, little-endian; its length does not change. */
    byte[] config();

    /** The guest writes a byte of device configuration; the offset is inside {@link #config}. */
    default void writeConfig(int offset, int v) {}

    /** The driver is ready. The session is the device's until {@link #reset}. */
    void start(VirtioSession session);

    /** The driver says that queue {@code queue} has new buffers. */
    void notify(int queue);

    /** Back to the state before {@link #start}; when this returns the device touches no buffer any more. */
    void reset();

    /** The machine ends: {@link #reset}, and threads of the device end. Back ends belong to whoever made them. */
    @Override
    default void close() {
        reset();
    }
}
