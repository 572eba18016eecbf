package io.nestling.hv.machine;

import io.nestling.runtime.cpu.Facility;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.image.DeviceTree;
import io.nestling.runtime.time.Clock;
import java.util.List;
import java.util.stream.IntStream;

/** The processor we are: what its identification registers say and what the device tree tells of it. */
final class Power9 {
    /** Processor version register: POWER9 ("Nimbus") DD2.3. */
    static final int PVR = 0x004e1203;
    /** Logical version of a POWER9 in a partition (PAPR: architecture level 3.00). */
    private static final int LOGICAL_PVR = 0x0f000005;
    /** Width of the decrementer with LPCR[LD], bits. */
    private static final int DEC_BITS = 56;
    private static final int PID_BITS = 20;
    private static final int CACHE_LINE = 128;
    private static final int CACHE_SIZE = 32 << 10;

    /** LPCR bits (ISA 3.0B, Book III, 2.2): large decrementer, radix, process tables used, guest may issue tlbie. */
    private static final long LPCR_LD = 1L << 17;
    private static final long LPCR_HR = 1L << 20;
    private static final long LPCR_UPRT = 1L << 22;
    private static final long LPCR_GTSE = 1L << 10;

    /** HFSCR: floating point, vector and VSX, DSCR, performance monitor, event-based branches, TAR; no transactions. */
    private static final long HFSCR = 1L << 0 | 1L << 1 | 1L << 2 | 1L << 3 | 1L << 7 | 1L << 8;

    /**
     * One attribute byte of {@code ibm,pa-features} (PAPR, "ibm,pa-features property").
     *
     * @param index of the byte
     * @param value bits, the most significant is bit 0
     */
    private record Attribute(int index, int value) {}

    /**
     * What a partition on this processor may use. Bytes left out are 0, among them transactional memory (byte 22) and copy
     * and paste (38).
     */
    private static final List<Attribute> ATTRIBUTES = List.of(
            new Attribute(0, 0xf6), new Attribute(1, 0x3f), new Attribute(2, 0xc7), new Attribute(3, 0xc0),
            new Attribute(4, 0x80),
            // little-endian, 128-byte cache lines
            new Attribute(5, 0xf0),
            new Attribute(6, 0x80),
            // vector, VSX, vector XOR
            new Attribute(16, 0x80), new Attribute(18, 0x80), new Attribute(20, 0x80),
            // large decrementer, 64-bit facilities, performance monitor
            new Attribute(24, 0x80), new Attribute(26, 0x80), new Attribute(28, 0x80),
            // MMR, little-endian atomics, event-based branches
            new Attribute(30, 0x80), new Attribute(32, 0x80), new Attribute(34, 0xc0),
            new Attribute(36, 0x80),
            // radix translation
            new Attribute(40, 0x80),
            new Attribute(42, 0x80), new Attribute(44, 0x80),
            // scv, newer vector instructions, quad precision, string instructions
            new Attribute(46, 0x80), new Attribute(48, 0x80), new Attribute(50, 0x80), new Attribute(52, 0x80),
            // decimal floating point, decimal integers, SHA
            new Attribute(54, 0x80), new Attribute(56, 0x80), new Attribute(58, 0x80),
            // atomic memory operations, random numbers
            new Attribute(60, 0x80), new Attribute(62, 0x80),
            // a second data address watchpoint: none
            new Attribute(64, 0x00));

    private Power9() {}

    /**
     * Puts a vCPU in the state in which firmware leaves it for a radix partition.
     *
     * @param doorbells threads of a core may interrupt each other by {@code msgsndp}
     */
    static void reset(Vcpu c, boolean doorbells) {
        c.spr[Spr.PVR] = PVR;
        c.spr[Spr.PIR] = c.id;
        c.spr[Spr.LPCR] = LPCR_LD | LPCR_HR | LPCR_UPRT | LPCR_GTSE;
        c.spr[Spr.HFSCR] = doorbells ? HFSCR | 1L << Facility.MSGP : HFSCR;
        c.spr[Spr.AMOR] = -1;
        c.decBits = DEC_BITS;
    }

    /** Describes a core, whose threads have numbers from {@code first}. */
    static void describe(DeviceTree tree, int first, int threads) {
        int[] servers = IntStream.range(first, first + threads).toArray();
        // Pairs of server and the queue it belongs to: the global one.
        int[] queues = IntStream.of(servers).flatMap(s -> IntStream.of(s, 0)).toArray();
        DeviceTree.Node cpus = tree.root().node("cpus");
        cpus.cells("#address-cells", 1).cells("#size-cells", 0);
        DeviceTree.Node cpu = cpus.node("PowerPC,POWER9@" + Integer.toHexString(first));
        cpu.strings("device_type", "cpu").cells("reg", first).strings("status", "okay").flag("64-bit")
                .cells("cpu-version", LOGICAL_PVR)
                .cells("ibm,ppc-interrupt-server#s", servers)
                .cells("ibm,ppc-interrupt-gserver#s", queues)
                .cells("timebase-frequency", (int) Clock.FREQUENCY)
                .cells("clock-frequency", 2 * (int) Clock.FREQUENCY)
                .cells("ibm,dec-bits", DEC_BITS)
                .cells("ibm,mmu-pid-bits", PID_BITS)
                // Page sizes of radix: actual page size encoding in the high three bits, log2 of the size below.
                .cells("ibm,processor-radix-AP-encodings", 12, 5 << 29 | 16, 1 << 29 | 21, 2 << 29 | 30)
                // Of the hash MMU: base shift, SLB encoding, count of (shift, page table encoding).
                .cells("ibm,segment-page-sizes", 12, 0, 1, 12, 0, 16, 0x110, 1, 16, 1)
                .cells("ibm,processor-segment-sizes", 28, 40, -1, -1)
                .cells("ibm,slb-size", 32).cells("slb-size", 32)
                .bytes("ibm,pa-features", paFeatures())
                // 2: VMX and VSX.
                .cells("ibm,vmx", 2)
                .cells("ibm,dfp", 1)
                .cells("i-cache-size", CACHE_SIZE).cells("i-cache-line-size", CACHE_LINE)
                .cells("i-cache-block-size", CACHE_LINE)
                .cells("d-cache-size", CACHE_SIZE).cells("d-cache-line-size", CACHE_LINE)
                .cells("d-cache-block-size", CACHE_LINE);
    }

    private static byte[] paFeatures() {
        int count = ATTRIBUTES.getLast().index + 1;
        byte[] value = new byte[2 + count];
        // Header: how many attribute bytes follow, and specifier 0.
        value[0] = (byte) count;
        for (Attribute a : ATTRIBUTES) {
            value[2 + a.index] = (byte) a.value;
        }
        return value;
    }
}
