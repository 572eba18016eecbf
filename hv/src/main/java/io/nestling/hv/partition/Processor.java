package io.nestling.hv.partition;

import io.nestling.runtime.cpu.Vcpu;

/**
 * A virtual processor as level 0 keeps it: the vCPU and what a guest has registered or asked for it through hypercalls.
 * Touched by the vCPU's own thread, except where said.
 */
public final class Processor {
    /** The registers and the MMU. */
    public final Vcpu vcpu;
    /** Guest real address of the virtual processor area, or 0. */
    public volatile long vpa;
    /** Guest real address of the SLB shadow buffer, or 0. */
    public volatile long slbShadow;
    /** Guest real address of the dispatch trace log, or 0. */
    public volatile long dispatchTraceLog;
    /** Set by H_PROD from any processor: the next H_CEDE returns at once. */
    public volatile boolean prodded;
    /** Set by H_CEDE: the processor has nothing to do until an interrupt or H_PROD. */
    public boolean ceded;
    /** Set by H_CONFER: others should have the host's time now. */
    public boolean conferred;
    /** Set by stop-self: stopped, once it is out of the firmware call. */
    public boolean stopping;
    /** True while the processor waits with no timer set. */
    public volatile boolean asleep;
    /** True while the processor waits in firmware for start-cpu. */
    public volatile boolean stopped;

    /** The guest that it runs: level 0's own, or one that runs below. */
    public Guest guest;
    /** While a guest runs below: LPCR of level 0's own. */
    public long lpcr;

    /** A processor that runs. */
    public Processor(Vcpu vcpu) {
        this.vcpu = vcpu;
    }

    /** Hypercall argument {@code n}, from 1: registers r4, r5 ... */
    public long arg(int n) {
        return vcpu.gpr(3 + n);
    }

    /** Sets hypercall result {@code n}, from 1: registers r4, r5 ... */
    public void result(int n, long v) {
        vcpu.setGpr(3 + n, v);
    }
}
