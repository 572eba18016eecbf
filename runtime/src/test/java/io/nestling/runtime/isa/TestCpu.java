package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;
import org.junit.jupiter.api.function.Executable;

/** A vCPU in real mode over a little RAM, and encoders for the instruction forms the tests use. */
final class TestCpu implements AutoCloseable {
    final Ram ram = new Ram(1 << 20);
    final Vcpu c;

    TestCpu() {
        CodePages pages = new CodePages(ram);
        Mmu mmu = new Mmu(ram, pages);
        c = new Vcpu(0, mmu, new VirtualClock());
        mmu.enter(new Partition(1, new LinearScope(ram.size())));
        littleEndian(true);
    }

    void littleEndian(boolean on) {
        c.setMsr(on ? c.msr | Msr.LE : c.msr & ~Msr.LE);
    }

    void mode32() {
        c.setMsr(c.msr & ~Msr.SF);
    }

    void problemState() {
        c.setMsr(c.msr & ~Msr.HV | Msr.PR);
    }

    void hypervisorState() {
        c.setMsr(c.msr & ~Msr.PR | Msr.HV);
    }

    /** X and XO forms with registers 3 (T), 4 (A), 5 (B): OE and Rc are part of {@code low}. */
    static int word(int low) {
        return 31 << 26 | 3 << 21 | 4 << 16 | 5 << 11 | low;
    }

    static int word(int t, int a, int b, int low) {
        return 31 << 26 | t << 21 | a << 16 | b << 11 | low;
    }

    /** mfspr or mtspr of register 3. */
    static int spr(int number) {
        return 31 << 26 | 3 << 21 | (number & 31) << 16 | number >> 5 << 11;
    }

    void assertFault(int vector, Executable instruction) {
        assertThrows(GuestFault.class, instruction);
        assertEquals(Integer.toHexString(vector), Integer.toHexString(c.fault.vector));
    }

    void assertProgram(long cause, Executable instruction) {
        assertFault(Interrupts.PROGRAM, instruction);
        assertEquals(cause, c.fault.srr1);
    }

    @Override
    public void close() {
        ram.close();
    }
}
