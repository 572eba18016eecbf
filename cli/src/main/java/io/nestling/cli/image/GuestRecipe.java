package io.nestling.cli.image;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A guest that can be built from Debian's packages: which kernel, from which release of Debian. The kernel is named by its
 * meta package, so the newest build of that release is fetched.
 *
 * @param name        what users type
 * @param suite       Debian release
 * @param kernel      meta package of the kernel, or the start of its name
 * @param description one line for {@code image list}
 * @param kind        what is made around the kernel
 */
public record GuestRecipe(String name, String suite, String kernel, String description, Kind kind) {
    /** What a guest is for. */
    public enum Kind {
        /** A shell in an initramfs. */
        SHELL,
        /** Guests of its own. */
        NEST,
        /** A Debian system on a disk. */
        SYSTEM
    }

    /** Guests with a shell, oldest kernel first. */
    public static final List<GuestRecipe> SHELLS = List.of(
            new GuestRecipe("debian-6.1", "bookworm", "linux-image-powerpc64le", "Debian 12 kernel, 64K pages", Kind.SHELL),
            new GuestRecipe("debian-6.12", "trixie", "linux-image-powerpc64le", "Debian 13 kernel, 4K pages", Kind.SHELL),
            new GuestRecipe("debian-6.12-64k", "trixie", "linux-image-powerpc64le-64k", "Debian 13 kernel, 64K pages", Kind.SHELL),
            new GuestRecipe("debian-sid", "sid", "linux-image-powerpc64le", "newest Debian kernel, 4K pages", Kind.SHELL));

    /** Guests that run guests, in the same order. */
    public static final List<GuestRecipe> NESTS = List.of(
            new GuestRecipe("nest-6.1", "bookworm", "linux-image-powerpc64le", "the same of Debian 12, 64K pages", Kind.NEST),
            new GuestRecipe("nest-6.12", "trixie", "linux-image-powerpc64le", "the same with 4K pages", Kind.NEST),
            new GuestRecipe("nest", "trixie", "linux-image-powerpc64le-64k", "runs guests: Debian 13, 64K pages", Kind.NEST));

    /** Guests with a disk of their own. */
    public static final List<GuestRecipe> SYSTEMS = List.of(
            new GuestRecipe("debian", "bookworm", "linux-image-powerpc64le", "Debian 12 on a disk, with systemd", Kind.SYSTEM));

    /** Guests that boot as they are. */
    public static final List<GuestRecipe> BOOTABLE = Stream.concat(SHELLS.stream(), SYSTEMS.stream()).toList();

    /** All guests. */
    public static final List<GuestRecipe> ALL = Stream.concat(BOOTABLE.stream(), NESTS.stream()).toList();

    /** The guest that {@code boot} takes when it is told of no other. */
    public static final GuestRecipe DEFAULT = byName("debian-6.12-64k").orElseThrow();

    /** The guest that {@code nest} takes when it is told of no other. */
    public static final GuestRecipe DEFAULT_NEST = byName("nest").orElseThrow();

    /** The user space of all guests. */
    public static final String BUSYBOX = "busybox-static";

    public static Optional<GuestRecipe> byName(String name) {
        return ALL.stream().filter(r -> r.name.equals(name)).findFirst();
    }

    /** Names, for messages and completion. */
    public static List<String> names(List<GuestRecipe> recipes) {
        return recipes.stream().map(GuestRecipe::name).toList();
    }
}
