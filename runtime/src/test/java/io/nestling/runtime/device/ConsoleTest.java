package io.nestling.runtime.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.device.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static void print(Console console, String text) {
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            console.put(b);
        }
        console.endBurst();
    }

    @Test
    void passesOnWholeLines() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] writes = new int[1];
        Console console = new Console(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("byte by byte");
            }

            @Override
            public void write(byte[] b, int offset, int length) {
                writes[0]++;
                out.write(b, offset, length);
            }
        });
        print(console, "hello\r\n");
        assertEquals("hello\r\n", out.toString());
        print(console, "$ ");
        console.flush();
        assertEquals("hello\r\n$ ", out.toString());
        assertTrue(writes[0] <= 2);
        print(console, "x".repeat(100_000));
        console.flush();
        assertEquals(100_009, out.size());
        assertEquals(100_009, console.bytesOut());
        assertTrue(writes[0] < 20);
    }

    @Test
    void aClosedOutputDoesNotDisturbTheGuest() {
        Console console = new Console(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        });
        print(console, "a\nb\n");
        assertNotNull(console.failure());
    }

    @Test
    void inputComesOutAsItWentIn() {
        Console console = new Console(OutputStream.nullOutputStream());
        int[] told = new int[1];
        console.onInput(() -> told[0]++);
        byte[] sent = new byte[10_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31);
        }
        console.feed(sent, 0, 300);
        console.feed(sent, 300, 100);
        assertEquals(1, told[0]);
        byte[] got = new byte[sent.length + 16];
        int n = 0;
        byte[] chunk = new byte[16];
        for (int i = 0; i < 10; i++) {
            int k = console.get(chunk, 16);
            System.arraycopy(chunk, 0, got, n, k);
            n += k;
        }
        console.feed(sent, 400, sent.length - 400);
        for (int k; (k = console.get(chunk, 16)) > 0; n += k) {
            System.arraycopy(chunk, 0, got, n, k);
        }
        assertArrayEquals(sent, Arrays.copyOf(got, n));
        assertFalse(console.hasInput());
        console.feed(sent, 0, 1);
        assertEquals(2, told[0]);
        console.endInput();
        assertFalse(console.inputOpen());
        assertTrue(console.hasInput());
    }

    @Test
    void inputFedBeforeTheMachineExistsIsAnnounced() {
        Console console = new Console(OutputStream.nullOutputStream());
        console.feed(new byte[] {1}, 0, 1);
        int[] told = new int[1];
        console.onInput(() -> told[0]++);
        assertEquals(1, told[0]);
    }
}
