package io.nestling.tests.oracle;

import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.LinearScope;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.mmu.Partition;
import io.nestling.runtime.time.VirtualClock;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Our side: runs the cases of an {@link OracleProgram} on an {@link Engine}, in problem state, through a radix tree that
 * maps every effective address to the same real address. Each interrupt vector holds an {@code sc 1}, which leaves the
 * engine; the code that stores the registers under the oracle begins with an {@code sc}, so every case ends in a vector.
 */
public final class Nestling implements AutoCloseable {
    private static final long RAM = 16 << 20;
    private static final int SC = 0x44000002;
    private static final int SC_1 = 0x44000022;
    private static final long PROCESS_TABLE = 0x10000;
    private static final long ROOT = 0x20000;
    private static final long PROBLEM_STATE = Msr.SF | Msr.VEC | Msr.VSX | Msr.FP | Msr.ME | Msr.PR | Msr.IR | Msr.DR
            | Msr.FE0 | Msr.FE1;
    private static final long FSCR_ALL = (1L << 16) - 1;
    /** No case is longer; one that runs on ends here. */
    private static final int MAX_INSTRUCTIONS = 20_000;

    private final Engine engine;
    private final Ram ram = new Ram(RAM);
    private final CodePages codePages = new CodePages(ram);
    private boolean little = true;
    private final Vcpu cpu = new Vcpu(0, new Mmu(ram, codePages), new VirtualClock());

    /** A small machine for this engine. */
    public Nestling(Engine engine) {
        this.engine = engine;
        // One 1 GiB leaf at 0: a 13-bit root level of a 52-bit tree, then a 9-bit level.
        long second = ROOT + 0x10000;
        ram.putDoubleBe(PROCESS_TABLE, 2L << 61 | ROOT | 5L << 5 | 13);
        ram.putDoubleBe(ROOT, 1L << 63 | second | 9);
        ram.putDoubleBe(second, 3L << 62 | 0x187);
        Partition p = new Partition(1, new LinearScope(RAM));
        p.processTable = PROCESS_TABLE;
        p.processTableSize = 16;
        cpu.mmu.enter(p);
        cpu.spr[Spr.FSCR] = FSCR_ALL;
        cpu.spr[Spr.HFSCR] = FSCR_ALL;
    }

    /** The vCPU, for tests that look further. */
    public Vcpu cpu() {
        return cpu;
    }

    @Override
    public void close() {
        ram.close();
    }

    /** Puts a program's image into RAM. */
    public void load(OracleProgram program) {
        little = program.order() == ByteOrder.LITTLE_ENDIAN;
        cpu.spr[Spr.LPCR] = little ? Interrupts.LPCR_ILE : 0;
        for (int v = 0x100; v < 0x1000; v += 4) {
            putInstruction(v, SC_1);
        }
        codePages.written(0);
        byte[] text = program.text().array();
        ram.write(OracleProgram.TEXT, text, 0, text.length);
        byte[] data = program.data().array();
        ram.write(OracleProgram.DATA, data, 0, data.length);
        for (int b = 1; b < 32; b++) {
            putInstruction(program.saver(b), SC);
        }
        for (long a = OracleProgram.TEXT; a < OracleProgram.DATA + data.length; a += 1 << CodePage.SHIFT) {
            codePages.written(a);
        }
    }

    private void putInstruction(long address, int word) {
        ram.putWordBe(address, little ? Integer.reverseBytes(word) : word);
    }

    /** Runs all cases of a program, several times: engines that translate may do so only at the second. */
    public List<State> run(OracleProgram program, int rounds) {
        load(program);
        List<State> states = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            states.clear();
            for (int i = 0; i < program.cases().size(); i++) {
                states.add(runCase(program, i));
            }
        }
        return states;
    }

    /** Runs one case of a loaded program. */
    public State runCase(OracleProgram program, int i) {
        prepare(program, i);
        Exit exit = engine.run(cpu);
        State s = capture(program.record(i));
        s.ending = exit == Exit.HCALL ? ending() : State.Ending.OTHER;
        return s;
    }

    /** Loads a case's registers and sets the NIP, ready to run. */
    public void prepare(OracleProgram program, int i) {
        State s = program.initial(i);
        ram.write(program.record(i), s.window, 0, State.WINDOW);
        cpu.setGprs(s.gpr, 0);
        System.arraycopy(s.vsr, 0, cpu.vsr, 0, 128);
        cpu.setCr(s.cr);
        cpu.setXer(s.xer);
        cpu.lr = s.lr;
        cpu.ctr = s.ctr;
        cpu.setFpscr(s.fpscr);
        cpu.vscr = s.vscr;
        cpu.tar = s.tar;
        cpu.spr[Spr.VRSAVE] = s.vrsave & 0xffffffffL;
        cpu.reserved = false;
        cpu.moved(cpu.nip, program.code(i));
        cpu.nip = program.code(i);
        cpu.setMsr(PROBLEM_STATE | (little ? Msr.LE : 0));
        cpu.runUntil(cpu.retired(cpu.nip) + MAX_INSTRUCTIONS);
    }

    private State.Ending ending() {
        return switch ((int) cpu.nip - 4) {
            case Interrupts.SYSTEM_CALL -> State.Ending.COMPLETE;
            case Interrupts.PROGRAM -> switch ((int) cpu.spr[Spr.SRR1] & 0x1f0000) {
                case (int) Vcpu.PROGRAM_TRAP -> State.Ending.TRAP;
                case (int) Vcpu.PROGRAM_FP -> State.Ending.FLOATING;
                default -> State.Ending.ILLEGAL;
            };
            case Interrupts.ALIGNMENT -> State.Ending.ALIGNMENT;
            case Interrupts.DATA_STORAGE, Interrupts.DATA_SEGMENT, Interrupts.INSTRUCTION_STORAGE,
                    Interrupts.INSTRUCTION_SEGMENT, Interrupts.MACHINE_CHECK -> State.Ending.STORAGE;
            case Interrupts.HYPERVISOR_EMULATION, Interrupts.FACILITY_UNAVAILABLE -> State.Ending.ILLEGAL;
            default -> State.Ending.OTHER;
        };
    }

    private State capture(long window) {
        State s = new State();
        cpu.getGprs(s.gpr, 0);
        System.arraycopy(cpu.vsr, 0, s.vsr, 0, 128);
        s.cr = cpu.cr();
        s.xer = cpu.xer();
        s.lr = cpu.lr;
        s.ctr = cpu.ctr;
        s.fpscr = cpu.fpscr();
        s.vscr = cpu.vscr;
        s.tar = cpu.tar;
        s.vrsave = (int) cpu.spr[Spr.VRSAVE];
        ram.read(window, s.window, 0, State.WINDOW);
        return s;
    }
}
