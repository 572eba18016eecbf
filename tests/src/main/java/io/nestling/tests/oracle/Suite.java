package io.nestling.tests.oracle;

import io.nestling.runtime.cpu.Engine;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs cases on both sides and collects the differences. */
public final class Suite implements AutoCloseable {
    private final Qemu oracle;
    private final Nestling machine;
    private final ByteOrder order;
    private final int rounds;
    private final List<Failure> failures = new ArrayList<>();
    private final List<OracleCase> crashers = new ArrayList<>();
    private long cases;

    /** A case whose outcomes differ. */
    public record Failure(OracleCase test, State before, State expected, State actual,
            List<Differences.Difference> differences) {
        /** The report and the seed. */
        public String text() {
            return Report.of(test, before, expected, actual, differences);
        }
    }

    /** Compares this engine with this oracle, in this byte order. */
    public Suite(Qemu oracle, Engine engine, ByteOrder order) {
        this(oracle, engine, order, 1);
    }

    /** As above, but the engine runs each case several times, and the last one counts. */
    public Suite(Qemu oracle, Engine engine, ByteOrder order, int rounds) {
        this.order = order;
        this.rounds = rounds;
        this.oracle = oracle;
        this.machine = new Nestling(engine);
    }

    @Override
    public void close() {
        machine.close();
    }

    /** Runs cases, in as many programs as they need. */
    public void run(List<OracleCase> all) throws IOException {
        for (int from = 0; from < all.size(); from += OracleProgram.LIMIT) {
            batch(all.subList(from, Math.min(all.size(), from + OracleProgram.LIMIT)));
        }
    }

    private void batch(List<OracleCase> batch) throws IOException {
        OracleProgram program = new OracleProgram(batch, order);
        CompletableFuture<List<State>> there = CompletableFuture.supplyAsync(() -> {
            try {
                return oracle.run(program);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        List<State> ours = machine.run(program, rounds);
        List<State> theirs;
        try {
            theirs = there.join();
        } catch (java.util.concurrent.CompletionException e) {
            // The oracle itself fell over: leave out the cases that do it.
            List<OracleCase> bad = oracle.crashers(batch, order);
            if (bad.isEmpty()) {
                throw new IOException(e.getCause());
            }
            crashers.addAll(bad);
            batch(batch.stream().filter(c -> !bad.contains(c)).toList());
            return;
        }
        cases += batch.size();
        List<OracleCase> suspects = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            State before = program.initial(i);
            List<Differences.Difference> d = Differences.compare(batch.get(i), before, theirs.get(i), ours.get(i));
            if (!d.isEmpty()) {
                suspects.add(batch.get(i));
            }
        }
        for (OracleCase c : suspects) {
            alone(c);
        }
    }

    /** Judges a case by a program of its own: the oracle sometimes carries an exception over to a later instruction. */
    private void alone(OracleCase c) throws IOException {
        OracleProgram program = new OracleProgram(List.of(c), order);
        State theirs = oracle.run(program).getFirst();
        State ours = machine.run(program, rounds).getFirst();
        State before = program.initial(0);
        List<Differences.Difference> d = Differences.compare(c, before, theirs, ours);
        if (!d.isEmpty()) {
            failures.add(new Failure(c, before, theirs, ours, d));
        }
    }

    /** What differed so far. */
    public List<Failure> failures() {
        return failures;
    }

    /** Cases that the oracle did not survive. */
    public List<OracleCase> crashers() {
        return crashers;
    }

    /** Cases compared so far. */
    public long cases() {
        return cases;
    }
}
