package io.nestling.cli.command;

import io.nestling.cli.ExitCode;
import io.nestling.cli.UserError;
import io.nestling.decoder.Disassembler;
import io.nestling.decoder.ElfCode;
import io.nestling.decoder.Listing;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Prints instructions as text. */
@Command(name = "disasm", mixinStandardHelpOptions = true,
        description = "Disassembles the code of a 64-bit Power ELF file, or single instruction words, as objdump writes them.")
final class DisasmCommand implements Callable<Integer> {
    private static final int WORD_BITS = 32;

    /** What to disassemble: one or the other. */
    private static final class Input {
        @Parameters(paramLabel = "FILE", description = "ELF file, such as a vmlinux.")
        private Path file;

        @Option(names = "--word", paramLabel = "HEX", arity = "1..*", converter = Hex.class,
                description = "Instruction words in hexadecimal, such as 7c0802a6.")
        private List<Long> words;
    }

    @ArgGroup(multiplicity = "1")
    private Input input;

    @Option(names = "--address", paramLabel = "HEX", converter = Hex.class, defaultValue = "0",
            description = "Address of the first word; branches are relative to it. Default: ${DEFAULT-VALUE}.")
    private long address;

    /** Reads a hexadecimal number of up to 64 bits, with or without {@code 0x}. */
    static final class Hex implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return Long.parseUnsignedLong(text.replaceFirst("^0[xX]", ""), 16);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not a hexadecimal number: write one such as 7c0802a6");
            }
        }
    }

    @Override
    public Integer call() {
        return input.file != null ? file() : words();
    }

    private int words() {
        long at = address;
        for (long word : input.words) {
            if (word >>> WORD_BITS != 0) {
                throw new UserError("--word " + Long.toHexString(word) + " has more than 32 bits: give one instruction word at a time");
            }
        }
        for (long word : input.words) {
            System.out.printf("%08x  %s%n", word, Disassembler.disassemble((int) word, at));
            at += Integer.BYTES;
        }
        return ExitCode.OK;
    }

    private int file() {
        Listing listing;
        try {
            listing = new Listing(ElfCode.read(input.file));
        } catch (IOException e) {
            throw new UserError("disasm " + input.file + ": " + Host.reason(e) + ": give a 64-bit PowerPC ELF file", e);
        }
        // Not closed: it is the process's own standard output.
        Writer out = new BufferedWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8),
                1 << 16);
        try {
            listing.writeTo(out);
            out.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                // The reader, a pager perhaps, has seen enough.
                return ExitCode.OK;
            }
            throw new UserError("disasm " + input.file + ": standard output cannot be written (" + Host.reason(e)
                    + "): write to a file with space left", e);
        }
    }
}
