package io.nestling.cli.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What an emulator is to run, in words that all of them understand.
 *
 * @param kernel  ELF file
 * @param initrd  its RAM disk
 * @param append  its command line
 * @param memory  bytes of RAM
 * @param disks   files that are read-only virtio disks, in order
 * @param nesting whether it may run guests of its own
 * @param ours    further options for Nestling alone, such as those that make it tell more
 */
record Guest(Path kernel, Path initrd, String append, long memory, List<Path> disks, boolean nesting, List<String> ours) {
    private static final long MEMORY = 2L << 30;

    /** An ordinary guest without disks. */
    static Guest of(Path kernel, Path initrd, String append) {
        return new Guest(kernel, initrd, append, MEMORY, List.of(), false, List.of());
    }

    /** The same with disks. */
    Guest with(List<Path> these) {
        return new Guest(kernel, initrd, append, memory, these, nesting, ours);
    }
}
