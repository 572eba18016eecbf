package io.nestling.runtime.cpu;

/** Why an engine handed a vCPU back to level 0. */
public enum Exit {
    /** {@code sc 1} in privileged state: a hypercall; NIP is already behind the instruction. */
    HCALL,
    /** Somebody asked the vCPU to stop ({@link Vcpu#requestExit}); no instruction is half done. */
    REQUESTED,
    /** The instruction limit of {@link Vcpu#runUntil} is reached. */
    LIMIT,
    /** An interrupt that belongs to the hypervisor above this guest; vector and SRR1 bits in {@link Vcpu#fault}. */
    HYPERVISOR
}
