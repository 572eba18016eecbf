package io.nestling.perf.micro;

import io.nestling.decoder.Assembler;
import io.nestling.jit.JitEngine;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;

/**
 * A bare guest in real mode that repeats a body and then leaves by a hypercall. r3 addresses data, CTR counts the
 * repetitions of bodies that do not use it, r4 does so for those that do.
 */
final class Loop implements AutoCloseable {
    /** Repetitions of a body per run. */
    static final int REPETITIONS = 10_000;
    /** Instructions after which a run has gone astray. */
    private static final long LIMIT = 100L * REPETITIONS;
    private static final long RAM = 1L << 30;
    private static final long CODE = 0x10000;
    private static final long DATA = 0x100000;
    private static final int SYSTEM_CALL = 0xc00;

    private final Ram ram = new Ram(RAM);
    private final Vcpu cpu;
    private final Engine engine;
    private final JitEngine jit;

    /**
     * @param engine interp or jit
     * @param body   assembly language; {@code again} is the label of its start, and {@code next} comes behind it
     * @param rest   functions that the body calls
     */
    Loop(String engine, String body, String rest) {
        jit = engine.equals("jit") ? new JitEngine() : null;
        this.engine = jit == null ? new Interpreter() : jit;
        var mmu = new Mmu(ram, new CodePages(ram));
        cpu = new Vcpu(0, mmu, new VirtualClock());
        mmu.enter(new Partition(1, new LinearScope(RAM)));
        cpu.setMsr(Msr.SF | Msr.FP | Msr.VEC | Msr.VSX | Msr.LE);
        cpu.spr[Spr.LPCR] |= Interrupts.LPCR_ILE;
        put(SYSTEM_CALL, "rfid");
        put(CODE, "lis r4," + (REPETITIONS >> 16) + "\n ori r4,r4," + (REPETITIONS & 0xffff) + "\n mtctr r4\n again:\n" + body
                + "\n sc 1\n" + rest);
    }

    private void put(long address, String source) {
        byte[] code = Assembler.assemble(source, address);
        for (int i = 0; i < code.length; i++) {
            ram.putByte(address + i, code[i]);
        }
    }

    /** Runs the body {@link #REPETITIONS} times and gives a register, so that nothing is for nothing. */
    long run() {
        cpu.nip = CODE;
        cpu.setGpr(3, DATA);
        cpu.runUntil(cpu.retired(CODE) + LIMIT);
        Exit exit = engine.run(cpu);
        if (exit != Exit.HCALL) {
            throw new IllegalStateException("the guest left by " + exit + " at " + Long.toHexString(cpu.nip));
        }
        return cpu.gpr(5);
    }

    @Override
    public void close() {
        if (jit != null) {
            jit.close();
        }
        ram.close();
    }
}
