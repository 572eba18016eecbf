package io.nestling.cli.command;

import io.nestling.cli.UserError;
import io.nestling.cli.image.GuestRecipe;
import io.nestling.cli.image.ImageBuilder;
import io.nestling.cli.image.ImageStore;
import io.nestling.cli.image.PeerQemu;
import io.nestling.cli.image.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Guests made of Debian packages. */
@Command(name = "image", description = "Builds and lists guests made of Debian packages.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND", subcommands = {ImageCommand.Build.class, ImageCommand.ListImages.class})
final class ImageCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UserError("image: say what to do: nestling image build, or nestling image list");
    }

    /** A progress display on standard error. */
    static Progress progress() {
        return new Progress(System.err, System.console() != null && System.console().isTerminal());
    }

    /** The recipe of a name that came with {@code option}. */
    static GuestRecipe recipe(String option, String name, List<GuestRecipe> among) {
        return GuestRecipe.byName(name).filter(among::contains).orElseThrow(() -> new UserError(
                option + " " + name + ": no such guest: choose one of " + String.join(", ", GuestRecipe.names(among))));
    }

    /** Names for the completion script. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(GuestRecipe.names(GuestRecipe.ALL));
            add(PeerQemu.NAME);
        }
    }

    /** Names of guests with a shell, for the completion script. */
    static final class BootableNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        BootableNames() {
            super(GuestRecipe.names(GuestRecipe.BOOTABLE));
        }
    }

    @Command(name = "build", description = "Fetches Debian packages and makes guests of them, anew if they are there already.",
            mixinStandardHelpOptions = true)
    static final class Build implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", completionCandidates = Names.class,
                description = "Guests to build: ${COMPLETION-CANDIDATES}. Without a name, the one that boot takes.")
        private List<String> names = List.of();

        @Option(names = "--all", description = "Build every guest.")
        private boolean all;

        @Option(names = "--missing", description = "Leave alone the guests that are there already.")
        private boolean missing;

        @Option(names = "--mirror", paramLabel = "URI",
                description = "Debian archive to fetch from, instead of the one in the apt sources of this host.")
        private Optional<String> mirror = Optional.empty();

        @Override
        public Integer call() throws InterruptedException {
            var builder = ImageBuilder.throughApt(ImageStore.ofUser(), mirror);
            if (names.contains(PeerQemu.NAME)) {
                if (!missing || !ImageStore.ofUser().has(PeerQemu.NAME)) {
                    builder.buildPeer(progress());
                }
                System.out.println(peerRow(ImageStore.ofUser()));
                names = names.stream().filter(name -> !name.equals(PeerQemu.NAME)).toList();
                if (names.isEmpty() && !all) {
                    return 0;
                }
            }
            List<GuestRecipe> recipes = all ? GuestRecipe.ALL : names.isEmpty() ? List.of(GuestRecipe.DEFAULT)
                    : names.stream().map(name -> recipe("image build", name, GuestRecipe.ALL)).toList();
            ImageStore store = ImageStore.ofUser();
            for (GuestRecipe recipe : recipes) {
                if (missing) {
                    builder.get(recipe, progress());
                } else {
                    builder.build(recipe, progress());
                }
                System.out.println(row(recipe, store.facts(recipe.name())));
            }
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the guests, with the version and the size of those that are built.",
            mixinStandardHelpOptions = true)
    static final class ListImages implements Callable<Integer> {
        @Override
        public Integer call() {
            ImageStore store = ImageStore.ofUser();
            for (GuestRecipe recipe : GuestRecipe.ALL) {
                System.out.println(row(recipe, store.facts(recipe.name())));
            }
            System.out.println(peerRow(store));
            return 0;
        }
    }

    private static String peerRow(ImageStore store) {
        return "  %-16s %-36s %s".formatted(PeerQemu.NAME, "for --peer qemu: Debian 13's, this host",
                store.facts(PeerQemu.NAME).map(f -> "qemu " + f.get("qemu.version")).orElse("not built"));
    }

    private static String row(GuestRecipe recipe, Optional<Map<String, String>> facts) {
        String state = facts.map(f -> "kernel %s, busybox %s, %s".formatted(f.get("kernel.version"), f.get("busybox.version"),
                megabytes(f))).orElse("not built");
        String mark = recipe.equals(GuestRecipe.DEFAULT) ? "*" : " ";
        return "%s %-16s %-36s %s".formatted(mark, recipe.name(), recipe.description(), state);
    }

    private static String megabytes(Map<String, String> facts) {
        try {
            long bytes = 0;
            for (String file : List.of(ImageStore.KERNEL, ImageStore.INITRD, ImageStore.DISK)) {
                bytes += Long.parseLong(facts.getOrDefault(file + ".size", "0"));
            }
            return (bytes >> 20) + " MB";
        } catch (NumberFormatException e) {
            return "size unknown";
        }
    }
}
