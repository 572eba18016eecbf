package io.nestling.runtime.cpu;

import static io.nestling.runtime.cpu.Register.Right.HYPERVISOR;
import static io.nestling.runtime.cpu.Register.Right.NONE;
import static io.nestling.runtime.cpu.Register.Right.PRIVILEGED;
import static io.nestling.runtime.cpu.Register.Right.PROBLEM;

import io.nestling.runtime.cpu.Register.Gate;
import io.nestling.runtime.cpu.Register.Home;
import io.nestling.runtime.cpu.Register.Port;
import io.nestling.runtime.cpu.Register.Right;
import io.nestling.runtime.cpu.Register.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The one list of registers of a hardware thread: name, width, home, SPR numbers with their rights (Power ISA 3.0B, Book
 * III, figure "SPR encodings"), and places in the nested-virtualization structures (PAPR). Whatever must visit registers
 * by name or number works from this list.
 */
public final class RegisterTable {
    private RegisterTable() {}

    private static final List<Register> REGISTERS = new ArrayList<>();
    private static final Port[] PORTS = new Port[1024];
    /** SPR numbers that privileged software reads and writes as plain 64-bit storage: {@code mfspr}'s fast path. */
    private static final boolean[] PLAIN = new boolean[1024];

    /** LPCR[LD]: large decrementer. */
    public static final long LPCR_LD = 1L << 17;
    /** Decrementer width with LPCR[LD] set. */
    public static final int LARGE_DECREMENTER_BITS = 56;

    private static final long LOW_WORD = 0xffffffffL;
    private static final long PPR_PRIORITY = 0x001c000000000000L;
    /** What problem state sees of MMCR0: FC, PMAE, PMAO. */
    private static final long MMCR0_PROBLEM = 0x84000080L;
    /** What problem state sees of MMCR2: FCnP0. */
    private static final long MMCR2_PROBLEM = 0x4020100804020000L;
    /** The bits of the timebase that TBU40 does not write. */
    private static final long BELOW_TBU40 = 0xffffffL;

    static {
        for (int i = 0; i < 32; i++) {
            int n = i;
            row("r" + n, 64, home(c -> c.gpr(n), (c, v) -> c.setGpr(n, v))).regs(8 * n).element(0x1000 + n).add();
        }
        for (int i = 0; i < 64; i++) {
            int n = i;
            row("vs" + n, 128, home(c -> c.vsr[2 * n], (c, v) -> c.vsr[2 * n] = v))
                    .low(home(c -> c.vsr[2 * n + 1], (c, v) -> c.vsr[2 * n + 1] = v)).element(0x3000 + n).add();
        }
        machineState();
        branchAndFixedPoint();
        interrupts();
        time();
        storage();
        facilities();
        performanceMonitor();
        hypervisor();
        identity();
    }

    private static void machineState() {
        row("nip", 64, home(c -> c.nip, (c, v) -> c.nip = v)).regs(256).element(0x1021).add();
        row("msr", 64, home(c -> c.msr, (c, v) -> c.setMsr(v & Msr.IMPLEMENTED))).regs(264).element(0x1022).add();
        row("cr", 32, home(c -> c.cr() & LOW_WORD, (c, v) -> c.setCr((int) v))).regs(304).element(0x2000).add();
        row("fpscr", 64, home(c -> c.fpscr(), (c, v) -> c.setFpscr(v))).element(0x102f).add();
        row("vscr", 32, home(c -> c.vscr & LOW_WORD, (c, v) -> c.vscr = (int) v)).element(0x2003).add();
    }

    private static void branchAndFixedPoint() {
        row("xer", 64, home(CpuState::xer, (c, v) -> c.setXer(v))).regs(296).element(0x1024)
                .spr(Spr.XER, PROBLEM, PROBLEM).add();
        row("lr", 64, home(c -> c.lr, (c, v) -> c.lr = v)).regs(288).element(0x1023)
                .spr(Spr.LR, PROBLEM, PROBLEM).add();
        row("ctr", 64, home(c -> c.ctr, (c, v) -> c.ctr = v)).regs(280).element(0x1025)
                .spr(Spr.CTR, PROBLEM, PROBLEM).add();
        row("tar", 64, home(c -> c.tar, (c, v) -> c.tar = v)).element(0x104d)
                .spr(Spr.TAR, PROBLEM, PROBLEM, facility(Facility.TAR)).add();
        row("vrsave", 32, spr(Spr.VRSAVE)).element(0x2004).spr(Spr.VRSAVE, PROBLEM, PROBLEM).add();
        row("cfar", 64, spr(Spr.CFAR)).state(216).element(0x1026).spr(Spr.CFAR, PRIVILEGED, PRIVILEGED).add();
    }

    private static void interrupts() {
        row("srr0", 64, spr(Spr.SRR0)).state(160).element(0x1027).spr(Spr.SRR0, PRIVILEGED, PRIVILEGED).add();
        row("srr1", 64, spr(Spr.SRR1)).state(168).element(0x1028).spr(Spr.SRR1, PRIVILEGED, PRIVILEGED).add();
        row("dsisr", 32, spr(Spr.DSISR)).element(0x2002).spr(Spr.DSISR, PRIVILEGED, PRIVILEGED).add();
        row("dar", 64, spr(Spr.DAR)).element(0x1029).spr(Spr.DAR, PRIVILEGED, PRIVILEGED).add();
        for (int i = 0; i < 4; i++) {
            Row row = row("sprg" + i, 64, spr(Spr.SPRG0 + i)).state(176 + 8 * i).element(0x1036 + i)
                    .spr(Spr.SPRG0 + i, PRIVILEGED, PRIVILEGED);
            if (i == 3) {
                row.spr(Spr.SPRG3_USER, PROBLEM, NONE);
            }
            row.add();
        }
        row("dpdes", 64, home(c -> c.spr[Spr.DPDES], RegisterTable::setDpdes)).state(40).element(0x1053)
                .spr(Spr.DPDES, PRIVILEGED, HYPERVISOR).add();
    }

    private static void time() {
        row("tb", 64, home(Vcpu::timebase, RegisterTable::setTimebase))
                .spr(Spr.TB, PROBLEM, NONE)
                .spr(Spr.TBU, PROBLEM, NONE, home((c, pc) -> c.timebase(pc) >>> 32, null))
                .spr(Spr.TBL_WRITE, NONE, HYPERVISOR, timebasePart(LOW_WORD, 0))
                .spr(Spr.TBU_WRITE, NONE, HYPERVISOR, timebasePart(~LOW_WORD, 32))
                .spr(Spr.TBU40, NONE, HYPERVISOR, timebasePart(~BELOW_TBU40, 0)).add();
        row("tb_offset", 64, home(c -> c.tbOffset, (c, v) -> c.tbOffset = v)).state(56).add();
        row("dec_expiry", 64, home((c, pc) -> c.decExpiry, (c, v, pc) -> c.setDecrementer(v - c.timebase(pc), pc)))
                .element(0x102a)
                .spr(Spr.DEC, PRIVILEGED, PRIVILEGED, home(RegisterTable::decrementer, Vcpu::setDecrementer)).add();
        row("hdec_expiry", 64, spr(Spr.HDEC)).state(88).element(0x1020)
                .spr(Spr.HDEC, HYPERVISOR, HYPERVISOR, home((c, pc) -> c.spr[Spr.HDEC] - c.timebase(pc),
                        (c, v, pc) -> c.spr[Spr.HDEC] = c.timebase(pc) + v)).add();
        // These tick with the clock whatever the timebase is set to; their storage holds the difference.
        row("purr", 64, ticking(Spr.PURR)).state(96).element(0x1033).spr(Spr.PURR, PRIVILEGED, HYPERVISOR).add();
        row("spurr", 64, ticking(Spr.SPURR)).state(104).element(0x1034).spr(Spr.SPURR, PRIVILEGED, HYPERVISOR).add();
        row("vtb", 64, ticking(Spr.VTB)).state(120).element(0x102b).spr(Spr.VTB, PRIVILEGED, HYPERVISOR).add();
        row("ic", 64, home((c, pc) -> c.spr[Spr.IC] + c.retired(pc),
                (c, v, pc) -> c.spr[Spr.IC] = v - c.retired(pc))).state(112).element(0x1035)
                .spr(Spr.IC, PRIVILEGED, HYPERVISOR).add();
    }

    private static void storage() {
        row("pidr", 32, home(c -> c.spr[Spr.PIDR], (c, v) -> keys(c, Spr.PIDR, v & LOW_WORD, -1)))
                .state(208).element(0x2001).spr(Spr.PIDR, PRIVILEGED, PRIVILEGED).add();
        row("amr", 64, home(c -> c.spr[Spr.AMR], (c, v) -> keys(c, Spr.AMR, v, -1))).element(0x1046)
                .spr(Spr.AMR, PRIVILEGED, PRIVILEGED, masked(Spr.AMR))
                .spr(Spr.AMR_USER, PROBLEM, PROBLEM, masked(Spr.AMR)).add();
        row("iamr", 64, home(c -> c.spr[Spr.IAMR], (c, v) -> keys(c, Spr.IAMR, v, -1))).element(0x1047)
                .spr(Spr.IAMR, PRIVILEGED, PRIVILEGED, masked(Spr.IAMR)).add();
        row("uamor", 64, spr(Spr.UAMOR)).element(0x1049)
                .spr(Spr.UAMOR, PRIVILEGED, PRIVILEGED, masked(Spr.UAMOR)).add();
        row("amor", 64, spr(Spr.AMOR)).state(32).element(0x1048).spr(Spr.AMOR, HYPERVISOR, HYPERVISOR).add();
    }

    private static void facilities() {
        row("dscr", 64, spr(Spr.DSCR)).element(0x104c)
                .spr(Spr.DSCR, PRIVILEGED, PRIVILEGED, facility(Facility.DSCR))
                .spr(Spr.DSCR_USER, PROBLEM, PROBLEM, facility(Facility.DSCR)).add();
        row("fscr", 64, spr(Spr.FSCR)).element(0x102e).spr(Spr.FSCR, PRIVILEGED, PRIVILEGED).add();
        row("pspb", 32, spr(Spr.PSPB)).element(0x200e).spr(Spr.PSPB, PRIVILEGED, PRIVILEGED).add();
        row("ppr", 64, new Storage(Spr.PPR, PPR_PRIORITY)).state(224).element(0x103a)
                .spr(Spr.PPR, PROBLEM, PROBLEM)
                .spr(Spr.PPR32, PROBLEM, PROBLEM, upperHalf(new Storage(Spr.PPR, PPR_PRIORITY))).add();
        row("ctrl", 32, new Storage(Spr.CTRL, 1)).element(0x1052)
                .spr(Spr.CTRL_READ, PROBLEM, NONE).spr(Spr.CTRL, NONE, PRIVILEGED).add();
        row("psscr", 64, spr(Spr.PSSCR)).spr(Spr.PSSCR, HYPERVISOR, HYPERVISOR)
                .spr(Spr.PSSCR_SUPERVISOR, PRIVILEGED, PRIVILEGED).add();
        row("tidr", 64, spr(144)).spr(144, PRIVILEGED, PRIVILEGED).add();
        row("wort", 32, spr(895)).element(0x200d).spr(895, PRIVILEGED, PRIVILEGED).add();
        // MSR[TM] is always 0, so the transactional registers are unavailable.
        Gate tm = (c, store) -> {
            throw c.facilityUnavailable(Facility.TM);
        };
        row("tfhar", 64, spr(Spr.TFHAR)).spr(128, PROBLEM, PROBLEM, tm).add();
        row("tfiar", 64, spr(129)).spr(129, PROBLEM, PROBLEM, tm).add();
        row("texasr", 64, spr(130)).spr(130, PROBLEM, PROBLEM, tm)
                .spr(131, PROBLEM, PROBLEM, upperHalf(spr(130)), tm).add();
        Gate ebb = facility(Facility.EBB);
        Home bescr = spr(Spr.BESCR);
        row("bescr", 64, bescr).element(0x1043)
                .spr(Spr.BESCR, PROBLEM, PROBLEM, ebb)
                .spr(800, PROBLEM, PROBLEM, setting(bescr), ebb)
                .spr(801, PROBLEM, PROBLEM, setting(upperHalf(bescr)), ebb)
                .spr(802, PROBLEM, PROBLEM, resetting(bescr), ebb)
                .spr(803, PROBLEM, PROBLEM, resetting(upperHalf(bescr)), ebb).add();
        row("ebbhr", 64, spr(Spr.EBBHR)).element(0x1044).spr(Spr.EBBHR, PROBLEM, PROBLEM, ebb).add();
        row("ebbrr", 64, spr(Spr.EBBRR)).element(0x1045).spr(Spr.EBBRR, PROBLEM, PROBLEM, ebb).add();
    }

    private static void performanceMonitor() {
        monitor("sier", 64, 784, 0x1040, NONE, -1);
        monitor("mmcr2", 64, 785, 0x103d, PROBLEM, MMCR2_PROBLEM);
        monitor("mmcra", 64, 786, 0x103f, PROBLEM, -1);
        for (int i = 0; i < 6; i++) {
            monitor("pmc" + (i + 1), 32, 787 + i, 0x2007 + i, PROBLEM, -1);
        }
        monitor("mmcr0", 64, Spr.MMCR0, 0x103b, PROBLEM, MMCR0_PROBLEM);
        monitor("siar", 64, 796, 0x104b, NONE, -1);
        monitor("sdar", 64, 797, 0x104a, NONE, -1);
        monitor("mmcr1", 64, 798, 0x103c, NONE, -1);
    }

    /** A register with a privileged number and, 16 below, one for problem state that shows the bits in a mask. */
    private static void monitor(String name, int bits, int number, int element, Right problemWrite, long mask) {
        Home view = home(c -> c.spr[number] & mask, (c, v) -> c.spr[number] = c.spr[number] & ~mask | v & mask);
        row(name, bits, spr(number, bits)).element(element)
                .spr(number, PRIVILEGED, PRIVILEGED, facilityOfHypervisor(Facility.PM))
                .spr(number - 16, PROBLEM, problemWrite, narrow(view, bits), RegisterTable::checkMonitor).add();
    }

    /** MMCR0[PMCC]: 0 lets problem state read, 1 nothing, 2 and 3 read and write. */
    private static void checkMonitor(Vcpu c, boolean store) {
        c.needFacility(Facility.PM, false);
        if ((c.msr & Msr.PR) != 0) {
            int pmcc = (int) (c.spr[Spr.MMCR0] >>> 18) & 3;
            if (pmcc == 1) {
                throw c.facilityUnavailable(Facility.PM);
            }
            if (pmcc == 0 && store) {
                throw c.illegal();
            }
        }
    }

    private static void hypervisor() {
        plainHypervisor("dawr0", 64, Spr.DAWR0, 64, 0x1030);
        plainHypervisor("dawrx0", 32, 188, 72, 0x2005);
        plainHypervisor("ciabr", 64, Spr.CIABR, 80, 0x1032);
        plainHypervisor("rpr", 64, 186, -1, -1);
        plainHypervisor("hfscr", 64, Spr.HFSCR, 48, 0x102d);
        plainHypervisor("hsprg0", 64, Spr.HSPRG0, -1, -1);
        plainHypervisor("hsprg1", 64, Spr.HSPRG1, -1, -1);
        plainHypervisor("hdsisr", 32, Spr.HDSISR, 136, 0xf001);
        plainHypervisor("hdar", 64, Spr.HDAR, 128, 0xf000);
        plainHypervisor("hrmor", 64, Spr.HRMOR, -1, -1);
        plainHypervisor("hsrr0", 64, Spr.HSRR0, -1, -1);
        plainHypervisor("hsrr1", 64, Spr.HSRR1, -1, -1);
        plainHypervisor("lpidr", 32, Spr.LPIDR, -1, -1);
        plainHypervisor("hmer", 64, 336, -1, -1);
        plainHypervisor("hmeer", 64, 337, -1, -1);
        plainHypervisor("pcr", 64, 338, 24, -1);
        plainHypervisor("heir", 32, Spr.HEIR, 144, 0xf002);
        plainHypervisor("ptcr", 64, Spr.PTCR, -1, -1);
        plainHypervisor("asdr", 64, Spr.ASDR, 152, 0xf003);
        row("lpcr", 64, home(c -> c.spr[Spr.LPCR], Vcpu::setLpcr)).state(16).element(0x102c)
                .spr(Spr.LPCR, HYPERVISOR, HYPERVISOR).add();
    }

    private static void plainHypervisor(String name, int bits, int number, int state, int element) {
        row(name, bits, spr(number, bits)).state(state).element(element).spr(number, HYPERVISOR, HYPERVISOR).add();
    }

    private static void identity() {
        row("pvr", 32, spr(Spr.PVR)).spr(Spr.PVR, PRIVILEGED, NONE).add();
        row("pir", 32, spr(Spr.PIR)).spr(Spr.PIR, PRIVILEGED, NONE).add();
        row("cir", 32, spr(283)).spr(283, PRIVILEGED, NONE).add();
        row("tir", 64, spr(446)).spr(446, PRIVILEGED, NONE).add();
    }

    // ---- homes --------------------------------------------------------------------------------------------------

    @FunctionalInterface
    private interface Getter {
        long get(Vcpu c, long pc);
    }

    @FunctionalInterface
    private interface Setter {
        void set(Vcpu c, long v, long pc);
    }

    @FunctionalInterface
    private interface PlainSetter {
        void set(Vcpu c, long v);
    }

    private record Accessors(Getter getter, Setter setter) implements Home {
        @Override
        public long get(Vcpu c, long pc) {
            return getter.get(c, pc);
        }

        @Override
        public void set(Vcpu c, long v, long pc) {
            setter.set(c, v, pc);
        }
    }

    private static Home home(Getter getter, Setter setter) {
        return new Accessors(getter, setter);
    }

    private static Home home(ToLongFunction<Vcpu> getter, PlainSetter setter) {
        return new Accessors((c, pc) -> getter.applyAsLong(c), (c, v, pc) -> setter.set(c, v));
    }

    private static Home spr(int number) {
        return new Storage(number, -1);
    }

    private static Home spr(int number, int bits) {
        return new Storage(number, bits == 32 ? LOW_WORD : -1);
    }

    private static Home narrow(Home home, int bits) {
        return bits == 64 ? home : home(home::get, (c, v, pc) -> home.set(c, v & LOW_WORD, pc));
    }

    /** Bits 0..31 of a register as a 32-bit one. */
    private static Home upperHalf(Home home) {
        return home((c, pc) -> home.get(c, pc) >>> 32,
                (c, v, pc) -> home.set(c, v << 32 | home.get(c, pc) & LOW_WORD, pc));
    }

    /** Writing ones sets them. */
    private static Home setting(Home home) {
        return home(home::get, (c, v, pc) -> home.set(c, home.get(c, pc) | v, pc));
    }

    /** Writing ones resets them. */
    private static Home resetting(Home home) {
        return home(home::get, (c, v, pc) -> home.set(c, home.get(c, pc) & ~v, pc));
    }

    private static Home ticking(int number) {
        return home((c, pc) -> c.spr[number] + c.clock.timebase(c.retired(pc)),
                (c, v, pc) -> c.spr[number] = v - c.clock.timebase(c.retired(pc)));
    }

    /** Writes some bits of the timebase from a value shifted left. */
    private static Home timebasePart(long mask, int shift) {
        return home((c, pc) -> 0, (c, v, pc) -> setTimebase(c, c.timebase(pc) & ~mask | v << shift & mask, pc));
    }

    /** Writes the bits that AMOR (privileged state) or UAMOR (problem state) allows; hypervisors may write all. */
    private static Home masked(int number) {
        return home(c -> c.spr[number], (c, v) -> setKeys(c, number, v));
    }

    /** Writes AMR, IAMR or UAMOR: those bits that the machine state may write. */
    public static void setKeys(Vcpu c, int number, long v) {
        keys(c, number, v, (c.msr & Msr.PR) != 0 ? c.spr[Spr.UAMOR] : (c.msr & Msr.HV) != 0 ? -1 : c.spr[Spr.AMOR]);
    }

    private static void keys(Vcpu c, int number, long v, long mask) {
        long old = c.spr[number];
        long changed = old & ~mask | v & mask;
        if (changed != old) {
            c.spr[number] = changed;
            c.mmu.contextChanged();
        }
    }

    private static void setTimebase(Vcpu c, long v, long pc) {
        long step = v - c.timebase(pc);
        c.tbOffset += step;
        c.decExpiry += step;
        c.deadline = 0;
    }

    private static long decrementer(Vcpu c, long pc) {
        long v = c.decrementer(pc);
        return c.decBits == 32 ? v & LOW_WORD : v;
    }

    private static void setDpdes(Vcpu c, long v) {
        c.spr[Spr.DPDES] = v;
        c.deadline = 0;
    }

    private static Gate facility(int number) {
        return (c, store) -> c.needFacility(number);
    }

    private static Gate facilityOfHypervisor(int number) {
        return (c, store) -> c.needFacility(number, false);
    }

    // ---- building -----------------------------------------------------------------------------------------------

    private static Row row(String name, int bits, Home home) {
        return new Row(name, bits, home);
    }

    /** One row in the making. */
    private static final class Row {
        private record Number(int spr, Right read, Right write, Home view, Gate gate) {}

        private final String name;
        private final int bits;
        private final Home home;
        private final List<Number> numbers = new ArrayList<>();
        private Home low;
        private int state = -1;
        private int regs = -1;
        private int element = -1;

        Row(String name, int bits, Home home) {
            this.name = name;
            this.bits = bits;
            this.home = bits == 32 && home instanceof Storage s ? new Storage(s.number(), s.mask() & LOW_WORD) : home;
        }

        Row low(Home second) {
            low = second;
            return this;
        }

        Row state(int offset) {
            state = offset;
            return this;
        }

        Row regs(int offset) {
            regs = offset;
            return this;
        }

        Row element(int id) {
            element = id;
            return this;
        }

        Row spr(int number, Right read, Right write) {
            return spr(number, read, write, home, Gate.OPEN);
        }

        Row spr(int number, Right read, Right write, Gate gate) {
            return spr(number, read, write, home, gate);
        }

        Row spr(int number, Right read, Right write, Home view) {
            return spr(number, read, write, view, Gate.OPEN);
        }

        Row spr(int number, Right read, Right write, Home view, Gate gate) {
            numbers.add(new Number(number, read, write, view, gate));
            return this;
        }

        void add() {
            Register register = new Register(name, bits, home, low, state, regs, element);
            REGISTERS.add(register);
            for (Number n : numbers) {
                if (PORTS[n.spr] != null) {
                    throw new IllegalStateException("two registers have SPR number " + n.spr);
                }
                PORTS[n.spr] = new Port(n.spr, register, n.read, n.write, n.view, n.gate);
                PLAIN[n.spr] = n.view instanceof Storage s && s.number() == n.spr && s.mask() == -1
                        && n.read == PRIVILEGED && n.write == PRIVILEGED && n.gate == Gate.OPEN;
            }
        }
    }

    // ---- use ----------------------------------------------------------------------------------------------------

    /** All registers, in a fixed order. */
    public static List<Register> registers() {
        return List.copyOf(REGISTERS);
    }

    /** What an SPR number reaches, or null when it is not defined. */
    public static Port port(int number) {
        return PORTS[number];
    }

    /** True for a number that is plain 64-bit storage at {@link CpuState#spr} for privileged software. */
    public static boolean plain(int number) {
        return PLAIN[number];
    }

    /**
     * mfspr: the value, or {@code old} (the target's present value) where the book makes the access a no-operation.
     */
    public static long read(Vcpu c, int number, long old, long pc) {
        Port port = PORTS[number];
        if (port == null || port.read() == NONE) {
            undefined(c, number, false);
            return old;
        }
        check(c, port.read());
        port.gate().check(c, false);
        return port.view().get(c, pc);
    }

    /** mtspr. */
    public static void write(Vcpu c, int number, long v, long pc) {
        Port port = PORTS[number];
        if (port == null || port.write() == NONE) {
            undefined(c, number, true);
            return;
        }
        check(c, port.write());
        port.gate().check(c, true);
        port.view().set(c, v, pc);
    }

    private static void check(Vcpu c, Right right) {
        if (right == PRIVILEGED) {
            c.needPrivilege();
        } else if (right == HYPERVISOR) {
            c.needHypervisor();
        }
    }

    /**
     * An access to a number that is not defined (Book III, 4.4.4): in problem state always an interrupt; in privileged
     * state a no-operation, but for SPR 0 and, on reads, 4 to 6. Numbers 808 to 811 are reserved no-operations.
     */
    private static void undefined(Vcpu c, int number, boolean store) {
        if (number >= 808 && number <= 811) {
            return;
        }
        if ((number & 16) != 0) {
            c.needPrivilege();
        } else if ((c.msr & Msr.PR) != 0 || number == 0 || !store && number >= 4 && number <= 6) {
            throw c.illegal();
        }
    }
}
