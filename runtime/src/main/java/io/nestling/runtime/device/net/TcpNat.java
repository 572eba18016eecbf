package io.nestling.runtime.device.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The TCP connections of the guest: which there are, how they begin, and when they must be looked at. */
final class TcpNat {
    /** Connections at once; more are refused. */
    static final int LIMIT = 512;
    private static final int FIRST_EPHEMERAL = 49_152;

    private final UserNetwork network;
    private final Map<TcpConnection.Key, TcpConnection> connections = new HashMap<>();
    private final List<TcpConnection> unacknowledged = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(System.nanoTime());
    private int ephemeral = FIRST_EPHEMERAL;
    private long wake = Long.MAX_VALUE;
    private long opened;

    TcpNat(UserNetwork network) {
        this.network = network;
    }

    /** A packet of the guest. */
    void receive(Packet p, boolean checked) {
        TcpSegment s = TcpSegment.read(p);
        if (s == null || !checked && !p.transportChecksumHolds()) {
            return;
        }
        var key = new TcpConnection.Key(p.source(), s.sourcePort(), p.target(), s.targetPort());
        TcpConnection c = connections.get(key);
        if (c != null) {
            c.receive(s);
        } else if (s.has(TcpConnection.SYN) && !s.has(TcpConnection.ACK) && !s.has(TcpConnection.RST)) {
            connect(key, s);
        } else {
            refuse(s);
        }
    }

    private void connect(TcpConnection.Key key, TcpSegment syn) {
        InetSocketAddress target = network.beyond(key.remote(), key.remotePort());
        if (target == null || connections.size() >= LIMIT) {
            refuse(syn);
            return;
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            boolean at = channel.connect(target);
            var c = TcpConnection.fromGuest(this, network, key, channel, random.nextInt(), syn);
            connections.put(key, c);
            opened++;
            if (at) {
                c.connected();
            }
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException | SecurityException e) {
            closeQuietly(channel);
            refuse(syn);
        }
    }

    /** Listens on the host for the guest. */
    void forward(HostForward forward) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(forward.host());
            listener.configureBlocking(false);
            listener.register(network.selector(), SelectionKey.OP_ACCEPT, (UserNetwork.Ready) () -> accept(listener, forward));
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private void accept(ServerSocketChannel listener, HostForward forward) {
        SocketChannel channel = null;
        try {
            channel = listener.accept();
            if (channel == null) {
                return;
            }
            if (connections.size() >= LIMIT || !network.plugged()) {
                channel.close();
                return;
            }
            // The guest sees the gateway as the caller: it could not answer the host's loopback address.
            int guest = Subnet.fromInet(forward.guest());
            TcpConnection.Key key;
            do {
                ephemeral = ephemeral == 0xffff ? FIRST_EPHEMERAL : ephemeral + 1;
                key = new TcpConnection.Key(guest, forward.port(), Subnet.GATEWAY, ephemeral);
            } while (connections.containsKey(key));
            connections.put(key, TcpConnection.fromHost(this, network, key, channel, random.nextInt()));
            opened++;
        } catch (IOException e) {
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing depends on it.
        }
    }

    /** Answers a segment that belongs to no connection with a reset (RFC 9293 3.5.2). */
    void refuse(TcpSegment s) {
        if (s.has(TcpConnection.RST)) {
            return;
        }
        Packet p = s.packet();
        byte[] b = network.begin(p.target(), p.source(), Wire.PROTOCOL_TCP);
        int at = UserNetwork.PAYLOAD;
        boolean ack = s.has(TcpConnection.ACK);
        int length = s.length() + (s.has(TcpConnection.SYN) ? 1 : 0) + (s.has(TcpConnection.FIN) ? 1 : 0);
        Wire.put16(b, at, s.targetPort());
        Wire.put16(b, at + 2, s.sourcePort());
        Wire.put32(b, at + 4, ack ? s.acknowledgement() : 0);
        Wire.put32(b, at + 8, ack ? 0 : s.sequence() + length);
        Wire.put16(b, at + 12, 5 << 12 | TcpConnection.RST | (ack ? 0 : TcpConnection.ACK));
        Wire.put16(b, at + 14, 0);
        Wire.put16(b, at + 16, Wire.fold(Wire.pseudoHeader(p.target(), p.source(), Wire.PROTOCOL_TCP, 20)));
        Wire.put16(b, at + 18, 0);
        network.endTcp(20, 0);
    }

    void remove(TcpConnection c) {
        connections.remove(c.key, c);
    }

    // ---- what is due --------------------------------------------------------------------------------------------

    void acknowledgeLater(TcpConnection c) {
        unacknowledged.add(c);
    }

    /** All frames at hand were looked at. */
    void acknowledge() {
        for (TcpConnection c : unacknowledged) {
            c.acknowledgeNow();
        }
        unacknowledged.clear();
    }

    /** The guest has room for frames again. */
    void pump() {
        for (TcpConnection c : connections.values()) {
            c.pump();
        }
    }

    void wakeBy(long deadline) {
        wake = Math.min(wake, deadline);
    }

    /** When {@link #expire} must be called next, or {@link Long#MAX_VALUE}. */
    long wake() {
        return wake;
    }

    void expire(long now) {
        if (now < wake) {
            return;
        }
        wake = Long.MAX_VALUE;
        for (TcpConnection c : List.copyOf(connections.values())) {
            if (c.deadline() != 0 && c.deadline() <= now) {
                c.expired();
            }
            if (c.deadline() != 0) {
                wakeBy(c.deadline());
            }
        }
    }

    /** Connections opened so far. */
    long opened() {
        return opened;
    }

    void closeAll() {
        for (TcpConnection c : List.copyOf(connections.values())) {
            c.close(true);
        }
        unacknowledged.clear();
    }
}
