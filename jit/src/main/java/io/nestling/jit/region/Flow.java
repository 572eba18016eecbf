package io.nestling.jit.region;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where control goes among the blocks of a page: a graph whose nodes are the blocks by their place in a list, and one more,
 * the dispatch, through which everything goes that enters the blocks from elsewhere or by a branch through a register.
 * Returns lead to where the function's calls are followed on, other such branches to the dispatch.
 */
final class Flow {
    private final List<Region.Block> blocks;
    private final Map<Integer, Integer> index = new HashMap<>();
    private final BitSet[] successors;

    private Flow(List<Region.Block> blocks) {
        this.blocks = blocks;
        for (int i = 0; i < blocks.size(); i++) {
            index.put(blocks.get(i).first(), i);
        }
        successors = new BitSet[blocks.size()];
    }

    /** The graph of blocks of a page; branches through registers may lead to the given slots. */
    static Flow of(int[] words, List<Region.Block> blocks, int[] targets) {
        Flow flow = new Flow(blocks);
        List<Integer> calls = new ArrayList<>();
        BitSet returns = new BitSet();
        BitSet jumps = new BitSet();
        for (int i = 0; i < blocks.size(); i++) {
            BitSet to = new BitSet();
            flow.successors[i] = to;
            int last = blocks.get(i).end() - 1;
            int w = words[last];
            int row = Decoder.decode(w);
            boolean link = (w & 1) != 0;
            boolean falls = true;
            if (row == Op.B || row == Op.BC) {
                falls = row == Op.BC && !RegionFinder.always(w);
                int target = RegionFinder.target(row, w, last);
                if ((w & 2) != 0 || !flow.isBlock(target)) {
                    falls |= link;
                } else {
                    to.set(flow.index(target));
                    if (link) {
                        calls.add(i);
                    }
                }
            } else if (row == Op.BCLR || row == Op.BCCTR || row == Op.BCTAR) {
                falls = !RegionFinder.always(w) || link;
                (row == Op.BCLR && !link ? returns : jumps).set(i);
            } else if (row == 0 || Isa.row(row).ends()) {
                falls = RegionFinder.goesOn(row);
            }
            if (falls) {
                flow.connect(i, last + 1);
            }
        }
        for (int i = jumps.nextSetBit(0); i >= 0; i = jumps.nextSetBit(i + 1)) {
            for (int target : targets) {
                flow.connect(i, target);
            }
        }
        flow.connectReturns(calls, returns);
        return flow;
    }

    /** Where functions end control goes on behind their calls; a call of one that does not end here is passed over. */
    private void connectReturns(List<Integer> calls, BitSet returns) {
        Map<Integer, BitSet> ends = new HashMap<>();
        BitSet[] inside = new BitSet[successors.length];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = (BitSet) successors[i].clone();
        }
        for (int call : calls) {
            // Inside a function, calls lead to behind them only.
            int behind = blocks.get(call).end();
            inside[call].clear();
            if (isBlock(behind)) {
                inside[call].set(index(behind));
            }
        }
        for (int call : calls) {
            BitSet called = (BitSet) successors[call].clone();
            int behind = blocks.get(call).end();
            for (int f = called.nextSetBit(0); f >= 0; f = called.nextSetBit(f + 1)) {
                BitSet from = ends.computeIfAbsent(f, k -> {
                    BitSet all = reachable(k, inside);
                    all.and(returns);
                    return all;
                });
                if (from.isEmpty()) {
                    connect(call, behind);
                }
                for (int end = from.nextSetBit(0); end >= 0; end = from.nextSetBit(end + 1)) {
                    connect(end, behind);
                }
            }
        }
    }

    private void connect(int from, int slot) {
        if (isBlock(slot)) {
            successors[from].set(index(slot));
        }
    }

    int size() {
        return blocks.size();
    }

    Region.Block block(int i) {
        return blocks.get(i);
    }

    boolean isBlock(int slot) {
        return index.containsKey(slot);
    }

    int index(int slot) {
        return index.get(slot);
    }

    BitSet successors(int i) {
        return successors[i];
    }

    int instructions(BitSet set) {
        return set.stream().map(i -> blocks.get(i).end() - blocks.get(i).first()).sum();
    }

    BitSet reachable(int from) {
        return reachable(from, successors);
    }

    private static BitSet reachable(int from, BitSet[] edges) {
        BitSet reached = new BitSet();
        ArrayDeque<Integer> work = new ArrayDeque<>(List.of(from));
        reached.set(from);
        while (!work.isEmpty()) {
            edges[work.poll()].stream().filter(to -> !reached.get(to)).forEach(to -> {
                reached.set(to);
                work.add(to);
            });
        }
        return reached;
    }

    /** What leads to {@code tail} without passing {@code header}, and both. */
    BitSet loop(int header, int tail) {
        BitSet loop = new BitSet();
        loop.set(header);
        loop.set(tail);
        ArrayDeque<Integer> work = new ArrayDeque<>(List.of(tail));
        while (!work.isEmpty()) {
            int to = work.poll();
            for (int i = 0; to != header && i < successors.length; i++) {
                if (successors[i].get(to) && !loop.get(i)) {
                    loop.set(i);
                    work.add(i);
                }
            }
        }
        return loop;
    }
}
