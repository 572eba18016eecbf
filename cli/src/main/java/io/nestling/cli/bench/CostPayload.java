package io.nestling.cli.bench;

import io.nestling.decoder.Assembler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A kernel that measures what exits cost: at each level of nesting it is first a guest that times its own exits, and then
 * the hypervisor of the next level, which runs the same code. Made by our own assembler from the sources beside this class.
 *
 * @param levels deepest level, 1 to {@link #MAX_LEVELS}
 * @param loops  rounds of the compute loop at every level, 12 instructions and more each
 * @param nulls  hypercalls at level 1 and 2, each level below makes half as many as the one above
 * @param faults page faults, likewise
 * @param timers expiries of the hypervisor decrementer, likewise
 * @param least  exits of each kind that even the deepest level makes
 */
public record CostPayload(int levels, int loops, int nulls, int faults, int timers, int least) {
    /** So many LPIDs are prepared at each level. */
    public static final int MAX_LEVELS = 12;
    /** Bytes of memory that suffice for all levels. */
    public static final long MEMORY = 256L << 20;

    /** A quarter of each count goes to warming up, and that must not be nothing. */
    private static final int MIN_COUNT = 4;
    private static final int MAX_COUNT = 1 << 15;
    /** Where the first big-endian instructions end, and where all ends. */
    private static final int BOOT_END = 0x200;
    private static final int SIZE = 0x8000;
    private static final int HEADERS = 64 + 56;

    /** Checks that the counts are such that the payload's loops end and its tables suffice. */
    public CostPayload {
        if (levels < 1 || levels > MAX_LEVELS || loops < MIN_COUNT || Math.min(Math.min(nulls, faults), Math.min(timers, least)) < MIN_COUNT
                || faults > MAX_COUNT) {
            throw new IllegalArgumentException("levels " + levels + ", counts " + loops + " " + nulls + " " + faults + " " + timers + " " + least);
        }
    }

    /** How often a level makes exits of a kind that is made {@code count} times at level 2. */
    int atLevel(int level, int count) {
        return level <= 2 ? count : Math.max(count >> level - 2, least);
    }

    /** The kernel: a big-endian ELF executable of one segment. */
    public byte[] elf() {
        String names = ".set LEVELS, %d; .set LOOPS, %d; .set NULLS, %d; .set FAULTS, %d; .set TIMERS, %d; .set LEAST, %d;"
                .formatted(levels, loops, nulls, faults, timers, least);
        var body = Assembler.assemble(names + source("exits.s"), 0, ByteOrder.LITTLE_ENDIAN);
        names = ".set FIRST, %d;".formatted(body.symbols().get("first"));
        byte[] boot = Assembler.assemble(names + source("exits-boot.s"), 0, ByteOrder.BIG_ENDIAN).code();
        if (body.code().length > SIZE || boot.length > BOOT_END) {
            throw new IllegalStateException("the payload has grown: " + body.code().length + " and " + boot.length + " bytes");
        }
        var file = ByteBuffer.allocate(HEADERS + SIZE);
        file.putInt(0x7f454c46).put((byte) 2).put((byte) 2).put((byte) 1).position(16);
        // Executable, 64-bit Power, version; entry; program headers behind this one, no sections; sizes.
        file.putShort((short) 2).putShort((short) 21).putInt(1).putLong(0).putLong(64).putLong(0).putInt(2)
                .putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
        // Loadable, all permissions; place in the file, in memory; sizes; alignment.
        file.putInt(1).putInt(7).putLong(HEADERS).putLong(0).putLong(0).putLong(SIZE).putLong(SIZE).putLong(1 << 16);
        return file.put(HEADERS, body.code()).put(HEADERS, boot).array();
    }

    private static String source(String name) {
        try (var in = CostPayload.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
