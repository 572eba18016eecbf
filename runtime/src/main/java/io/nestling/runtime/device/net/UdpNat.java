package io.nestling.runtime.device.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * UDP (RFC 768) of the guest, each pair of ports and addresses a connected socket of the host: only the one that the guest
 * has written to can answer, and only for so long (RFC 4787, 4.3). Queries to the network's name server go to the host's.
 */
final class UdpNat {
    /** Flows at once; the one unused for longest makes room. */
    static final int LIMIT = 256;
    private static final int HEADER = 8;
    private static final long IDLE = 120_000_000_000L;
    private static final long IDLE_DNS = 15_000_000_000L;
    /** Datagrams taken from a socket before others have their turn. */
    private static final int BURST = 32;

    private record Key(int guest, int guestPort, int remote, int remotePort) {}

    private final class Flow implements UserNetwork.Ready {
        final Key key;
        final DatagramChannel channel;
        long used;

        Flow(Key key, InetSocketAddress target) throws IOException {
            this.key = key;
            channel = DatagramChannel.open();
            try {
                channel.configureBlocking(false);
                channel.connect(target);
                channel.register(network.selector(), SelectionKey.OP_READ, this);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public void ready() {
            used = network.now();
            try {
                for (int i = 0; i < BURST && !network.congested(); i++) {
                    buffer.clear();
                    if (channel.read(buffer) <= 0) {
                        // Nothing, or an empty datagram, which looks the same and is lost.
                        return;
                    }
                    network.sendUdp(key.remote, key.remotePort, key.guest, key.guestPort, buffer.array(), buffer.position());
                }
            } catch (PortUnreachableException e) {
                unreachable();
            } catch (IOException e) {
                close();
                flows.remove(key);
            }
        }

        void unreachable() {
            network.sendPortUnreachable(key.remote, key.remotePort, key.guest, key.guestPort);
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private final UserNetwork network;
    /** In order of use. */
    private final Map<Key, Flow> flows = new LinkedHashMap<>(64, 0.75f, true);
    private final ByteBuffer buffer = ByteBuffer.allocate(0x10000);
    private long wake = Long.MAX_VALUE;

    UdpNat(UserNetwork network) {
        this.network = network;
    }

    /** A packet of the guest. */
    void receive(Packet p, boolean checked) {
        byte[] b = p.data();
        int at = p.start();
        if (p.length() < HEADER) {
            return;
        }
        int length = Wire.get16(b, at + 4);
        boolean summed = Wire.get16(b, at + 6) != 0;
        if (length < HEADER || length > p.length() || !checked && summed && !p.transportChecksumHolds()) {
            return;
        }
        int targetPort = Wire.get16(b, at + 2);
        if (targetPort == DhcpServer.SERVER_PORT && (p.target() == -1 || p.target() == Subnet.GATEWAY)) {
            dhcp(p, at + HEADER, at + length);
            return;
        }
        if (Subnet.mayBeGuest(p.source())) {
            forward(new Key(p.source(), Wire.get16(b, at), p.target(), targetPort), b, at + HEADER, length - HEADER);
        }
    }

    private void dhcp(Packet p, int start, int end) {
        byte[] answer = DhcpServer.answer(p.data(), start, end);
        if (answer != null) {
            // Broadcast, so that a client without address hears it whatever it can do (RFC 2131 4.1).
            network.sendUdp(Subnet.GATEWAY, DhcpServer.SERVER_PORT, -1, DhcpServer.CLIENT_PORT, answer, answer.length);
        }
    }

    private void forward(Key key, byte[] data, int at, int length) {
        InetSocketAddress target = network.beyond(key.remote, key.remotePort);
        if (target == null) {
            if (Subnet.isOurs(key.remote)) {
                network.sendPortUnreachable(key.remote, key.remotePort, key.guest, key.guestPort);
            }
            return;
        }
        Flow flow = flows.get(key);
        try {
            if (flow == null) {
                makeRoom();
                flow = new Flow(key, target);
                flows.put(key, flow);
            }
            flow.used = network.now();
            wake = Math.min(wake, flow.used + IDLE_DNS);
            flow.channel.write(ByteBuffer.wrap(data, at, length));
        } catch (PortUnreachableException e) {
            flow.unreachable();
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException | SecurityException e) {
            // As on any network: a datagram that cannot be sent is lost.
        }
    }

    private void makeRoom() {
        if (flows.size() >= LIMIT) {
            Iterator<Flow> oldest = flows.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
    }

    /** When {@link #expire} must be called next, or {@link Long#MAX_VALUE}. */
    long wake() {
        return wake;
    }

    /** Closes flows that were idle for too long. */
    void expire(long now) {
        if (now < wake) {
            return;
        }
        wake = Long.MAX_VALUE;
        for (Iterator<Flow> i = flows.values().iterator(); i.hasNext();) {
            Flow f = i.next();
            long end = f.used + (f.key.remotePort == 53 ? IDLE_DNS : IDLE);
            if (now >= end) {
                f.close();
                i.remove();
            } else {
                wake = Math.min(wake, end);
            }
        }
    }

    void closeAll() {
        flows.values().forEach(Flow::close);
        flows.clear();
    }
}
