package io.nestling.cli.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of apt's output. */
class AptTest {
    @Test
    void readsProgress() {
        assertEquals(45, Apt.percentOf("dlstatus:1:45.2000:Retrieving file 1 of 2"));
        assertEquals(0, Apt.percentOf("dlstatus:junk"));
    }

    @Test
    void namesTheFixOfEachFailure() {
        assertFailure("E: Failed to fetch http://m.invalid/x  Temporary failure resolving 'm.invalid'", "--mirror");
        assertFailure("E: Could not connect to m.invalid:80", "check the network");
        assertFailure("E: You don't have enough free space in /x.", "XDG_CACHE_HOME");
        assertFailure("E: Unable to locate package linux-image-powerpc64le", "--mirror");
        assertFailure("W: GPG error: no public key", "mend the host's apt");
        assertFailure("killed", "exit status 100");
    }

    private static void assertFailure(String line, String fix) {
        String message = Apt.failure("apt-get update", List.of("noise", line), 100, "http://m.invalid").getMessage();
        assertTrue(message.contains(fix), message);
        assertFalse(message.contains("\n"), message);
    }
}
