package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.jit.JitEngine;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.net.HostForward;
import io.nestling.runtime.device.net.UserNetwork;
import io.nestling.runtime.device.net.VirtioNet;
import io.nestling.runtime.device.share.Virtio9p;
import io.nestling.runtime.time.RealClock;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's kernel on the user-mode network and with a folder of the host. */
@Timeout(900)
class NetworkBootTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
    private static final long LIMIT = 30_000_000_000L;

    @TempDir
    private Path directory;

    /** Reads a line from a port of the host as soon as somebody behind it speaks. */
    private static String ask(int port) {
        while (true) {
            try (Socket s = new Socket(LOOPBACK, port)) {
                String line = new BufferedReader(new InputStreamReader(s.getInputStream(), StandardCharsets.UTF_8)).readLine();
                if (line != null) {
                    return line;
                }
            } catch (IOException e) {
                // Not yet.
            }
            LockSupport.parkNanos(200_000_000);
        }
    }

    @Test
    void bytesGoBothWaysAndFilesToo() throws Exception {
        var guest = Guests.files(GuestRecipe.DEFAULT.name());
        byte[] blob = new byte[3_000_000];
        new SplittableRandom(5).nextBytes(blob);
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Files.writeString(directory.resolve("outside"), "outside");
        Files.createSymbolicLink(folder.resolve("link"), directory.resolve("outside"));
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 5);
        server.createContext("/blob", exchange -> {
            exchange.sendResponseHeaders(200, blob.length);
            try (var body = exchange.getResponseBody()) {
                body.write(blob);
            }
        });
        server.start();
        int forwarded;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            forwarded = free.getLocalPort();
        }
        var forward = new HostForward(new InetSocketAddress(LOOPBACK, forwarded), Inet4Address.ofLiteral("10.0.2.15"), 7000);
        String command = "ifconfig eth0 up; udhcpc -n -q -i eth0 -s /bin/true; ifconfig eth0 10.0.2.15; ping -c 1 10.0.2.2;"
                + " mkdir /s; mount -t 9p -o trans=virtio,version=9p2000.L host /s;"
                + " wget -q -O /s/copy http://10.0.2.2:" + server.getAddress().getPort() + "/blob; cat /s/link; ls -l /s;"
                + " wget -O /dev/null http://10.0.2.2:1/ 2>&1; echo greetings | nc -l -p 7000";
        var printed = new ByteArrayOutputStream();
        var console = new Console(printed);
        console.endInput();
        var answer = CompletableFuture.supplyAsync(() -> ask(forwarded));
        try (var network = UserNetwork.open(new InetSocketAddress(LOOPBACK, 53), List.of(forward)); var engine = new JitEngine();
                var machine = new PSeries().memory(1L << 30).kernel(guest.kernel()).initrd(guest.initrd()).clock(new RealClock())
                        .append("console=hvc0 nestling.run=\"" + command + "\"").console(console).engine(engine)
                        .device(new VirtioNet(network, MAC)).device(new Virtio9p(folder, "host", false, false)).build()) {
            machine.limit(LIMIT);
            assertEquals(Ending.POWER_OFF, machine.run().ending(), printed.toString(StandardCharsets.UTF_8));
        } finally {
            server.stop(0);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("lease of 10.0.2.15 obtained from 10.0.2.2"), text);
        assertTrue(text.contains("1 packets received"), text);
        assertTrue(text.contains("Connection refused"), text);
        assertArrayEquals(blob, Files.readAllBytes(folder.resolve("copy")), text);
        assertFalse(text.lines().anyMatch("outside"::equals), text);
        assertEquals("greetings", answer.get(60, TimeUnit.SECONDS));
    }
}
