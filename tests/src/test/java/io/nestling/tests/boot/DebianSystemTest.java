package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nestling.cli.image.GuestRecipe;
import io.nestling.hv.machine.Machine;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.jit.JitEngine;
import io.nestling.runtime.device.block.Disk;
import io.nestling.runtime.device.block.DiskFormat;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.device.net.HostForward;
import io.nestling.runtime.device.net.UserNetwork;
import io.nestling.runtime.device.net.VirtioNet;
import io.nestling.runtime.time.RealClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The Debian system on its disk with two processors: login prompt, SSH through a forwarded port, software from the archive, a
 * compiler among it, which makes a program; power-off. What the console shows is in {@code target/debian-system.log}, also while it runs.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class DebianSystemTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /** Makes a program of nine files, two at a time, and runs it. */
    private static final String BUILD = """
            mkdir -p sum && cd sum
            for i in 1 2 3 4 5 6 7 8; do
                echo "long f$i(long n) { long s = 0; for (long k = 0; k < n; k++) s += k % $i; return s; }" >f$i.c
            done
            cat >main.c <<'END'
            #include <stdio.h>
            long f1(long), f2(long), f3(long), f4(long), f5(long), f6(long), f7(long), f8(long);
            int main(void) {
                printf("%ld\\n", f1(1000) + f2(1000) + f3(1000) + f4(1000) + f5(1000) + f6(1000) + f7(1000) + f8(1000));
            }
            END
            printf 'CFLAGS = -O2\\nsum: main.o f1.o f2.o f3.o f4.o f5.o f6.o f7.o f8.o\\n\\tgcc -o $@ $^\\n' >Makefile
            make -s -j2 CC=gcc && ./sum
            """;

    /** What a command in the guest printed, standard error too; asked again until the guest lets us in. */
    private static String ssh(int port, Path key, String command) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("ssh", "-i", key.toString(), "-p", Integer.toString(port), "-o", "BatchMode=yes",
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "root@127.0.0.1", command));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Process p = new ProcessBuilder(words).redirectErrorStream(true).start();
            p.getOutputStream().close();
            String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // 255 is ssh's own failure, not the command's.
            if (p.waitFor() != 255 || System.nanoTime() > end) {
                return text;
            }
            Thread.sleep(1000);
        }
    }

    private static boolean onPath(String tool) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    @Test
    void bootsAndInstallsSoftware() throws Exception {
        assumeTrue(System.getProperty("nestling.boot.guests", "").equals("all"), "takes long: run with -Pboot-suite");
        assumeTrue(onPath("ssh"), "ssh is not installed");
        var guest = Guests.files(GuestRecipe.SYSTEMS.getFirst().name());
        Path root = guest.root().orElseThrow();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        var forward = new HostForward(new InetSocketAddress(LOOPBACK, port), Inet4Address.ofLiteral("10.0.2.15"), 22);
        Path log = Path.of("target", "debian-system.log");
        try (OutputStream printed = Files.newOutputStream(log); var network = UserNetwork.open(UserNetwork.hostResolver(), List.of(forward)); var engine = new JitEngine();
                Disk disk = DiskFormat.RAW.open(root, false, true);
                Machine machine = new PSeries().memory(2L << 30).kernel(guest.kernel()).initrd(guest.initrd()).clock(new RealClock())
                        .append("console=hvc0 quiet").processors(2, 1).console(new Console(printed)).engine(engine).drive(disk)
                        .device(new VirtioNet(network, MAC)).build()) {
            var outcome = CompletableFuture.supplyAsync(machine::run);
            try {
                Path key = root.resolveSibling("ssh-key");
                assertEquals("2\nrunning\n", ssh(port, key, "nproc; systemctl is-system-running --wait"));
                String installed = ssh(port, key, "apt-get -q -o Acquire::Languages=none update && apt-get -q -y install hello && hello");
                assertTrue(installed.endsWith("Hello, world!\n"), installed);
                String compiler = ssh(port, key, "apt-get -q -y install --no-install-recommends gcc libc6-dev make; dpkg -s make | grep Status");
                assertTrue(compiler.endsWith("Status: install ok installed\n"), compiler);
                assertEquals("13992\n", ssh(port, key, BUILD));
                // Later, so that the connection ends before the guest does.
                ssh(port, key, "nohup sh -c 'sleep 2; poweroff' >/dev/null 2>&1 </dev/null &");
                assertEquals(Ending.POWER_OFF, outcome.get(PATIENCE.toMinutes(), TimeUnit.MINUTES).ending());
            } finally {
                machine.stop();
                outcome.get(1, TimeUnit.MINUTES);
            }
        }
        assertTrue(Files.readString(log, StandardCharsets.ISO_8859_1).contains("debian login:"), "no login prompt");
    }
}
