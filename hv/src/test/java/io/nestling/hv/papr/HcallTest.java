package io.nestling.hv.papr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.hv.partition.Lpar;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Status codes and effects of single hypercalls, as PAPR gives them. */
class HcallTest {
    private static final int SIZE = 1 << 20;

    private final Ram ram = new Ram(SIZE);
    private final CodePages codePages = new CodePages(ram);
    private final GuestMemory memory = new GuestMemory(ram, codePages);
    private final Partition partition = new Partition(0, new LinearScope(SIZE));
    private final Processor cpu = new Processor(new Vcpu(0, new Mmu(ram, codePages), new VirtualClock()));
    private final Lpar lpar = new Lpar(partition, memory, List.of(cpu));
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Console console = new Console(printed);
    private final Xics xics = new Xics();
    private final HcallTable table = new HcallTable();

    HcallTest() {
        cpu.vcpu.mmu.enter(partition);
        xics.addServer(cpu.vcpu);
        int source = xics.addSource(false);
        table.add(new TermHcalls(console, 0x71000000, source)).add(new MmuHcalls(lpar)).add(new ModeHcalls(lpar))
                .add(new VpaHcalls(lpar)).add(new XicsHcalls(xics)).add(new LogicalIoHcalls(lpar))
                .add(new CpuHcalls(lpar, new SplittableRandom(1)));
    }

    @AfterEach
    void close() {
        ram.close();
    }

    private long call(int opcode, long... args) {
        cpu.vcpu.setGpr(3, opcode);
        for (int i = 0; i < args.length; i++) {
            cpu.vcpu.setGpr(4 + i, args[i]);
        }
        table.call(cpu);
        return cpu.vcpu.gpr(3);
    }

    @Test
    void whatIsNotOfferedIsAnsweredAndCounted() {
        assertEquals(Status.FUNCTION, call(0x8));
        assertEquals(Status.FUNCTION, call(0x8));
        assertEquals(Status.FUNCTION, call(-1));
        assertEquals(Status.FUNCTION, call(0x75));
        assertEquals(Map.of("unknown 0x8", 2L, "unknown 0x75", 1L, "unknown 0xffffffffffffffff", 1L), table.counts());
        assertEquals(4, table.unknownTotal());
        assertThrows(IllegalArgumentException.class, () -> table.register(0xe0, "H_CEDE", c -> 0));
        assertThrows(IllegalArgumentException.class, () -> table.register(0xe1, "H_ODD", c -> 0));
    }

    @Test
    void terminal() {
        assertEquals(Status.SUCCESS, call(0x58, 0x71000000, 9, 0x6e6573746c696e67L, 0x0a00000000000000L));
        assertEquals("nestling\n", printed.toString(StandardCharsets.US_ASCII));
        assertEquals(Status.PARAMETER, call(0x58, 0x71000000, 17));
        assertEquals(Status.PARAMETER, call(0x58, 0x71000000, -1));
        assertEquals(Status.PARAMETER, call(0x58, 0x71000001, 1));
        console.feed("hello, world".getBytes(StandardCharsets.US_ASCII), 0, 12);
        assertEquals(Status.SUCCESS, call(0x54, 0));
        assertArrayEquals(new long[] {12, 0x68656c6c6f2c2077L, 0x6f726c6400000000L},
                new long[] {cpu.vcpu.gpr(4), cpu.vcpu.gpr(5), cpu.vcpu.gpr(6)});
        assertEquals(Status.SUCCESS, call(0x54, 0));
        assertEquals(0, cpu.vcpu.gpr(4));
    }

    @Test
    void processTable() {
        long flags = 0x18 | 4 | 1;
        assertEquals(Status.SUCCESS, call(0x37c, flags, 0x10000, 0, 4));
        assertEquals(0x10000, partition.processTable);
        assertEquals(0x10000, partition.processTableSize);
        assertEquals(Status.PARAMETER, call(0x37c, 0x20, 0x20000, 0, 4));
        assertEquals(Status.PARAMETER, call(0x37c, 0x18, 0x20000, 0, 4), "hash is not offered");
        assertEquals(Status.P2, call(0x37c, flags, 0x20001, 0, 4));
        assertEquals(Status.P2, call(0x37c, flags, SIZE, 0, 4));
        assertEquals(Status.P2, call(0x37c, flags, -4096, 0, 4));
        assertEquals(Status.P3, call(0x37c, flags, 0x20000, 12, 4));
        assertEquals(Status.P4, call(0x37c, flags, 0x20000, 0, 25));
        assertEquals(Status.P4, call(0x37c, flags, 0x20000, 0, -1));
        assertEquals(0x10000, partition.processTable, "a refused call changes nothing");
        assertEquals(Status.SUCCESS, call(0x37c, 0x10, 0, 0, 0));
        assertEquals(0, partition.processTableSize);
    }

    @Test
    void modes() {
        assertEquals(Status.SUCCESS, call(0x31c, 1, 4, 0, 0));
        assertEquals(Interrupts.LPCR_ILE, cpu.vcpu.spr[Spr.LPCR] & Interrupts.LPCR_ILE);
        assertEquals(Status.SUCCESS, call(0x31c, 0, 4, 0, 0));
        assertEquals(0, cpu.vcpu.spr[Spr.LPCR] & Interrupts.LPCR_ILE);
        assertEquals(-256 - 62, call(0x31c, 2, 4, 0, 0));
        assertEquals(Status.P3, call(0x31c, 1, 4, 7, 0));
        assertEquals(Status.P4, call(0x31c, 1, 4, 0, 7));
        assertEquals(Status.SUCCESS, call(0x31c, 3, 3, 0, 0));
        assertEquals(Interrupts.LPCR_AIL, cpu.vcpu.spr[Spr.LPCR] & Interrupts.LPCR_AIL);
        assertEquals(-256 - 62, call(0x31c, 2, 3, 0, 0));
        assertEquals(-256 - 63, call(0x31c, 1, 3, 0, 0));
        assertEquals(Status.SUCCESS, call(0x31c, 0, 1, 0x1000 | 2, 0));
        assertEquals(0x1002, cpu.vcpu.spr[Spr.CIABR]);
        assertEquals(Status.P3, call(0x31c, 0, 1, 0x1003, 0));
        assertEquals(Status.SUCCESS, call(0x31c, 0, 2, 0x2000, 3));
        assertEquals(Status.P4, call(0x31c, 0, 2, 0x2000, 4));
        assertEquals(Status.P2, call(0x31c, 0, 5, 0, 0), "a second watchpoint is not offered");
    }

    @Test
    void virtualProcessorArea() {
        long vpa = 1L << 45;
        long trace = 2L << 45;
        long slb = 3L << 45;
        assertEquals(Status.PARAMETER, call(0xdc, vpa, 0, 0x1000), "the size field is 0");
        memory.store(0x1004, 2, 640);
        assertEquals(Status.PARAMETER, call(0xdc, vpa, 1, 0x1000), "no such processor");
        assertEquals(Status.PARAMETER, call(0xdc, vpa, 0, 0x1010), "alignment");
        memory.store(0x1f44, 2, 640);
        assertEquals(Status.PARAMETER, call(0xdc, vpa, 0, 0x1f40), "crosses a page");
        memory.store(0x2004, 4, 0x1000);
        assertEquals(Status.RESOURCE, call(0xdc, trace, 0, 0x2000), "before the area itself");
        assertEquals(Status.SUCCESS, call(0xdc, vpa, 0, 0x1000));
        assertEquals(0x1000, cpu.vpa);
        assertEquals(Status.SUCCESS, call(0xdc, trace, 0, 0x2000));
        assertEquals(Status.SUCCESS, call(0xdc, slb, 0, 0x2000));
        assertEquals(Status.RESOURCE, call(0xdc, 5L << 45, 0), "while others hang on it");
        assertEquals(Status.SUCCESS, call(0xdc, 6L << 45, 0));
        assertEquals(Status.SUCCESS, call(0xdc, 7L << 45, 0));
        assertEquals(Status.SUCCESS, call(0xdc, 5L << 45, 0));
        assertEquals(0, cpu.vpa);
        assertEquals(Status.PARAMETER, call(0xdc, vpa, 0, SIZE - 4));
        assertEquals(Status.PARAMETER, call(0xdc, 0, 0, 0x1000));
    }

    @Test
    void interruptPresentation() {
        assertEquals(Status.SUCCESS, call(0x68, 0xff));
        assertEquals(Status.SUCCESS, call(0x6c, 0, 5));
        assertTrue(cpu.vcpu.externalInterrupt);
        assertEquals(Status.SUCCESS, call(0x70, 0));
        assertEquals(0xff000002L, cpu.vcpu.gpr(4));
        assertEquals(5, cpu.vcpu.gpr(5));
        assertEquals(Status.SUCCESS, call(0x74));
        assertEquals(0xff000002L, cpu.vcpu.gpr(4));
        assertEquals(Status.SUCCESS, call(0x6c, 0, 0xff));
        assertEquals(Status.SUCCESS, call(0x64, 0xff000002L));
        assertFalse(cpu.vcpu.externalInterrupt);
        assertEquals(Status.PARAMETER, call(0x6c, 1, 5));
        assertEquals(Status.PARAMETER, call(0x6c, 0, 0x100));
        assertEquals(Status.PARAMETER, call(0x68, -1));
        assertEquals(Status.PARAMETER, call(0x64, -1));
    }

    @Test
    void idlingAndProdding() {
        assertEquals(Status.SUCCESS, call(0xe8, 0));
        assertEquals(Status.SUCCESS, call(0xe0));
        assertFalse(cpu.ceded, "it was prodded");
        assertEquals(Msr.EE, cpu.vcpu.msr & Msr.EE);
        assertEquals(Status.SUCCESS, call(0xe0));
        assertTrue(cpu.ceded);
        assertEquals(Status.PARAMETER, call(0xe8, 1));
        assertEquals(Status.SUCCESS, call(0xe4, -1, 0));
        assertEquals(Status.PARAMETER, call(0xe4, 7, 0));
    }

    @Test
    void systemResetInterruptsTheCaller() {
        cpu.vcpu.nip = 0x4000;
        assertEquals(Status.PARAMETER, call(0x380, 1));
        assertEquals(Status.SUCCESS, call(0x380, -2), "all others: none");
        assertEquals(0x4000, cpu.vcpu.nip);
        assertEquals(Status.SUCCESS, call(0x380, -1));
        assertEquals(0x100, cpu.vcpu.nip);
        assertEquals(0x4000, cpu.vcpu.spr[Spr.SRR0]);
    }

    @Test
    void noSideChannelsToDefend() {
        assertEquals(Status.SUCCESS, call(0x1c8));
        assertEquals(0, cpu.vcpu.gpr(4));
        assertTrue(cpu.vcpu.gpr(5) > 0, "bit 0, favour security over performance, is clear");
    }

    @Test
    void loadsAndStoresByRealAddress() {
        assertEquals(Status.SUCCESS, call(0x40, 4, 0x3000, 0x11223344aabbccddL));
        assertEquals(0xaabbccdd, ram.getWordBe(0x3000));
        assertEquals(Status.SUCCESS, call(0x3c, 2, 0x3002));
        assertEquals(0xccdd, cpu.vcpu.gpr(4));
        assertEquals(Status.PARAMETER, call(0x3c, 4, 0x3002));
        assertEquals(Status.PARAMETER, call(0x3c, 3, 0x3000));
        assertEquals(Status.PARAMETER, call(0x40, 8, SIZE));
        assertEquals(Status.PARAMETER, call(0x40, 8, -8));
    }

    @Test
    void aStoreByHypercallDropsDecodedCode() {
        var page = codePages.get(0x3000, true);
        codePages.room(page);
        page.decoded(codePages.watch(page, cpu.vcpu), 0, 1);
        assertEquals(1, page.ops[0]);
        call(0x40, 4, 0x3000, 0);
        assertEquals(0, page.ops[0]);
    }
}
