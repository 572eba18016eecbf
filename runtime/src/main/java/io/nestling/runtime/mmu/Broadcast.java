package io.nestling.runtime.mmu;

import io.nestling.runtime.cpu.Vcpu;
import java.util.List;
import java.util.function.Consumer;

/**
 * All MMUs of a machine as one vCPU's {@code tlbie} reaches them: its own at once, the others through their mailboxes.
 * Complete when the vCPU has settled its mailbox, as {@code tlbsync} and {@code ptesync} do.
 */
public final class Broadcast implements Invalidator {
    private final Vcpu sender;
    private final List<Vcpu> all;

    /** On behalf of {@code sender}, one of {@code all}. */
    public Broadcast(Vcpu sender, List<Vcpu> all) {
        this.sender = sender;
        this.all = List.copyOf(all);
    }

    private void each(Consumer<Mmu> invalidation) {
        invalidation.accept(sender.mmu);
        for (Vcpu other : all) {
            if (other != sender) {
                other.mailbox.post(() -> invalidation.accept(other.mmu), sender.mailbox);
            }
        }
    }

    @Override
    public void invalidateRange(int lpid, int pid, long ea, long length) {
        each(mmu -> mmu.invalidateRange(lpid, pid, ea, length));
    }

    @Override
    public void invalidateReal(int lpid, long gra, long length) {
        each(mmu -> mmu.invalidateReal(lpid, gra, length));
    }

    @Override
    public void invalidateProcess(int lpid, int pid) {
        each(mmu -> mmu.invalidateProcess(lpid, pid));
    }

    @Override
    public void invalidatePartition(int lpid) {
        each(mmu -> mmu.invalidatePartition(lpid));
    }
}
