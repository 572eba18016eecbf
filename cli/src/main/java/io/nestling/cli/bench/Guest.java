package io.nestling.cli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an emulator is to run, in words that all of them understand.
 *
 * @param kernel  ELF file
 * @param initrd  its RAM disk, if it needs one
 * @param append  its command line
 * @param memory  bytes of RAM
 * @param disks   files that are read-only virtio disks, in order
 * @param processors how many
 * @param nesting whether it may run guests of its own
 * @param network whether it has a card on a user-mode network
 * @param ours    further options for Nestling alone, such as those that make it tell more
 */
record Guest(Path kernel, Optional<Path> initrd, String append, long memory, int processors, List<Path> disks, boolean nesting,
        boolean network, List<String> ours) {
    private static final long MEMORY = 2L << 30;

    /** One with a single processor. */
    Guest(Path kernel, Optional<Path> initrd, String append, long memory, List<Path> disks, boolean nesting, boolean network,
            List<String> ours) {
        this(kernel, initrd, append, memory, 1, disks, nesting, network, ours);
    }

    /** The same with more processors. */
    Guest processors(int count) {
        return new Guest(kernel, initrd, append, memory, count, disks, nesting, network, ours);
    }

    /** An ordinary guest without disks. */
    static Guest of(Path kernel, Path initrd, String append) {
        return new Guest(kernel, Optional.of(initrd), append, MEMORY, List.of(), false, false, List.of());
    }

    /** The same with a network. */
    Guest withNetwork() {
        return new Guest(kernel, initrd, append, memory, processors, disks, nesting, true, ours);
    }

    /** The same with disks. */
    Guest with(List<Path> these) {
        return new Guest(kernel, initrd, append, memory, processors, these, nesting, network, ours);
    }
}
