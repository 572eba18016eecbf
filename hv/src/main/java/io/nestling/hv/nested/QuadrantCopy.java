package io.nestling.hv.nested;

import io.nestling.hv.partition.Guest;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.Access;
import io.nestling.runtime.mmu.RadixWalker;
import io.nestling.runtime.mmu.Translation;

/** Copies between a hypervisor's memory and the address spaces of a guest it runs, as through quadrants 1 and 2. */
public final class QuadrantCopy {
    private static final int PAGE = 1 << 12;

    private final GuestMemory memory;
    private final RadixWalker walker;

    /** For one machine. */
    public QuadrantCopy(Ram ram, GuestMemory memory) {
        this.memory = memory;
        walker = new RadixWalker(ram);
    }

    /** Copies from a guest's address space to its hypervisor's memory; false, and nothing is copied, when not all is mapped. */
    boolean out(Guest guest, int pid, long ea, long to, long length) {
        return copy(guest, pid, ea, to, length, Access.READ);
    }

    /** Copies to a guest's address space. */
    boolean in(Guest guest, int pid, long ea, long from, long length) {
        return copy(guest, pid, ea, from, length, Access.WRITE);
    }

    private boolean copy(Guest guest, int pid, long ea, long real, long length, Access access) {
        // This also bounds the work: the guest's address space may map one page everywhere.
        if (!memory.contains(real, length)) {
            return false;
        }
        Translation t = new Translation();
        byte[] page = new byte[PAGE];
        for (boolean probe : new boolean[] {true, false}) {
            for (long done = 0; done < length;) {
                long at = ea + done;
                int n = (int) Math.min(length - done, PAGE - (at & PAGE - 1));
                if (!walker.translate(guest.partition, at, pid, false, 0, false, access, t)) {
                    return false;
                }
                if (!probe) {
                    memory.read(access == Access.READ ? t.hra : real + done, page, n);
                    memory.write(access == Access.READ ? real + done : t.hra, page, n);
                }
                done += n;
            }
        }
        return true;
    }
}
