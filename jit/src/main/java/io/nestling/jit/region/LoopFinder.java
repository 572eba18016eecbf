package io.nestling.jit.region;

import io.nestling.runtime.memory.CodePage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the blocks of a hot region around a place where much time is spent: the loops through that place, with what they
 * call in the page, and nothing that runs once before or behind them. What the optimizing compiler does not see costs it
 * no time and no registers.
 */
public final class LoopFinder {
    private LoopFinder() {}

    /**
     * Forms a region.
     *
     * @param words the page's instruction words
     * @param starts slots of hot and warm code; the region is formed around the first
     * @param limit most instructions to take
     * @return null when no loop leads through the first slot, or only one that is too large
     */
    public static Region find(int[] words, int[] starts, int limit) {
        Flow flow = Flow.of(words, RegionFinder.find(words, starts, CodePage.SLOTS, _ -> false, false).blocks(), starts);
        int header = flow.index(starts[0]);
        List<BitSet> loops = new ArrayList<>();
        BitSet reached = flow.reachable(header);
        for (int tail = 0; tail < flow.size(); tail++) {
            if (reached.get(tail) && flow.successors(tail).get(header)) {
                BitSet loop = flow.loop(header, tail);
                loop.and(reached);
                loops.add(loop);
            }
        }
        // Inner loops first.
        loops.sort(Comparator.comparingInt(flow::instructions));
        BitSet chosen = new BitSet();
        for (BitSet loop : loops) {
            BitSet more = (BitSet) chosen.clone();
            more.or(loop);
            if (flow.instructions(more) > limit) {
                break;
            }
            chosen = more;
        }
        if (chosen.isEmpty()) {
            return null;
        }
        List<Region.Block> blocks = chosen.stream().mapToObj(flow::block).toList();
        return new Region(words, blocks, RegionFinder.entries(words, starts, blocks, false));
    }
}
