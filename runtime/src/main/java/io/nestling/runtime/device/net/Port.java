package io.nestling.runtime.device.net;

/** A network card as its network sees it. Called by the network's thread only. */
public interface Port {
    /**
     * Takes the next frame that the guest sends.
     *
     * @return false when there is none now; {@link Network#kick} tells of the next
     */
    boolean poll(Frame into);

    /**
     * Gives a frame to the guest; {@link #flush} follows the last of several.
     *
     * @return false when the guest has no room; {@link Network#kick} tells when it has
     */
    boolean offer(Frame frame);

    /** The network will look for something else to do: the guest is to know of what was given and taken. */
    void flush();

    /** True when the guest takes TCP segments of up to 64 KiB as one frame ({@link Frame#segmentSize}). */
    boolean takesLargeSegments();
}
