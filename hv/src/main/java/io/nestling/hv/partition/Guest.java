package io.nestling.hv.partition;

import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.Access;
import io.nestling.runtime.mmu.Invalidator;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.mmu.RadixWalker;
import io.nestling.runtime.mmu.Translation;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A guest as its address spaces see it: level 0's own, or one that another guest runs. It has a shadow LPID, unique in the
 * machine, and as a hypervisor it may have a partition table and guests of its own. Several vCPUs may use it at a time.
 *
 * <p>A guest once named is kept for the machine's life, so a shadow LPID is never given twice: what is kept of an ended
 * one is small, and there are at most {@link #MAX_GUESTS}.
 */
public final class Guest {
    /** Entries a partition table can have, and with it LPIDs. */
    public static final int MAX_GUESTS = 1 << 12;

    private static final long TABLE_BASE = 0x0ffffffffffff000L;
    private static final int TABLE_SIZE = 0x1f;
    /** log2 of the bytes that {@link #TABLE_SIZE} 0 means. */
    private static final int MIN_TABLE = 12;
    private static final int ENTRY_SHIFT = 4;
    private static final int MAX_TABLE = 16;
    /** Partition table entry, first doubleword: its guest uses radix translation. */
    private static final long HOST_RADIX = 1L << 63;
    /** Entries of all shadow maps together: 32 MiB. */
    private static final long SHADOW_ENTRIES = 1L << 22;

    /** What all guests of a machine share. */
    private static final class Shared {
        final Ram ram;
        final RadixWalker walker;
        final ShadowMap.Budget budget = new ShadowMap.Budget(SHADOW_ENTRIES);
        final AtomicInteger nextLpid;

        Shared(Ram ram, int firstLpid) {
            this.ram = ram;
            walker = new RadixWalker(ram);
            nextLpid = new AtomicInteger(firstLpid);
        }
    }

    /** Its address spaces; {@link Partition#lpid} is the shadow LPID. */
    public final Partition partition;
    /** Who runs it, or null for level 0's own guest. */
    public final Guest hypervisor;
    /** The number its hypervisor gives it; 0 for level 0's own guest. */
    public final int lpid;

    private final Shared shared;
    private final ShadowMap map;
    private final ShadowScope scope;
    private volatile long partitionTable;
    private volatile AtomicReferenceArray<Guest> guests;
    /** The processor a vCPU token ran on last, plus 1. */
    private int[] lastProcessor = {};

    /** Level 0's own guest. */
    public Guest(Partition partition, Ram ram) {
        this.partition = partition;
        hypervisor = null;
        lpid = 0;
        shared = new Shared(ram, partition.lpid + 1);
        map = null;
        scope = null;
    }

    private Guest(Guest hypervisor, int lpid) {
        this.hypervisor = hypervisor;
        this.lpid = lpid;
        shared = hypervisor.shared;
        map = new ShadowMap(shared.budget);
        scope = new ShadowScope(shared.walker, hypervisor.partition.scope, map);
        partition = new Partition(shared.nextLpid.getAndIncrement(), scope);
        readTableEntry();
    }

    // ---- as a hypervisor ----------------------------------------------------------------------------------------

    /**
     * Sets the partition table.
     *
     * @param ptcr base and size as the PTCR holds them; 0 for none
     * @return false when it is larger than a partition table can be or not all in the guest's memory
     */
    public boolean setPartitionTable(long ptcr, Invalidator tlbs) {
        int size = (int) (ptcr & TABLE_SIZE) + MIN_TABLE;
        if (size > MAX_TABLE || ptcr != 0 && !(mapped(ptcr & TABLE_BASE) && mapped((ptcr & TABLE_BASE) + (1L << size) - 1))) {
            return false;
        }
        synchronized (this) {
            if (guests == null) {
                guests = new AtomicReferenceArray<>(MAX_GUESTS);
            }
        }
        partitionTable = ptcr;
        for (int i = 1; i < MAX_GUESTS; i++) {
            Guest guest = guests.get(i);
            if (guest != null) {
                guest.reload(tlbs);
            }
        }
        return true;
    }

    private boolean mapped(long gra) {
        return partition.scope.translate(gra, Access.READ, new Translation());
    }

    /** True when it has said where its partition table is. */
    public boolean isHypervisor() {
        return partitionTable != 0;
    }

    private int entries() {
        long ptcr = partitionTable;
        return ptcr == 0 ? 0 : 1 << (ptcr & TABLE_SIZE) + MIN_TABLE - ENTRY_SHIFT;
    }

    /** The guest to which it gave that number, made on first use; null when its partition table has no such entry. */
    public Guest guest(long number) {
        Guest guest = known(number);
        if (guest == null && number > 0 && number < entries()) {
            synchronized (this) {
                guest = guests.get((int) number);
                if (guest == null) {
                    guest = new Guest(this, (int) number);
                    guests.set((int) number, guest);
                }
            }
        }
        return guest;
    }

    /** The guest to which it gave that number, or null when it has not run one yet; any number is allowed. */
    public Guest known(long number) {
        return number > 0 && number < entries() ? guests.get((int) number) : null;
    }

    // ---- as a nested guest --------------------------------------------------------------------------------------

    /**
     * Reads the partition table entry again and forgets all that was translated by the old one.
     *
     * @return false when it describes no guest any more
     */
    public boolean reload(Invalidator tlbs) {
        boolean valid = readTableEntry();
        forget(tlbs);
        return valid;
    }

    /** Forgets all translations. */
    public void forget(Invalidator tlbs) {
        map.clear();
        tlbs.invalidatePartition(partition.lpid);
    }

    /** Forgets the translations of {@code length} bytes from a guest real address. */
    public void forget(long gra, long length, Invalidator tlbs) {
        map.invalidate(gra, length);
        tlbs.invalidateReal(partition.lpid, gra, length);
    }

    private boolean readTableEntry() {
        long root = 0;
        long processes = 0;
        Translation at = new Translation();
        long gra = (hypervisor.partitionTable & TABLE_BASE) + ((long) lpid << ENTRY_SHIFT);
        if (lpid < hypervisor.entries() && hypervisor.partition.scope.translate(gra, Access.READ, at)) {
            root = shared.ram.getDoubleBe(at.hra);
            processes = shared.ram.getDoubleBe(at.hra + 8);
        }
        if ((root & HOST_RADIX) == 0) {
            root = 0;
            processes = 0;
        }
        scope.setRoot(root);
        partition.processTableSize = 0;
        partition.processTable = processes & TABLE_BASE;
        partition.processTableSize = processes == 0 ? 0 : 1L << (processes & TABLE_SIZE) + MIN_TABLE;
        return root != 0;
    }

    /**
     * Notes where one of its vCPUs goes on.
     *
     * @param token its hypervisor's name for the vCPU, below {@link #MAX_GUESTS}
     * @return true when it ran on another processor before: what it invalidated locally since then is still there
     */
    public synchronized boolean moved(int token, int processor) {
        if (token >= lastProcessor.length) {
            lastProcessor = Arrays.copyOf(lastProcessor, Math.max(token + 1, 2 * lastProcessor.length));
        }
        int before = lastProcessor[token];
        lastProcessor[token] = processor + 1;
        return before != 0 && before != processor + 1;
    }

    /** Partition-scoped walks so far, about right. */
    public long walks() {
        return scope == null ? 0 : scope.walks();
    }
}
