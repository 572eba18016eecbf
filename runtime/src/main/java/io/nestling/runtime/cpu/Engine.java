package io.nestling.runtime.cpu;

/** Something that executes guest instructions: the interpreter, or a translator. All engines give the same results. */
public interface Engine {
    /** Runs the vCPU from its NIP until it exits; asynchronous interrupts are taken on the way. */
    Exit run(Vcpu cpu);

    /** The name users give to {@code --engine}. */
    String name();
}
