package io.nestling.jit.region;

/**
 * What the interpreter has seen of the code that a region is formed of. A quarter of what regions of a kernel would hold is
 * hardly ever run: without it there is less to compile, and what is run lies closer together.
 */
@FunctionalInterface
public interface Evidence {
    /** Nothing is known. */
    Evidence NONE = (_, _) -> true;

    /**
     * Is a way worth following?
     *
     * @param from slot of a branch
     * @param to slot where it may go: behind it or elsewhere, in the same page
     */
    boolean follows(int from, int to);
}
