package io.nestling.runtime.cpu;

import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.Reservations;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.Clock;
import java.util.List;

/**
 * One hardware thread: its registers (inherited), its MMU, its clock, and the events waiting for it.
 *
 * <p>Retired instructions are counted without a counter in the instruction loop: within straight-line code the count is
 * {@code (nip + bias) / 4}, and a taken branch moves the bias. Asynchronous interrupts are taken only at <em>check
 * points</em>: after a taken direct branch that does not go forward, after any branch through LR, CTR or TAR (taken or
 * not), and after an instruction that ends a block by changing context. All engines share that rule, so virtual time gives them the same instruction counts.
 */
public final class Vcpu extends CpuState {
    /** SRR1 bit 43: floating-point enabled exception. */
    public static final long PROGRAM_FP = 1L << 20;
    /** SRR1 bit 44: illegal instruction. */
    public static final long PROGRAM_ILLEGAL = 1L << 19;
    /** SRR1 bit 45: privileged instruction. */
    public static final long PROGRAM_PRIVILEGED = 1L << 18;
    /** SRR1 bit 46: trap. */
    public static final long PROGRAM_TRAP = 1L << 17;

    /** Vectors told apart by {@link #interrupts}. */
    public static final int VECTORS = 128;

    private static final long MOST_INSTRUCTIONS_DEAF = 100_000;

    /** Thread number, as in the device tree. */
    public final int id;
    /** Loads, stores and fetches. */
    public final Mmu mmu;
    /** The timebase. */
    public final Clock clock;
    /** What other vCPUs want of this one. */
    public final Mailbox mailbox = new Mailbox(this);
    /** How long its thread did not get on at a time. */
    public final Pauses pauses = new Pauses();
    /** The one fault object of this thread. */
    public final GuestFault fault = new GuestFault();

    /** Four for each retired instruction, minus NIP; see the class comment. */
    public long retiredBias;
    /** Retired-instruction count at which {@link #checkEvents} must be called, at the next check point. */
    public long deadline;
    /** Set from other threads: look at events at the next check point. */
    public volatile boolean attention;
    /** Level of the external interrupt line. */
    public volatile boolean externalInterrupt;
    /** ea mask: all ones in 64-bit mode, the low 32 in 32-bit mode. */
    public long eaMask = -1;
    /** Host address of the data TLB, see {@link Mmu}; this and the next two for emitted code. */
    public long dataTlb;
    /** Context number of data accesses to addresses without the sign bit. */
    public long dataContext;
    /** Exclusive or of it and the one for addresses with the sign bit. */
    public long dataContextMix;
    /** Ones for the number of an effective page; here, and not a constant, as the next, for emitted code. */
    public long pageMask = -1L << Mmu.PAGE_SHIFT;
    /** Always null. */
    public Object nothing;
    /** Added to the clock's timebase to give this thread's. */
    public long tbOffset;
    /** Timebase at which the decrementer passes below zero. */
    public long decExpiry;
    /** Bits of the decrementer: 32, or up to 64 with LPCR[LD]. */
    public int decBits = 32;
    /**
     * True while this thread runs a guest of its guest: the external interrupt line and the hypervisor decrementer then
     * interrupt the level above, by {@link Exit#HYPERVISOR}, and LPCR[MER] asks for an external interrupt of the guest.
     */
    public boolean nested;
    /** Timebase of the {@link #clock} at which the hypervisor decrementer expires; counts while {@link #nested} only. */
    public long hdecExpiry = Long.MAX_VALUE;
    /** Executed words that are instructions but have no semantics yet. */
    public long unimplemented;
    /** Interrupts taken, by vector divided by 0x20. */
    public final long[] interrupts = new long[VECTORS];
    /** Thread that runs this vCPU, to be unparked when it idles. */
    public volatile Thread thread;

    /** Set when this thread stores to decoded or translated code; cleared by translated code that leaves for it. */
    public boolean codeWritten;

    /** Set when where fetches find their code has changed: translated code must look it up again at the next isync. */
    public boolean fetchesMoved;

    /** Set by an instruction that leaves the engine: the reason; the engine clears it. Null otherwise. */
    public Exit pendingExit;

    /** Stores of atomic instructions; null while this is the machine's only vCPU. */
    public Reservations reservations;

    /** The quadword loaded last, as the host sees it. */
    public final long[] quad = new long[2];

    /** Code invalidations of the machine up to the last context synchronization. */
    public long seenInvalidations;

    /** The threads of this one's core by number, itself among them; doorbells reach no further. */
    private Vcpu[] core = {this};

    private volatile boolean exitRequested;
    private volatile boolean systemReset;
    private volatile boolean doorbell;
    private boolean decPending;
    private long limit = Long.MAX_VALUE;
    private long randomState;

    /** A thread in the reset state: all registers 0, 64-bit big-endian real mode. */
    public Vcpu(int id, Mmu mmu, Clock clock) {
        this.id = id;
        this.mmu = mmu;
        this.clock = clock;
        decExpiry = Long.MAX_VALUE >> 1;
        mmu.attach(this);
        // Until a hypervisor says otherwise, every facility and every storage key is the guest's.
        spr[Spr.HFSCR] = 0x00ffffffffffffffL;
        spr[Spr.AMOR] = -1;
        randomState = 0x9e3779b97f4a7c15L * (id + 1);
        setMsr(Msr.SF | Msr.ME);
    }

    /** A random number that is a function of the thread and of how many were drawn, so that runs repeat. */
    public long random() {
        long x = randomState;
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
        randomState = x;
        return x * 0x2545f4914f6cdd1dL;
    }

    // ---- time ---------------------------------------------------------------------------------------------------

    /** Instructions retired before the one at {@code pc}, which is the current one. */
    public long retired(long pc) {
        return retiredBias + pc >> 2;
    }

    /** Keeps the retired count when control moves from {@code from} (not yet counted) to {@code to}. */
    public void moved(long from, long to) {
        retiredBias += from - to;
    }

    /** Timebase as read by the instruction at {@code pc}. */
    public long timebase(long pc) {
        return clock.timebase(retired(pc)) + tbOffset;
    }

    /** Writes the decrementer from the instruction at {@code pc}; {@code v} is taken modulo its width. */
    public void setDecrementer(long v, long pc) {
        long signed = v << (64 - decBits) >> (64 - decBits);
        decExpiry = timebase(pc) + signed;
        decPending = false;
        deadline = 0;
    }

    /** Reads the decrementer, sign-extended from its width. */
    public long decrementer(long pc) {
        return decExpiry - timebase(pc) << (64 - decBits) >> (64 - decBits);
    }

    // ---- events -------------------------------------------------------------------------------------------------

    /** Asks the vCPU to leave its engine with {@link Exit#REQUESTED}; from any thread. */
    public void requestExit() {
        exitRequested = true;
        kick();
    }

    /** True when {@link #requestExit} was called and the engine has not left yet. */
    public boolean exitRequested() {
        return exitRequested;
    }

    /** Takes {@link #requestExit} back. */
    public void forgetExit() {
        exitRequested = false;
    }

    /** Makes the vCPU look at its events soon; from any thread. */
    public void kick() {
        attention = true;
        Thread t = thread;
        if (t != null) {
            java.util.concurrent.locks.LockSupport.unpark(t);
        }
    }

    /** Raises or lowers the external interrupt line; from any thread. */
    public void setExternalInterrupt(boolean level) {
        externalInterrupt = level;
        if (level) {
            kick();
        }
    }

    /** Takes a system reset interrupt at the next check point; from any thread. */
    public void requestSystemReset() {
        systemReset = true;
        kick();
    }

    /** Says which threads share a core, by number. */
    public void setCore(List<Vcpu> threads) {
        core = threads.toArray(Vcpu[]::new);
    }

    /** Number of this thread in its core. */
    public int threadInCore() {
        return List.of(core).indexOf(this);
    }

    /** Rings the doorbell of a thread of this core; one that does not exist is ignored. */
    public void ringDoorbell(int threadInCore) {
        if (threadInCore < core.length) {
            Vcpu target = core[threadInCore];
            target.doorbell = true;
            target.kick();
            if (target == this) {
                deadline = 0;
            }
        }
    }

    /** Makes the engine leave with {@link Exit#LIMIT} at the first check point with this many instructions retired. */
    public void runUntil(long retired) {
        limit = retired;
        deadline = 0;
    }

    /** True when an interrupt that MSR[EE] would let through is waiting. */
    public boolean interruptPending() {
        return externalInterrupt || decPending || decExpired(clock.timebase(retired(nip))) || spr[Spr.DPDES] != 0 || doorbell
                || systemReset;
    }

    private boolean decExpired(long now) {
        return now + tbOffset - decExpiry > 0;
    }

    private boolean hdecExpired(long now) {
        return now - hdecExpiry >= 0;
    }

    /** An external interrupt of the guest that runs: from the line, or mediated by the hypervisor above it. */
    private boolean externalRequested() {
        return nested ? (spr[Spr.LPCR] & Interrupts.LPCR_MER) != 0 : externalInterrupt;
    }

    /** At a check point with control at {@code pc}: must {@link #checkEvents} be called? */
    public boolean due(long pc) {
        return dueAt(retired(pc));
    }

    /** The same for a count of retired instructions. */
    public boolean dueAt(long retired) {
        return retired >= deadline || attention;
    }

    /** The exit an instruction asked for, which is thereby taken. */
    public Exit takePendingExit() {
        Exit exit = pendingExit;
        pendingExit = null;
        return exit;
    }

    /**
     * Handles a fault of the instruction at {@link #nip}: delivers it, or keeps it for the hypervisor above.
     *
     * @return true when the engine must leave with {@link Exit#HYPERVISOR}
     */
    public boolean faulted(GuestFault f) {
        boolean hypervisor = f.vector >= Interrupts.HYPERVISOR_DATA_STORAGE && f.vector <= 0xea0
                || f.vector == Interrupts.HYPERVISOR_FACILITY_UNAVAILABLE;
        if (hypervisor && (msr & Msr.HV) == 0) {
            if (f.vector == Interrupts.HYPERVISOR_EMULATION) {
                spr[Spr.HEIR] = instruction();
                raise(Interrupts.HYPERVISOR_EMULATION, 0);
            }
            return true;
        }
        Interrupts.deliver(this, f.vector, f.srr1);
        // An interrupt takes the time of an instruction: virtual time passes even if the handler faults at once.
        retiredBias += 4;
        return false;
    }

    /** The instruction word at {@link #nip}; 0 if another processor has unmapped it since it was fetched. */
    private long instruction() {
        try {
            return mmu.fetch(nip).word((int) (nip >>> 2) & CodePage.SLOTS - 1) & 0xffffffffL;
        } catch (GuestFault f) {
            return 0;
        }
    }

    /**
     * At a check point, with {@link #nip} current: takes what is due.
     *
     * @return null to go on at {@link #nip}, or the reason to leave the engine
     */
    public Exit checkEvents() {
        long retired = retired(nip);
        long now = clock.timebase(retired);
        if (!clock.virtual()) {
            pauses.look(now);
        }
        attention = false;
        mailbox.serve();
        if (exitRequested) {
            exitRequested = false;
            deadline = 0;
            return Exit.REQUESTED;
        }
        if (retired >= limit) {
            return Exit.LIMIT;
        }
        if (!decPending && decExpired(now)) {
            decPending = true;
        }
        if (nested && (externalInterrupt || systemReset || doorbell || hdecExpired(now))) {
            // These are the level above's, whatever MSR[EE] of its guest says. A reset or doorbell it takes when it runs again.
            raise(externalInterrupt || systemReset || doorbell ? Interrupts.EXTERNAL : Interrupts.HYPERVISOR_DECREMENTER, 0);
            deadline = 0;
            return Exit.HYPERVISOR;
        }
        if (doorbell) {
            doorbell = false;
            spr[Spr.DPDES] = 1;
        }
        if (systemReset) {
            systemReset = false;
            Interrupts.deliver(this, Interrupts.SYSTEM_RESET, 0);
        } else if ((msr & Msr.EE) != 0) {
            if (externalRequested()) {
                Interrupts.deliver(this, Interrupts.EXTERNAL, 0);
            } else if (decPending) {
                // Level-sensitive: it stays pending until the decrementer is written.
                Interrupts.deliver(this, Interrupts.DECREMENTER, 0);
            } else if (spr[Spr.DPDES] != 0) {
                spr[Spr.DPDES] = 0;
                Interrupts.deliver(this, Interrupts.DOORBELL, 0);
            }
        }
        long next = decPending ? Long.MAX_VALUE : clock.retiredAt(decExpiry - tbOffset + 1, retired);
        if (nested) {
            next = Math.min(next, clock.retiredAt(hdecExpiry, retired));
        }
        if (!clock.virtual()) {
            next = Math.min(next, clock.retiredAt(0, retired));
        }
        // Translated code looks at the deadline only, so that other threads are heard soon enough.
        deadline = Math.min(Math.min(next, limit), retired + MOST_INSTRUCTIONS_DEAF);
        return null;
    }

    // ---- machine state ------------------------------------------------------------------------------------------

    /** Sets the MSR and everything that follows from it. */
    public void setMsr(long v) {
        boolean enabling = (v & ~msr & Msr.EE) != 0;
        boolean translation = ((v ^ msr) & Msr.TRANSLATION) != 0;
        msr = v;
        eaMask = (v & Msr.SF) != 0 ? -1 : 0xffffffffL;
        if (enabling && (decPending || externalRequested() || spr[Spr.DPDES] != 0)) {
            deadline = 0;
        }
        if (translation) {
            mmu.contextChanged();
        }
    }

    /** Sets LPCR and what follows from it. */
    public void setLpcr(long v) {
        spr[Spr.LPCR] = v;
        decBits = (v & RegisterTable.LPCR_LD) != 0 ? RegisterTable.LARGE_DECREMENTER_BITS : 32;
    }

    /**
     * Leaves one guest for another: goes on in a partition, at an address, in a machine state. All other registers are
     * already the other guest's. Retired instructions go on counting, and nothing is flushed.
     */
    public void resume(Partition partition, long machineState, long address) {
        msr = machineState;
        eaMask = (machineState & Msr.SF) != 0 ? -1 : 0xffffffffL;
        mmu.enter(partition);
        long target = ea(address & ~3L);
        moved(nip, target);
        nip = target;
        reserved = false;
        // What is due must be found out afresh.
        decPending = false;
        deadline = 0;
    }

    /** Computes CR0 for a record form, from the low word only in 32-bit mode. */
    public void recordCr0(long v) {
        setCr0(eaMask == -1 ? v : (int) v);
    }

    /** Truncates an effective address to the mode's width. */
    public long ea(long address) {
        return address & eaMask;
    }

    // ---- faults: all are thrown by the caller as "throw c.illegal()" ---------------------------------------------

    /** A fault at any vector with the given SRR1 bits. */
    public GuestFault raise(int vector, long srr1) {
        fault.vector = vector;
        fault.srr1 = srr1;
        return fault;
    }

    /** A program interrupt with one of the PROGRAM bits. */
    public GuestFault program(long cause) {
        return raise(Interrupts.PROGRAM, cause);
    }

    /**
     * Illegal instruction: a hypervisor emulation assistance interrupt for the hypervisor of a nested guest (Book III, 6.5.18),
     * which may know the instruction. Level 0 does not, so its own guest has a program interrupt at once.
     */
    public GuestFault illegal() {
        return nested ? raise(Interrupts.HYPERVISOR_EMULATION, 0) : program(PROGRAM_ILLEGAL);
    }

    /** Privileged instruction program interrupt. */
    public GuestFault privileged() {
        return program(PROGRAM_PRIVILEGED);
    }

    /** Alignment interrupt for an access at {@code ea}. */
    public GuestFault alignment(long ea) {
        spr[Spr.DAR] = ea;
        return raise(Interrupts.ALIGNMENT, 0);
    }

    /** Hypervisor facility-unavailable interrupt; {@code facility} is the IC value for HFSCR bits 0..7. */
    public GuestFault hypervisorFacilityUnavailable(int facility) {
        spr[Spr.HFSCR] = spr[Spr.HFSCR] & 0x00ffffffffffffffL | (long) facility << 56;
        return raise(Interrupts.HYPERVISOR_FACILITY_UNAVAILABLE, 0);
    }

    /**
     * Raises the facility-unavailable interrupt that FSCR (problem state) or HFSCR (outside hypervisor state) demands.
     *
     * @param facility one of the {@link Facility} numbers
     */
    public void needFacility(int facility) {
        needFacility(facility, (msr & Msr.PR) != 0);
    }

    /** As {@link #needFacility(int)}, with FSCR asked only if so said: some facilities have no bit there. */
    public void needFacility(int facility, boolean fscr) {
        // HFSCR has no bit for system call vectored.
        if (facility != Facility.SCV && (spr[Spr.HFSCR] >>> facility & 1) == 0 && (msr & Msr.HV) == 0) {
            throw hypervisorFacilityUnavailable(facility);
        }
        if (fscr && (spr[Spr.FSCR] >>> facility & 1) == 0) {
            throw facilityUnavailable(facility);
        }
    }

    /** Facility-unavailable interrupt; {@code facility} is the IC value for FSCR bits 0..7. */
    public GuestFault facilityUnavailable(int facility) {
        spr[Spr.FSCR] = spr[Spr.FSCR] & 0x00ffffffffffffffL | (long) facility << 56;
        return raise(Interrupts.FACILITY_UNAVAILABLE, 0);
    }

    /** Raises the floating-point unavailable interrupt unless MSR[FP] is set. */
    public void needFp() {
        if ((msr & Msr.FP) == 0) {
            throw raise(Interrupts.FP_UNAVAILABLE, 0);
        }
    }

    /** Raises the vector unavailable interrupt unless MSR[VEC] is set. */
    public void needVec() {
        if ((msr & Msr.VEC) == 0) {
            throw raise(Interrupts.VECTOR_UNAVAILABLE, 0);
        }
    }

    /** For rows whose register number chooses, by a bit of the word: VEC for VSR 32..63, else VSX. */
    public void needVsxOrVec(int w, int bit) {
        if ((w & bit) != 0) {
            needVec();
        } else {
            needVsx();
        }
    }

    /** For moves to and from VSRs: VEC for VSR 32..63, else FP. */
    public void needFpOrVec(int w, int bit) {
        if ((w & bit) != 0) {
            needVec();
        } else {
            needFp();
        }
    }

    /** Raises the VSX unavailable interrupt unless MSR[VSX] is set. */
    public void needVsx() {
        if ((msr & Msr.VSX) == 0) {
            throw raise(Interrupts.VSX_UNAVAILABLE, 0);
        }
    }

    /** Raises a privileged-instruction interrupt in problem state. */
    public void needPrivilege() {
        if ((msr & Msr.PR) != 0) {
            throw privileged();
        }
    }

    /** Raises a privileged-instruction interrupt unless in hypervisor state. */
    public void needHypervisor() {
        if ((msr & (Msr.PR | Msr.HV)) != Msr.HV) {
            throw privileged();
        }
    }
}
