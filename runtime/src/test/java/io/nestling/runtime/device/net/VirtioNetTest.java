package io.nestling.runtime.device.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.device.share.Virtio9p;
import io.nestling.runtime.device.virtio.VirtioDevice;
import io.nestling.runtime.device.virtio.VirtioPci;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.GuestMemory;
import io.nestling.runtime.memory.Ram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network card behind its PCI transport: frames both ways, and queues that no honest driver makes. */
class VirtioNetTest {
    private static final int RAM = 1 << 20;
    private static final int SIZE = 8;
    private static final int DATA = 0x20000;
    private static final int MERGEABLE = 15;
    private static final int GUEST_CHECKSUM = 1;
    private static final int GUEST_TSO4 = 7;
    private static final int WRITE = 2;

    private final Ram ram = new Ram(RAM);
    private final GuestMemory memory = new GuestMemory(ram, new CodePages(ram));

    @AfterEach
    void unmap() {
        ram.close();
    }

    /** A network that takes frames as they come, and gives one back for each when told to. */
    private static final class Mirror implements Network {
        Port port;
        boolean reflect;
        final List<Frame> seen = new ArrayList<>();

        @Override
        public void plug(Port card) {
            port = card;
        }

        @Override
        public void unplug(Port card) {
            port = null;
        }

        @Override
        public void kick() {
            Frame f = new Frame();
            while (port != null && seen.size() < 1000 && port.poll(f)) {
                seen.add(f.copy());
                if (reflect) {
                    port.offer(f);
                }
            }
            if (port != null) {
                port.flush();
            }
        }

        @Override
        public void reset() {}

        @Override
        public void close() {}
    }

    private static long base(int queue) {
        return 0x1000 + 0x4000L * queue;
    }

    private void start(VirtioPci pci, int queues, long features) {
        pci.store(0x14, 1, 0);
        pci.store(0x14, 1, 3);
        for (int i = 0; i < 2; i++) {
            pci.store(0x08, 4, i);
            pci.store(0x0c, 4, (features | 1L << 32) >>> 32 * i & 0xffffffffL);
        }
        pci.store(0x14, 1, 11);
        for (int q = 0; q < queues; q++) {
            memory.write(base(q), new byte[0x4000], 0x4000);
            pci.store(0x16, 2, q);
            pci.store(0x18, 2, SIZE);
            pci.store(0x20, 4, base(q));
            pci.store(0x28, 4, base(q) + 0x1000);
            pci.store(0x30, 4, base(q) + 0x2000);
            pci.store(0x1c, 2, 1);
        }
        pci.store(0x14, 1, 15);
        assertEquals(15, pci.load(0x14, 1));
    }

    private void descriptor(int queue, int index, long address, long length, int flags, int next) {
        long at = base(queue) + 16L * index;
        memory.storeLe(at, 8, address);
        memory.storeLe(at + 8, 4, length);
        memory.storeLe(at + 12, 2, flags);
        memory.storeLe(at + 14, 2, next);
    }

    private void available(int queue, int count) {
        for (int i = 0; i < count; i++) {
            memory.storeLe(base(queue) + 0x1004 + 2L * i, 2, i);
        }
        memory.storeLe(base(queue) + 0x1002, 2, count);
    }

    private int used(int queue) {
        return (int) memory.loadLe(base(queue) + 0x2002, 2);
    }

    @Test
    void framesGoBothWaysAndLargeOnesOverSeveralBuffers() {
        var network = new Mirror();
        network.reflect = true;
        var pci = new VirtioPci(new VirtioNet(network, FakeGuest.HARDWARE), memory);
        start(pci, 2, 1L << MERGEABLE | 1L << GUEST_CHECKSUM | 1L << GUEST_TSO4);
        assertTrue(network.port.takesLargeSegments());
        for (int i = 0; i < 4; i++) {
            descriptor(0, i, DATA + 0x1000L * i, 100, WRITE, 0);
        }
        available(0, 4);
        byte[] bytes = new byte[12 + 250];
        new SplittableRandom(3).nextBytes(bytes);
        bytes[0] = 1;
        bytes[1] = 1;
        memory.write(0x40000, bytes, bytes.length);
        descriptor(1, 0, 0x40000, bytes.length, 0, 0);
        available(1, 1);
        pci.store(0x3004, 2, 1);
        assertEquals(1, network.seen.size());
        assertEquals(250, network.seen.getFirst().length);
        assertTrue(network.seen.getFirst().checksumPartial);
        assertEquals(1, used(1));
        assertEquals(3, used(0));
        byte[] got = new byte[300];
        for (int i = 0; i < 3; i++) {
            byte[] part = new byte[100];
            memory.read(DATA + 0x1000L * i, part, 100);
            System.arraycopy(part, 0, got, 100 * i, 100);
        }
        assertEquals(3, got[10], "buffers");
        byte[] sent = new byte[250];
        System.arraycopy(bytes, 12, sent, 0, 250);
        byte[] back = new byte[250];
        System.arraycopy(got, 12, back, 0, 250);
        assertArrayEquals(sent, back);
        pci.close();
        assertFalse(network.port != null);
    }

    @Test
    void randomQueuesDoNoHarm(@TempDir Path folder) throws Exception {
        for (String kind : new String[] {"net", "share"}) {
            var network = new Mirror();
            network.reflect = true;
            VirtioDevice device = kind.equals("net") ? new VirtioNet(network, FakeGuest.HARDWARE)
                    : new Virtio9p(folder, "tag", false, true);
            int queues = device.queues().length;
            var pci = new VirtioPci(device, memory);
            var random = new SplittableRandom(kind.hashCode());
            int broken = 0;
            int served = 0;
            for (int i = 0; i < 20_000; i++) {
                start(pci, queues, random.nextLong() & device.features() | (random.nextLong() & 3L << 28));
                network.seen.clear();
                for (int q = 0; q < queues; q++) {
                    for (int d = 0; d < SIZE; d++) {
                        boolean wild = random.nextInt(30) == 0;
                        descriptor(q, d, wild ? random.nextLong() : DATA + random.nextInt(0x10000),
                                wild ? random.nextInt() : random.nextInt(600), random.nextInt(wild ? 8 : 4), random.nextInt(SIZE + 1));
                    }
                    available(q, random.nextInt(50) == 0 ? random.nextInt(0x10000) % 100 : random.nextInt(SIZE + 1));
                }
                for (int q = 0; q < queues; q++) {
                    pci.store(0x3000 + 4 * q, 2, q);
                    served += used(q);
                }
                broken += (pci.load(0x14, 1) & 64) != 0 ? 1 : 0;
            }
            assertTrue(broken > 100 && broken < 20_000, kind + " broke " + broken);
            assertTrue(kind.equals("share") || served > 1000, kind + " served " + served);
            pci.close();
        }
    }
}
