package io.nestling.jit.region;

import static io.nestling.decoder.Fields.bd;
import static io.nestling.decoder.Fields.li;

import io.nestling.decoder.Decoder;
import io.nestling.decoder.Isa;
import io.nestling.decoder.Op;
import io.nestling.runtime.memory.CodePage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Chooses the blocks of a region: from the hot slot along direct branches, fall-throughs and the return points of calls,
 * as far as they stay in the page and within the size limit, and have been gone so far as is known. A slot at which other
 * translated code starts ends the walk, so that regions do not overlap much.
 */
public final class RegionFinder {
    private static final int AA = 2;
    private static final int LK = 1;

    private RegionFinder() {}

    /**
     * Forms a region.
     *
     * @param words the instruction words of the page, or of two
     * @param starts hot slots, the most important first
     * @param limit most instructions to take
     * @param translated tells slots at which translated code already starts, which is not followed where a branch leads to it,
     *     nor in a closed region where straight code does
     * @param seen tells which ways branches have gone; others are left out
     * @param open true to make all targets of branches entries
     */
    public static Region find(int[] words, int[] starts, int limit, IntPredicate translated, Evidence seen, boolean open) {
        BitSet leaders = new BitSet(words.length);
        BitSet taken = new BitSet(words.length);
        ArrayDeque<Integer> work = new ArrayDeque<>();
        for (int start : starts) {
            work.add(start);
        }
        int room = limit;
        while (!work.isEmpty() && room > 0) {
            int slot = work.poll();
            if (leaders.get(slot) || slot != starts[0] && translated.test(slot)) {
                continue;
            }
            leaders.set(slot);
            while (slot < words.length && room > 0 && !taken.get(slot)) {
                if (slot == CodePage.SLOTS) {
                    leaders.set(slot);
                }
                if (!open && slot != starts[0] && translated.test(slot)) {
                    break;
                }
                taken.set(slot);
                room--;
                if (ends(words, slot, work, seen)) {
                    break;
                }
                slot++;
            }
        }
        List<Region.Block> blocks = blocks(words, leaders, taken);
        return new Region(words, starts[0], blocks, entries(words, starts, blocks, open));
    }

    static int[] entries(int[] words, int[] starts, List<Region.Block> blocks, boolean open) {
        BitSet entries = new BitSet(words.length);
        for (int start : starts) {
            entries.set(start);
        }
        for (Region.Block block : blocks) {
            int last = block.end() - 1;
            int w = words[last];
            int row = Decoder.decode(w);
            if (row == Op.B || row == Op.BC) {
                int target = target(row, w, last);
                if (target >= 0 && target < words.length && (w & AA) == 0 && (open || target <= last || (w & LK) != 0)) {
                    entries.set(target);
                }
                if ((w & LK) != 0) {
                    entries.set(last + 1);
                }
            } else if (row == 0 || Isa.row(row).ends()) {
                entries.set(last + 1);
            }
        }
        return blocks.stream().mapToInt(Region.Block::first).filter(entries::get).toArray();
    }

    /** True when the instruction at {@code slot} ends a block; notes where control may go within the page. */
    private static boolean ends(int[] words, int slot, ArrayDeque<Integer> work, Evidence seen) {
        int w = words[slot];
        int row = Decoder.decode(w);
        int next = slot + 1;
        boolean goesOn = inside(words, next) && seen.follows(slot, next);
        switch (row) {
            case Op.B -> {
                if ((w & LK) != 0) {
                    // A function of the same page may as well be part of the region.
                    if (goesOn) {
                        work.addLast(next);
                    }
                    add(words, work, target(row, w, slot));
                } else if ((w & AA) == 0) {
                    addFirst(words, work, target(row, w, slot));
                }
                return true;
            }
            case Op.BC -> {
                if (goesOn) {
                    work.addFirst(next);
                }
                int target = target(row, w, slot);
                if ((w & (LK | AA)) == 0 && inside(words, target) && seen.follows(slot, target)) {
                    work.addFirst(target);
                }
                return true;
            }
            case Op.BCLR, Op.BCCTR, Op.BCTAR -> {
                if ((!always(w) || (w & LK) != 0) && goesOn) {
                    work.addLast(next);
                }
                return true;
            }
            default -> {
                if (row == 0 || Isa.row(row).ends()) {
                    if (goesOn(row)) {
                        add(words, work, next);
                    }
                    return true;
                }
                return false;
            }
        }
    }

    /** Slot that a {@code b} or {@code bc} at {@code slot} branches to, relative to the same page; it may lie outside. */
    static int target(int row, int w, int slot) {
        return slot + (int) ((row == Op.B ? li(w) : bd(w)) / 4);
    }

    /** May control go on behind an instruction that ends a block and is no branch? */
    static boolean goesOn(int row) {
        return row != 0 && row != Op.RFID && row != Op.HRFID;
    }

    /** BO says "branch always". */
    public static boolean always(int w) {
        return (w >>> 21 & 0b10100) == 0b10100;
    }

    private static boolean inside(int[] words, int slot) {
        return slot >= 0 && slot < words.length;
    }

    private static void add(int[] words, ArrayDeque<Integer> work, int slot) {
        if (inside(words, slot)) {
            work.addLast(slot);
        }
    }

    private static void addFirst(int[] words, ArrayDeque<Integer> work, int slot) {
        if (inside(words, slot)) {
            work.addFirst(slot);
        }
    }

    private static List<Region.Block> blocks(int[] words, BitSet leaders, BitSet taken) {
        List<Region.Block> blocks = new ArrayList<>();
        ArrayDeque<Integer> ignored = new ArrayDeque<>();
        for (int first = leaders.nextSetBit(0); first >= 0; first = leaders.nextSetBit(first + 1)) {
            if (!taken.get(first)) {
                continue;
            }
            int end = first;
            do {
                boolean last = ends(words, end, ignored, Evidence.NONE);
                end++;
                if (last) {
                    break;
                }
            } while (end < words.length && taken.get(end) && !leaders.get(end));
            blocks.add(new Region.Block(first, end));
        }
        blocks.sort(Comparator.comparingInt(Region.Block::first));
        return blocks;
    }
}
