package io.nestling.hv.papr;

import io.nestling.hv.partition.Processor;

/**
 * One hypercall. Arguments are {@link Processor#arg}, results {@link Processor#result}; both may hold anything, so each
 * is checked before use, and nothing is changed before all are.
 */
@FunctionalInterface
public interface Hcall {
    /** Does the call for a processor; the result goes to r3 (see {@link Status}). */
    long call(Processor cpu);
}
