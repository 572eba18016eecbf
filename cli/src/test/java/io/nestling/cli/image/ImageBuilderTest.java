package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.cli.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Building guests out of packages, and what the store keeps of them. */
class ImageBuilderTest {
    private static final GuestRecipe RECIPE = GuestRecipe.DEFAULT;
    private static final byte[] KERNEL = {0x7f, 'E', 'L', 'F', 1, 2, 3};

    @TempDir
    private Path root;

    /** Packages in memory. */
    private static class FakePackages implements PackageSource {
        final Map<String, List<String>> needs = new HashMap<>();
        final Map<String, byte[]> trees = new HashMap<>();
        private Path work;

        FakePackages with(String name, List<String> dependencies, byte[] tree) {
            needs.put(name, dependencies);
            trees.put(name, tree);
            return this;
        }

        PackageSource in(Path directory) {
            work = directory;
            return this;
        }

        @Override
        public String address() {
            return "file:/nowhere";
        }

        @Override
        public List<Path> downloadAll(List<String> names, Progress progress) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(Progress progress) {
            progress.step("update");
        }

        @Override
        public List<String> dependencies(String name) {
            return needs.getOrDefault(name, List.of());
        }

        @Override
        public String version(String name) {
            return "1.0";
        }

        @Override
        public Path download(String name, Progress progress) throws IOException {
            progress.step(name);
            return Files.write(work.resolve(name + ".deb"), trees.getOrDefault(name, new TarBytes().end()));
        }

        @Override
        public InputStream tar(Path deb) throws IOException {
            return new ByteArrayInputStream(Files.readAllBytes(deb));
        }
    }

    private static FakePackages packages() {
        return new FakePackages()
                .with(RECIPE.kernel(), List.of("linux-image-6.12-64k", "other"), new TarBytes().end())
                .with("linux-image-6.12-64k", List.of(), new TarBytes().file("./boot/vmlinux-6.12", KERNEL).end())
                .with(GuestRecipe.BUSYBOX, List.of(), new TarBytes().file("./usr/bin/busybox", new byte[] {9}).end());
    }

    private ImageStore.Image build(FakePackages packages) throws InterruptedException {
        return builder(packages).build(RECIPE, quiet());
    }

    private ImageBuilder builder(FakePackages packages) {
        return new ImageBuilder(new ImageStore(root), (work, suite, architecture) -> packages.in(work));
    }

    private static Progress quiet() {
        return new Progress(new PrintStream(OutputStream.nullOutputStream()), false);
    }

    @Test
    void keepsKernelAsItIsAndLeavesNothingElse() throws Exception {
        var image = build(packages());
        assertArrayEquals(KERNEL, Files.readAllBytes(image.kernel()));
        assertEquals("linux-image-6.12-64k", image.facts().get("kernel.package"));
        assertEquals(image, new ImageStore(root).find(RECIPE.name()));
        assertOnlyImages(true);
    }

    @Test
    void findsKernelInPackageBehindTheImage() throws Exception {
        var packages = packages()
                .with("linux-image-6.12-64k", List.of("linux-base-7", "linux-binary-7.2"), new TarBytes().end())
                .with("linux-binary-7.2", List.of(), new TarBytes().file("./usr/lib/modules/7.2/vmlinuz", KERNEL).end());
        assertEquals("linux-binary-7.2", build(packages).facts().get("kernel.package"));
    }

    @Test
    void rebuildReplaces() throws Exception {
        build(packages());
        byte[] newer = {1};
        var image = build(packages().with("linux-image-6.12-64k", List.of(),
                new TarBytes().file("./boot/vmlinux-6.12", newer).end()));
        assertArrayEquals(newer, Files.readAllBytes(image.kernel()));
        assertOnlyImages(true);
    }

    @Test
    void damagedFileIsNoticedAndNamed() throws Exception {
        var image = build(packages());
        Files.write(image.kernel(), new byte[] {0x7f, 'E', 'L', 'F', 1, 2, 4});
        assertDamaged("checksum");
        Files.write(image.kernel(), new byte[] {0x7f});
        assertDamaged("size");
        Files.delete(image.kernel());
        assertDamaged("cannot be read");
        Files.writeString(image.kernel().resolveSibling("manifest"), "\\u00zz");
        assertFalse(new ImageStore(root).has(RECIPE.name()));
        assertDamaged("manifest");
        build(packages());
        assertEquals(image.kernel(), new ImageStore(root).find(RECIPE.name()).kernel());
    }

    private void assertDamaged(String what) {
        var e = assertThrows(UserError.class, () -> new ImageStore(root).find(RECIPE.name()));
        assertTrue(e.getMessage().contains(what) && e.getMessage().contains("image build " + RECIPE.name()), e.getMessage());
    }

    @Test
    void failuresLeaveTheOldGuestAndNoRest() throws Exception {
        var failing = new FakePackages() {
            @Override
            public Path download(String name, Progress progress) throws IOException {
                super.download(name, progress);
                throw new FileSystemException("some/file", null, "No space left on device");
            }
        };
        failing.needs.putAll(packages().needs);
        var e = assertThrows(UserError.class, () -> build(failing));
        assertTrue(e.getMessage().contains("is full") && e.getMessage().contains("XDG_CACHE_HOME"), e.getMessage());
        assertOnlyImages(false);
        var image = build(packages());
        assertThrows(UserError.class, () -> build(failing));
        assertEquals(image, new ImageStore(root).find(RECIPE.name()));
        assertOnlyImages(true);
    }

    @Test
    void packagesWithoutWhatIsNeededAreReported() {
        var none = assertThrows(UserError.class,
                () -> build(packages().with("linux-image-6.12-64k", List.of(), new TarBytes().end())));
        assertTrue(none.getMessage().contains("no kernel file"), none.getMessage());
        var noBusybox = assertThrows(UserError.class,
                () -> build(packages().with(GuestRecipe.BUSYBOX, List.of(), new TarBytes().end())));
        assertTrue(noBusybox.getMessage().contains("no busybox"), noBusybox.getMessage());
    }

    @Test
    void unusablePlaceIsReported() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "");
        var builder = new ImageBuilder(new ImageStore(file.resolve("below")), (work, suite, architecture) -> packages().in(work));
        var e = assertThrows(UserError.class, () -> builder.build(RECIPE, quiet()));
        assertTrue(e.getMessage().contains("XDG_CACHE_HOME"), e.getMessage());
    }

    @Test
    void whatAKilledBuildLeftIsRemoved() throws Exception {
        Files.createDirectories(root.resolve("building/apt/deep"));
        Files.writeString(root.resolve("building/apt/deep/rest"), "x");
        build(packages());
        assertOnlyImages(true);
    }

    private void assertOnlyImages(boolean built) throws IOException {
        try (var left = Files.list(root)) {
            assertEquals(built ? List.of("images", "lock") : List.of("lock"),
                    left.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    private static FakePackages nest(String pages) {
        byte[] module = "\0license=GPL\0depends=\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] needy = "\0depends=kvm\0".getBytes(StandardCharsets.ISO_8859_1);
        String modules = "./usr/lib/modules/6.12/kernel/";
        return packages()
                .with("linux-image-6.12-64k", List.of(), new TarBytes().file("./boot/vmlinux-6.12", KERNEL)
                        .file("./boot/config-6.12", (pages + "=y\n").getBytes(StandardCharsets.UTF_8))
                        .file("./usr/lib/modules/6.12/modules.builtin", "kernel/drivers/virtio/virtio_pci.ko\n".getBytes(StandardCharsets.UTF_8))
                        .file(modules + "virtio_blk.ko", module).file(modules + "crc32c_generic.ko", module)
                        .file(modules + "erofs.ko", module).file(modules + "overlay.ko", module).file(modules + "kvm.ko", module).file(modules + "kvm-hv.ko", needy).end())
                .with("qemu-system-ppc", List.of("libone", "libtwo", "other"),
                        new TarBytes().file("./usr/bin/qemu-system-ppc64", ElfBytes.of("", "one.so.1", "ld.so")).end())
                .with("qemu-system-data", List.of(), new TarBytes().file("./usr/share/qemu/vof.bin", new byte[] {5}).end())
                .with("libone", List.of("libdeep"), new TarBytes().file("./usr/lib/triplet/one.so.1.5", ElfBytes.of("one.so.1", "deep.so.2")).end())
                .with("libtwo", List.of("libunused"), new TarBytes().file("./usr/lib/triplet/two.so.2", ElfBytes.of("two.so.2")).end())
                .with("libdeep", List.of(), new TarBytes().file("./lib/triplet/deep.so.2", ElfBytes.of("deep.so.2"))
                        .file("./lib64/ld.so", ElfBytes.of("ld.so")).end());
    }

    @Test
    void nestHasADiskWithJustTheLibrariesThatAreNeeded() throws Exception {
        var image = builder(nest("CONFIG_PPC_64K_PAGES")).build(GuestRecipe.DEFAULT_NEST, quiet());
        assertEquals("65536", image.facts().get("page.size"));
        String disk = Files.readString(image.disk().orElseThrow(), StandardCharsets.ISO_8859_1);
        for (String name : List.of("one.so.1", "deep.so.2", "ld.so", "qemu-system-ppc64", "vof.bin", "kvm_hv.ko", "initrd.cpio", "vmlinux")) {
            assertTrue(disk.contains(name), name);
        }
        assertFalse(disk.contains("two.so.2"));
        assertTrue(disk.contains("kvm\nkvm_hv\n"), "modules in the order of their needs");
        assertEquals(image, new ImageStore(root).find(GuestRecipe.DEFAULT_NEST.name()));
        Files.write(image.disk().get(), new byte[] {1});
        var e = assertThrows(UserError.class, () -> new ImageStore(root).find(GuestRecipe.DEFAULT_NEST.name()));
        assertTrue(e.getMessage().contains("disk.img"), e.getMessage());
    }

    @Test
    void nestOfSmallPagesHasADiskOfSmallBlocks() throws Exception {
        assertEquals("4096", builder(nest("CONFIG_PPC_4K_PAGES")).build(GuestRecipe.DEFAULT_NEST, quiet()).facts().get("page.size"));
    }

    @Test
    void missingLibraryOrModuleIsNamed() {
        var lacking = nest("CONFIG_PPC_4K_PAGES").with("libdeep", List.of(), new TarBytes().end());
        var e = assertThrows(UserError.class, () -> builder(lacking).build(GuestRecipe.DEFAULT_NEST, quiet()));
        assertTrue(e.getMessage().contains("deep.so.2, ld.so"), e.getMessage());
        var old = nest("x").with("linux-image-6.12-64k", List.of(), new TarBytes().file("./boot/vmlinux-6.12", KERNEL).end());
        e = assertThrows(UserError.class, () -> builder(old).build(GuestRecipe.DEFAULT_NEST, quiet()));
        assertTrue(e.getMessage().contains("no module virtio_pci"), e.getMessage());
    }
}
