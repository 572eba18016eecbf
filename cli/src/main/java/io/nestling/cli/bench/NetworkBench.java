package io.nestling.cli.bench;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes through one TCP connection of the user-mode network, each way, between a program in the guest, which reads and
 * writes as iperf3 does, and this process, which counts them and holds the watch: from the first byte to the last.
 */
public final class NetworkBench {
    private static final long BYTES = 128L << 20;
    private static final int BLOCK = 1 << 16;
    private static final String DONE = "nestling: run ended with status 0";
    private static final String RUN = "console=hvc0 nestling.run=\"ifconfig eth0 10.0.2.15 && netbench %d %d %d\"";

    private final Bench bench;

    public NetworkBench(Bench bench) {
        this.bench = bench;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        Path initrd = bench.initrdWith("netbench", "network.c");
        var toGuest = row("TCP to the guest");
        var toHost = row("TCP to the host");
        bench.inTurn("network", (run, emulator) -> {
            try (var source = new Server(NetworkBench::pour); var sink = new Server(NetworkBench::drink)) {
                Guest guest = Guest.of(bench.image().kernel(), initrd,
                        RUN.formatted(source.port(), sink.port(), BYTES)).withNetwork();
                GuestRun.of(emulator, guest, DONE, Map.of(), bench.limit());
                toGuest.add(emulator.name(), source.rate());
                toHost.add(emulator.name(), sink.rate());
            }
        });
        return bench.report("TCP, " + (BYTES >> 20) + " MB each way", List.of(toGuest, toHost));
    }

    private static Report.Row row(String name) {
        return new Report.Row("network", name, "MB/s", true, Optional.of(1.0));
    }

    /** What a server does with its one connection: the result is how many bytes went through, and it sets the watch. */
    private interface Talk {
        long with(Socket socket, Watch watch) throws IOException;
    }

    /** Nanoseconds between the first byte and the last. */
    private static final class Watch {
        private long begun;
        private long ended;

        void tick() {
            ended = System.nanoTime();
            begun = begun == 0 ? ended : begun;
        }
    }

    private static long pour(Socket socket, Watch watch) throws IOException {
        byte[] block = new byte[BLOCK];
        OutputStream out = socket.getOutputStream();
        watch.tick();
        for (long sent = 0; sent < BYTES; sent += BLOCK) {
            out.write(block);
        }
        socket.shutdownOutput();
        // What was written may still be on its way: the other end closes when it has it all.
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        watch.tick();
        return BYTES;
    }

    private static long drink(Socket socket, Watch watch) throws IOException {
        byte[] block = new byte[BLOCK];
        InputStream in = socket.getInputStream();
        long got = 0;
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            watch.tick();
            got += n;
        }
        return got;
    }

    /** Serves one connection on the loopback interface. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final Watch watch = new Watch();
        private final Thread thread;
        private volatile long bytes;

        Server(Talk talk) throws IOException {
            thread = Thread.ofPlatform().daemon().name("server").start(() -> {
                try (Socket socket = listener.accept()) {
                    bytes = talk.with(socket, watch);
                } catch (IOException e) {
                    // The guest did not come, or not to the end: the count tells.
                }
            });
        }

        int port() {
            return listener.getLocalPort();
        }

        /** Million bytes a second. */
        double rate() throws InterruptedException {
            thread.join(10_000);
            if (bytes != BYTES) {
                throw new UserError("bench: " + bytes + " of " + BYTES + " bytes came through the network");
            }
            return bytes * 1e3 / (watch.ended - watch.begun);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
