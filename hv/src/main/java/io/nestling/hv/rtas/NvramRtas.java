package io.nestling.hv.rtas;

import io.nestling.runtime.image.DeviceTree;
import io.nestling.runtime.memory.GuestMemory;
import java.util.Arrays;

/**
 * Non-volatile memory, where Linux keeps the last words of a dying kernel. It is born as one free partition (PAPR,
 * "NVRAM"), and lives as long as the machine.
 */
public final class NvramRtas {
    private static final int SIZE = 1 << 16;
    private static final int BLOCK = 16;
    /** Signature and name of free space. */
    private static final int FREE = 0x7f;
    private static final byte FREE_NAME = 0x77;

    private final GuestMemory memory;
    private final byte[] contents = new byte[SIZE];

    /** For one partition's memory. */
    public NvramRtas(GuestMemory memory) {
        this.memory = memory;
        format();
    }

    /** Header: signature, checksum, length in blocks, and a name of 12 bytes. */
    private void format() {
        contents[0] = FREE;
        contents[2] = (byte) (SIZE / BLOCK >>> 8);
        contents[3] = (byte) (SIZE / BLOCK);
        Arrays.fill(contents, 4, BLOCK, FREE_NAME);
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            // One's complement: a carry out of the byte comes back in.
            sum += contents[i] & 0xff;
            sum = (sum & 0xff) + (sum >>> 8);
        }
        contents[1] = (byte) sum;
    }

    /** Adds the calls to a table. */
    public void register(RtasTable table) {
        table.register("nvram-fetch", 3, 2, this::fetch);
        table.register("nvram-store", 3, 2, this::store);
    }

    /** Tells the guest of it. */
    public void describe(DeviceTree tree) {
        tree.root().node("nvram").strings("device_type", "nvram").cells("#bytes", SIZE);
    }

    private static boolean valid(RtasArguments a) {
        return a.input(0) < SIZE && a.input(2) <= SIZE - a.input(0);
    }

    /** Inputs: offset, address of a buffer, its length. Output: bytes copied. */
    private int fetch(RtasArguments a) {
        if (!valid(a)) {
            return RtasTable.PARAMETER_ERROR;
        }
        int offset = (int) a.input(0);
        int length = (int) a.input(2);
        if (!memory.write(a.input(1), Arrays.copyOfRange(contents, offset, offset + length), length)) {
            return RtasTable.PARAMETER_ERROR;
        }
        a.output(1, length);
        return RtasTable.SUCCESS;
    }

    /** As {@link #fetch}, the other way. */
    private int store(RtasArguments a) {
        if (!valid(a)) {
            return RtasTable.PARAMETER_ERROR;
        }
        int length = (int) a.input(2);
        byte[] bytes = new byte[length];
        if (!memory.read(a.input(1), bytes, length)) {
            return RtasTable.PARAMETER_ERROR;
        }
        System.arraycopy(bytes, 0, contents, (int) a.input(0), length);
        a.output(1, length);
        return RtasTable.SUCCESS;
    }
}
