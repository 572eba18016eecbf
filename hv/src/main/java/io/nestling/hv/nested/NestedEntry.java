package io.nestling.hv.nested;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Exit;

/** A way in which guests run guests of their own, as the loop that drives a processor sees it. */
public interface NestedEntry {
    /**
     * Deals with an exit from the engine if it is not the business of level 0's own guest: the processor goes on in the
     * hypervisor of the guest it ran.
     *
     * @return false when level 0's own guest ran, or nothing is to be done but run on
     */
    boolean handled(Processor cpu, Exit exit);
}
