package io.nestling.hv.rtas;

import io.nestling.hv.papr.HcallFamily;
import io.nestling.hv.papr.HcallTable;
import io.nestling.hv.papr.Status;
import io.nestling.hv.partition.Processor;
import io.nestling.runtime.image.DeviceTree;
import io.nestling.runtime.memory.GuestMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The firmware calls a partition is offered (PAPR, chapter "Run-Time Abstraction Services"). A guest jumps to a few
 * instructions of {@link #code} in its own memory, which hand the argument buffer to level 0 by one private hypercall.
 * Tokens are given in order of registration and told to the guest by the device tree.
 */
public final class RtasTable implements HcallFamily {
    /** Done. */
    public static final int SUCCESS = 0;
    /** It did not work. */
    public static final int HARDWARE_ERROR = -1;
    /** An argument is wrong. */
    public static final int PARAMETER_ERROR = -3;
    /** The thing asked for does not exist here. */
    public static final int NOT_SUPPORTED = -3;

    /** The private hypercall under which QEMU-compatible guests and our own code reach firmware. */
    public static final int H_RTAS = 0xf000;

    /** Bytes of guest memory set aside for {@link #code}: a page of the largest size kernels use. */
    public static final int SIZE = 0x10000;

    private static final int FIRST_TOKEN = 0x2000;
    private static final int MAX_WORDS = 16;
    /** Bytes a guest should set aside for an error log; there never is one. */
    private static final int ERROR_LOG_MAX = 2048;

    private static final class Entry {
        final String name;
        final int inputs;
        final int outputs;
        final RtasCall call;
        long calls;

        Entry(String name, int inputs, int outputs, RtasCall call) {
            this.name = name;
            this.inputs = inputs;
            this.outputs = outputs;
            this.call = call;
        }
    }

    private final GuestMemory memory;
    private final List<Entry> entries = new ArrayList<>();
    private long base;
    private long unknown;

    /** For one partition's memory. */
    public RtasTable(GuestMemory memory) {
        this.memory = memory;
    }

    /** Puts {@link #code} into {@link #SIZE} bytes at a real address that the kernel's allocator leaves alone. */
    public void install(long address) {
        base = address;
        int[] code = code();
        for (int i = 0; i < code.length; i++) {
            memory.store(address + 4L * i, 4, code[i]);
        }
    }

    /**
     * Adds a call.
     *
     * @param inputs words the caller gives, at least
     * @param outputs words the caller has room for, at least, the status included
     */
    public void register(String name, int inputs, int outputs, RtasCall call) {
        entries.add(new Entry(name, inputs, outputs, call));
    }

    @Override
    public void register(HcallTable table) {
        table.register(H_RTAS, "H_RTAS", this::call);
    }

    /**
     * The guest's way in, big-endian: {@code mr r4,r3; li r3,0; ori r3,r3,0xf000; sc 1; blr}. It runs in 32-bit real
     * mode.
     */
    public static int[] code() {
        return new int[] {0x7c641b78, 0x38600000, 0x60630000 | H_RTAS, 0x44000022, 0x4e800020};
    }

    /** Tells the guest the tokens and where {@link #code} is. */
    @Override
    public void describe(DeviceTree tree) {
        DeviceTree.Node node = tree.root().node("rtas");
        node.cells("linux,rtas-base", (int) base).cells("linux,rtas-entry", (int) base).cells("rtas-size", SIZE);
        node.cells("rtas-error-log-max", ERROR_LOG_MAX);
        // Without it Linux does not report a panic.
        node.flag("ibm,extended-os-term");
        for (int i = 0; i < entries.size(); i++) {
            node.cells(entries.get(i).name, FIRST_TOKEN + i);
        }
    }

    /** Argument: guest real address of the buffer. Firmware serves one processor at a time. */
    private synchronized long call(Processor cpu) {
        long address = cpu.arg(1);
        if (!memory.contains(address, 12)) {
            return Status.PARAMETER;
        }
        long token = memory.load(address, 4);
        long inputs = memory.load(address + 4, 4);
        long outputs = memory.load(address + 8, 4);
        if (inputs > MAX_WORDS || outputs > MAX_WORDS || inputs + outputs > MAX_WORDS
                || !memory.contains(address, 12 + 4 * (inputs + outputs))) {
            return Status.PARAMETER;
        }
        RtasArguments a = new RtasArguments(memory, cpu, address, (int) inputs, (int) outputs);
        Entry e = token >= FIRST_TOKEN && token < FIRST_TOKEN + entries.size()
                ? entries.get((int) token - FIRST_TOKEN) : null;
        int status;
        if (e == null) {
            unknown++;
            status = NOT_SUPPORTED;
        } else if (inputs < e.inputs || outputs < e.outputs) {
            status = PARAMETER_ERROR;
        } else {
            e.calls++;
            status = e.call.call(a);
        }
        if (outputs > 0) {
            a.output(0, status);
        }
        return e == null ? Status.PARAMETER : Status.SUCCESS;
    }

    /** The token of a call, or -1. */
    public int token(String name) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).name.equals(name)) {
                return FIRST_TOKEN + i;
            }
        }
        return -1;
    }

    /** Calls so far by name, those that happened only. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Entry e : entries) {
            if (e.calls != 0) {
                counts.put(e.name, e.calls);
            }
        }
        if (unknown != 0) {
            counts.put("unknown", unknown);
        }
        return counts;
    }
}
