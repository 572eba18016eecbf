package io.nestling.runtime.device.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The user-mode network against a guest made of bytes, and sockets of this host's loopback interface. */
class UserNetworkTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private DatagramSocket resolver;
    private FakeGuest guest;

    @BeforeEach
    void open() throws IOException {
        resolver = new DatagramSocket(0, LOOPBACK);
        resolver.setSoTimeout(5_000);
        guest = new FakeGuest(new InetSocketAddress(LOOPBACK, resolver.getLocalPort()), List.of());
    }

    @AfterEach
    void close() {
        guest.close();
        resolver.close();
    }

    private static byte[] random(int length) {
        byte[] b = new byte[length];
        new SplittableRandom(length).nextBytes(b);
        return b;
    }

    private static ServerSocket listen() throws IOException {
        ServerSocket s = new ServerSocket(0, 5, LOOPBACK);
        s.setSoTimeout(5_000);
        return s;
    }

    private static Socket accept(ServerSocket server) throws IOException {
        Socket s = server.accept();
        s.setSoTimeout(5_000);
        return s;
    }

    @Test
    void arpAnswersForOurAddressesOnly() throws IOException {
        for (int wanted : new int[] {Subnet.GATEWAY, Subnet.NAME_SERVER, Subnet.GUEST, Subnet.NETWORK | 99}) {
            byte[] b = new byte[42];
            Arrays.fill(b, 0, 6, (byte) -1);
            System.arraycopy(FakeGuest.HARDWARE, 0, b, 6, 6);
            Wire.put16(b, 12, 0x0806);
            Wire.put32(b, 14, 0x00010800);
            Wire.put32(b, 18, 0x06040001);
            System.arraycopy(FakeGuest.HARDWARE, 0, b, 22, 6);
            Wire.put32(b, 28, Subnet.GUEST);
            Wire.put32(b, 38, wanted);
            guest.send(b);
            guest.step();
            Frame answer = guest.fromNetwork.poll();
            assertEquals(Subnet.isOurs(wanted), answer != null);
            if (answer != null) {
                assertArrayEquals(FakeGuest.HARDWARE, Arrays.copyOf(answer.data, 6));
                assertEquals(2, Wire.get16(answer.data, 20));
                assertEquals(wanted, Wire.get32(answer.data, 28));
                assertArrayEquals(Arrays.copyOfRange(answer.data, 6, 12), Arrays.copyOfRange(answer.data, 22, 28));
                assertEquals(Subnet.GUEST, Wire.get32(answer.data, 38));
            }
        }
    }

    @Test
    void dhcpGivesTheGuestItsAddress() throws IOException {
        byte[] offer = dhcp(1, 0);
        assertEquals(Subnet.GUEST, Wire.get32(offer, 16));
        assertEquals(2, offer[240 + 2]);
        byte[] ack = dhcp(3, Subnet.GUEST);
        assertEquals(5, ack[242]);
        assertEquals(0x12345678, Wire.get32(ack, 4));
        byte[] nak = dhcp(3, 0xc0a80001);
        assertEquals(6, nak[242]);
        assertEquals(0, Wire.get32(nak, 16));
    }

    private byte[] dhcp(int type, int requested) throws IOException {
        byte[] b = new byte[300];
        b[0] = 1;
        b[1] = 1;
        b[2] = 6;
        Wire.put32(b, 4, 0x12345678);
        System.arraycopy(FakeGuest.HARDWARE, 0, b, 28, 6);
        Wire.put32(b, 236, 0x63825363);
        b[240] = 53;
        b[241] = 1;
        b[242] = (byte) type;
        b[243] = (byte) (requested == 0 ? 255 : 50);
        b[244] = 4;
        Wire.put32(b, 245, requested);
        b[249] = (byte) 255;
        guest.sendUdp(0, 68, -1, 67, b);
        Packet p = guest.packet(Wire.PROTOCOL_UDP);
        assertTrue(p.transportChecksumHolds());
        assertEquals(-1, p.target());
        assertEquals(68, Wire.get16(p.data(), p.start() + 2));
        return FakeGuest.payload(p, 8);
    }

    @Test
    void theGatewayAnswersEchoRequests() throws IOException {
        byte[] ping = random(64);
        ping[0] = 8;
        ping[1] = 0;
        Wire.put16(ping, 2, 0);
        Wire.put16(ping, 2, Wire.fold(Wire.sum(ping, 0, 64, 0)) ^ 0xffff);
        guest.sendIp(Subnet.GUEST, Subnet.GATEWAY, 1, ping);
        Packet p = guest.packet(Wire.PROTOCOL_ICMP);
        assertEquals(Subnet.GATEWAY, p.source());
        assertEquals(0, p.data()[p.start()]);
        assertEquals(0xffff, Wire.fold(Wire.sum(p.data(), p.start(), p.length(), 0)));
        assertArrayEquals(Arrays.copyOfRange(ping, 4, 64), FakeGuest.payload(p, 4));
    }

    @Test
    void datagramsReachTheHostAndItsAnswersComeBackInFragments() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
            server.setSoTimeout(5_000);
            guest.sendUdp(Subnet.GUEST, 4000, Subnet.GATEWAY, server.getLocalPort(), "hello".getBytes());
            guest.step();
            var d = new DatagramPacket(new byte[100], 100);
            server.receive(d);
            assertEquals("hello", new String(d.getData(), 0, d.getLength()));
            byte[] answer = random(3000);
            server.send(new DatagramPacket(answer, answer.length, d.getSocketAddress()));
            // Fragments are not packets that Packet reads; put them together by hand.
            byte[] whole = new byte[3008];
            int got = 0;
            while (got < whole.length) {
                guest.step();
                Frame f = guest.fromNetwork.poll();
                if (f != null) {
                    int at = (Wire.get16(f.data, 20) & 0x1fff) * 8;
                    int n = Wire.get16(f.data, 16) - 20;
                    System.arraycopy(f.data, 34, whole, at, n);
                    got += n;
                    assertEquals(got < whole.length, (Wire.get16(f.data, 20) & 0x2000) != 0);
                }
            }
            assertArrayEquals(answer, Arrays.copyOfRange(whole, 8, whole.length));
        }
    }

    @Test
    void namesAreAskedOfTheHostsServer() throws IOException {
        guest.sendUdp(Subnet.GUEST, 5353, Subnet.NAME_SERVER, 53, "query".getBytes());
        guest.step();
        var d = new DatagramPacket(new byte[100], 100);
        resolver.receive(d);
        resolver.send(new DatagramPacket("answer".getBytes(), 6, d.getSocketAddress()));
        Packet p = guest.packet(Wire.PROTOCOL_UDP);
        assertEquals(Subnet.NAME_SERVER, p.source());
        assertEquals(53, Wire.get16(p.data(), p.start()));
        assertEquals("answer", new String(FakeGuest.payload(p, 8)));
    }

    @Test
    void aDatagramToAClosedPortIsReportedUnreachable() throws IOException {
        int closed;
        try (DatagramSocket s = new DatagramSocket(0, LOOPBACK)) {
            closed = s.getLocalPort();
        }
        guest.sendUdp(Subnet.GUEST, 4000, Subnet.GATEWAY, closed, new byte[1]);
        Packet p = guest.packet(Wire.PROTOCOL_ICMP);
        assertEquals(0x0303, Wire.get16(p.data(), p.start()));
        assertEquals(4000, Wire.get16(p.data(), p.start() + 28));
    }

    @Test
    void aConnectionCarriesBothWaysAndEndsBothWays() throws IOException {
        try (ServerSocket server = listen()) {
            GuestTcp tcp = new GuestTcp(guest, 1234, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(tcp.connect());
            try (Socket host = accept(server)) {
                tcp.send(TcpConnection.ACK | TcpConnection.PUSH, "to the host".getBytes());
                guest.step();
                assertEquals("to the host", new String(host.getInputStream().readNBytes(11)));
                host.getOutputStream().write("to the guest".getBytes());
                tcp.until(() -> tcp.received.size() == 12);
                assertEquals("to the guest", tcp.received.toString());
                // The guest ends first; the host may still speak.
                tcp.send(TcpConnection.ACK | TcpConnection.FIN);
                guest.step();
                assertEquals(-1, host.getInputStream().read());
                host.getOutputStream().write('!');
            }
            tcp.until(() -> tcp.ended);
            assertEquals("to the guest!", tcp.received.toString());
            guest.step();
            // It is forgotten: a stray segment is refused.
            tcp.send(TcpConnection.ACK, (byte) 1);
            tcp.until(() -> tcp.reset);
        }
    }

    @Test
    void aRefusalOfTheHostIsOneForTheGuest() throws IOException {
        int closed;
        try (ServerSocket s = listen()) {
            closed = s.getLocalPort();
        }
        assertFalse(new GuestTcp(guest, 1234, Subnet.GATEWAY, closed).connect());
        assertFalse(new GuestTcp(guest, 1234, Subnet.NETWORK | 77, 80).connect());
    }

    @Test
    void aResetOfEitherSideReachesTheOther() throws IOException {
        try (ServerSocket server = listen()) {
            GuestTcp tcp = new GuestTcp(guest, 1234, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(tcp.connect());
            Socket host = accept(server);
            tcp.send(TcpConnection.RST | TcpConnection.ACK);
            guest.step();
            // A selector lets go of closed sockets at its next turn.
            guest.step();
            assertThrows(IOException.class, () -> host.getInputStream().read());
            GuestTcp second = new GuestTcp(guest, 1235, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(second.connect());
            Socket other = accept(server);
            other.setSoLinger(true, 0);
            other.close();
            second.until(() -> second.reset);
        }
    }

    @Test
    void muchDataArrivesWholeWhateverIsLost() throws IOException {
        for (boolean large : new boolean[] {false, true}) {
            guest.large = large;
            var random = new SplittableRandom(7);
            try (ServerSocket server = listen()) {
                GuestTcp tcp = new GuestTcp(guest, large ? 1 : 2, Subnet.GATEWAY, server.getLocalPort());
                assertTrue(tcp.connect());
                byte[] data = random(2_000_000);
                Socket host = accept(server);
                Thread writer = Thread.startVirtualThread(() -> {
                    try (host) {
                        host.getOutputStream().write(data);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                guest.loss = f -> random.nextInt(20) == 0;
                while (!tcp.ended) {
                    Packet p = guest.packetOrNull(Wire.PROTOCOL_TCP, 20);
                    if (p == null) {
                        guest.skip(64);
                    } else {
                        tcp.take(TcpSegment.read(p));
                    }
                }
                guest.loss = f -> false;
                assertArrayEquals(data, tcp.received.toByteArray());
                if (large) {
                    assertTrue(tcp.segments < data.length / 1460, "segments were not large: " + tcp.segments);
                }
                writer.interrupt();
            }
        }
    }

    @Test
    void aGuestWithoutRoomIsWaitedFor() throws IOException {
        try (ServerSocket server = listen()) {
            GuestTcp tcp = new GuestTcp(guest, 9, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(tcp.connect());
            byte[] data = random(500_000);
            try (Socket host = accept(server)) {
                Thread.startVirtualThread(() -> {
                    try {
                        host.getOutputStream().write(data);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                while (tcp.received.size() < data.length) {
                    guest.room = 3;
                    Packet p = guest.packetOrNull(Wire.PROTOCOL_TCP, 10);
                    while (p != null) {
                        tcp.take(TcpSegment.read(p));
                        p = guest.packetOrNull(Wire.PROTOCOL_TCP, 0);
                    }
                }
                assertArrayEquals(data, tcp.received.toByteArray());
                assertEquals(0, guest.network.dropped());
            }
        }
    }

    @Test
    void aClosedWindowIsRespectedAndProbed() throws IOException {
        try (ServerSocket server = listen()) {
            GuestTcp tcp = new GuestTcp(guest, 9, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(tcp.connect());
            try (Socket host = accept(server)) {
                tcp.window = 0;
                tcp.send(TcpConnection.ACK);
                guest.step();
                host.getOutputStream().write("patience".getBytes());
                assertNull(guest.packetOrNull(Wire.PROTOCOL_TCP, 100));
                guest.skip(2);
                assertEquals(1, tcp.segment().length());
                tcp.window = 100;
                tcp.send(TcpConnection.ACK);
                tcp.until(() -> tcp.received.size() == 8);
                assertEquals("patience", tcp.received.toString());
            }
        }
    }

    @Test
    void aHostThatDoesNotReadStopsTheGuest() throws IOException {
        try (ServerSocket server = listen()) {
            GuestTcp tcp = new GuestTcp(guest, 9, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(tcp.connect());
            try (Socket host = accept(server)) {
                byte[] block = random(1400);
                int window = 0xffff;
                int sent = 0;
                while (window << 3 >= block.length && sent < 100_000_000) {
                    tcp.send(TcpConnection.ACK, block);
                    sent += block.length;
                    TcpSegment s = tcp.segment();
                    assertEquals(tcp.next, s.acknowledgement());
                    window = s.window();
                }
                assertTrue(sent < 100_000_000, "the window never closed");
                byte[] got = host.getInputStream().readNBytes(200_000);
                for (int i = 0; i < got.length; i++) {
                    assertEquals(block[i % block.length], got[i]);
                }
                // Room again, and the guest is told.
                int rest = sent - got.length;
                Thread reader = Thread.startVirtualThread(() -> {
                    try {
                        host.getInputStream().skipNBytes(rest);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                assertTrue(tcp.segment().window() > window);
                while (reader.isAlive()) {
                    guest.step();
                }
            }
        }
    }

    @Test
    void forwardedPortsCallTheGuestUntilItAnswers() throws IOException {
        int port;
        try (ServerSocket s = listen()) {
            port = s.getLocalPort();
        }
        var forward = new HostForward(new InetSocketAddress(LOOPBACK, port), Subnet.toInet(Subnet.GUEST), 22);
        try (FakeGuest booting = new FakeGuest(null, List.of(forward)); Socket client = new Socket(LOOPBACK, port)) {
            client.setSoTimeout(5_000);
            client.getOutputStream().write("SSH".getBytes());
            TcpSegment syn = TcpSegment.read(booting.packet(Wire.PROTOCOL_TCP));
            assertTrue(syn.has(TcpConnection.SYN) && !syn.has(TcpConnection.ACK));
            assertEquals(22, syn.targetPort());
            booting.skip(30);
            syn = TcpSegment.read(booting.packet(Wire.PROTOCOL_TCP));
            assertTrue(syn.has(TcpConnection.SYN));
            GuestTcp tcp = new GuestTcp(booting, 22, Subnet.GATEWAY, syn.sourcePort());
            tcp.expected = syn.sequence() + 1;
            tcp.send(TcpConnection.SYN | TcpConnection.ACK);
            tcp.until(() -> tcp.received.size() == 3);
            tcp.send(TcpConnection.ACK, "hi".getBytes());
            booting.step();
            assertEquals("hi", new String(client.getInputStream().readNBytes(2)));
            var busy = assertThrows(UserNetwork.ForwardException.class,
                    () -> UserNetwork.open(new InetSocketAddress(LOOPBACK, 53), List.of(forward)));
            assertEquals(forward, busy.forward());
        }
    }

    @Test
    void connectionsAndFlowsAreLimited() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1000, LOOPBACK)) {
            for (int i = 0; i < TcpNat.LIMIT; i++) {
                assertTrue(new GuestTcp(guest, 1000 + i, Subnet.GATEWAY, server.getLocalPort()).connect());
            }
            assertFalse(new GuestTcp(guest, 9999, Subnet.GATEWAY, server.getLocalPort()).connect());
        }
        for (int i = 0; i < 3 * UdpNat.LIMIT; i++) {
            guest.sendUdp(Subnet.GUEST, 1 + i, Subnet.NAME_SERVER, 53, new byte[1]);
        }
        guest.step();
        guest.step();
        assertTrue(guest.network.selector().keys().size() <= TcpNat.LIMIT + UdpNat.LIMIT);
    }

    @Test
    void theResolverIsTheFirstThatIsAnAddress() {
        assertEquals("/10.1.2.3:53", UserNetwork.resolver(List.of("# nameserver 1.1.1.1", "nameserver x", " nameserver  10.1.2.3 ",
                "nameserver 10.1.2.4")).toString());
        assertEquals("/127.0.0.1:53", UserNetwork.resolver(List.of("search example.org")).toString());
    }

    @Test
    void whatTheGuestMayNotReachIsRefused() {
        assertNull(guest.network.beyond(0x7f000001, 80));
        assertNull(guest.network.beyond(0xe0000001, 80));
        assertNull(guest.network.beyond(-1, 80));
        assertNull(guest.network.beyond(Subnet.NAME_SERVER, 80));
        assertNull(guest.network.beyond(Subnet.GATEWAY, 0));
        assertNotNull(guest.network.beyond(0x08080808, 53));
    }

    /** Random and half-right frames: nothing may be thrown, and the network must work afterwards. */
    @Test
    void malformedFramesDoNoHarm() throws IOException {
        try (ServerSocket server = listen()) {
            GuestTcp tcp = new GuestTcp(guest, 77, Subnet.GATEWAY, server.getLocalPort());
            assertTrue(tcp.connect());
            var random = new SplittableRandom(42);
            for (int i = 0; i < 200_000; i++) {
                byte[] b = new byte[random.nextInt(120)];
                random.nextBytes(b);
                int kind = random.nextInt(8);
                if (kind > 0 && b.length > 54) {
                    Wire.put16(b, 12, random.nextInt(10) == 0 ? 0x0806 : 0x0800);
                    b[14] = (byte) (0x45 + (random.nextInt(10) == 0 ? random.nextInt(11) : 0));
                    Wire.put16(b, 16, random.nextInt(5) == 0 ? random.nextInt(200) : b.length - 14);
                    Wire.put16(b, 20, random.nextInt(20) == 0 ? random.nextInt() : 0);
                    b[23] = (byte) new int[] {1, 6, 17, 6}[random.nextInt(4)];
                    Wire.put32(b, 26, Subnet.GUEST);
                    Wire.put32(b, 30, random.nextInt(3) == 0 ? Subnet.NAME_SERVER : Subnet.GATEWAY);
                    Wire.put16(b, 24, 0);
                    int header = (b[14] & 15) * 4;
                    if (14 + header <= b.length) {
                        Wire.put16(b, 24, Wire.fold(Wire.sum(b, 14, header, 0)) ^ 0xffff);
                    }
                    if (b[23] == 6) {
                        Wire.put16(b, 34, 77);
                        Wire.put16(b, 36, random.nextInt(5) == 0 ? 9 : server.getLocalPort());
                        if (random.nextBoolean()) {
                            Wire.put32(b, 38, tcp.next + random.nextInt(-5, 100));
                            Wire.put32(b, 42, tcp.expected + random.nextInt(-5, 5));
                        }
                    } else if (b[23] == 17) {
                        Wire.put16(b, 36, new int[] {53, 67, 9}[random.nextInt(3)]);
                    }
                }
                Frame f = new Frame();
                System.arraycopy(b, 0, f.data, 0, b.length);
                f.length = b.length;
                // Half of them get past the transport checksum.
                f.checksumPartial = random.nextBoolean();
                guest.toNetwork.add(f);
                if (i % 200 == 0) {
                    guest.network.step(0);
                    guest.fromNetwork.clear();
                }
            }
        }
        guest.network.step(0);
        guest.network.reset();
        guest.fromNetwork.clear();
        theGatewayAnswersEchoRequests();
        aConnectionCarriesBothWaysAndEndsBothWays();
    }
}
