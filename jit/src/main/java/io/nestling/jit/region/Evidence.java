package io.nestling.jit.region;

/**
 * What the interpreter has seen of the code that a region is formed of. A quarter of what regions of a kernel would hold is
 * hardly ever run: without it there is less to compile, and what is run lies closer together.
 */
public interface Evidence {
    /** Nothing is known. */
    Evidence NONE = new Evidence() {
        @Override
        public boolean executed(int slot) {
            return false;
        }

        @Override
        public boolean rare(int slot) {
            return false;
        }
    };

    /**
     * Has the instruction been executed? Where a branch has, so has what follows it. Where it has not, nothing is known: it may
     * be part of a translation that was there from the start.
     */
    boolean executed(int slot);

    /** Have branches that were interpreted hardly ever led there? */
    boolean rare(int slot);
}
