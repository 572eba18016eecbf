package io.nestling.jit.region;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Op;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is translated as one unit: basic blocks of one code page with the loops among them. It can be entered where it
 * was formed from, at loop headers (so that an interrupt in a loop can come back into it), and behind calls and other
 * instructions that leave it. An open one can be entered at all targets of its branches too, which spares a region of its
 * own for each of them; but loops with several ways in are hardly optimized.
 *
 * @param words instruction words of the page as they stood when the region was formed, indexed by slot
 * @param blocks in ascending order of their first slot
 * @param entries first slots of the blocks that can be entered, ascending
 */
public record Region(int[] words, List<Block> blocks, int[] entries) {
    /**
     * A straight run of instructions.
     *
     * @param first slot of the first instruction
     * @param end slot after the last instruction
     */
    public record Block(int first, int end) {}

    /** First slots of blocks that are entered, or that branches of the region lead to. */
    public Set<Integer> joined() {
        Set<Integer> joined = new HashSet<>();
        for (int entry : entries) {
            joined.add(entry);
        }
        for (Block b : blocks) {
            int last = b.end - 1;
            int w = words[last];
            int row = Decoder.decode(w);
            if (row == Op.B || row == Op.BC) {
                joined.add(RegionFinder.target(row, w, last));
            }
        }
        return joined;
    }

    /** Instructions in all blocks. */
    public int size() {
        return blocks.stream().mapToInt(b -> b.end - b.first).sum();
    }
}
