package io.nestling.runtime.device.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** DHCP (RFC 2131, options RFC 2132) for one client, which always gets the same address. */
final class DhcpServer {
    static final int SERVER_PORT = 67;
    static final int CLIENT_PORT = 68;

    private static final int LEASE_SECONDS = 86_400;
    private static final int COOKIE = 0x63825363;
    private static final int OPTIONS = 240;
    private static final int MIN_LENGTH = 300;

    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;
    private static final int NAK = 6;
    private static final int INFORM = 8;

    private static final int OPTION_MASK = 1;
    private static final int OPTION_ROUTER = 3;
    private static final int OPTION_DNS = 6;
    private static final int OPTION_HOST_NAME = 12;
    private static final int OPTION_REQUESTED = 50;
    private static final int OPTION_LEASE = 51;
    private static final int OPTION_TYPE = 53;
    private static final int OPTION_SERVER = 54;
    private static final int OPTION_END = 255;

    private DhcpServer() {}

    /** The answer to a message of a client, or null when it deserves none. */
    static byte[] answer(byte[] data, int start, int end) {
        if (end - start < OPTIONS || data[start] != 1 || data[start + 1] != 1 || data[start + 2] != 6
                || Wire.get32(data, start + 236) != COOKIE) {
            return null;
        }
        byte[] options = Arrays.copyOfRange(data, start + OPTIONS, end);
        int at = find(options, OPTION_TYPE, 1);
        int type = at < 0 ? 0 : options[at];
        int server = address(options, OPTION_SERVER);
        if (server != 0 && server != Subnet.GATEWAY) {
            return null;
        }
        return switch (type) {
            case DISCOVER -> reply(data, start, OFFER, Subnet.GUEST);
            case REQUEST -> {
                int wanted = address(options, OPTION_REQUESTED);
                // A client that renews names the address it has in ciaddr instead.
                int has = wanted != 0 ? wanted : Wire.get32(data, start + 12);
                yield has == Subnet.GUEST ? reply(data, start, ACK, Subnet.GUEST) : reply(data, start, NAK, 0);
            }
            case INFORM -> reply(data, start, ACK, 0);
            default -> null;
        };
    }

    private static byte[] reply(byte[] request, int start, int type, int address) {
        byte[] r = new byte[OPTIONS + 64];
        System.arraycopy(request, start, r, 0, 44);
        r[0] = 2;
        r[3] = 0;
        if (type != ACK) {
            Wire.put32(r, 12, 0);
        }
        Wire.put32(r, 16, address);
        Wire.put32(r, 20, type == NAK ? 0 : Subnet.GATEWAY);
        Wire.put32(r, 236, COOKIE);
        int at = OPTIONS;
        at = option(r, at, OPTION_TYPE, new byte[] {(byte) type});
        at = option(r, at, OPTION_SERVER, bytes(Subnet.GATEWAY));
        if (type != NAK) {
            if (address != 0) {
                at = option(r, at, OPTION_LEASE, bytes(LEASE_SECONDS));
            }
            at = option(r, at, OPTION_MASK, bytes(Subnet.MASK));
            at = option(r, at, OPTION_ROUTER, bytes(Subnet.GATEWAY));
            at = option(r, at, OPTION_DNS, bytes(Subnet.NAME_SERVER));
            at = option(r, at, OPTION_HOST_NAME, "nestling".getBytes(StandardCharsets.US_ASCII));
        }
        r[at++] = (byte) OPTION_END;
        return Arrays.copyOf(r, Math.max(at, MIN_LENGTH));
    }

    private static int option(byte[] to, int at, int code, byte[] value) {
        to[at] = (byte) code;
        to[at + 1] = (byte) value.length;
        System.arraycopy(value, 0, to, at + 2, value.length);
        return at + 2 + value.length;
    }

    private static byte[] bytes(int v) {
        byte[] b = new byte[4];
        Wire.put32(b, 0, v);
        return b;
    }

    private static int address(byte[] options, int code) {
        int at = find(options, code, 4);
        return at < 0 ? 0 : Wire.get32(options, at);
    }

    /** Where the value of an option starts that has at least this many bytes, or -1. */
    private static int find(byte[] options, int code, int length) {
        int i = 0;
        while (i + 1 < options.length && (options[i] & 0xff) != OPTION_END) {
            if (options[i] == 0) {
                i++;
                continue;
            }
            int size = options[i + 1] & 0xff;
            if ((options[i] & 0xff) == code && size >= length && i + 2 + size <= options.length) {
                return i + 2;
            }
            i += 2 + size;
        }
        return -1;
    }
}
