package io.nestling.hv.nested;

import io.nestling.hv.ledger.NestLedger;
import io.nestling.hv.papr.Status;
import io.nestling.hv.partition.Guest;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.GuestMemory;
import java.util.Arrays;

/**
 * H_ENTER_NESTED, the first interface for nested guests: one hypercall runs a guest from the registers in the caller's
 * memory until something happens that is the caller's business, and puts its registers back there.
 *
 * <p>A switch of worlds copies registers and changes the partition of the MMU. Floating point, vectors and the registers
 * named in neither structure stay where they are: the caller has put the guest's there, and finds them there.
 */
public final class EnterNested implements NestedEntry {
    /** What a hypervisor may choose of its guest's LPCR: DPFD, ILE, TC, AIL, LD, MER. */
    private static final long LPCR_CHOICE = 7L << 52 | 1L << 25 | 1L << 9 | 3L << 23 | 1L << 17 | Interrupts.LPCR_MER;
    private static final long HFSCR_CAUSE = 0xffL << 56;
    private static final long CIABR_HYPERVISOR = 3;
    private static final long DAWRX_HYPERVISOR = 4;
    /** SPR 338, the processor compatibility register. */
    private static final int PCR = 338;
    /** vCPU tokens are below this. */
    private static final int MAX_TOKEN = 2048;

    /** The registers of the caller that the guest's replace, to be put back. */
    private static final int[] KEPT = {Spr.SRR0, Spr.SRR1, Spr.SPRG0, Spr.SPRG0 + 1, Spr.SPRG0 + 2, Spr.SPRG0 + 3, Spr.CFAR,
        Spr.PPR, Spr.HFSCR, Spr.DPDES, Spr.DAWR0, Spr.DAWRX0, Spr.CIABR, Spr.PIDR, PCR};
    /** The same for those that tick: what is kept is their distance from the clock, so they go on ticking meanwhile. */
    private static final int[] TICKING = {Spr.PURR, Spr.SPURR, Spr.IC, Spr.VTB};

    /** One processor's way back, and the buffers it needs: nothing is allocated when worlds are switched. */
    private static final class Run {
        final long[] state = new long[GuestState.size(GuestState.VERSION)];
        final long[] regs = new long[GuestState.REGS];
        final long[] gpr = new long[32];
        final long[] kept = new long[KEPT.length];
        final long[] ticking = new long[TICKING.length];
        Guest caller;
        long stateAddress;
        long regsAddress;
        boolean bigEndian;
        long lr;
        long ctr;
        long xer;
        int cr;
        long nip;
        long msr;
    }

    private static final int DAWR0 = GuestState.index(Spr.DAWR0);
    private static final int PCR_INDEX = GuestState.index(PCR);

    private final Lpar lpar;
    private final Run[] runs;
    private final NestLedger ledger;

    /** For the processors of a partition, which all run its own guest now. */
    public EnterNested(Lpar lpar, Guest own, NestLedger ledger) {
        this.lpar = lpar;
        this.ledger = ledger;
        runs = new Run[lpar.processors.size()];
        Arrays.setAll(runs, i -> new Run());
        for (Processor p : lpar.processors) {
            p.guest = own;
        }
    }

    // ---- in -----------------------------------------------------------------------------------------------------

    /**
     * H_ENTER_NESTED. Arguments: addresses of the state and of the general registers.
     *
     * @return the status for the caller; or, when the guest has been entered, what its r3 holds
     */
    long enter(Processor cpu) {
        Vcpu c = cpu.vcpu;
        Guest caller = cpu.guest;
        if (!caller.isHypervisor()) {
            return Status.NOT_AVAILABLE;
        }
        Run run = runs[c.id];
        run.stateAddress = cpu.arg(1);
        run.regsAddress = cpu.arg(2);
        run.bigEndian = (c.msr & Msr.LE) == 0;
        GuestMemory memory = lpar.memory;
        if (!memory.loadDoubles(run.stateAddress, run.state, 1, run.bigEndian)) {
            return Status.PARAMETER;
        }
        long version = run.state[GuestState.STATE_VERSION];
        if (version > GuestState.VERSION) {
            return Status.P2;
        }
        int size = GuestState.size(version);
        if (size == 0 || !memory.loadDoubles(run.stateAddress, run.state, size, run.bigEndian)
                || !memory.loadDoubles(run.regsAddress, run.regs, GuestState.REGS, run.bigEndian)) {
            return Status.PARAMETER;
        }
        long names = run.state[GuestState.LPID_AND_TOKEN];
        long lpid = (run.bigEndian ? names >>> 32 : names) & 0xffffffffL;
        long token = (run.bigEndian ? names : names >>> 32) & 0xffffffffL;
        if (token >= MAX_TOKEN) {
            return Status.PARAMETER;
        }
        Guest guest = caller.guest(lpid);
        if (guest == null) {
            return Status.PARAMETER;
        }
        if (runs.length > 1 && guest.moved((int) token, c.id)) {
            // Its guest may have invalidated locally, elsewhere, what this processor or the one before still has.
            c.mmu.broadcast().invalidatePartition(guest.partition.lpid);
            c.mailbox.settle();
        }
        run.caller = caller;
        save(run, c);
        cpu.lpcr = c.spr[Spr.LPCR];
        load(run, c);
        c.nested = true;
        cpu.guest = guest;
        c.resume(guest.partition, (run.regs[GuestState.MSR] | Msr.ME) & Msr.IMPLEMENTED & ~Msr.HV, run.regs[GuestState.NIP]);
        ledger.runs(c.id, guest.partition.lpid, c.retired(c.nip), NestedHcalls.H_ENTER_NESTED);
        return c.gpr(3);
    }

    private static void save(Run run, Vcpu c) {
        c.getGprs(run.gpr, 0);
        for (int i = 0; i < KEPT.length; i++) {
            run.kept[i] = c.spr[KEPT[i]];
        }
        for (int i = 0; i < TICKING.length; i++) {
            run.ticking[i] = c.spr[TICKING[i]];
        }
        run.lr = c.lr;
        run.ctr = c.ctr;
        run.xer = c.xer();
        run.cr = c.cr();
        run.nip = c.nip;
        run.msr = c.msr;
    }

    private static void load(Run run, Vcpu c) {
        long[] s = run.state;
        long[] r = run.regs;
        c.setGprs(r, GuestState.GPR);
        c.lr = r[GuestState.LINK];
        c.ctr = r[GuestState.CTR];
        c.setXer(r[GuestState.XER]);
        c.setCr((int) r[GuestState.CCR]);
        for (int i = 0; i < GuestState.PLAIN.length; i++) {
            c.spr[GuestState.PLAIN_SPRS[i]] = s[GuestState.PLAIN[i]];
        }
        c.spr[Spr.PIDR] = s[GuestState.PIDR] & 0xffffffffL;
        c.spr[Spr.DPDES] = s[GuestState.DPDES];
        c.spr[PCR] = s[PCR_INDEX];
        // Nothing that the caller itself is denied, or that only level 0 may watch.
        c.spr[Spr.HFSCR] = s[GuestState.HFSCR] & (c.spr[Spr.HFSCR] | HFSCR_CAUSE);
        c.spr[Spr.DAWR0] = s[DAWR0];
        c.spr[Spr.DAWRX0] = s[GuestState.DAWRX0] & 0xffffffffL & ~DAWRX_HYPERVISOR;
        long ciabr = s[GuestState.CIABR];
        c.spr[Spr.CIABR] = (ciabr & CIABR_HYPERVISOR) == CIABR_HYPERVISOR ? ciabr & ~CIABR_HYPERVISOR : ciabr;
        c.setLpcr(s[GuestState.LPCR] & LPCR_CHOICE | c.spr[Spr.LPCR] & ~LPCR_CHOICE);
        // The caller has put the guest's decrementer in place: it keeps its value while the timebase is moved.
        c.hdecExpiry = s[GuestState.HDEC_EXPIRY] - c.tbOffset;
        c.tbOffset += s[GuestState.TB_OFFSET];
        c.decExpiry += s[GuestState.TB_OFFSET];
        long now = c.clock.timebase(c.retired(c.nip));
        c.spr[Spr.PURR] = s[GuestState.PURR] - now;
        c.spr[Spr.SPURR] = s[GuestState.SPURR] - now;
        c.spr[Spr.VTB] = s[GuestState.VTB] - now;
        c.spr[Spr.IC] = s[GuestState.IC] - c.retired(c.nip);
    }

    // ---- out ----------------------------------------------------------------------------------------------------

    @Override
    public boolean handled(Processor cpu, Exit exit) {
        if (cpu.guest.hypervisor == null || exit != Exit.HCALL && exit != Exit.HYPERVISOR) {
            return false;
        }
        if (exit == Exit.HCALL) {
            leave(cpu, Interrupts.SYSTEM_CALL, 0);
        } else {
            leave(cpu, cpu.vcpu.fault.vector, cpu.vcpu.fault.srr1);
        }
        return true;
    }

    /** Goes back to the caller: the guest has been interrupted at a vector. */
    private void leave(Processor cpu, int vector, long srr1) {
        Vcpu c = cpu.vcpu;
        Run run = runs[c.id];
        if (vector == Interrupts.SYSTEM_CALL && c.gpr(3) == NestedHcalls.H_ENTER_NESTED) {
            ledger.asks(c.id);
        }
        store(run, c, vector, srr1);
        int size = GuestState.size(run.state[GuestState.STATE_VERSION]);
        // Inside memory as on entry: memory does not shrink.
        lpar.memory.storeDoubles(run.stateAddress, run.state, size, run.bigEndian);
        lpar.memory.storeDoubles(run.regsAddress, run.regs, GuestState.REGS, run.bigEndian);
        restore(run, c);
        c.setLpcr(cpu.lpcr);
        c.nested = false;
        cpu.guest = run.caller;
        c.resume(run.caller.partition, run.msr, run.nip);
        c.setGpr(3, vector);
        ledger.runs(c.id, run.caller.partition.lpid, c.retired(c.nip), run.regs[GuestState.GPR + 3]);
    }

    private static void store(Run run, Vcpu c, int vector, long srr1) {
        long[] s = run.state;
        long[] r = run.regs;
        c.getGprs(r, GuestState.GPR);
        r[GuestState.NIP] = c.nip;
        r[GuestState.MSR] = c.msr | srr1;
        r[GuestState.LINK] = c.lr;
        r[GuestState.CTR] = c.ctr;
        r[GuestState.XER] = c.xer();
        r[GuestState.CCR] = c.cr() & 0xffffffffL;
        for (int i = 0; i < GuestState.PLAIN.length; i++) {
            s[GuestState.PLAIN[i]] = c.spr[GuestState.PLAIN_SPRS[i]];
        }
        s[GuestState.PIDR] = c.spr[Spr.PIDR];
        s[GuestState.DPDES] = c.spr[Spr.DPDES];
        long now = c.clock.timebase(c.retired(c.nip));
        s[GuestState.PURR] = c.spr[Spr.PURR] + now;
        s[GuestState.SPURR] = c.spr[Spr.SPURR] + now;
        s[GuestState.VTB] = c.spr[Spr.VTB] + now;
        s[GuestState.IC] = c.spr[Spr.IC] + c.retired(c.nip);
        switch (vector) {
            case Interrupts.HYPERVISOR_DATA_STORAGE -> {
                s[GuestState.HDAR] = c.spr[Spr.HDAR];
                s[GuestState.HDSISR] = c.spr[Spr.HDSISR];
                s[GuestState.ASDR] = c.spr[Spr.ASDR];
            }
            case Interrupts.HYPERVISOR_INSTRUCTION_STORAGE -> s[GuestState.ASDR] = c.spr[Spr.ASDR];
            case Interrupts.HYPERVISOR_EMULATION -> s[GuestState.HEIR] = c.spr[Spr.HEIR];
            case Interrupts.HYPERVISOR_FACILITY_UNAVAILABLE ->
                s[GuestState.HFSCR] = s[GuestState.HFSCR] & ~HFSCR_CAUSE | c.spr[Spr.HFSCR] & HFSCR_CAUSE;
            default -> {
                // Nothing more to tell.
            }
        }
    }

    private static void restore(Run run, Vcpu c) {
        c.setGprs(run.gpr, 0);
        for (int i = 0; i < KEPT.length; i++) {
            c.spr[KEPT[i]] = run.kept[i];
        }
        for (int i = 0; i < TICKING.length; i++) {
            c.spr[TICKING[i]] = run.ticking[i];
        }
        c.lr = run.lr;
        c.ctr = run.ctr;
        c.setXer(run.xer);
        c.setCr(run.cr);
        long offset = run.state[GuestState.TB_OFFSET];
        c.tbOffset -= offset;
        c.decExpiry -= offset;
    }
}
