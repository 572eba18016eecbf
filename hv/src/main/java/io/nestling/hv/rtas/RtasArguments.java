package io.nestling.hv.rtas;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.memory.GuestMemory;

/**
 * The argument buffer of a firmware call: big-endian words {@code token, nargs, nret, args..., rets...} in guest memory
 * (PAPR, "RTAS Argument Call Buffer"). The table has checked that all of it is RAM and that the counts are the call's.
 */
public final class RtasArguments {
    private final GuestMemory memory;
    private final Processor cpu;
    private final long address;
    private final int inputs;
    private final int outputs;

    RtasArguments(GuestMemory memory, Processor cpu, long address, int inputs, int outputs) {
        this.memory = memory;
        this.cpu = cpu;
        this.address = address;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** The calling processor. */
    public Processor cpu() {
        return cpu;
    }

    /** Input {@code i}, from 0, unsigned. */
    public long input(int i) {
        return memory.load(address + 12 + 4L * i, 4);
    }

    /** Words the caller has room for, the status included. */
    public int outputs() {
        return outputs;
    }

    /** Sets output {@code i}; 0 is the status, which the table stores. */
    public void output(int i, long v) {
        memory.store(address + 12 + 4L * (inputs + i), 4, v);
    }
}
