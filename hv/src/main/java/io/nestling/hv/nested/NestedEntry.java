package io.nestling.hv.nested;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Exit;

/** A way in which guests run guests of their own, as the loop that drives a processor sees it. */
@FunctionalInterface
public interface NestedEntry {
    /** For machines that offer none. */
    NestedEntry NONE = (cpu, exit) -> false;

    /**
     * Deals with an exit from the engine if it is not the business of level 0's own guest: the processor goes on in the
     * hypervisor of the guest it ran.
     *
     * @return false when it is
     */
    boolean handled(Processor cpu, Exit exit);
}
