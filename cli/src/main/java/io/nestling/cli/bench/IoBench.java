package io.nestling.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** Reads of a raw disk image by a program in the guest, sequential and random; what is read has to be the same everywhere. */
public final class IoBench {
    private static final String DONE = "iobench done";
    private static final Pattern LINE = Pattern.compile("iobench (\\S+) (\\S+) (\\S+) ([0-9a-f]{16})");
    private static final int MEGABYTE = 1 << 20;

    private final Bench bench;
    private final int megabytes;

    /** @param megabytes size of the disk */
    public IoBench(Bench bench, int megabytes) {
        this.bench = bench;
        this.megabytes = megabytes;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException, Bench.Disagreement {
        Path disk = disk();
        Path initrd = bench.initrdWith("iobench", "io.c", "-pthread");
        var rows = new LinkedHashMap<String, Report.Row>();
        var sums = new HashMap<String, String>();
        var faults = new ArrayList<String>();
        bench.inTurn("reading a disk", (_, emulator) -> {
            var guest = Guest.of(bench.image().kernel(), initrd, "console=hvc0 quiet nestling.run=/bin/iobench").with(List.of(disk));
            for (GuestRun.Line line : GuestRun.of(emulator, guest, DONE, Map.of(), bench.limit()).lines()) {
                var m = LINE.matcher(line.text());
                if (!m.find()) {
                    continue;
                }
                rows.computeIfAbsent(m.group(1), name -> new Report.Row("disk", name, m.group(3), true, Optional.of(1.0)))
                        .add(emulator.name(), Double.parseDouble(m.group(2)));
                String known = sums.putIfAbsent(m.group(1), m.group(4));
                if (known != null && !known.equals(m.group(4))) {
                    faults.add(m.group(1) + " read other bytes on " + emulator.name() + " than before");
                }
            }
        });
        if (!faults.isEmpty()) {
            throw new Bench.Disagreement("bench io: " + String.join("; ", faults));
        }
        return bench.report("io, " + megabytes + " MB disk", List.copyOf(rows.values()));
    }

    /** Random bytes, the same each time; the host has them in its page cache afterwards. */
    private Path disk() throws IOException {
        Path file = bench.work().resolve("disk");
        var random = new SplittableRandom(1);
        byte[] bytes = new byte[MEGABYTE];
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(bytes);
                channel.write(ByteBuffer.wrap(bytes));
            }
        }
        return file;
    }
}
