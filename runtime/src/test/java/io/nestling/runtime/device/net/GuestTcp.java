package io.nestling.runtime.device.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A guest's end of one TCP connection, as plain as it can be: it takes what is in order and acknowledges at once. */
final class GuestTcp {
    final FakeGuest guest;
    final int port;
    final int remote;
    final int remotePort;
    int next = 1_000_000;
    int expected;
    int window = 0xffff;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    boolean ended;
    boolean reset;
    int segments;

    GuestTcp(FakeGuest guest, int port, int remote, int remotePort) {
        this.guest = guest;
        this.port = port;
        this.remote = remote;
        this.remotePort = remotePort;
    }

    void send(int flags, byte... data) {
        guest.sendTcp(port, remote, remotePort, next, expected, flags, window, new byte[0], data);
        next += data.length + ((flags & 3) != 0 ? 1 : 0);
    }

    /** Sends a SYN; true when it is answered by one, false when it is refused. */
    boolean connect() throws IOException {
        byte[] options = {2, 4, 5, (byte) 0xb4, 1, 3, 3, 2};
        guest.sendTcp(port, remote, remotePort, next, 0, TcpConnection.SYN, window, options, new byte[0]);
        next++;
        TcpSegment s = segment();
        if (s.has(TcpConnection.RST)) {
            return false;
        }
        assertTrue(s.has(TcpConnection.SYN) && s.has(TcpConnection.ACK));
        assertEquals(next, s.acknowledgement());
        assertEquals(1460, s.option(TcpSegment.OPTION_SEGMENT_SIZE, 2));
        expected = s.sequence() + 1;
        send(TcpConnection.ACK);
        return true;
    }

    /** Waits for the next segment of this connection. */
    TcpSegment segment() throws IOException {
        return segment(guest.packet(Wire.PROTOCOL_TCP));
    }

    private TcpSegment segment(Packet p) {
        assertTrue(p.transportChecksumHolds(), "checksum");
        TcpSegment s = TcpSegment.read(p);
        assertEquals(port, s.targetPort());
        assertEquals(remotePort, s.sourcePort());
        return s;
    }

    /** Takes what comes until a condition of this end holds; fails after five seconds of silence. */
    void until(java.util.function.BooleanSupplier done) throws IOException {
        while (!done.getAsBoolean()) {
            take(segment());
        }
    }

    void take(TcpSegment s) {
        segments++;
        if (s.has(TcpConnection.RST)) {
            reset = true;
            return;
        }
        if (s.sequence() == expected) {
            received.write(s.data(), s.payload(), s.length());
            expected += s.length();
            if (s.has(TcpConnection.FIN)) {
                expected++;
                ended = true;
            }
        }
        if (s.length() > 0 || s.has(TcpConnection.FIN)) {
            send(TcpConnection.ACK);
        }
    }
}
