package io.nestling.runtime.mmu;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives each translation context of a vCPU (partition, process, and the mode bits that change what it may access) a
 * small number, which tags its soft-TLB entries. Dropping a context's number drops all its entries at once, whatever
 * their count: that is how a whole process or partition is invalidated.
 */
final class ContextIds {
    /** Numbers fit in the page offset bits of a tag. */
    static final int LIMIT = 1 << 12;
    /** Mode bits are below this. */
    static final int MODES = 32;
    /** Not 0 (none), nor 1, which marks an empty TLB entry. */
    private static final int FIRST = 2;

    private record Process(int lpid, int pid) {}

    /** The numbers of each process by mode; 0 where none has been given yet. */
    private final Map<Process, int[]> processes = new HashMap<>();
    /** The partition that each number was given to. */
    private final int[] owners = new int[LIMIT];
    private int next = FIRST;

    /** The numbers of a process by mode, to be kept until the process is dropped; see {@link #give}. */
    int[] of(int lpid, int pid) {
        return processes.computeIfAbsent(new Process(lpid, pid), p -> new int[MODES]);
    }

    /** Gives a number to a mode that has none. False when all are used up: then {@link #clear} and start over. */
    boolean give(int[] process, int mode, int lpid) {
        if (next == LIMIT) {
            return false;
        }
        owners[next] = lpid;
        process[mode] = next++;
        return true;
    }

    /** The partition whose context number is in a tag, or -1 for the tag of an empty entry. */
    int owner(long tag) {
        int number = (int) tag & LIMIT - 1;
        return number < FIRST ? -1 : owners[number];
    }

    /** The numbers of a process if it has any, else null. */
    int[] find(int lpid, int pid) {
        return processes.get(new Process(lpid, pid));
    }

    /** Forgets the contexts of one process. */
    void dropProcess(int lpid, int pid) {
        processes.remove(new Process(lpid, pid));
    }

    /** Forgets the contexts of one partition. */
    void dropPartition(int lpid) {
        processes.keySet().removeIf(p -> p.lpid == lpid);
    }

    /** Forgets all. */
    void clear() {
        processes.clear();
        next = FIRST;
    }
}
