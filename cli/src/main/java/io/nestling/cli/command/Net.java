package io.nestling.cli.command;

import io.nestling.cli.UserError;
import io.nestling.runtime.device.net.HostForward;
import io.nestling.runtime.device.net.UserNetwork;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network as the user asked for it: {@code user[,hostfwd=tcp:[ADDR]:HOST-[GADDR]:GUEST]...}. */
record Net(String text, List<HostForward> forwards) {
    /** Hardware address of the guest's card: one of those that virtual machines by custom have. */
    static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

    private static final String SHAPE = "give user[,hostfwd=tcp:[ADDR]:HOST-[GADDR]:GUEST]";
    private static final Pattern FORWARD = Pattern.compile("tcp:([^:]*):(\\d{1,5})-([^:]*):(\\d{1,5})");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Inet4Address GUEST = Inet4Address.ofLiteral("10.0.2.15");

    static Net parse(String value) {
        var parts = new Suboptions("--net", value, List.of("hostfwd"), Set.of("hostfwd"));
        if (!parts.first().equals("user")) {
            throw new UserError("--net " + value + ": no such network \"" + parts.first() + "\": " + SHAPE);
        }
        return new Net(value, parts.all("hostfwd").stream().map(f -> forward(value, f)).toList());
    }

    private static HostForward forward(String value, String text) {
        Matcher m = FORWARD.matcher(text);
        if (!m.matches()) {
            throw new UserError("--net " + value + ": hostfwd=" + text + " is not tcp:[ADDR]:HOST-[GADDR]:GUEST, such as"
                    + " tcp::2222-:22");
        }
        try {
            InetAddress host = m.group(1).isEmpty() ? LOOPBACK : InetAddress.ofLiteral(m.group(1));
            Inet4Address guest = m.group(3).isEmpty() ? GUEST : Inet4Address.ofLiteral(m.group(3));
            return new HostForward(new InetSocketAddress(host, port(value, m.group(2))), guest, port(value, m.group(4)));
        } catch (IllegalArgumentException e) {
            throw new UserError("--net " + value + ": hostfwd=" + text + ": an address is not one: give numbers, such as"
                    + " tcp:127.0.0.1:2222-10.0.2.15:22");
        }
    }

    private static int port(String value, String digits) {
        int port = Integer.parseInt(digits);
        if (port == 0 || port > 0xffff) {
            throw new UserError("--net " + value + ": " + digits + " is not a port: give 1 to 65535");
        }
        return port;
    }

    /** Makes the network and listens on its forwarded ports. */
    UserNetwork open() {
        try {
            return UserNetwork.open(UserNetwork.hostResolver(), forwards);
        } catch (UserNetwork.ForwardException e) {
            InetSocketAddress at = e.forward().host();
            throw new UserError("--net " + text + ": port " + at.getPort() + " of " + at.getAddress().getHostAddress()
                    + " cannot be listened on (" + e.getMessage() + "): choose another in hostfwd", e);
        } catch (IOException e) {
            throw new UserError("--net " + text + ": this host gives no sockets (" + e.getMessage()
                    + "): raise its limit of open files", e);
        }
    }
}
