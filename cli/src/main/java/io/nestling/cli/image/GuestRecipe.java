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
 * @param nest        whether it runs guests of its own
 */
public record GuestRecipe(String name, String suite, String kernel, String description, boolean nest) {
    /** Guests with a shell, oldest kernel first. */
    public static final List<GuestRecipe> SHELLS = List.of(
            new GuestRecipe("debian-6.1", "bookworm", "linux-image-powerpc64le", "Debian 12 kernel, 64K pages", false),
            new GuestRecipe("debian-6.12", "trixie", "linux-image-powerpc64le", "Debian 13 kernel, 4K pages", false),
            new GuestRecipe("debian-6.12-64k", "trixie", "linux-image-powerpc64le-64k", "Debian 13 kernel, 64K pages", false),
            new GuestRecipe("debian-sid", "sid", "linux-image-powerpc64le", "newest Debian kernel, 4K pages", false));

    /** Guests that run guests, in the same order. */
    public static final List<GuestRecipe> NESTS = List.of(
            new GuestRecipe("nest-6.1", "bookworm", "linux-image-powerpc64le", "the same of Debian 12, 64K pages", true),
            new GuestRecipe("nest-6.12", "trixie", "linux-image-powerpc64le", "the same with 4K pages", true),
            new GuestRecipe("nest", "trixie", "linux-image-powerpc64le-64k", "runs guests: Debian 13, 64K pages", true));

    /** All guests. */
    public static final List<GuestRecipe> ALL = Stream.concat(SHELLS.stream(), NESTS.stream()).toList();

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
