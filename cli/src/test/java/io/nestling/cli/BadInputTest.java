package io.nestling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with what the user gave: exit code 2, and one line that names the option, the value and the fix. */
class BadInputTest {
    private static final int X86_64 = 62;
    private static final int PPC64 = 21;

    @TempDir
    private Path directory;

    private static void assertRefused(Cli result, String... words) {
        assertEquals(ExitCode.USAGE, result.code(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("nestling: "), result.err());
        for (String word : words) {
            assertTrue(result.err().contains(word), () -> "no \"" + word + "\" in: " + result.err());
        }
    }

    private String file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content).toString();
    }

    /** A little-endian ELF executable with one segment. */
    private static byte[] elf(int machine, int size, long memorySize) {
        var elf = ByteBuffer.allocate(size).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 2).putShort((short) machine).putInt(1).putLong(0).putLong(64).putLong(0).putInt(2)
                .putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
        elf.putInt(1).putInt(7).putLong(128).putLong(0).putLong(0).putLong(size - 128).putLong(memorySize).putLong(0x10000);
        return elf.array();
    }

    @Test
    void kernels() throws IOException {
        assertRefused(Cli.run("boot", "--kernel", "/no/such/vmlinux"), "--kernel", "/no/such/vmlinux", "does not exist");
        assertRefused(Cli.run("boot", "--kernel", directory.toString()), "--kernel", "directory");
        String text = file("text", "hello, this is a text".getBytes());
        assertRefused(Cli.run("boot", "--kernel", text), "--kernel", text, "not an ELF file", "vmlinux");
        assertRefused(Cli.run("boot", "--kernel", file("empty", new byte[0])), "--kernel", "empty");
        byte[] cut = java.util.Arrays.copyOf(elf(PPC64, 4096, 4096), 512);
        assertRefused(Cli.run("boot", "--kernel", file("truncated", cut)), "--kernel", "truncated");
        assertRefused(Cli.run("boot", "--kernel", file("pc", elf(X86_64, 256, 128))), "--kernel", "x86-64", "ppc64el");
        assertRefused(Cli.run("boot", "--kernel", file("huge", elf(PPC64, 256, 4L << 30))), "--memory", "at least");
    }

    @Test
    void randomBytesAsKernel() throws Exception {
        var random = new Random(1);
        for (int i = 0; i < 8; i++) {
            byte[] junk = elf(PPC64, 512, 1 << 20);
            for (int n = random.nextInt(1, 20); n > 0; n--) {
                // Behind the magic, so that the deeper checks are reached.
                junk[random.nextInt(4, 120)] = (byte) random.nextInt();
            }
            var result = Cli.spawn(Map.of(), directory, "boot", "--kernel", file("junk", junk), "--timeout", "100ms");
            assertTrue(result.code() == ExitCode.TIMEOUT || result.code() == ExitCode.USAGE, "case " + i + ": " + result);
        }
    }

    @Test
    void initialRamDisks() throws IOException {
        String kernel = file("kernel", elf(PPC64, 256, 128));
        assertRefused(Cli.run("boot", "--kernel", kernel, "--initrd", "/no/such/initrd"), "--initrd", "does not exist");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--initrd", directory.toString()), "--initrd", "directory");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--initrd", file("none", new byte[0])), "--initrd", "empty");
    }

    @Test
    void nesting() throws IOException {
        String kernel = file("kernel", elf(PPC64, 256, 128));
        assertRefused(Cli.run("boot", "--kernel", kernel, "--nested", "v7"), "--nested v7", "none, v1");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--cap", "wings=on"), "--cap wings=on", "rpt-invalidate");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--cap", "rpt-invalidate"), "--cap rpt-invalidate", "rpt-invalidate=on");
    }

    @Test
    void sizesOfMemory() throws IOException {
        String kernel = file("kernel", elf(PPC64, 256, 128));
        assertRefused(Cli.run("boot", "--kernel", kernel, "--memory", "16M"), "--memory 16", "at least");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--memory", "lots"), "--memory", "'lots'", "512M");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--memory", "-1G"), "--memory", "'-1G'");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--memory", "100T"), "--memory 100T", "host", "give less");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--memory", "1048577K"), "--memory", "64K");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--smp", "17"), "--smp 17", "1 to 16");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--smp", "6,threads=4"), "--smp", "multiple");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--smp", "2,cores=2"), "--smp", "'cores=2'", "threads=T");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--smp", "many"), "--smp", "'many'");
    }

    @Test
    void optionsAndTheirValues() throws IOException {
        String kernel = file("kernel", elf(PPC64, 256, 128));
        assertRefused(Cli.run("boot", "--memmory", "1G"), "--memmory", "did you mean --memory", "--help");
        assertRefused(Cli.run("bot"), "'bot'", "did you mean boot");
        assertRefused(Cli.run("boot", "--kernel"), "--kernel");
        assertRefused(Cli.run("boot", "--timeout", "soon"), "--timeout", "'soon'", "120s");
        assertRefused(Cli.run("boot", "--time", "lunch"), "--time", "lunch", "virtual");
        assertRefused(Cli.run("boot", "--time", "virtual,mips=1000"), "--time", "mips=1000", "512");
        assertRefused(Cli.run("boot", "--engine", "steam", "--kernel", kernel), "--engine steam", "interp");
        assertRefused(Cli.run("boot", "--expect", "a("), "--expect", "'a('", "regular expression");
        assertRefused(Cli.run("boot", "--fail-on", "*"), "--fail-on", "'*'", "regular expression");
        assertRefused(Cli.run("boot", "--image", "dos"), "--image dos", GuestRecipe.DEFAULT.name());
        assertRefused(Cli.run("boot", "--image", "debian-6.1", "--kernel", kernel), "--image", "--kernel", "leave out");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--append", "x".repeat(5000)), "--append", "5000");
        assertRefused(Cli.run("image", "build", "dos"), "dos", GuestRecipe.DEFAULT.name());
        assertRefused(Cli.run("image"), "image build", "image list");
    }

    @Test
    void filesThatCannotBeWritten() throws IOException {
        String kernel = file("kernel", elf(PPC64, 256, 128));
        assertRefused(Cli.run("boot", "--kernel", kernel, "--console-log", "/no/such/log"), "--console-log /no/such/log");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--dump-dtb", "/no/such/dtb"), "--dump-dtb /no/such/dtb");
        assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--dump-dtb", "/dev/full"), "--dump-dtb /dev/full", "space");
    }

    @Test
    void damagedGuestInTheCache() throws Exception {
        var store = new ImageStore(directory.resolve("cache/nestling"));
        var image = store.locked(() -> {}, work -> {
            Path files = Files.createDirectories(work.resolve("image"));
            Files.write(files.resolve(ImageStore.KERNEL), elf(PPC64, 4096, 4096));
            Files.write(files.resolve(ImageStore.INITRD), new byte[64]);
            return store.put(GuestRecipe.DEFAULT.name(), work, files, Map.of());
        });
        byte[] kernel = Files.readAllBytes(image.kernel());
        kernel[2000] ^= 1;
        Files.write(image.kernel(), kernel);
        assertRefused(Cli.spawn(Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString()), directory, "boot"),
                "--image " + GuestRecipe.DEFAULT.name(), image.kernel().toString(), "checksum", "nestling image build");
    }

    @Test
    void unreachableArchive() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/apt-get")), "needs apt-get");
        Path cache = directory.resolve("cache");
        var result = Cli.spawn(Map.of("XDG_CACHE_HOME", cache.toString()), directory, "image", "build", "--mirror",
                "http://127.0.0.1:9/debian");
        assertEquals(ExitCode.USAGE, result.code());
        String last = result.err().lines().toList().getLast();
        assertTrue(last.contains("http://127.0.0.1:9/debian") && last.contains("--mirror"), last);
        assertFalse(Files.exists(cache.resolve("nestling/images")), "a failed build left a guest");
        assertFalse(Files.exists(cache.resolve("nestling/building")), "a failed build left its files");
    }

    @Test
    void noTools() throws Exception {
        var result = Cli.spawn(Map.of("XDG_CACHE_HOME", directory.toString(), "PATH", directory.toString()), directory,
                "image", "build");
        assertRefused(result, "apt", "--kernel FILE");
    }

    @Test
    void aFaultOfOurOwnIsOneLineToo() {
        var result = Cli.run("boot", "--kernel", "nul\0byte");
        assertTrue(List.of(ExitCode.USAGE, ExitCode.INTERNAL).contains(result.code()));
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void benchmarks() {
        assertRefused(Cli.run("bench"), "bench", "bench cpu");
        assertRefused(Cli.run("bench", "cpu", "--engine", "warp"), "--engine", "warp", "jit");
        assertRefused(Cli.run("bench", "cpu", "--peer", "simics"), "--peer", "simics", "qemu");
        assertRefused(Cli.run("bench", "cpu", "--filter", "("), "--filter", "regular expression");
        assertRefused(Cli.run("bench", "cpu", "--repeat", "1"), "--repeat 1", "2 or more");
        assertRefused(Cli.run("bench", "boot", "--runs", "0"), "--runs 0", "1 or more");
    }
    @Test
    void drives() throws IOException {
        String kernel = file("vmlinux", elf(PPC64, 4096, 4096));
        String image = file("disk", new byte[4096]);
        assertRefused(Cli.run("boot", "--drive", image + ",fromat=raw"), "--drive", "fromat", "format, readonly, snapshot");
        assertRefused(Cli.run("boot", "--drive", image + ",format=vmdk"), "--drive", "vmdk", "raw, qcow2");
        assertRefused(Cli.run("boot", "--drive", image + ",readonly=maybe"), "--drive", "readonly=maybe", "on or off");
        assertRefused(Cli.run("boot", "--drive", image + ",snapshot,snapshot=on"), "--drive", "twice");
        assertRefused(Cli.run("boot", "--drive", ",readonly"), "--drive", "no file");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--drive", "/no/such/disk"), "--drive", "/no/such/disk", "no such file");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--drive", directory.toString()), "--drive", "directory");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--drive", file("small", new byte[100])), "--drive", "small", "512 bytes");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--drive", image + ",format=qcow2"), "--drive", "not a qcow2 image");
        assertRefused(Cli.run("boot", "--kernel", kernel, "--drive", image, "--drive", image), "--drive", "written by another guest");
    }
}
