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
     * Forms a region of a loop that leads from a page into another and back.
     *
     * @param words the instruction words of both
     * @param starts as below
     * @param limit most instructions to take
     * @return null when the first slot is in no such loop, or only in one that is too large
     */
    public static Region across(int[] words, int[] starts, int limit) {
        Flow flow = flow(words, starts);
        BitSet heads = new BitSet();
        for (int tail = 0; tail < flow.size(); tail++) {
            boolean upper = flow.block(tail).first() >= CodePage.SLOTS;
            flow.successors(tail).stream().filter(head -> upper && flow.block(head).first() < CodePage.SLOTS).forEach(heads::set);
        }
        for (int head = heads.nextSetBit(0); head >= 0; head = heads.nextSetBit(head + 1)) {
            Region region = around(flow, head, words, starts, limit);
            if (region != null && region.spans() && region.blocks().stream().anyMatch(b -> b.first() == starts[0])) {
                return region;
            }
        }
        return null;
    }

    /**
     * Forms a region.
     *
     * @param words the instruction words of the page, or of two
     * @param starts slots of hot and warm code; the region is formed around the first
     * @param limit most instructions to take
     * @return null when no loop leads through the first slot, or only one that is too large
     */
    public static Region find(int[] words, int[] starts, int limit) {
        Flow flow = flow(words, starts);
        return around(flow, flow.index(starts[0]), words, starts, limit);
    }

    private static Flow flow(int[] words, int[] starts) {
        return Flow.of(words, RegionFinder.find(words, starts, words.length, _ -> false, Evidence.NONE, false).blocks(), starts);
    }

    private static Region around(Flow flow, int header, int[] words, int[] starts, int limit) {
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
        return new Region(words, starts[0], blocks, RegionFinder.entries(words, starts, blocks, false));
    }
}
