package io.nestling.hv.partition;

/** How a run of a guest ends. */
public enum Ending {
    /** The guest powered off. */
    POWER_OFF,
    /** The guest asked to be started again. */
    REBOOT,
    /** The guest's operating system died and said so. */
    PANIC,
    /** Somebody outside asked the machine to stop. */
    STOPPED,
    /** The instruction limit was reached. */
    LIMIT,
    /** Every processor waits and nothing is left that could wake one. */
    DEAD
}
