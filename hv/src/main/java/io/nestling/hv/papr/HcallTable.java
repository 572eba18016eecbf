package io.nestling.hv.papr;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.image.DeviceTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The hypercalls a partition is offered, by opcode (PAPR, chapter "LPAR Support"): r3 holds the opcode on entry and the
 * status on return. An opcode nobody registered answers H_FUNCTION and is counted too.
 */
public final class HcallTable {
    /** Opcodes of the platform, and from here those of the implementation. */
    private static final int PRIVATE_BASE = 0xf000;
    private static final int RANGE = 0x1000;
    /** An adversary may try every opcode; only so many are counted apart. */
    private static final int MAX_UNKNOWN = 256;

    private static final class Entry {
        final String name;
        final Hcall hcall;
        final LongAdder calls = new LongAdder();

        Entry(String name, Hcall hcall) {
            this.name = name;
            this.hcall = hcall;
        }
    }

    private final List<HcallFamily> families = new ArrayList<>();
    private final Entry[] entries = new Entry[2 * RANGE / 4];
    private final Map<Long, long[]> unknown = new TreeMap<>(Long::compareUnsigned);
    private long unknownCalls;

    /** Adds all calls of a family. */
    public HcallTable add(HcallFamily family) {
        families.add(family);
        family.register(this);
        return this;
    }

    /** Describes all families in a device tree. */
    public void describe(DeviceTree tree) {
        List<String> sets = new ArrayList<>();
        for (HcallFamily family : families) {
            sets.addAll(family.functionSets());
            family.describe(tree);
        }
        // Its presence alone tells Linux that it runs in a partition.
        tree.root().node("rtas").strings("ibm,hypertas-functions", sets.toArray(String[]::new));
    }

    /**
     * Adds a call.
     *
     * @param opcode a multiple of 4 in the platform's or the implementation's range
     * @param name as PAPR spells it
     */
    public void register(int opcode, String name, Hcall hcall) {
        int i = index(opcode);
        if (i < 0 || entries[i] != null) {
            throw new IllegalArgumentException(name + ": opcode 0x" + Integer.toHexString(opcode) + " is not free");
        }
        entries[i] = new Entry(name, hcall);
    }

    private static int index(long opcode) {
        if ((opcode & 3) != 0) {
            return -1;
        }
        if (opcode >= 0 && opcode < RANGE) {
            return (int) opcode >> 2;
        }
        if (opcode >= PRIVATE_BASE && opcode < PRIVATE_BASE + RANGE) {
            return (int) (opcode - PRIVATE_BASE + RANGE) >> 2;
        }
        return -1;
    }

    /** Serves the hypercall in a processor's registers. */
    public void call(Processor cpu) {
        long opcode = cpu.vcpu.gpr(3);
        int i = index(opcode);
        Entry e = i < 0 ? null : entries[i];
        if (e == null) {
            countUnknown(opcode);
            cpu.vcpu.setGpr(3, Status.FUNCTION);
            return;
        }
        e.calls.increment();
        cpu.vcpu.setGpr(3, e.hcall.call(cpu));
    }

    private void countUnknown(long opcode) {
        synchronized (unknown) {
            unknownCalls++;
            if (unknown.size() < MAX_UNKNOWN || unknown.containsKey(opcode)) {
                unknown.computeIfAbsent(opcode, k -> new long[1])[0]++;
            }
        }
    }

    /** Calls so far by name, those that happened only; unknown ones as {@code unknown 0x...}. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Entry e : entries) {
            if (e != null && e.calls.sum() != 0) {
                counts.put(e.name, e.calls.sum());
            }
        }
        synchronized (unknown) {
            unknown.forEach((opcode, n) -> counts.put("unknown 0x" + Long.toHexString(opcode), n[0]));
        }
        return counts;
    }

    /** All calls so far. */
    public long total() {
        long total = unknownCalls;
        for (Entry e : entries) {
            total += e == null ? 0 : e.calls.sum();
        }
        return total;
    }

    /** Calls so far to opcodes that are not offered. */
    public long unknownTotal() {
        return unknownCalls;
    }

    /** Opcodes offered, with their names. */
    public Map<Integer, String> offered() {
        Map<Integer, String> names = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] != null) {
                int opcode = 4 * i;
                names.put(opcode < RANGE ? opcode : opcode - RANGE + PRIVATE_BASE, entries[i].name);
            }
        }
        return names;
    }
}
