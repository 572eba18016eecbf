package io.nestling.hv.partition;

import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.mmu.Partition;
import java.util.List;

/** A logical partition: what hypercalls and firmware calls of one guest may see and change. */
public final class Lpar {
    /** The MMU's side of the partition. */
    public final Partition partition;
    /** The guest's RAM. */
    public final GuestMemory memory;
    /** The guest's processors; the index is the vCPU number and the interrupt server number. */
    public final List<Processor> processors;

    private volatile Ending ending;
    private volatile String reason = "";

    /** A partition with these processors. */
    public Lpar(Partition partition, GuestMemory memory, List<Processor> processors) {
        this.partition = partition;
        this.memory = memory;
        this.processors = List.copyOf(processors);
    }

    /** The processor with that number, or null; any number is allowed. */
    public Processor processor(long number) {
        return number >= 0 && number < processors.size() ? processors.get((int) number) : null;
    }

    /** Ends the run of all processors; the first reason stays. From any thread. */
    public synchronized void end(Ending how, String why) {
        if (ending == null) {
            reason = why;
            ending = how;
            processors.forEach(p -> p.vcpu.requestExit());
        }
    }

    /** How the run ended, or null while it goes on. */
    public Ending ending() {
        return ending;
    }

    /** What the guest said when it ended, or an empty text. */
    public String reason() {
        return reason;
    }

    /** Changes LPCR bits on all processors; true of all of them once the mailbox of {@code by} is settled. */
    public void setLpcr(Processor by, long mask, long bits) {
        for (Processor p : processors) {
            Vcpu c = p.vcpu;
            c.mailbox.post(() -> {
                if (c.nested) {
                    p.lpcr = p.lpcr & ~mask | bits & mask;
                    return;
                }
                c.spr[Spr.LPCR] = c.spr[Spr.LPCR] & ~mask | bits & mask;
                c.mmu.contextChanged();
            }, by.vcpu.mailbox);
        }
    }
}
