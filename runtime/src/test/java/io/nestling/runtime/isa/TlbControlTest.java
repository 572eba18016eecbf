package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.mmu.Invalidator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlbControlTest {
    private static final int RADIX = 1 << 16;
    private static final int PROCESS = 1 << 17;
    private static final long GTSE = 1L << 10;
    private static final long PID = 42;

    private final TestCpu t = new TestCpu();
    private final Vcpu c = t.c;
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void record() {
        c.spr[Spr.LPCR] = GTSE;
        c.mmu.setBroadcast(new Invalidator() {
            @Override
            public void invalidateRange(int lpid, int pid, long ea, long length) {
                seen.add("range " + lpid + " " + pid + " " + Long.toHexString(ea) + " " + Long.toHexString(length));
            }

            @Override
            public void invalidateReal(int lpid, long gra, long length) {
                seen.add("real " + lpid + " " + Long.toHexString(gra) + " " + Long.toHexString(length));
            }

            @Override
            public void invalidateProcess(int lpid, int pid) {
                seen.add("process " + lpid + " " + pid);
            }

            @Override
            public void invalidatePartition(int lpid) {
                seen.add("partition " + lpid);
            }
        });
    }

    @AfterEach
    void close() {
        t.close();
    }

    private List<String> tlbie(int ric, long operand) {
        seen.clear();
        c.setGpr(3, PID << 32);
        c.setGpr(5, operand);
        TlbControl.tlbie(c, 31 << 26 | 3 << 21 | ric << 18 | PROCESS | RADIX | 5 << 11);
        return seen;
    }

    @Test
    void namesExactlyWhatTheOperandsSay() {
        assertEquals(List.of("range 1 42 12345000 1000"), tlbie(0, 0x12345000L));
        assertEquals(List.of("range 1 42 12340000 10000"), tlbie(0, 0x12345000L | 5 << 5));
        assertEquals(List.of("range 1 42 12200000 200000"), tlbie(0, 0x12345000L | 1 << 5));
        assertEquals(List.of("process 1 42"), tlbie(0, 1 << 10));
        assertEquals(List.of(), tlbie(1, 1 << 10), "there is no walk cache");
        assertEquals(List.of("process 1 42"), tlbie(2, 1 << 10));
        assertEquals(List.of("partition 1"), tlbie(2, 2 << 10));
        assertEquals(List.of("partition 1"), tlbie(2, 3 << 10));
    }

    @Test
    void someFormsBelongToTheHypervisor() {
        int tlbie = 31 << 26 | 3 << 21 | 5 << 11;
        t.assertProgram(Vcpu.PROGRAM_PRIVILEGED, () -> TlbControl.tlbie(c, tlbie | RADIX));
        t.assertProgram(Vcpu.PROGRAM_PRIVILEGED, () -> TlbControl.tlbie(c, tlbie));
        c.spr[Spr.LPCR] = 0;
        t.assertProgram(Vcpu.PROGRAM_PRIVILEGED, () -> TlbControl.tlbie(c, tlbie | RADIX | PROCESS));
        TlbControl.tlbiel(c, tlbie | RADIX | PROCESS);
    }
}
