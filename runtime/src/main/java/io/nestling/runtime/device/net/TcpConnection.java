package io.nestling.runtime.device.net;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One TCP connection of the guest (RFC 9293), ended here and continued as a socket of the host. The wire between is short
 * and keeps order, so there is no congestion control and nothing is put in order: what does not fit is sent again.
 * Window scaling and the segment size option are as in RFC 7323 and RFC 9293 3.7.1; resets are checked as RFC 5961 asks.
 */
final class TcpConnection implements UserNetwork.Ready {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PUSH = 8;
    static final int ACK = 16;

    /** What a segment of an Ethernet frame carries. */
    private static final int MAX_SEGMENT = UserNetwork.MTU - 40;
    private static final int MIN_SEGMENT = 88;
    private static final int DEFAULT_SEGMENT = 536;
    private static final int HEADER = 20;
    private static final int SYN_OPTIONS = 8;
    /** Our windows count in units of 8 bytes. */
    private static final int SCALE = 3;
    private static final int MAX_SCALE = 14;

    /** First time to wait for an acknowledgement (RFC 6298 2.1); doubles each time. */
    private static final long RETRY = 1_000_000_000L;
    private static final int MAX_BACKOFF = 6;
    private static final int RETRIES = 12;
    /** A guest that boots is called again every so often for minutes. */
    private static final int CALL_BACKOFF = 2;
    private static final int CALL_RETRIES = 90;

    private enum State { CONNECTING, SYN_SENT, SYN_RECEIVED, OPEN, CLOSED }

    /** Addresses and ports, as the guest sees them. */
    record Key(int guest, int guestPort, int remote, int remotePort) {}

    final Key key;
    private final TcpNat nat;
    private final UserNetwork network;
    private final SocketChannel channel;
    private final SelectionKey selection;
    private State state;

    /** What goes to the guest, from the oldest byte that it has not acknowledged. */
    private final ByteRing toGuest = new ByteRing();
    private int sendUnacknowledged;
    private int sendNext;
    private int sendMax;
    private int sendWindow;
    private int sendScale;
    private int segment = DEFAULT_SEGMENT;
    private boolean hostEnded;
    /** The FIN lies before {@link #sendNext}. */
    private boolean finSent;
    private boolean finAcknowledged;
    private int duplicates;
    private int retries;
    /** When to send again, by the network's clock; 0 for never. */
    private long deadline;

    /** What the host's socket did not take yet. */
    private final ByteRing toHost = new ByteRing();
    private int receiveNext;
    private int receiveEdge;
    private boolean scaled;
    private boolean guestEnded;
    private boolean acknowledge;

    private TcpConnection(TcpNat nat, UserNetwork network, Key key, SocketChannel channel, int initial, State state)
            throws IOException {
        this.nat = nat;
        this.network = network;
        this.key = key;
        this.channel = channel;
        this.state = state;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        selection = channel.register(network.selector(), state == State.CONNECTING ? SelectionKey.OP_CONNECT : 0, this);
        sendUnacknowledged = initial;
        sendNext = initial;
        sendMax = initial;
    }

    /** A connection that the guest asks for; the caller has started to connect the channel. */
    static TcpConnection fromGuest(TcpNat nat, UserNetwork network, Key key, SocketChannel channel, int initial, TcpSegment syn)
            throws IOException {
        var c = new TcpConnection(nat, network, key, channel, initial, State.CONNECTING);
        c.agree(syn);
        return c;
    }

    /** A connection that came in on the host and is offered to the guest. */
    static TcpConnection fromHost(TcpNat nat, UserNetwork network, Key key, SocketChannel channel, int initial)
            throws IOException {
        var c = new TcpConnection(nat, network, key, channel, initial, State.SYN_SENT);
        c.sendSyn();
        c.interest();
        return c;
    }

    // ---- segments of the guest ----------------------------------------------------------------------------------

    void receive(TcpSegment s) {
        switch (state) {
            case CONNECTING -> {
                if (s.has(RST)) {
                    close(true);
                }
            }
            case SYN_SENT -> answered(s);
            case SYN_RECEIVED, OPEN -> synchronizedSegment(s);
            case CLOSED -> { }
        }
    }

    /** In state SYN-SENT (RFC 9293 3.10.7.3). */
    private void answered(TcpSegment s) {
        if (s.has(ACK) && s.acknowledgement() != sendMax) {
            nat.refuse(s);
        } else if (s.has(RST)) {
            if (s.has(ACK)) {
                close(true);
            }
        } else if (s.has(SYN) && s.has(ACK)) {
            agree(s);
            sendUnacknowledged = sendMax;
            sendWindow = s.window();
            open();
            acknowledge();
            pump();
        }
    }

    /** In the synchronized states (RFC 9293 3.10.7.4). */
    private void synchronizedSegment(TcpSegment s) {
        int offset = s.sequence() - receiveNext;
        if (s.has(RST)) {
            if (offset == 0) {
                close(true);
            } else if (offset > 0 && offset < toHost.free()) {
                acknowledge();
            }
            return;
        }
        if (s.has(SYN)) {
            if (state == State.SYN_RECEIVED) {
                sendSyn();
            } else {
                acknowledge();
            }
            return;
        }
        if (!s.has(ACK)) {
            return;
        }
        if (state == State.SYN_RECEIVED) {
            if (s.acknowledgement() != sendMax) {
                nat.refuse(s);
                return;
            }
            sendUnacknowledged = sendMax;
            sendWindow = s.window() << sendScale;
            open();
        }
        if (!acknowledged(s)) {
            return;
        }
        take(s, -offset);
        if (state == State.OPEN) {
            pump();
            finish();
        }
    }

    /** Looks at the acknowledgement and the window; false when it is for something never sent. */
    private boolean acknowledged(TcpSegment s) {
        int count = s.acknowledgement() - sendUnacknowledged;
        int outstanding = sendMax - sendUnacknowledged;
        if (count > outstanding) {
            acknowledge();
            return false;
        }
        int window = s.window() << sendScale;
        if (count > 0) {
            int data = Math.min(count, toGuest.length());
            toGuest.discard(data);
            sendUnacknowledged = s.acknowledgement();
            if (count > data) {
                finAcknowledged = true;
                finSent = true;
            }
            if (sendNext - sendUnacknowledged < 0) {
                sendNext = sendUnacknowledged;
            }
            duplicates = 0;
            retries = 0;
            sendWindow = window;
            schedule(sendMax != sendUnacknowledged);
        } else if (count == 0) {
            // Three equal acknowledgements without news mean that a segment was lost (RFC 5681 3.2).
            boolean duplicate = outstanding > 0 && s.length() == 0 && window == sendWindow && !s.has(FIN);
            if (window == 0) {
                // A guest that is alive may keep its window closed for as long as it likes.
                retries = 0;
            } else if (sendWindow == 0) {
                // What probed the closed window was not taken.
                sendNext = sendUnacknowledged;
                finSent = finAcknowledged;
            }
            sendWindow = window;
            if (duplicate && ++duplicates == 3) {
                resend();
            }
        }
        interest();
        return true;
    }

    /** Takes the payload, of which the first {@code known} bytes were there before. */
    private void take(TcpSegment s, int known) {
        int length = s.length();
        if (length == 0 && !s.has(FIN)) {
            if (known != 0) {
                acknowledge();
            }
            return;
        }
        acknowledge();
        if (known < 0 || known > length || guestEnded) {
            return;
        }
        int fresh = Math.min(length - known, toHost.free());
        try {
            deliver(s, known, fresh);
            receiveNext += fresh;
            if (s.has(FIN) && known + fresh == length) {
                receiveNext++;
                guestEnded = true;
                flush();
            }
        } catch (IOException e) {
            abort();
        }
    }

    /** Passes bytes on to the host, directly when nothing waits before them. */
    private void deliver(TcpSegment s, int known, int count) throws IOException {
        int at = s.payload() + known;
        int n = count;
        if (toHost.length() == 0 && n > 0) {
            int written = channel.write(ByteBuffer.wrap(s.data(), at, n));
            at += written;
            n -= written;
        }
        if (n > 0) {
            toHost.append(s.data(), at, n);
            interest();
        }
    }

    // ---- the host's socket --------------------------------------------------------------------------------------

    @Override
    public void ready() {
        if (state == State.CLOSED) {
            return;
        }
        try {
            if (state == State.CONNECTING) {
                if (channel.finishConnect()) {
                    connected();
                }
                return;
            }
            if (selection.isWritable()) {
                flush();
            }
            if (selection.isReadable() && toGuest.fill(channel) < 0) {
                hostEnded = true;
            }
        } catch (IOException e) {
            abort();
            return;
        }
        interest();
        pump();
        finish();
    }

    /** The host has connected: only now does the guest hear of it, so that it sees refusals. */
    void connected() {
        state = State.SYN_RECEIVED;
        sendSyn();
        interest();
    }

    private void flush() throws IOException {
        toHost.drain(channel);
        if (toHost.length() == 0 && guestEnded && channel.isConnected()) {
            channel.shutdownOutput();
        }
        if (receiveNext + toHost.free() - receiveEdge >= ByteRing.LIMIT / 2) {
            acknowledge();
        }
        interest();
    }

    private void interest() {
        if (state == State.CONNECTING || !selection.isValid()) {
            return;
        }
        int ops = (!hostEnded && toGuest.free() > 0 ? SelectionKey.OP_READ : 0)
                | (toHost.length() > 0 ? SelectionKey.OP_WRITE : 0);
        if (selection.interestOps() != ops) {
            selection.interestOps(ops);
        }
    }

    // ---- segments to the guest ----------------------------------------------------------------------------------

    private void open() {
        state = State.OPEN;
        retries = 0;
        schedule(false);
    }

    /** Takes what the guest's SYN says of it. */
    private void agree(TcpSegment syn) {
        receiveNext = syn.sequence() + 1;
        sendWindow = syn.window();
        int size = syn.option(TcpSegment.OPTION_SEGMENT_SIZE, 2);
        segment = Math.clamp(size < 0 ? DEFAULT_SEGMENT : size, MIN_SEGMENT, MAX_SEGMENT);
        int scale = syn.option(TcpSegment.OPTION_WINDOW_SCALE, 1);
        scaled = scale >= 0;
        sendScale = Math.clamp(scale, 0, MAX_SCALE);
    }

    /** Sends what the guest's window allows. */
    void pump() {
        while (state == State.OPEN && !network.congested()) {
            int flying = sendNext - sendUnacknowledged;
            int unsent = finSent ? 0 : toGuest.length() - flying;
            int n = Math.min(Math.min(unsent, sendWindow - flying), largest());
            // A sliver of a window is not worth a segment while others are on their way (RFC 9293 3.8.6.2.1).
            if (n > 0 && (n == unsent || n >= segment || flying == 0)) {
                sendData(n);
            } else if (hostEnded && !finSent && unsent == 0) {
                sendFin();
            } else {
                break;
            }
        }
        if (deadline == 0 && (sendMax != sendUnacknowledged || toGuest.length() > 0) && state == State.OPEN) {
            schedule(true);
        }
    }

    private int largest() {
        return network.largeSegments() ? (0xffff - 40) / segment * segment : segment;
    }

    private void sendData(int n) {
        int flying = sendNext - sendUnacknowledged;
        emit(sendNext, n == toGuest.length() - flying ? ACK | PUSH : ACK, flying, n);
        advance(n);
    }

    private void sendFin() {
        finSent = true;
        emit(sendNext, FIN | ACK, 0, 0);
        advance(1);
    }

    private void advance(int n) {
        sendNext += n;
        if (sendNext - sendMax > 0) {
            sendMax = sendNext;
        }
    }

    private void sendSyn() {
        emit(sendUnacknowledged, state == State.SYN_SENT ? SYN : SYN | ACK, 0, 0);
        sendNext = sendUnacknowledged + 1;
        sendMax = sendNext;
        schedule(true);
    }

    /** Makes the network send an acknowledgement when it has looked at all frames at hand. */
    private void acknowledge() {
        if (!acknowledge) {
            acknowledge = true;
            nat.acknowledgeLater(this);
        }
    }

    /** Sends the acknowledgement if no segment has carried it meanwhile. */
    void acknowledgeNow() {
        if (acknowledge && state == State.OPEN) {
            emit(sendNext, ACK, 0, 0);
        }
        acknowledge = false;
    }

    private void emit(int sequence, int flags, int offset, int n) {
        boolean syn = (flags & SYN) != 0;
        int header = HEADER + (syn ? SYN_OPTIONS : 0);
        byte[] b = network.begin(key.remote, key.guest, Wire.PROTOCOL_TCP);
        int at = UserNetwork.PAYLOAD;
        int window = toHost.free();
        Wire.put16(b, at, key.remotePort);
        Wire.put16(b, at + 2, key.guestPort);
        Wire.put32(b, at + 4, sequence);
        Wire.put32(b, at + 8, (flags & ACK) != 0 ? receiveNext : 0);
        Wire.put16(b, at + 12, header / 4 << 12 | flags);
        Wire.put16(b, at + 14, Math.min(0xffff, syn || !scaled ? window : window >> SCALE));
        Wire.put16(b, at + 16, Wire.fold(Wire.pseudoHeader(key.remote, key.guest, Wire.PROTOCOL_TCP, header + n)));
        Wire.put16(b, at + 18, 0);
        if (syn) {
            Wire.put32(b, at + 20, TcpSegment.OPTION_SEGMENT_SIZE << 24 | 4 << 16 | MAX_SEGMENT);
            // Only an offer: in an answer to a SYN without it, it would not be understood.
            Wire.put32(b, at + 24, state == State.SYN_SENT || scaled
                    ? 1 << 24 | TcpSegment.OPTION_WINDOW_SCALE << 16 | 3 << 8 | SCALE : 0x01010101);
        }
        if (n > 0) {
            toGuest.copy(offset, b, at + header, n);
        }
        acknowledge = false;
        receiveEdge = receiveNext + window;
        network.endTcp(header + n, n > segment ? segment : 0);
    }

    // ---- time ---------------------------------------------------------------------------------------------------

    private void schedule(boolean on) {
        int shift = Math.min(retries, state == State.SYN_SENT ? CALL_BACKOFF : MAX_BACKOFF);
        deadline = on ? network.now() + (RETRY << shift) | 1 : 0;
        if (on) {
            nat.wakeBy(deadline);
        }
    }

    long deadline() {
        return deadline;
    }

    /** Nothing was heard for too long: sends again what was first, or one byte to a closed window (RFC 9293 3.8.6.1). */
    void expired() {
        if (++retries > (state == State.SYN_SENT ? CALL_RETRIES : RETRIES)) {
            abort();
            return;
        }
        if (state == State.OPEN) {
            resend();
        } else {
            sendSyn();
        }
        schedule(true);
    }

    private void resend() {
        sendNext = sendUnacknowledged;
        finSent = finAcknowledged;
        int n = Math.min(toGuest.length(), Math.clamp(sendWindow, 1, segment));
        if (n > 0) {
            sendData(n);
        } else if (hostEnded && !finAcknowledged) {
            sendFin();
        }
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    /** Forgets the connection when both sides have said all and know it. */
    private void finish() {
        if (state == State.OPEN && guestEnded && finAcknowledged && toHost.length() == 0) {
            acknowledgeNow();
            close(false);
        }
    }

    /** The host's side broke: tells the guest. */
    void abort() {
        if (state == State.CONNECTING) {
            // Refused: the answer to the SYN (RFC 9293 3.5.2).
            emit(0, RST | ACK, 0, 0);
        } else if (state != State.CLOSED) {
            emit(sendNext, RST | ACK, 0, 0);
        }
        close(true);
    }

    /**
     * Closes the host's socket.
     *
     * @param reset whether the other end is to see a broken connection rather than an end
     */
    void close(boolean reset) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        deadline = 0;
        try {
            if (reset && channel.isConnected()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        nat.remove(this);
    }
}
