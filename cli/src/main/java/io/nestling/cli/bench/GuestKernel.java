package io.nestling.cli.bench;

import java.util.List;

/**
 * One benchmark of the guest program {@code cpubench}, by the name the program knows it by.
 *
 * @param group  what its cost is made of
 * @param target how many times the speed of QEMU's translator it is to reach
 */
public record GuestKernel(String name, String group, double target) {
    private static final String INTEGER = "integer and memory";
    private static final String FLOAT = "floating point";
    private static final String VECTOR = "vector and strings";
    private static final String SYSTEM = "MMU and interrupts";

    /** All, in the order in which the program runs them. */
    public static final List<GuestKernel> ALL = List.of(
            new GuestKernel("alu", INTEGER, 1.3),
            new GuestKernel("crc", INTEGER, 1.3),
            new GuestKernel("sieve", INTEGER, 1.3),
            new GuestKernel("coremix", INTEGER, 1.3),
            new GuestKernel("fib", INTEGER, 1.3),
            new GuestKernel("indirect", INTEGER, 1.0),
            new GuestKernel("switch", INTEGER, 1.0),
            new GuestKernel("copy", INTEGER, 1.3),
            new GuestKernel("chase4m", INTEGER, 1.3),
            new GuestKernel("chase16m", SYSTEM, 3),
            new GuestKernel("chase64m", SYSTEM, 3),
            new GuestKernel("matmul", FLOAT, 8),
            new GuestKernel("nbody", FLOAT, 8),
            new GuestKernel("trig", FLOAT, 8),
            new GuestKernel("memcpy", VECTOR, 1.5),
            new GuestKernel("strings", VECTOR, 1.5),
            new GuestKernel("vaes", VECTOR, 1.5),
            new GuestKernel("vsha", VECTOR, 1.5),
            new GuestKernel("vbytes", VECTOR, 1.5),
            new GuestKernel("vaxpy", FLOAT, 8),
            new GuestKernel("syscall", SYSTEM, 2),
            new GuestKernel("pipe", SYSTEM, 5),
            new GuestKernel("fault", SYSTEM, 2),
            new GuestKernel("fork", SYSTEM, 1.5),
            new GuestKernel("exec", SYSTEM, 1.5));
}
