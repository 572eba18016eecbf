package io.nestling.runtime.interp;

import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.CodePage;
import io.nestling.runtime.memory.CompiledCode;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the interpreter loop asks of an engine that translates hot code. */
public abstract class Tiering {
    /** Arrivals at a slot after which {@link #hot} is called, once. */
    public final int threshold;

    /** Instructions retired in a translation after which {@link #hotter} is called. */
    public final long hotThreshold;

    /** What one vCPU's thread counts. */
    static final class Counts {
        final long[] exits = new long[CompiledCode.FAULT + 1];
        final long[] interpreted = new long[Isa.rows().size() + 1];
        long translated;
    }

    private final Map<Vcpu, Counts> counts = new ConcurrentHashMap<>();

    /** With the given thresholds, at least 1. */
    protected Tiering(int threshold, long hotThreshold) {
        this.threshold = threshold;
        this.hotThreshold = hotThreshold;
    }

    /**
     * Gives a page its tables, on first use and on first use after they were taken away.
     *
     * @return its translations by slot
     */
    public abstract CompiledCode[] prepare(Vcpu c, CodePage page);

    final Counts counts(Vcpu c) {
        return counts.computeIfAbsent(c, _ -> new Counts());
    }

    /** How often control left translated code with that result of the last translation. */
    protected final long exits(int result) {
        return counts.values().stream().mapToLong(c -> c.exits[result]).sum();
    }

    /** How often it was left for the sake of one instruction, by its row; row 0 where it was not decoded yet. */
    protected final long[] interpreted() {
        long[] sum = new long[Isa.rows().size() + 1];
        for (Counts c : counts.values()) {
            Arrays.setAll(sum, row -> sum[row] + c.interpreted[row]);
        }
        return sum;
    }

    /** Instructions retired in translated code. */
    protected final long translated() {
        return counts.values().stream().mapToLong(c -> c.translated).sum();
    }

    /** Control has often arrived at this slot: consider translating from here. */
    public abstract void hot(Vcpu c, CodePage page, int slot);

    /**
     * A translation in this page has proven to be worth a better one. Called again until its count is reset.
     *
     * @param base effective address of the page
     */
    public abstract void hotter(Vcpu c, CodePage page, long base, CompiledCode code);

    /**
     * Runs a translation from NIP, and on from one to the next as long as there is one and nothing else is due. Apart
     * from the interpreter loop, because this small method is worth the JVM's best compiler and the large one is not.
     *
     * @return what is to be done at NIP: a result of a translation, {@link CompiledCode#FAULT} only if the fault is the
     *     hypervisor's. An exit that an instruction has asked for comes first.
     */
    final int chain(Vcpu c, Counts counts, CodePage first, CompiledCode start) {
        CodePage page = first;
        CompiledCode code = start;
        long base = c.nip & -4096L;
        long retired = c.retired(c.nip);
        // What the interpreter has changed is no reason to leave translated code.
        c.codeWritten = false;
        while (true) {
            int status;
            try {
                status = code.run(c, base, (int) (c.nip >>> 2) & CodePage.SLOTS - 1);
            } catch (GuestFault f) {
                status = CompiledCode.FAULT;
            }
            long nip = c.nip;
            long before = retired;
            retired = c.retired(nip);
            code.visits++;
            counts.translated += retired - before;
            if ((code.retired += retired - before) >= hotThreshold) {
                hotter(c, page, base, code);
            }
            if (status >= CompiledCode.INTERPRET) {
                status = interpret(c, page, base, status, counts);
                if (status == NOT_HERE) {
                    return CompiledCode.INTERPRET;
                }
                if (status == CompiledCode.FAULT || c.pendingExit != null) {
                    return status;
                }
                nip = c.nip;
                retired = c.retired(nip);
            }
            if (status != CompiledCode.CONTINUE && c.dueAt(retired)) {
                return status;
            }
            if (status == CompiledCode.CONTEXT || (nip & -4096L) != base) {
                base = nip & -4096L;
                page = c.mmu.fetched(nip);
                if (page == null || page.bigEndian || c.eaMask != -1) {
                    return CompiledCode.CONTINUE;
                }
            }
            CompiledCode[] compiled = page.compiled;
            if (compiled == null) {
                return CompiledCode.CONTINUE;
            }
            code = compiled[(int) (nip >>> 2) & CodePage.SLOTS - 1];
            if (code == null) {
                return CompiledCode.CONTINUE;
            }
        }
    }

    /** The instruction at NIP is the interpreter loop's business. */
    private static final int NOT_HERE = -1;

    /**
     * Does what a translation was left for: executes the instruction at NIP, or takes the interrupt it has caused.
     *
     * @return CONTINUE or CONTEXT with NIP where to go on; FAULT if the interrupt is the hypervisor's; NOT_HERE
     */
    private static int interpret(Vcpu c, CodePage page, long base, int status, Counts counts) {
        counts.exits[status]++;
        if (status == CompiledCode.INTERPRET) {
            long pc = c.nip;
            if ((pc & -4096L) != base) {
                // A region of two pages was left in the one that is not its own.
                return NOT_HERE;
            }
            long op = page.ops[(int) (pc >>> 2) & CodePage.SLOTS - 1];
            int row = (int) (op >>> 32) & 0xffff;
            counts.interpreted[row]++;
            if (op == 0 || row == Op.B || row == Op.BC) {
                return NOT_HERE;
            }
            try {
                long next = GeneratedCold.run(c, (int) op, row, pc);
                c.codeWritten = false;
                if (next == GeneratedCold.ORDINARY) {
                    c.nip = pc + 4;
                    return CompiledCode.CONTINUE;
                }
                c.moved(pc + 4, next);
                c.nip = next;
                return CompiledCode.CONTEXT;
            } catch (GuestFault f) {
                // As below.
            }
        }
        return c.faulted(c.fault) ? CompiledCode.FAULT : CompiledCode.CONTEXT;
    }
}
