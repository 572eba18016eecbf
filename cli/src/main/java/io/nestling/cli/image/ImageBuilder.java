package io.nestling.cli.image;

import io.nestling.cli.UserError;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a guest from Debian packages: the kernel as it is, and an initramfs around Debian's static busybox. */
public final class ImageBuilder {
    /** Room a build needs for package lists, packages and result, in bytes. */
    private static final long SPACE = 800L << 20;
    /** A kernel may be split over this many levels of packages. */
    private static final int DEPTH = 3;

    private final ImageStore store;
    private final PackageSource.Opener sources;

    public ImageBuilder(ImageStore store, PackageSource.Opener sources) {
        this.store = store;
        this.sources = sources;
    }

    /** A builder that fetches through apt, from {@code mirror} or else from where the host's own packages come. */
    public static ImageBuilder throughApt(ImageStore store, Optional<String> mirror) {
        return new ImageBuilder(store, apt(mirror));
    }

    /** Packages through apt, from {@code mirror} or else from where the host's own come. */
    public static PackageSource.Opener apt(Optional<String> mirror) {
        return (work, suite, architecture) -> {
            Optional<AptMirror> host = AptMirror.ofHost(Path.of("/etc/apt"));
            AptMirror from = mirror.map(uri -> new AptMirror(uri, host.map(AptMirror::signedBy).orElse(""))).or(() -> host)
                    .orElseThrow(() -> new UserError("image build: this host's apt sources name no Debian archive:"
                            + " name one with --mirror URI (and install debian-archive-keyring)"));
            return new Apt(work, from, suite, architecture);
        };
    }

    /**
     * Builds a guest and puts it into the store.
     *
     * @throws UserError if something outside of Nestling hinders it; the store is then as it was
     */
    public ImageStore.Image build(GuestRecipe recipe, Progress progress) throws InterruptedException {
        return locked(recipe.name(), progress, temporary -> build(recipe, progress, temporary));
    }

    /** The guest of that name, built if it is not there yet. */
    public ImageStore.Image get(GuestRecipe recipe, Progress progress) throws InterruptedException {
        if (store.has(recipe.name())) {
            return store.find(recipe.name());
        }
        // Looked at again under the lock: another process may have built it meanwhile.
        return locked(recipe.name(), progress, temporary -> store.has(recipe.name()) ? store.find(recipe.name())
                : build(recipe, progress, temporary));
    }

    /** Fetches the QEMU of another Debian release, for this host, to compare with. */
    public Map<String, String> buildPeer(Progress progress) throws InterruptedException {
        return locked(PeerQemu.NAME, progress, temporary -> {
            requireSpace(PeerQemu.NAME, temporary);
            PackageSource packages = sources.open(Files.createDirectories(temporary.resolve("apt")), PeerQemu.SUITE,
                    PeerQemu.hostArchitecture());
            packages.update(progress);
            PeerQemu.build(packages, store, temporary, progress);
            return store.verified(PeerQemu.NAME);
        });
    }

    private <T> T locked(String name, Progress progress, ImageStore.Work<T> work) throws InterruptedException {
        try (progress) {
            return store.locked(() -> progress.step("waiting for another nestling that builds a guest"), work);
        } catch (IOException e) {
            throw new UserError(reason(name, e), e);
        }
    }

    private void requireSpace(String name, Path temporary) throws IOException {
        if (Files.getFileStore(temporary).getUsableSpace() < SPACE) {
            throw new UserError("image build " + name + ": less than " + (SPACE >> 20) + " MB are free on the disk of "
                    + store.root() + ": free some space, or set XDG_CACHE_HOME to a roomier place");
        }
    }

    private ImageStore.Image build(GuestRecipe recipe, Progress progress, Path temporary)
            throws IOException, InterruptedException {
        requireSpace(recipe.name(), temporary);
        PackageSource packages = sources.open(Files.createDirectories(temporary.resolve("apt")), recipe.suite(), PackageSource.GUEST);
        packages.update(progress);
        Path files = Files.createDirectories(temporary.resolve("image"));
        Path kernelDeb = null;
        String kernelPackage = "";
        var candidates = kernelPackages(packages, recipe.kernel());
        for (String candidate : candidates) {
            Path deb = packages.download(candidate, progress);
            progress.step("unpacking " + candidate);
            byte[] kernel = PackageFiles.first(packages, deb, ImageBuilder::kernelFile);
            if (kernel != null) {
                Files.write(files.resolve(ImageStore.KERNEL), kernel);
                kernelPackage = candidate;
                kernelDeb = deb;
                break;
            }
            Files.delete(deb);
        }
        if (kernelDeb == null) {
            throw new UserError("image build " + recipe.name() + ": no kernel file in the packages " + candidates
                    + ": report this, and give boot a --kernel FILE meanwhile");
        }
        Path deb = packages.download(GuestRecipe.BUSYBOX, progress);
        progress.step("making the initramfs");
        byte[] busybox = PackageFiles.first(packages, deb, path -> path.equals("bin/busybox") || path.equals("usr/bin/busybox"));
        if (busybox == null) {
            throw new UserError("image build " + recipe.name() + ": no busybox in the package " + GuestRecipe.BUSYBOX
                    + ": report this, and give boot an --initrd FILE meanwhile");
        }
        var facts = new HashMap<>(Map.of("kernel.package", kernelPackage, "kernel.version", packages.version(kernelPackage),
                "busybox.version", packages.version(GuestRecipe.BUSYBOX), "suite", recipe.suite()));
        Path work = Files.createDirectories(temporary.resolve("unpacked"));
        if (recipe.kind() == GuestRecipe.Kind.NEST) {
            facts.putAll(NestImage.build(packages, kernelDeb, busybox, work, files, progress));
        } else {
            var modules = modules(packages, kernelDeb, candidates, work, progress);
            Map<String, byte[]> kept = modules.withNeeds(modules.among(Initramfs.MODULES));
            try (var out = Files.newOutputStream(files.resolve(ImageStore.INITRD))) {
                if (recipe.kind() == GuestRecipe.Kind.SYSTEM) {
                    Initramfs.writeForDisk(out, busybox, kept);
                } else {
                    Initramfs.write(out, busybox, kept);
                }
            }
            if (recipe.kind() == GuestRecipe.Kind.SYSTEM) {
                facts.putAll(new SystemImage(packages, recipe, temporary, files, store.root()).build(kernelDeb, progress));
            }
        }
        return store.put(recipe.name(), temporary, files, facts);
    }

    /** The modules next to the kernel, or in the package where newer Debian kernels have them. */
    private static KernelModules modules(PackageSource packages, Path kernelDeb, Set<String> candidates, Path work, Progress progress)
            throws IOException, InterruptedException {
        var unpacked = PackageFiles.unpack(packages, kernelDeb, work, path -> path.matches(KernelModules.FILES));
        Optional<String> other = candidates.stream().filter(name -> name.startsWith("linux-modules-")).findFirst();
        if (other.isPresent() && unpacked.stream().noneMatch(path -> path.toString().matches(".*\\.ko(\\.xz)?"))) {
            Path deb = packages.download(other.get(), progress);
            progress.step("unpacking " + other.get());
            unpacked = PackageFiles.unpack(packages, deb, work, path -> path.matches(KernelModules.FILES));
        }
        return new KernelModules(unpacked);
    }

    /**
     * The packages that may hold the kernel file or its modules, most likely first. A meta package depends on the image of the current
     * kernel, and newer Debian kernels keep the file itself in a package that the image depends on.
     */
    private static Set<String> kernelPackages(PackageSource packages, String meta) throws IOException, InterruptedException {
        var found = new LinkedHashSet<String>();
        var level = Set.of(meta);
        for (int depth = 0; depth < DEPTH && !level.isEmpty(); depth++) {
            var next = new LinkedHashSet<String>();
            for (String name : level) {
                for (String needed : packages.dependencies(name)) {
                    if (needed.matches("linux-(image|binary|modules)-\\d.*") && found.add(needed)) {
                        next.add(needed);
                    }
                }
            }
            level = next;
        }
        var sorted = new LinkedHashSet<String>();
        found.stream().filter(name -> name.startsWith("linux-binary-")).forEach(sorted::add);
        sorted.addAll(found);
        return sorted;
    }

    private static boolean kernelFile(String path) {
        return path.matches("boot/vmlinu[xz]-.*|usr/lib/modules/[^/]*/vmlinu[xz]|lib/modules/[^/]*/vmlinu[xz]");
    }

    private String reason(String name, IOException e) {
        String what = e instanceof FileSystemException f ? f.getFile() + ": " + f.getReason() : String.valueOf(e.getMessage());
        boolean full = what.contains("No space left") || what.contains("quota");
        return "image build " + name + ": " + (full ? "the disk of " + store.root() + " is full" : "cannot write below "
                + store.root()) + " (" + what + "): "
                + (full ? "free some space, or set XDG_CACHE_HOME to a roomier place"
                        : "make it writable, or set XDG_CACHE_HOME to another place");
    }
}
