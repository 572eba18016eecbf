package io.nestling.jit.fuzz;

import io.nestling.decoder.Assembler;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.HostMemory;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * A small guest machine with interrupt handlers, on which one random program after the other runs. Its memory, real and
 * (identically, through a radix tree of 4 KiB pages) effective:
 * <pre>
 *   0x00000  vectors and handlers, at 0x4000 once more for relocated interrupts; what handlers save at 0x6000
 *   0x10000  process table    0x20000 .. 0x32fff radix tree
 *   0x40000  four pages of code, seen at 0x60000 too
 *   0x50000  eight pages of data, in programs for storage in another order at first
 * </pre>
 * The handlers skip what faults, or mend what made it fault, by turns; the decrementer's sets it anew.
 */
final class FuzzMachine implements AutoCloseable {
    static final long CODE = 0x40000;
    static final long CODE_ALIAS = 0x60000;
    static final int CODE_PAGES = 4;
    static final long DATA = 0x50000;
    static final int DATA_PAGES = 8;
    static final int PAGE = 0x1000;
    /** Low bits of page table entries: present and usable in many ways, or not. */
    static final long[] PAGE_STATES = {
        0xc000000000000187L, 0xc000000000000187L, 0xc000000000000187L, 0xc000000000000007L, 0xc000000000000104L,
        0xc00000000000018fL, 0xc000000000000106L, 0, 0xc000000000000000L
    };

    private static final long SIZE = 0x80000;
    private static final long PROCESS_TABLE = 0x10000;
    private static final long ROOT = 0x20000;
    private static final long LEVEL_2 = 0x30000;
    private static final long LEVEL_3 = 0x31000;
    private static final long LEAVES = 0x32000;
    private static final long FULL = 0xc000000000000187L;
    private static final long PRIVILEGED = 0xc00000000000018fL;

    private static final String COMMON = """
            std     r4,0x6000(0)
            std     r5,0x6008(0)
            mfcr    r4
            std     r4,0x6010(0)
            ld      r4,0x6018(0)
            addi    r4,r4,1
            std     r4,0x6018(0)
            cmplwi  r3,0x900
            beq     decrementer
            cmplwi  r3,0x300
            beq     data
            cmplwi  r3,0x400
            beq     fetch
            cmplwi  r3,0x480
            beq     fetch
            cmplwi  r3,0xc00
            beq     call
            cmplwi  r3,0x500
            beq     external
            cmplwi  r3,0xa00
            beq     out
            cmplwi  r3,0x200
            beq     check
            cmplwi  r3,0x380
            beq     skip
            cmplwi  r3,0x600
            beq     skip
            cmplwi  r3,0x700
            beq     program
            # A facility is not available: make it so by turns.
            andi.   r5,r4,3
            beq     skip
            mfsrr1  r5
            oris    r5,r5,0x280
            ori     r5,r5,0x2000
            mtsrr1  r5
            mfspr   r5,153
            oris    r5,r5,0
            ori     r5,r5,0xffff
            mtspr   153,r5
            andi.   r5,r4,7
            beq     skip
            b       out
    program:
            andi.   r5,r4,3
            bne     skip
            mfsrr1  r5
            rldicl  r5,r5,49,1
            rldicl  r5,r5,15,0
            mtsrr1  r5
    skip:
            mfsrr0  r4
            addi    r4,r4,4
            mtsrr0  r4
    out:
            ld      r4,0x6010(0)
            mtcrf   0xff,r4
            ld      r4,0x6000(0)
            ld      r5,0x6008(0)
            mfsprg  r3,0
            rfid
    decrementer:
            mulli   r5,r4,0x4e35
            andi.   r5,r5,0x7f
            addi    r5,r5,9
            mtdec   r5
            andi.   r5,r4,3
            bne     out
            sc      1
            b       out
    external:
            sc      1
            b       out
    call:
            andi.   r5,r4,1
            bne     out
            mfsrr1  r5
            xori    r5,r5,0x4000
            mtsrr1  r5
            b       out
    check:
            mfsrr1  r5
            andis.  r5,r5,4
            beq     skip
    fetch:
            mulli   r4,r4,0x124
            rlwinm  r4,r4,0,18,29
            oris    r4,r4,4
            mtsrr0  r4
            mfsrr1  r5
            rldicl  r5,r5,0,1
            li      r4,1
            rldimi  r5,r4,63,0
            mtsrr1  r5
            b       out
    data:
            andi.   r5,r4,1
            bne     skip
            # Map the page to itself with every right.
            mfdar   r5
            rldicl  r5,r5,52,55
            sldi    r4,r5,12
            ori     r4,r4,0x187
            sldi    r5,r5,3
            oris    r5,r5,3
            ori     r5,r5,0x2000
            oris    r4,r4,0
            std     r3,0x6028(0)
            li      r3,3
            rldimi  r4,r3,62,0
            ld      r3,0x6028(0)
            stdbrx  r4,0,r5
            b       out""";

    private static final byte[] HANDLERS = handlers();

    private final Ram ram = new Ram(SIZE);
    private final byte[] fresh = new byte[(int) SIZE];
    private Vcpu cpu;
    private CodePages codePages;

    FuzzMachine() {
        ram.write(0, HANDLERS, 0, HANDLERS.length);
        ram.write(0x4000, HANDLERS, 0, HANDLERS.length);
        for (int i = 0; i < 0x1000; i += 4) {
            // rfscv, which is 0x4c0000a4
            ram.putWordBe(0x17000 + i, 0xa400004c);
            ram.putWordBe(0x3000 + i, 0xa400004c);
        }
        ram.putDoubleBe(PROCESS_TABLE, 2L << 61 | ROOT | 5L << 5 | 13);
        ram.putDoubleBe(ROOT, 1L << 63 | LEVEL_2 | 9);
        ram.putDoubleBe(LEVEL_2, 1L << 63 | LEVEL_3 | 9);
        ram.putDoubleBe(LEVEL_3, 1L << 63 | LEAVES | 9);
        for (int page : new int[] {3, 4, 5, 6, 0x32}) {
            ram.putDoubleBe(LEAVES + 8 * page, PRIVILEGED | (long) page << 12);
        }
        for (int i = 0; i < CODE_PAGES; i++) {
            map(CODE + (long) i * PAGE, CODE + (long) i * PAGE, FULL);
            map(CODE_ALIAS + (long) i * PAGE, CODE + (long) i * PAGE, FULL);
        }
        ram.read(0, fresh, 0, fresh.length);
    }

    private static byte[] handlers() {
        StringBuilder s = new StringBuilder();
        for (int v = 0x100; v < 0x1000; v += 0x20) {
            s.append(".org ").append(v).append("\nmtsprg 0,r3; li r3,").append(v).append("; b common\n");
        }
        s.append(".org 0x1000\ncommon:\n").append(COMMON);
        return Assembler.assemble(s.toString(), 0, ByteOrder.LITTLE_ENDIAN).code();
    }

    Vcpu cpu() {
        return cpu;
    }

    Ram ram() {
        return ram;
    }

    @Override
    public void close() {
        ram.close();
    }

    /** Makes everything new and loads a program. */
    void load(FuzzProgram p) {
        ram.write(0, fresh, 0, fresh.length);
        codePages = new CodePages(ram);
        cpu = new Vcpu(0, new Mmu(ram, codePages), new VirtualClock());
        Partition partition = new Partition(1, new LinearScope(SIZE));
        partition.processTable = PROCESS_TABLE;
        partition.processTableSize = 16;
        cpu.mmu.enter(partition);
        cpu.spr[Spr.LPCR] = Interrupts.LPCR_ILE | (p.ail() ? Interrupts.LPCR_AIL : 0);
        cpu.spr[Spr.FSCR] = 0xffff;
        for (int i = 0; i < p.code().length; i++) {
            ram.putWordBe(CODE + 4L * i, Integer.reverseBytes(p.code()[i]));
        }
        for (int i = 0; i < DATA_PAGES; i++) {
            long at = DATA + (long) i * PAGE;
            // Pages beside each other in frames that are not, for accesses across the end of one.
            long frame = p.subject() == FuzzProgram.Subject.STORAGE ? DATA + (long) (3 * i % DATA_PAGES) * PAGE : at;
            map(at, frame, PAGE_STATES[p.pages()[i]]);
            for (int k = 0; k < PAGE; k += 8) {
                ram.putDoubleBe(at + k, p.seed() * (k + 1) ^ at << 40);
            }
        }
        cpu.setGprs(p.gpr(), 0);
        System.arraycopy(p.vsr(), 0, cpu.vsr, 0, 128);
        cpu.setFpscr(p.fpscr());
        for (int i = 0; i < p.spr().length; i += 2) {
            switch ((int) p.spr()[i]) {
                case Spr.LR -> cpu.lr = p.spr()[i + 1];
                case Spr.CTR -> cpu.ctr = p.spr()[i + 1];
                case Spr.TAR -> cpu.tar = p.spr()[i + 1];
                case Spr.XER -> cpu.setXer(p.spr()[i + 1]);
                case Spr.DEC -> cpu.setDecrementer(p.spr()[i + 1], 0);
                default -> cpu.spr[(int) p.spr()[i]] = p.spr()[i + 1];
            }
        }
        cpu.setCr((int) p.seed());
        cpu.setMsr(p.msr());
        cpu.mmu.contextChanged();
        cpu.moved(0, p.entry());
        cpu.nip = p.entry();
    }

    private void map(long ea, long frame, long state) {
        ram.putDoubleBe(LEAVES + 8 * (ea >>> 12), state == 0 ? 0 : state | frame);
    }

    /** Runs to the first check point with this many instructions retired, serving hypercalls on the way. */
    void run(Engine engine, long until) {
        cpu.runUntil(until);
        while (true) {
            switch (engine.run(cpu)) {
                case LIMIT -> {
                    return;
                }
                case HCALL -> hypercall();
                case HYPERVISOR -> Interrupts.deliver(cpu, Interrupts.PROGRAM, Vcpu.PROGRAM_ILLEGAL);
                case REQUESTED -> throw new AssertionError(Exit.REQUESTED);
            }
        }
    }

    private void hypercall() {
        switch ((int) cpu.gpr(3)) {
            case 0x500 -> cpu.setExternalInterrupt(false);
            case 0x900 -> remap(DATA + (cpu.gpr(4) & DATA_PAGES - 1) * PAGE, PAGE_STATES[(int) (cpu.gpr(4) >>> 3) & 7]);
            default -> {
                cpu.setGpr(3, cpu.gpr(3) * 0x9e3779b97f4a7c15L + 1);
                cpu.setCr(cpu.cr() ^ (int) cpu.gpr(3));
            }
        }
    }

    private void remap(long ea, long state) {
        map(ea, ea, state);
        cpu.mmu.invalidateRange(1, 0, ea, PAGE);
    }

    /** Makes an event happen. */
    void happen(FuzzProgram.Event e) {
        switch (e.kind()) {
            case PAUSE -> {
            }
            case INTERRUPT -> cpu.setExternalInterrupt(true);
            case WRITE_CODE -> {
                long at = CODE + 4L * e.where();
                codePages.written(at);
                ram.putWordBe(at, Integer.reverseBytes((int) e.value()));
            }
            case REMAP_CODE -> {
                long ea = CODE + (e.where() & 3) * PAGE;
                map(ea, CODE + (e.value() & 3) * PAGE, FULL);
                cpu.mmu.invalidateRange(1, 0, ea, PAGE);
            }
            case REMAP_DATA -> remap(DATA + (e.where() & DATA_PAGES - 1) * PAGE,
                    PAGE_STATES[(int) (e.value() & 0xff) % PAGE_STATES.length]);
            case INVALIDATE -> cpu.mmu.invalidateProcess(1, 0);
        }
    }

    /** Where two machines that ran the same program differ, or null. */
    static String difference(FuzzMachine a, FuzzMachine b) {
        StringBuilder s = new StringBuilder();
        Vcpu x = a.cpu;
        Vcpu y = b.cpu;
        differ(s, "nip", x.nip, y.nip);
        differ(s, "retired", x.retired(x.nip), y.retired(y.nip));
        differ(s, "msr", x.msr, y.msr);
        differ(s, "cr", x.cr(), y.cr());
        differ(s, "xer", x.xer(), y.xer());
        differ(s, "lr", x.lr, y.lr);
        differ(s, "ctr", x.ctr, y.ctr);
        differ(s, "tar", x.tar, y.tar);
        differ(s, "fpscr", x.fpscr(), y.fpscr());
        differ(s, "vscr", x.vscr, y.vscr);
        differ(s, "reserved", x.reserved ? 1 : 0, y.reserved ? 1 : 0);
        differ(s, "dec", x.decExpiry, y.decExpiry);
        for (int i = 0; i < 32; i++) {
            differ(s, "r" + i, x.gpr(i), y.gpr(i));
        }
        for (int i = 0; i < 128; i++) {
            differ(s, "vs" + (i >> 1) + "." + (i & 1), x.vsr[i], y.vsr[i]);
        }
        for (int i = 0; i < 1024; i++) {
            differ(s, "spr" + i, x.spr[i], y.spr[i]);
        }
        for (int i = 0; i < Vcpu.VECTORS; i++) {
            differ(s, "interrupts at 0x" + Integer.toHexString(i << 5), x.interrupts[i], y.interrupts[i]);
        }
        MemorySegment m = a.ram.segment();
        long at = m.mismatch(b.ram.segment());
        if (at >= 0) {
            at &= ~7L;
            differ(s, "memory at 0x" + Long.toHexString(at), HostMemory.getDouble(a.ram.base() + at),
                    HostMemory.getDouble(b.ram.base() + at));
        }
        return s.isEmpty() ? null : s.toString();
    }

    private static void differ(StringBuilder s, String name, long x, long y) {
        if (x != y) {
            s.append(String.format("%-12s %016x  %016x%n", name, x, y));
        }
    }
}
