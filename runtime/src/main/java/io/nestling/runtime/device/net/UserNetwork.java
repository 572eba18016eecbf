package io.nestling.runtime.device.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A network of one guest, in user mode: an Ethernet segment 10.0.2.0/24 with a gateway (10.0.2.2) that answers ARP
 * (RFC 826), DHCP and ICMP echo (RFC 792), relays name queries sent to 10.0.2.3, and turns the guest's UDP and TCP into
 * sockets of the host. The gateway's own address is the host's loopback address. Nothing reaches the guest that it did not
 * ask for, but for the ports that are forwarded.
 *
 * <p>One thread does everything ({@link #step}), so nothing here is locked but the plug. A guest can send what it likes:
 * what is malformed is dropped, and connections, flows and buffers are limited.
 */
public final class UserNetwork implements Network {
    /** Something that waits for a socket. */
    @FunctionalInterface
    interface Ready {
        void ready();
    }

    /** Bytes of an IPv4 packet on this Ethernet at most. */
    static final int MTU = 1500;
    /** Where the payload of IPv4 packets that we send starts in their frame. */
    static final int PAYLOAD = 14 + Packet.HEADER;

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Path RESOLVERS = Path.of("/etc/resolv.conf");
    private static final int DNS = 53;
    private static final int ETHERNET = 14;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final int TTL = 64;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int DONT_FRAGMENT = 0x4000;
    /** Frames taken from the guest before sockets have their turn. */
    private static final int BURST = 256;
    /** Frames that wait for room in the guest. */
    private static final int BACKLOG = 64;
    private static final int MAX_ECHO = MTU - Packet.HEADER;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier clock;
    private final InetSocketAddress resolver;
    private final Selector selector;
    private final TcpNat tcp = new TcpNat(this);
    private final UdpNat udp = new UdpNat(this);
    private final Object plug = new Object();
    private Port port;
    private Thread thread;
    private volatile boolean kicked;
    private volatile boolean resetRequested;
    private volatile boolean closed;

    private final Frame in = new Frame();
    private final Frame out = new Frame();
    private final ArrayDeque<Frame> backlog = new ArrayDeque<>();
    /** The guest's hardware address: all ones, which reaches everyone, until it has spoken. */
    private final byte[] guestHardware = {-1, -1, -1, -1, -1, -1};
    private int identification;
    private volatile long received;
    private volatile long sent;
    private volatile long dropped;

    private UserNetwork(InetSocketAddress resolver, LongSupplier clock) throws IOException {
        this.resolver = resolver;
        this.clock = clock;
        this.selector = Selector.open();
    }

    /**
     * Makes a network and listens on the ports to forward.
     *
     * @param resolver the host's name server, port and all
     * @throws ForwardException when a port cannot be listened on
     */
    public static UserNetwork open(InetSocketAddress resolver, List<HostForward> forwards) throws IOException {
        UserNetwork n = new UserNetwork(resolver, System::nanoTime);
        n.listen(forwards);
        return n;
    }

    /** The host's first name server; where none is named, the host itself (resolv.conf(5)). */
    public static InetSocketAddress hostResolver() {
        try {
            return resolver(Files.readAllLines(RESOLVERS));
        } catch (IOException e) {
            return new InetSocketAddress(LOOPBACK, DNS);
        }
    }

    static InetSocketAddress resolver(List<String> lines) {
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals("nameserver")) {
                try {
                    return new InetSocketAddress(InetAddress.ofLiteral(words[1]), DNS);
                } catch (IllegalArgumentException e) {
                    // Not an address; the next line may have one.
                }
            }
        }
        return new InetSocketAddress(LOOPBACK, DNS);
    }

    /** One whose time and steps a test makes. */
    static UserNetwork forTest(InetSocketAddress resolver, LongSupplier clock, Port port, List<HostForward> forwards)
            throws IOException {
        UserNetwork n = new UserNetwork(resolver, clock);
        n.port = port;
        n.listen(forwards);
        return n;
    }

    private void listen(List<HostForward> forwards) throws IOException {
        for (HostForward forward : forwards) {
            try {
                tcp.forward(forward);
            } catch (IOException e) {
                close();
                throw new ForwardException(forward, e);
            }
        }
    }

    /** A port that cannot be forwarded. */
    public static final class ForwardException extends IOException {
        private static final long serialVersionUID = 1;
        private final transient HostForward forward;

        ForwardException(HostForward forward, IOException cause) {
            super(cause.getMessage(), cause);
            this.forward = forward;
        }

        /** Which one. */
        public HostForward forward() {
            return forward;
        }
    }

    // ---- the plug -----------------------------------------------------------------------------------------------

    @Override
    public void plug(Port card) {
        synchronized (plug) {
            port = card;
            resetRequested = true;
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name("network").start(this::run);
            }
        }
        kick();
    }

    @Override
    public void unplug(Port card) {
        synchronized (plug) {
            if (port == card) {
                port = null;
                resetRequested = true;
            }
        }
    }

    @Override
    public void kick() {
        if (!kicked) {
            kicked = true;
            selector.wakeup();
        }
    }

    @Override
    public void reset() {
        resetRequested = true;
        kick();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        Thread t;
        synchronized (plug) {
            port = null;
            t = thread;
        }
        if (t == null) {
            shut();
            return;
        }
        try {
            t.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                step(Long.MAX_VALUE);
            }
        } catch (IOException e) {
            // The selector itself failed: the guest's cable is cut, and its connections end below.
        } finally {
            shut();
        }
    }

    private void shut() {
        synchronized (plug) {
            tcp.closeAll();
            udp.closeAll();
            try {
                for (SelectionKey key : List.copyOf(selector.keys())) {
                    key.channel().close();
                }
                selector.close();
            } catch (IOException e) {
                // All of it ends with the process.
            }
        }
    }

    /**
     * Waits until something is to be done, for at most so many nanoseconds, and does it.
     *
     * @throws IOException when the host's selector fails
     */
    void step(long wait) throws IOException {
        long now = now();
        long due = Math.min(tcp.wake(), udp.wake());
        long pause = Math.min(wait, due == Long.MAX_VALUE ? due : Math.max(0, due - now));
        if (kicked || pause == 0) {
            selector.selectNow();
        } else {
            // 0 would wait for ever, which is right only without a deadline.
            selector.select(pause == Long.MAX_VALUE ? 0 : pause / NANOS_PER_MILLI + 1);
        }
        synchronized (plug) {
            if (closed) {
                return;
            }
            kicked = false;
            if (resetRequested) {
                resetRequested = false;
                forget();
            }
            drainBacklog();
            serveGuest();
            serveSockets();
            tcp.acknowledge();
            tcp.expire(now());
            udp.expire(now());
            if (port != null) {
                port.flush();
            }
        }
    }

    private void forget() {
        tcp.closeAll();
        udp.closeAll();
        backlog.clear();
        Arrays.fill(guestHardware, (byte) -1);
    }

    private void drainBacklog() {
        if (backlog.isEmpty()) {
            return;
        }
        while (!backlog.isEmpty()) {
            if (port != null && !port.offer(backlog.peek())) {
                return;
            }
            backlog.remove();
            sent++;
        }
        tcp.pump();
    }

    private void serveGuest() {
        if (port == null) {
            return;
        }
        for (int i = 0; i < BURST; i++) {
            if (!port.poll(in)) {
                return;
            }
            received++;
            frame(in);
        }
        kicked = true;
    }

    private void serveSockets() {
        for (SelectionKey key : selector.selectedKeys()) {
            try {
                if (key.isValid()) {
                    ((Ready) key.attachment()).ready();
                }
            } catch (CancelledKeyException e) {
                // Closed by one that was served before it.
            }
        }
        selector.selectedKeys().clear();
    }

    // ---- what the parts ask -------------------------------------------------------------------------------------

    Selector selector() {
        return selector;
    }

    /** Nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    /** True while frames wait for room in the guest: then more should not be made. */
    boolean congested() {
        return !backlog.isEmpty();
    }

    boolean plugged() {
        return port != null;
    }

    boolean largeSegments() {
        return port != null && port.takesLargeSegments();
    }

    /** Where on the host's networks an address of the guest's view is, or null for nowhere. */
    InetSocketAddress beyond(int address, int targetPort) {
        if (targetPort == 0) {
            return null;
        }
        if (address == Subnet.GATEWAY) {
            return new InetSocketAddress(LOOPBACK, targetPort);
        }
        if (address == Subnet.NAME_SERVER) {
            return targetPort == DNS ? resolver : null;
        }
        return Subnet.contains(address) || !Subnet.isUnicast(address) ? null
                : new InetSocketAddress(Subnet.toInet(address), targetPort);
    }

    // ---- from the guest -----------------------------------------------------------------------------------------

    private void frame(Frame f) {
        if (f.length < ETHERNET) {
            return;
        }
        byte[] b = f.data;
        // A card has one address; a group address as sender is a mistake.
        if ((b[6] & 1) == 0) {
            System.arraycopy(b, 6, guestHardware, 0, 6);
        }
        switch (Wire.get16(b, 12)) {
            case TYPE_ARP -> arp(f);
            case TYPE_IPV4 -> {
                Packet p = Packet.read(b, ETHERNET, f.length);
                if (p != null) {
                    packet(p, f.checksumPartial);
                }
            }
            default -> { }
        }
    }

    /** Answers for the addresses that are ours. */
    private void arp(Frame f) {
        byte[] b = f.data;
        if (f.length < ETHERNET + 28 || Wire.get32(b, 14) != (1 << 16 | TYPE_IPV4) || Wire.get32(b, 18) != 0x06040001) {
            return;
        }
        int wanted = Wire.get32(b, 38);
        if (!Subnet.isOurs(wanted)) {
            return;
        }
        out.clear();
        byte[] r = out.data;
        System.arraycopy(b, 6, r, 0, 6);
        Subnet.hardwareAddress(wanted, r, 6);
        System.arraycopy(b, 12, r, 12, 8);
        Wire.put16(r, 20, 2);
        Subnet.hardwareAddress(wanted, r, 22);
        Wire.put32(r, 28, wanted);
        System.arraycopy(b, 22, r, 32, 10);
        out.length = ETHERNET + 28;
        deliver();
    }

    private void packet(Packet p, boolean checked) {
        switch (p.protocol()) {
            case Wire.PROTOCOL_TCP -> {
                if (Subnet.mayBeGuest(p.source()) && p.target() != Subnet.BROADCAST && Subnet.isUnicast(p.target())) {
                    tcp.receive(p, checked);
                }
            }
            case Wire.PROTOCOL_UDP -> udp.receive(p, checked);
            case Wire.PROTOCOL_ICMP -> echo(p);
            default -> { }
        }
    }

    /** Answers echo requests to our own addresses; others would need privileges on the host. */
    private void echo(Packet p) {
        int length = p.length();
        if (length < 8 || length > MAX_ECHO || p.data()[p.start()] != 8 || !Subnet.isOurs(p.target())
                || !Subnet.mayBeGuest(p.source()) || Wire.fold(Wire.sum(p.data(), p.start(), length, 0)) != 0xffff) {
            return;
        }
        byte[] b = begin(p.target(), p.source(), Wire.PROTOCOL_ICMP);
        System.arraycopy(p.data(), p.start(), b, PAYLOAD, length);
        b[PAYLOAD] = 0;
        checksum(b, PAYLOAD, length, PAYLOAD + 2);
        end(length, DONT_FRAGMENT);
        deliver();
    }

    // ---- to the guest -------------------------------------------------------------------------------------------

    /** Starts a packet to the guest; its payload goes to {@link #PAYLOAD} of the result. */
    byte[] begin(int source, int target, int protocol) {
        out.clear();
        byte[] b = out.data;
        if (target == -1) {
            Arrays.fill(b, 0, 6, (byte) -1);
        } else {
            System.arraycopy(guestHardware, 0, b, 0, 6);
        }
        Subnet.hardwareAddress(Subnet.isOurs(source) ? source : Subnet.GATEWAY, b, 6);
        Wire.put16(b, 12, TYPE_IPV4);
        Wire.put16(b, 14, 0x4500);
        b[22] = TTL;
        b[23] = (byte) protocol;
        Wire.put32(b, 26, source);
        Wire.put32(b, 30, target);
        return b;
    }

    private void end(int payload, int fragment) {
        byte[] b = out.data;
        Wire.put16(b, 16, Packet.HEADER + payload);
        Wire.put16(b, 18, identification);
        Wire.put16(b, 20, fragment);
        checksum(b, ETHERNET, Packet.HEADER, 24);
        out.length = PAYLOAD + payload;
    }

    private static void checksum(byte[] b, int start, int length, int at) {
        Wire.put16(b, at, 0);
        Wire.put16(b, at, Wire.fold(Wire.sum(b, start, length, 0)) ^ 0xffff);
    }

    /** Sends the TCP segment that was laid at {@link #PAYLOAD}; its checksum covers the pseudo header so far. */
    void endTcp(int length, int segmentSize) {
        identification++;
        end(length, DONT_FRAGMENT);
        out.checksumPartial = true;
        out.checksumStart = PAYLOAD;
        out.checksumOffset = 16;
        out.segmentSize = segmentSize;
        deliver();
    }

    /** Sends a datagram, in fragments if it is larger than the wire (RFC 791 3.2). */
    void sendUdp(int source, int sourcePort, int target, int targetPort, byte[] data, int length) {
        int total = 8 + length;
        if (total > 0xffff - Packet.HEADER) {
            return;
        }
        byte[] datagram = new byte[total];
        Wire.put16(datagram, 0, sourcePort);
        Wire.put16(datagram, 2, targetPort);
        Wire.put16(datagram, 4, total);
        System.arraycopy(data, 0, datagram, 8, length);
        int sum = Wire.fold(Wire.sum(datagram, 0, total, Wire.pseudoHeader(source, target, Wire.PROTOCOL_UDP, total))) ^ 0xffff;
        Wire.put16(datagram, 6, sum == 0 ? 0xffff : sum);
        identification++;
        int most = MTU - Packet.HEADER & -8;
        for (int at = 0; at < total; at += most) {
            int n = Math.min(most, total - at);
            byte[] b = begin(source, target, Wire.PROTOCOL_UDP);
            System.arraycopy(datagram, at, b, PAYLOAD, n);
            end(n, at / 8 | (at + n < total ? MORE_FRAGMENTS : 0));
            deliver();
        }
    }

    /** Tells the guest that nobody listens where it has sent a datagram (RFC 792, type 3 code 3). */
    void sendPortUnreachable(int source, int sourcePort, int target, int targetPort) {
        byte[] b = begin(source, target, Wire.PROTOCOL_ICMP);
        int length = 8 + Packet.HEADER + 8;
        Arrays.fill(b, PAYLOAD, PAYLOAD + length, (byte) 0);
        b[PAYLOAD] = 3;
        b[PAYLOAD + 1] = 3;
        // The start of the datagram at fault: its IPv4 and UDP headers.
        int at = PAYLOAD + 8;
        Wire.put16(b, at, 0x4500);
        Wire.put16(b, at + 2, Packet.HEADER + 8);
        b[at + 8] = TTL;
        b[at + 9] = Wire.PROTOCOL_UDP;
        Wire.put32(b, at + 12, target);
        Wire.put32(b, at + 16, source);
        checksum(b, at, Packet.HEADER, at + 10);
        Wire.put16(b, at + 20, targetPort);
        Wire.put16(b, at + 22, sourcePort);
        Wire.put16(b, at + 24, 8);
        checksum(b, PAYLOAD, length, PAYLOAD + 2);
        identification++;
        end(length, DONT_FRAGMENT);
        deliver();
    }

    private void deliver() {
        if (port == null) {
            return;
        }
        if (backlog.isEmpty() && port.offer(out)) {
            sent++;
        } else if (backlog.size() < BACKLOG) {
            backlog.add(out.copy());
        } else {
            dropped++;
        }
    }

    // ---- counters -----------------------------------------------------------------------------------------------

    /** Frames that the guest sent. */
    public long received() {
        return received;
    }

    /** Frames that the guest took. */
    public long sent() {
        return sent;
    }

    /** Frames lost because the guest had no room. */
    public long dropped() {
        return dropped;
    }

    /** TCP connections opened. */
    public long connections() {
        return tcp.opened();
    }
}
