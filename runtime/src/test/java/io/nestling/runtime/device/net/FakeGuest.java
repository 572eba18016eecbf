package io.nestling.runtime.device.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The guest's end of the wire: makes frames, keeps what comes back, steps the network, owns its clock. */
final class FakeGuest implements Port, AutoCloseable {
    static final byte[] HARDWARE = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

    final UserNetwork network;
    final ArrayDeque<Frame> toNetwork = new ArrayDeque<>();
    final ArrayDeque<Frame> fromNetwork = new ArrayDeque<>();
    /** Frames for which the guest has room. */
    int room = Integer.MAX_VALUE;
    boolean large;
    /** Frames of the network that get lost on the way. */
    Predicate<Frame> loss = f -> false;
    private long skipped;

    FakeGuest(InetSocketAddress resolver, List<HostForward> forwards) throws IOException {
        network = UserNetwork.forTest(resolver, () -> System.nanoTime() + skipped, this, forwards);
    }

    @Override
    public boolean poll(Frame into) {
        Frame f = toNetwork.poll();
        if (f == null) {
            return false;
        }
        System.arraycopy(f.data, 0, into.data, 0, f.length);
        into.length = f.length;
        into.checksumPartial = f.checksumPartial;
        return true;
    }

    @Override
    public boolean offer(Frame frame) {
        if (room == 0) {
            return false;
        }
        room--;
        if (!loss.test(frame)) {
            fromNetwork.add(frame.copy());
        }
        return true;
    }

    @Override
    public void flush() {}

    @Override
    public boolean takesLargeSegments() {
        return large;
    }

    /** Lets time pass that nobody has to wait for. */
    void skip(long seconds) {
        skipped += seconds * 1_000_000_000L;
    }

    void step() throws IOException {
        network.step(2_000_000);
    }

    /** The next IPv4 packet of a protocol; fails after five seconds without one. */
    Packet packet(int protocol) throws IOException {
        Packet p = packetOrNull(protocol, 5_000);
        assertTrue(p != null, "no packet of protocol " + protocol + " came");
        return p;
    }

    Packet packetOrNull(int protocol, int millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000L;
        do {
            if (fromNetwork.isEmpty()) {
                step();
            }
            Frame f;
            while ((f = fromNetwork.poll()) != null) {
                f.completeChecksum();
                Packet p = Packet.read(f.data, 14, f.length);
                if (p != null && p.protocol() == protocol) {
                    return p;
                }
            }
        } while (System.nanoTime() < end);
        return null;
    }

    void send(byte[] frame) {
        Frame f = new Frame();
        System.arraycopy(frame, 0, f.data, 0, frame.length);
        f.length = frame.length;
        toNetwork.add(f);
        network.kick();
    }

    void sendIp(int source, int target, int protocol, byte[] payload) {
        byte[] b = new byte[34 + payload.length];
        Subnet.hardwareAddress(Subnet.GATEWAY, b, 0);
        System.arraycopy(HARDWARE, 0, b, 6, 6);
        Wire.put16(b, 12, 0x0800);
        Wire.put16(b, 14, 0x4500);
        Wire.put16(b, 16, 20 + payload.length);
        b[22] = 64;
        b[23] = (byte) protocol;
        Wire.put32(b, 26, source);
        Wire.put32(b, 30, target);
        Wire.put16(b, 24, Wire.fold(Wire.sum(b, 14, 20, 0)) ^ 0xffff);
        System.arraycopy(payload, 0, b, 34, payload.length);
        send(b);
    }

    void sendUdp(int source, int sourcePort, int target, int targetPort, byte[] data) {
        byte[] u = new byte[8 + data.length];
        Wire.put16(u, 0, sourcePort);
        Wire.put16(u, 2, targetPort);
        Wire.put16(u, 4, u.length);
        System.arraycopy(data, 0, u, 8, data.length);
        Wire.put16(u, 6, Wire.fold(Wire.sum(u, 0, u.length, Wire.pseudoHeader(source, target, 17, u.length))) ^ 0xffff);
        sendIp(source, target, 17, u);
    }

    void sendTcp(int sourcePort, int target, int targetPort, int sequence, int acknowledgement, int flags, int window,
            byte[] options, byte[] data) {
        int header = 20 + options.length;
        byte[] t = new byte[header + data.length];
        Wire.put16(t, 0, sourcePort);
        Wire.put16(t, 2, targetPort);
        Wire.put32(t, 4, sequence);
        Wire.put32(t, 8, acknowledgement);
        Wire.put16(t, 12, header / 4 << 12 | flags);
        Wire.put16(t, 14, window);
        System.arraycopy(options, 0, t, 20, options.length);
        System.arraycopy(data, 0, t, header, data.length);
        Wire.put16(t, 16, Wire.fold(Wire.sum(t, 0, t.length, Wire.pseudoHeader(Subnet.GUEST, target, 6, t.length))) ^ 0xffff);
        sendIp(Subnet.GUEST, target, 6, t);
    }

    static byte[] payload(Packet p, int header) {
        return Arrays.copyOfRange(p.data(), p.start() + header, p.end());
    }

    @Override
    public void close() {
        network.close();
    }
}
