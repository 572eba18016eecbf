package io.nestling.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.UserError;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --net} and {@code --share} take, and what they say of the rest. */
class AttachmentOptionsTest {
    @Test
    void portsAreForwardedFromTheLoopbackAddressUnlessAnotherIsGiven() {
        Net net = Net.parse("user,hostfwd=tcp::2222-:22,hostfwd=tcp:0.0.0.0:8080-10.0.2.9:80");
        assertEquals("/127.0.0.1:2222", net.forwards().getFirst().host().toString());
        assertEquals("/10.0.2.15", net.forwards().getFirst().guest().toString());
        assertEquals(22, net.forwards().getFirst().port());
        assertEquals("/0.0.0.0:8080", net.forwards().getLast().host().toString());
        assertEquals("/10.0.2.9", net.forwards().getLast().guest().toString());
        assertTrue(Net.parse("user").forwards().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tap", "user,id=x", "user,hostfwd", "user,hostfwd=tcp::22", "user,hostfwd=udp::1-:2",
        "user,hostfwd=tcp::70000-:22", "user,hostfwd=tcp::0-:22", "user,hostfwd=tcp:localhost:1-:22", "user,hostfwd=tcp::1-x:22"})
    void whatIsNoNetworkIsOneLine(String value) {
        String message = assertThrows(UserError.class, () -> Net.parse(value)).getMessage();
        assertTrue(message.startsWith("--net " + value) && !message.contains("\n"), message);
    }

    @Test
    void aBusyPortIsOneLine() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Net net = Net.parse("user,hostfwd=tcp::" + busy.getLocalPort() + "-:22");
            String message = assertThrows(UserError.class, net::open).getMessage();
            assertTrue(message.contains("port " + busy.getLocalPort() + " of 127.0.0.1") && !message.contains("\n"), message);
        }
    }

    @Test
    void sharesHaveATag() {
        assertEquals(new Share(Path.of("/srv"), "data", false), Share.parse("/srv,tag=data"));
        assertTrue(Share.parse("/srv,tag=data,readonly").readOnly());
        assertTrue(Share.parse("/srv,tag=data,readonly=on").readOnly());
        assertFalse(Share.parse("/srv,tag=data,readonly=off").readOnly());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv", ",tag=x", "/srv,tag=", "/srv,tag=a b", "/srv,tag=x,readonly=maybe", "/srv,tag=x,cache=none",
        "/srv,tag=x,tag=y", "/srv,tag=0123456789012345678901234567890123456789"})
    void whatIsNoShareIsOneLine(String value) {
        String message = assertThrows(UserError.class, () -> Share.parse(value)).getMessage();
        assertTrue(message.startsWith("--share /srv") || message.startsWith("--share ,tag"), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void aFolderThatIsNoneIsOneLine() {
        Share share = Share.parse("/no/such/folder,tag=x");
        assertTrue(assertThrows(UserError.class, () -> share.open(true)).getMessage().contains("no such directory"));
    }
}
