package io.nestling.runtime.mmu;

import java.util.Arrays;

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
    private static final int BUCKETS = 256;

    /** The numbers of one process of one partition. */
    static final class Process {
        final int lpid;
        final int pid;
        /** By mode; 0 where none has been given yet. */
        final int[] ids = new int[MODES];
        /** Those given, in the order in which they were. */
        int[] given = new int[8];
        int count;
        private Process next;

        Process(int lpid, int pid, Process next) {
            this.lpid = lpid;
            this.pid = pid;
            this.next = next;
        }
    }

    /** A table of lists of its own, as it is looked into at each switch of processes. */
    private final Process[] buckets = new Process[BUCKETS];
    /** The partition that each number was given to. */
    private final int[] owners = new int[LIMIT];
    private int next = FIRST;

    private static int bucket(int lpid, int pid) {
        return lpid * 31 + pid & BUCKETS - 1;
    }

    /** The numbers of a process, to be kept until the process is dropped; see {@link #give}. */
    Process of(int lpid, int pid) {
        Process p = find(lpid, pid);
        if (p == null) {
            int b = bucket(lpid, pid);
            p = new Process(lpid, pid, buckets[b]);
            buckets[b] = p;
        }
        return p;
    }

    /** Gives a number to a mode that has none. False when all are used up: then {@link #clear} and start over. */
    boolean give(Process p, int mode) {
        if (next == LIMIT) {
            return false;
        }
        owners[next] = p.lpid;
        if (p.count == p.given.length) {
            p.given = Arrays.copyOf(p.given, 2 * p.count);
        }
        p.given[p.count++] = next;
        p.ids[mode] = next++;
        return true;
    }

    /** The partition whose context number is in a tag, or -1 for the tag of an empty entry. */
    int owner(long tag) {
        int number = (int) tag & LIMIT - 1;
        return number < FIRST ? -1 : owners[number];
    }

    /** The numbers of a process if it has any, else null. */
    Process find(int lpid, int pid) {
        Process p = buckets[bucket(lpid, pid)];
        while (p != null && (p.pid != pid || p.lpid != lpid)) {
            p = p.next;
        }
        return p;
    }

    /** Forgets the contexts of one process. */
    void dropProcess(int lpid, int pid) {
        drop(bucket(lpid, pid), lpid, pid);
    }

    /** Forgets the contexts of one partition. */
    void dropPartition(int lpid) {
        for (int b = 0; b < BUCKETS; b++) {
            drop(b, lpid, -1);
        }
    }

    /** Takes a process, or any for -1, out of a list. */
    private void drop(int bucket, int lpid, int pid) {
        Process before = null;
        for (Process p = buckets[bucket]; p != null; p = p.next) {
            if (p.lpid != lpid || pid != -1 && p.pid != pid) {
                before = p;
            } else if (before == null) {
                buckets[bucket] = p.next;
            } else {
                before.next = p.next;
            }
        }
    }

    /** Forgets all. */
    void clear() {
        Arrays.fill(buckets, null);
        next = FIRST;
    }
}
