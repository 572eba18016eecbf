package io.nestling.jit.region;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Op;
import io.nestling.runtime.memory.CodePage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is translated as one unit: basic blocks of one code page with the loops among them. It can be entered where it
 * was formed from, at loop headers (so that an interrupt in a loop can come back into it), and behind calls and other
 * instructions that leave it. An open one can be entered at all targets of its branches too, which spares a region of its
 * own for each of them; but loops with several ways in are hardly optimized.
 *
 * <p>It may go on in a page beside its own, and looks before it goes there whether that is still the one it knows
 * ({@code CompiledCode.goesOn}). Slots are then those of two pages, and start in the first of them.
 *
 * @param words instruction words of the page, or of two, as they stood when the region was formed, indexed by slot
 * @param start slot where it was formed, which is one of its entries; the page that has it is the region's own
 * @param blocks in ascending order of their first slot
 * @param entries first slots of the blocks that can be entered, ascending
 */
public record Region(int[] words, int start, List<Block> blocks, int[] entries) {
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

    /** First slot of its own page: 0, or {@link CodePage#SLOTS} if the other one lies before it. */
    public int own() {
        return start & -CodePage.SLOTS;
    }

    /** Does a slot lie in its own page? */
    public boolean owns(int slot) {
        return (slot & -CodePage.SLOTS) == own();
    }

    /** Does it go on in the other page? */
    public boolean spans() {
        return !blocks.stream().allMatch(b -> owns(b.first));
    }

    /** Where it can be entered from outside: the entries in its own page, as slots of that. */
    public int[] ways() {
        return Arrays.stream(entries).filter(this::owns).map(slot -> slot - own()).toArray();
    }

    /** Instructions in all blocks. */
    public int size() {
        return blocks.stream().mapToInt(b -> b.end - b.first).sum();
    }
}
