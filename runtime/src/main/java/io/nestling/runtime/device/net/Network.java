package io.nestling.runtime.device.net;

/** What a network card is plugged into. */
public interface Network extends AutoCloseable {
    /** Plugs in a card, in place of any other. */
    void plug(Port port);

    /**
     * Takes the card out if it is the one plugged in: when this returns it is called no more. Not to be called with a lock
     * held that the card's own methods take.
     */
    void unplug(Port port);

    /** The guest has sent frames, or has made room for some; called by any thread and cheap. */
    void kick();

    /** The guest has reset its card: what it talked to will be forgotten. Called by any thread. */
    void reset();

    /** Ends all that is open. */
    @Override
    void close();
}
