package io.nestling.runtime.device.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How the bytes of a disk are kept in a file. */
public enum DiskFormat {
    /** As they are. */
    RAW {
        @Override
        Disk over(HostFile file, boolean readOnly) throws IOException {
            return new RawDisk(file, readOnly);
        }
    },
    /** As QEMU's copy-on-write images. */
    QCOW2 {
        @Override
        Disk over(HostFile file, boolean readOnly) throws IOException {
            return new Qcow2Disk(file, readOnly);
        }
    };

    abstract Disk over(HostFile file, boolean readOnly) throws IOException;

    /** What the first bytes of a file say. */
    public static DiskFormat of(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer magic = ByteBuffer.allocate(4);
            return file.read(magic) == 4 && magic.getInt(0) == Qcow2Header.MAGIC ? QCOW2 : RAW;
        }
    }

    /**
     * Opens a disk. The file is locked against other emulators: for all of them when it may be written, else for writers.
     *
     * @param readOnly the guest must not write
     * @param snapshot what the guest writes is gone when the disk is closed, and the file stays as it is
     * @throws IOException with a message for users, which follows the name of the file: what is wrong and what to do
     */
    public Disk open(Path path, boolean readOnly, boolean snapshot) throws IOException {
        boolean opensReadOnly = readOnly || snapshot;
        HostFile file = new HostFile(path, opensReadOnly);
        try {
            if (!file.lock(opensReadOnly)) {
                throw new IOException(file.lock(true) ? "is read by another guest: end that one, or add ,readonly or ,snapshot"
                        : "is written by another guest: end that one, or give each a copy of its own");
            }
            Disk disk = over(file, opensReadOnly);
            if (disk.size() == 0) {
                throw new IOException("holds no sector of 512 bytes: make it larger");
            }
            return snapshot && !readOnly ? new SnapshotDisk(disk, scratch()) : disk;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static FileChannel scratch() throws IOException {
        Path file = Files.createTempFile("nestling", ".snapshot");
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.SPARSE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }
}
