package io.nestling.jit.region;

import java.util.List;

/**
 * What is translated as one unit: basic blocks of one code page with the loops among them. Every block's first slot is
 * a leader; entry from outside is possible at any leader.
 *
 * @param words instruction words of the page as they stood when the region was formed, indexed by slot
 * @param blocks in ascending order of their first slot
 */
public record Region(int[] words, List<Block> blocks) {
    /**
     * A straight run of instructions.
     *
     * @param first slot of the first instruction
     * @param end slot after the last instruction
     */
    public record Block(int first, int end) {}

    /** Slots of all leaders. */
    public int[] leaders() {
        return blocks.stream().mapToInt(Block::first).toArray();
    }

    /** True when a block of this region starts at {@code slot}. */
    public boolean isLeader(int slot) {
        for (Block b : blocks) {
            if (b.first == slot) {
                return true;
            }
        }
        return false;
    }

    /** Instructions in all blocks. */
    public int size() {
        return blocks.stream().mapToInt(b -> b.end - b.first).sum();
    }
}
