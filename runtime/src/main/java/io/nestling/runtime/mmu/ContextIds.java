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
    /** Not 0 (none), nor 1, which marks an empty TLB entry. */
    private static final int FIRST = 2;

    /** Everything that distinguishes two contexts. */
    record Key(int lpid, int pid, int mode) {}

    private final Map<Key, Integer> ids = new HashMap<>();
    private int next = FIRST;

    /** The number of a context, or 0 when all are used up: then {@link #clear} and start over. */
    int get(int lpid, int pid, int mode) {
        Key key = new Key(lpid, pid, mode);
        Integer id = ids.get(key);
        if (id == null) {
            if (next == LIMIT) {
                return 0;
            }
            id = next++;
            ids.put(key, id);
        }
        return id;
    }

    /** The number of a context if it has one, else 0. */
    int find(int lpid, int pid, int mode) {
        return ids.getOrDefault(new Key(lpid, pid, mode), 0);
    }

    /** Forgets the contexts of one process. */
    void dropProcess(int lpid, int pid) {
        ids.keySet().removeIf(k -> k.lpid == lpid && k.pid == pid);
    }

    /** Forgets the contexts of one partition. */
    void dropPartition(int lpid) {
        ids.keySet().removeIf(k -> k.lpid == lpid);
    }

    /** Forgets all. */
    void clear() {
        ids.clear();
        next = FIRST;
    }
}
