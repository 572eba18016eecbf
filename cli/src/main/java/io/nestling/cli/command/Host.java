package io.nestling.cli.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What we must know of the computer we run on. */
final class Host {
    private Host() {}

    /** Bytes of memory and swap space; as much as can be told apart from "enough" where the host does not say. */
    static long memory() {
        try {
            return memory(Files.readAllLines(Path.of("/proc/meminfo")));
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The sum of the lines {@code MemTotal: 123 kB} and {@code SwapTotal: 123 kB}. */
    static long memory(List<String> meminfo) {
        long kilobytes = 0;
        for (String line : meminfo) {
            if (line.matches("(MemTotal|SwapTotal):\\s+\\d{1,12} kB")) {
                kilobytes += Long.parseLong(line.split("\\s+")[1]);
            }
        }
        return kilobytes == 0 ? Long.MAX_VALUE : kilobytes << 10;
    }

    /** Why a file could not be used, in a few words. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Deletes a file that could not be written whole; a device stays. */
    static void discard(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // The error that led here is the one to report.
        }
    }
}
