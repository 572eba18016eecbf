package io.nestling.tests.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageStore;
import io.nestling.hv.machine.Outcome;
import io.nestling.hv.machine.PSeries;
import io.nestling.hv.partition.Ending;
import io.nestling.jit.JitEngine;
import io.nestling.runtime.cpu.Engine;
import io.nestling.runtime.device.block.Disk;
import io.nestling.runtime.device.block.DiskFormat;
import io.nestling.runtime.device.console.Console;
import io.nestling.runtime.interp.Interpreter;
import io.nestling.runtime.time.Clock;
import io.nestling.runtime.time.RealClock;
import io.nestling.runtime.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** File systems that Debian's kernel makes, writes and finds again on virtio disks. */
@Timeout(900)
class DiskBootTest {
    private static final long LIMIT = 20_000_000_000L;
    private static final int SIZE = 24 << 20;
    private static final String WRITE = "mke2fs -F /dev/vda >/dev/null; mount -t ext4 /dev/vda /mnt && seq 1 200000 >/mnt/numbers && sync"
            + " && md5sum /mnt/numbers; umount /mnt; cat /sys/block/vda/serial";
    private static final String READ = "mount -t ext4 -o ro /dev/vda /mnt && md5sum /mnt/numbers; umount /mnt";

    @TempDir
    private Path directory;

    private record Run(Outcome outcome, String console) {}

    private static Run boot(ImageStore.Image guest, Clock clock, Engine engine, String command, List<Disk> disks) throws Exception {
        var printed = new ByteArrayOutputStream();
        var console = new Console(printed);
        console.endInput();
        var builder = new PSeries().memory(1L << 30).kernel(guest.kernel()).initrd(guest.initrd()).clock(clock)
                .append("console=hvc0 nestling.run=\"" + command + "\"").console(console).engine(engine).entropy();
        disks.forEach(builder::drive);
        try (engine; var machine = builder.build()) {
            machine.limit(LIMIT);
            Outcome outcome = machine.run();
            String text = printed.toString(StandardCharsets.UTF_8);
            assertEquals(Ending.POWER_OFF, outcome.ending(), text);
            return new Run(outcome, text);
        }
    }

    private static String line(Run run, String part) {
        return run.console.lines().filter(l -> l.contains(part) && !l.contains("nestling.run=")).findFirst()
                .orElseThrow(() -> new AssertionError("no \"" + part + "\" in:\n" + run.console));
    }

    /** An empty image: header, refcount table, refcounts of the first four clusters, L1 table. */
    private static byte[] emptyQcow2() {
        int cluster = 1 << 16;
        ByteBuffer b = ByteBuffer.allocate(4 * cluster);
        b.putInt(0, 0x514649fb).putInt(4, 3).putInt(20, 16).putLong(24, SIZE).putInt(36, 1).putLong(40, 3L * cluster)
                .putLong(48, cluster).putInt(56, 1).putInt(96, 4).putInt(100, 104).putLong(cluster, 2L * cluster);
        for (int i = 0; i < 4; i++) {
            b.putShort(2 * cluster + 2 * i, (short) 1);
        }
        return b.array();
    }

    @Test
    void filesOutliveTheGuestOnBothEnginesAndFormats() throws Exception {
        var guest = Guests.files(GuestRecipe.DEFAULT.name());
        Path qcow2 = Files.write(directory.resolve("disk.qcow2"), emptyQcow2());
        String sum;
        try (Disk disk = DiskFormat.of(qcow2).open(qcow2, false, false)) {
            Run run = boot(guest, new VirtualClock(), new Interpreter(), WRITE, List.of(disk));
            sum = line(run, "/mnt/numbers").split(" ")[0];
            line(run, "drive0");
        }
        assertTrue(Files.size(qcow2) < SIZE, "the image holds what was written, not the whole disk");
        Path raw = Files.write(directory.resolve("disk.raw"), new byte[SIZE]);
        try (Disk first = DiskFormat.RAW.open(raw, false, false); Disk second = DiskFormat.QCOW2.open(qcow2, true, false)) {
            Run run = boot(guest, new RealClock(), new JitEngine(), WRITE + "; " + READ.replace("vda", "vdb")
                    + "; dd if=/dev/zero of=/dev/vdb bs=4k count=1 || echo refused", List.of(first, second));
            assertEquals(2, run.console.lines().filter(l -> l.startsWith(sum)).count(), run.console);
            line(run, "refused");
        }
    }

    /** Types something when a line is printed: the driver drops what comes before it has a console. */
    private static final class Answering extends ByteArrayOutputStream {
        private final String prompt;
        private final byte[] answer;
        private Console console;

        Answering(String prompt, String answer) {
            this.prompt = prompt;
            this.answer = answer.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public void flush() {
            if (console != null && toString(StandardCharsets.UTF_8).lines().anyMatch(prompt::equals)) {
                Console to = console;
                console = null;
                to.feed(answer, 0, answer.length);
            }
        }
    }

    @Test
    void aVirtioConsoleTakesInputAndPrints() throws Exception {
        var guest = Guests.files(GuestRecipe.DEFAULT.name());
        var printed = new Answering("ready", "typed\n");
        var console = new Console(printed);
        printed.console = console;
        try (var engine = new JitEngine(); var machine = new PSeries().memory(1L << 30).kernel(guest.kernel()).initrd(guest.initrd())
                .clock(new VirtualClock()).console(console).virtioConsole().engine(engine)
                .append("console=hvc0 nestling.run=\"(echo ready; read x; seq 1 2000; echo got $x) </dev/hvc1 >/dev/hvc1\"").build()) {
            machine.limit(LIMIT);
            assertEquals(Ending.POWER_OFF, machine.run().ending(), printed.toString(StandardCharsets.UTF_8));
            assertTrue(machine.ledger().values().get("pci.1.console.bytes-from-guest") > 8900, machine.ledger().values().toString());
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.stream().filter("got typed"::equals).count(), String.join("\n", lines));
        assertTrue(lines.containsAll(List.of("1", "1000", "2000")));
    }

    @Test
    void aSnapshotForgetsAndRepeatsExactly() throws Exception {
        var guest = Guests.files(GuestRecipe.DEFAULT.name());
        Path raw = Files.write(directory.resolve("disk.raw"), new byte[SIZE]);
        Run[] runs = new Run[2];
        for (int i = 0; i < 2; i++) {
            try (Disk disk = DiskFormat.RAW.open(raw, false, true)) {
                runs[i] = boot(guest, new VirtualClock(), i == 0 ? new Interpreter() : new JitEngine(), WRITE, List.of(disk));
            }
        }
        assertEquals(runs[0], runs[1]);
        assertFalse(line(runs[0], "/mnt/numbers").isEmpty());
        assertArrayEquals(new byte[SIZE], Files.readAllBytes(raw));
    }
}
