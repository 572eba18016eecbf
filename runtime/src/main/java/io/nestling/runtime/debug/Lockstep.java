package io.nestling.runtime.debug;

import io.nestling.decoder.Disassembler;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.interp.Stepper;
import io.nestling.runtime.memory.CodePage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs two machines made from the same recipe side by side, each with an engine of its own, and finds the first
 * instruction after which their registers differ.
 *
 * <p>Registers are compared every so many instructions, at check points, where all engines can stop. After a difference
 * both machines are made again, run to the last good point, and then from check point to check point. A third machine
 * then steps through the last stretch to tell which instruction wrote the registers that differ.
 */
public final class Lockstep {
    private static final int LONGEST_STRETCH = 100_000;
    private static final int LISTED = 40;

    private final Supplier<DebugTarget> left;
    private final Supplier<DebugTarget> right;
    private final long interval;

    /**
     * Compares two kinds of machine.
     *
     * @param left makes a fresh machine; its instructions and order of events are taken for right
     * @param right likewise, with the other engine
     * @param interval instructions between comparisons, at least 1
     */
    public Lockstep(Supplier<DebugTarget> left, Supplier<DebugTarget> right, long interval) {
        this.left = left;
        this.right = right;
        this.interval = interval;
    }

    /**
     * Where two runs part.
     *
     * @param address of the instruction that wrote differently
     * @param word the instruction
     * @param report the instruction, the way to it, and both states
     */
    public record Divergence(long address, int word, String report) {}

    /** Runs until the machines end or have retired this many instructions; null when they never differed. */
    public Divergence run(long instructions) {
        long good = 0;
        try (DebugTarget a = left.get(); DebugTarget b = right.get()) {
            for (long target = interval; ; target += interval) {
                boolean more = a.advance(target);
                boolean moreB = b.advance(target);
                if (more != moreB || !same(a, b)) {
                    break;
                }
                good = a.retired();
                if (!more || good >= instructions) {
                    return null;
                }
            }
        }
        return narrow(good);
    }

    private static boolean same(DebugTarget a, DebugTarget b) {
        return Arrays.equals(Registers.of(a.cpu()), Registers.of(b.cpu()));
    }

    private Divergence narrow(long good) {
        try (DebugTarget a = left.get(); DebugTarget b = right.get()) {
            a.advance(good);
            b.advance(good);
            long before = a.retired();
            while (true) {
                boolean more = a.advance(before + 1);
                boolean moreB = b.advance(before + 1);
                if (!same(a, b) || more != moreB) {
                    return explain(before, a, b);
                }
                if (!more) {
                    return new Divergence(0, 0, "the difference did not show up again: a machine is not deterministic");
                }
                before = a.retired();
            }
        }
    }

    /** One instruction of the last stretch, and the registers it wrote. */
    private record Executed(long address, int word, boolean[] wrote) {}

    private Divergence explain(long before, DebugTarget a, DebugTarget b) {
        long[] x = Registers.of(a.cpu());
        long[] y = Registers.of(b.cpu());
        List<Executed> stretch = walk(before, Math.max(a.retired(), b.retired()));
        // Of the last writers of all registers that differ, the first in order is to blame.
        int suspect = stretch.size() - 1;
        for (int r = 0; r < Registers.COUNT; r++) {
            if (x[r] != y[r]) {
                int last = stretch.size() - 1;
                while (last >= 0 && !stretch.get(last).wrote[r]) {
                    last--;
                }
                if (last >= 0) {
                    suspect = Math.min(suspect, last);
                }
            }
        }
        StringBuilder s = new StringBuilder();
        s.append("registers differ after ").append(Math.min(a.retired(), b.retired())).append(" instructions; equal after ")
                .append(before).append("\n\n");
        for (int i = Math.max(0, suspect - LISTED); i < Math.min(stretch.size(), suspect + 8); i++) {
            Executed e = stretch.get(i);
            s.append(String.format(" %s %016x  %08x  %s%n", i == suspect ? ">" : " ", e.address, e.word,
                    Disassembler.disassemble(e.word, e.address)));
        }
        s.append('\n').append(Registers.sideBySide(a.engine().name(), x, b.engine().name(), y));
        Executed e = suspect < 0 ? new Executed(0, 0, null) : stretch.get(suspect);
        return new Divergence(e.address, e.word, s.toString());
    }

    private List<Executed> walk(long from, long to) {
        List<Executed> stretch = new ArrayList<>();
        Stepper stepper = new Stepper();
        try (DebugTarget c = left.get()) {
            c.advance(from);
            Vcpu cpu = c.cpu();
            // At the check point itself an interrupt may be due.
            cpu.runUntil(Long.MAX_VALUE);
            cpu.checkEvents();
            while (c.retired() < to && stretch.size() < LONGEST_STRETCH) {
                long[] old = Registers.of(cpu);
                long address = cpu.nip;
                int word = word(cpu);
                Stepper.Step step = stepper.step(cpu);
                long[] now = Registers.of(cpu);
                boolean[] wrote = new boolean[Registers.COUNT];
                for (int r = 0; r < Registers.COUNT; r++) {
                    wrote[r] = old[r] != now[r];
                }
                stretch.add(new Executed(address, word, wrote));
                if (step == Stepper.Step.EXIT
                        && (cpu.pendingExit == null || !c.serve(cpu.takePendingExit()))) {
                    break;
                }
            }
        }
        return stretch;
    }

    private static int word(Vcpu cpu) {
        try {
            return cpu.mmu.fetch(cpu.nip).word((int) (cpu.nip >>> 2) & CodePage.SLOTS - 1);
        } catch (GuestFault f) {
            return 0;
        }
    }
}
