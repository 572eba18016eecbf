package io.nestling.runtime.cpu;

import java.util.List;

/** Something that executes guest instructions: the interpreter, or a translator. All engines give the same results. */
public interface Engine extends AutoCloseable {
    /** Something an engine counts, for {@code --stats}. */
    record Figure(String name, String unit, long value) {}

    /** Called before the first run: how many threads will be in {@link #run} at the same time, at most. */
    default void begin(int threads) {}

    /** Runs the vCPU from its NIP until it exits; asynchronous interrupts are taken on the way. */
    Exit run(Vcpu cpu);

    /** The name users give to {@code --engine}. */
    String name();

    /** What the engine has counted so far; read from another thread, only about right. */
    default List<Figure> figures() {
        return List.of();
    }

    /** What else the engine was asked to tell at the end of a run, line by line, while the machine is still there. */
    default List<String> report(Vcpu cpu) {
        return List.of();
    }

    /** Ends what the engine has started; nothing may run on it any more. */
    @Override
    default void close() {}
}
