package io.nestling.runtime.interp;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.cpu.Exit;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;

/**
 * The slow engine: one instruction at a time, decoded anew from memory each time. Nothing is cached, so it is what the
 * others are held against, and it can stop anywhere, which they cannot.
 */
public final class Stepper implements Engine {
    @Override
    public String name() {
        return "step";
    }

    @Override
    public Exit run(Vcpu c) {
        boolean check = true;
        while (true) {
            if (check && c.due(c.nip)) {
                Exit exit = c.checkEvents();
                if (exit != null) {
                    return exit;
                }
            }
            Step step = step(c);
            if (step == Step.EXIT) {
                return c.pendingExit != null ? c.takePendingExit() : Exit.HYPERVISOR;
            }
            check = step == Step.CHECK;
        }
    }

    /** What {@link #step} leaves to do. */
    public enum Step {
        /** Nothing: the next instruction follows. */
        GO_ON,
        /** Control is at a check point; see {@link Vcpu}. */
        CHECK,
        /** The engine must be left: {@link Vcpu#pendingExit} says why, or a hypervisor's interrupt is waiting. */
        EXIT
    }

    /** Executes the instruction at NIP, or takes the interrupt it causes. */
    public Step step(Vcpu c) {
        try {
            long pc = c.nip;
            CodePage page = c.mmu.fetch(pc);
            int word = page.word((int) (pc >>> 2) & CodePage.SLOTS - 1);
            int row = Decoder.decode(word);
            long next = GeneratedCold.run(c, word, row, pc);
            if (next == GeneratedCold.ORDINARY) {
                long follows = c.ea(pc + 4);
                c.moved(pc + 4, follows);
                c.nip = follows;
                return Step.GO_ON;
            }
            c.moved(pc + 4, next);
            c.nip = next;
            if (c.pendingExit != null) {
                return Step.EXIT;
            }
            // The rule of Vcpu: only a direct branch that does not go back is no check point.
            return (row == Op.B || row == Op.BC) && next > pc ? Step.GO_ON : Step.CHECK;
        } catch (GuestFault f) {
            return c.faulted(f) ? Step.EXIT : Step.CHECK;
        }
    }
}
