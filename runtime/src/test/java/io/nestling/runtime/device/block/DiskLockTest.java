package io.nestling.runtime.device.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may open a disk's file beside whom. Locks belong to open files, so two disks here are as good as two processes. */
class DiskLockTest {
    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.write(directory.resolve("disk"), new byte[1 << 16]);
    }

    private Disk open(boolean readOnly, boolean snapshot) throws IOException {
        return DiskFormat.RAW.open(file, readOnly, snapshot);
    }

    private void refused(boolean readOnly, boolean snapshot, String why) {
        String message = assertThrows(IOException.class, () -> open(readOnly, snapshot).close()).getMessage();
        assertTrue(message.startsWith(why), message);
    }

    @Test
    void readersShareAndKeepWritersOut() throws IOException {
        try (Disk first = open(true, false); Disk second = open(false, true)) {
            assertEquals(first.size(), second.size());
            // Neither a look at the file nor the end of another reader gives up the locks of those that stay.
            DiskFormat.of(file);
            open(true, false).close();
            refused(false, false, "is read by another guest: end that one, or add ,readonly or ,snapshot");
        }
        open(false, false).close();
    }

    @Test
    void aWriterIsAlone() throws IOException {
        try (Disk writer = open(false, false)) {
            assertEquals(1 << 16, writer.size());
            refused(false, false, "is written by another guest");
            refused(true, false, "is written by another guest");
            refused(false, true, "is written by another guest");
        }
        open(true, false).close();
    }
}
