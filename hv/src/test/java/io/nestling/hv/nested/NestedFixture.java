package io.nestling.hv.nested;

import io.nestling.hv.ledger.NestLedger;
import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.partition.Guest;
import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;
import java.util.List;

/**
 * A guest of level 0 with a partition table and one guest of its own, whose real address space has 64 KiB pages in a tree
 * of four levels (13, 9, 9 and 5 bits). Memory is laid out by hand: the constants say where what is.
 */
final class NestedFixture implements AutoCloseable {
    static final long SIZE = 16L << 20;
    static final int LPID = 5;

    static final long PARTITION_TABLE = 0x10000;
    static final long STATE = 0x20000;
    static final long REGS = 0x20400;
    /** The nested guest's tree. */
    static final long TREE = 0x40000;
    /** Its real address 0 in its hypervisor's memory. */
    static final long MEMORY = 0x100000;
    /** Where its code is, as its real address. */
    static final long CODE = 0x1000;

    static final long VALID = 1L << 63;
    static final long LEAF = 1L << 62;
    static final long RWX = 7;
    static final long R = 0x100;
    static final long C = 0x80;
    static final long HOST_RADIX = 1L << 63;
    /** 52-bit addresses and a root of 13 bits. */
    static final long GEOMETRY = 2L << 61 | 5L << 5 | 13;

    static final int SC_1 = 0x44000022;

    final Ram ram = new Ram(SIZE);
    final CodePages codePages = new CodePages(ram);
    final GuestMemory memory = new GuestMemory(ram, codePages);
    final Processor cpu = new Processor(new Vcpu(0, new Mmu(ram, codePages), new VirtualClock()));
    final Vcpu c = cpu.vcpu;
    final NestLedger ledger = new NestLedger(1, 0, p -> c.retired(c.nip));
    final HcallTable table = new HcallTable();
    final Lpar lpar;
    final EnterNested entry;
    boolean big;

    private long nextTable = TREE + 0x10000;

    NestedFixture() {
        Partition partition = new Partition(0, new LinearScope(SIZE));
        c.mmu.enter(partition);
        lpar = new Lpar(partition, memory, List.of(cpu));
        entry = new EnterNested(lpar, new Guest(partition, ram), ledger);
        table.add(new NestedHcalls(entry, ledger, new QuadrantCopy(ram, memory), true));
        littleEndian();
    }

    /** Makes the hypervisor a little-endian one, as which it starts, and its guest too. */
    void littleEndian() {
        big = false;
        c.setMsr(Msr.SF | Msr.ME | Msr.LE);
    }

    void bigEndian() {
        big = true;
        c.setMsr(Msr.SF | Msr.ME);
    }

    @Override
    public void close() {
        ram.close();
    }

    // ---- memory -------------------------------------------------------------------------------------------------

    void put(long address, long v) {
        memory.storeDoubles(address, new long[] {v}, 1, big);
    }

    long get(long address) {
        long[] v = new long[1];
        memory.loadDoubles(address, v, 1, big);
        return v[0];
    }

    void state(int index, long v) {
        put(STATE + 8L * index, v);
    }

    long state(int index) {
        return get(STATE + 8L * index);
    }

    void regs(int index, long v) {
        put(REGS + 8L * index, v);
    }

    long regs(int index) {
        return get(REGS + 8L * index);
    }

    void names(long lpid, long token) {
        state(GuestState.LPID_AND_TOKEN, big ? lpid << 32 | token : token << 32 | lpid);
    }

    /** Sets a partition table entry. */
    void partition(int lpid, long first, long second) {
        ram.putDoubleBe(PARTITION_TABLE + 16L * lpid, first);
        ram.putDoubleBe(PARTITION_TABLE + 16L * lpid + 8, second);
    }

    /** Maps a page of {@code 1 << shift} bytes (16, 21 or 30) in the nested guest's tree; returns where its entry is. */
    long map(long gra, long to, int shift, long bits) {
        long at = TREE + 8 * (gra >>> 39 & 0x1fff);
        int left = 39;
        for (int size : new int[] {9, 9, 5}) {
            if (left == shift) {
                break;
            }
            long pde = ram.getDoubleBe(at);
            if (pde == 0) {
                pde = VALID | nextTable | size;
                nextTable += 0x1000;
                ram.putDoubleBe(at, pde);
            }
            left -= size;
            at = (pde & 0x0fffffffffffff00L) + 8 * (gra >>> left & (1L << size) - 1);
        }
        ram.putDoubleBe(at, VALID | LEAF | to | bits);
        return at;
    }

    /** Puts code at {@link #CODE} of the nested guest, in its byte order. */
    void code(int... words) {
        for (int i = 0; i < words.length; i++) {
            ram.putWordBe(MEMORY + CODE + 4L * i, big ? words[i] : Integer.reverseBytes(words[i]));
        }
        memory.stored(MEMORY + CODE, 4L * words.length);
    }

    /** Everything in place for a guest that runs in real mode at {@link #CODE}: one megabyte of memory, no timer. */
    void prepare(int version) {
        call(0xf800, PARTITION_TABLE | 4);
        partition(LPID, HOST_RADIX | GEOMETRY | TREE, 0);
        for (long gra = 0; gra < 1 << 20; gra += 1 << 16) {
            map(gra, MEMORY + gra, 16, RWX | R | C);
        }
        state(GuestState.STATE_VERSION, version);
        names(LPID, 0);
        state(GuestState.LPCR, 1L << 17 | (big ? 0 : Interrupts.LPCR_ILE));
        state(GuestState.HFSCR, 0x18f);
        state(GuestState.HDEC_EXPIRY, Long.MAX_VALUE >> 2);
        regs(GuestState.NIP, CODE);
        regs(GuestState.MSR, Msr.SF | (big ? 0 : Msr.LE));
    }

    // ---- running ------------------------------------------------------------------------------------------------

    long call(int opcode, long... args) {
        c.setGpr(3, opcode);
        for (int i = 0; i < args.length; i++) {
            c.setGpr(4 + i, args[i]);
        }
        table.call(cpu);
        return c.gpr(3);
    }

    long enter() {
        return call(NestedHcalls.H_ENTER_NESTED, STATE, REGS);
    }

    boolean inside() {
        return cpu.guest.hypervisor != null;
    }

    /** Enters the guest, runs it until it is left, and gives what the hypercall returned. */
    long run() {
        long status = enter();
        if (!inside()) {
            return status;
        }
        finish();
        return c.gpr(3);
    }

    void finish() {
        Exit exit = new Interpreter().run(c);
        if (!entry.handled(cpu, exit)) {
            throw new AssertionError("left for " + exit);
        }
    }

    /** The SPR as it stands. */
    long spr(int number) {
        return c.spr[number];
    }

    /** Walks of the nested guest's tree so far. */
    long walks() {
        return cpu.guest.known(LPID).walks();
    }
}
