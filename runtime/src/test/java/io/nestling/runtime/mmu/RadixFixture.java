package io.nestling.runtime.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.time.VirtualClock;
import org.junit.jupiter.api.function.Executable;

/** A vCPU with a process table, and a builder of 52-bit radix trees (13, 9, 9 and 9 or 5 bits). */
final class RadixFixture implements AutoCloseable {
    static final long RAM = 64 << 20;
    static final long PROCESS_TABLE = 0x10000;
    static final int PIDS = 4096;
    static final long FIRST_FRAME = 32 << 20;
    static final int PRIVILEGED = 8;
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;
    static final int ALL = READ | WRITE | EXECUTE;
    static final long REFERENCED = 0x100;
    static final long CHANGED = 0x80;
    private static final long VALID = 1L << 63;
    private static final long LEAF = 1L << 62;
    private static final int[] LEVELS = {13, 9, 9};

    final Ram ram = new Ram(RAM);
    final CodePages codePages = new CodePages(ram);
    final Mmu mmu = new Mmu(ram, codePages);
    final Vcpu c = new Vcpu(0, mmu, new VirtualClock());
    final Partition partition;
    private long nextTable = 0x100000;

    RadixFixture() {
        this(new LinearScope(RAM));
    }

    RadixFixture(PartitionScope scope) {
        partition = new Partition(1, scope);
        partition.processTable = PROCESS_TABLE;
        partition.processTableSize = 16L * PIDS;
        mmu.enter(partition);
        mode(false, true);
    }

    @Override
    public void close() {
        ram.close();
    }

    /** Relocation on; problem state or not, byte order. */
    void mode(boolean problem, boolean little) {
        c.setMsr(Msr.SF | Msr.ME | Msr.IR | Msr.DR | (problem ? Msr.PR : 0) | (little ? Msr.LE : 0));
    }

    void pid(int pid) {
        c.spr[Spr.PIDR] = pid;
        mmu.contextChanged();
    }

    void keys(int amr, boolean iamr) {
        c.spr[Spr.AMR] = (long) amr << 62;
        c.spr[Spr.IAMR] = iamr ? 1L << 62 : 0;
        mmu.contextChanged();
    }

    /** Makes a process with an empty tree. */
    void process(int pid) {
        long root = table(13);
        // RTS = 21: 52 bits
        ram.putDoubleBe(PROCESS_TABLE + 16L * pid, 2L << 61 | root | 5 << 5 | 13);
    }

    /** Maps one page of 2^shift bytes; the process is made if need be. */
    long map(int pid, long ea, long hra, int shift, long flags) {
        if (ram.getDoubleBe(PROCESS_TABLE + 16L * pid) == 0) {
            process(pid);
        }
        long at = entry(pid, ea, shift);
        ram.putDoubleBe(at, VALID | LEAF | hra | flags);
        return at;
    }

    /** Where the leaf for this address and page size is, with the tables on the way made. */
    long entry(int pid, long ea, int shift) {
        long base = ram.getDoubleBe(PROCESS_TABLE + 16L * pid) & 0x0fffffffffffff00L;
        long offset = ea & (1L << 52) - 1;
        int left = 52;
        for (int level = 0; ; level++) {
            int bits = level < 3 ? LEVELS[level] : left - shift;
            left -= bits;
            long at = base + 8 * (offset >>> left & (1L << bits) - 1);
            if (left == shift) {
                return at;
            }
            long pde = ram.getDoubleBe(at);
            if (pde == 0) {
                int size = level < 2 ? LEVELS[level + 1] : left - shift;
                pde = VALID | table(size) | size;
                ram.putDoubleBe(at, pde);
            }
            base = pde & 0x0fffffffffffff00L;
        }
    }

    private long table(int bits) {
        long size = 8L << bits;
        nextTable = nextTable + size - 1 & -size;
        long at = nextTable;
        nextTable += size;
        return at;
    }

    void fault(int vector, Executable access) {
        GuestFault f = assertThrows(GuestFault.class, access);
        assertEquals(vector, f.vector, () -> "vector 0x" + Integer.toHexString(f.vector));
    }

    void dataFault(long dar, long dsisr, Executable access) {
        c.spr[Spr.DAR] = -1;
        c.spr[Spr.DSISR] = -1;
        fault(0x300, access);
        assertEquals(Long.toHexString(dar), Long.toHexString(c.spr[Spr.DAR]), "DAR");
        assertEquals(Long.toHexString(dsisr), Long.toHexString(c.spr[Spr.DSISR]), "DSISR");
    }

    void fetchFault(long srr1, Executable access) {
        GuestFault f = assertThrows(GuestFault.class, access);
        assertEquals(0x400, f.vector);
        assertEquals(Long.toHexString(srr1), Long.toHexString(f.srr1), "SRR1");
    }
}
