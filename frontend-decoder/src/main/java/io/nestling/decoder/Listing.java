package io.nestling.decoder;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Lists the code of an ELF file: for every word its address, its bytes and its text, with the names of symbols. */
public final class Listing {
    private final ElfCode elf;

    /** A listing of {@code elf}. */
    public Listing(ElfCode elf) {
        this.elf = elf;
    }

    /** Writes all executable sections to {@code out}. */
    public void writeTo(Appendable out) throws IOException {
        for (ElfCode.Section section : elf.sections()) {
            out.append("\nDisassembly of section ").append(section.name()).append(":\n");
            ByteBuffer code = section.code();
            for (int at = 0; at + 4 <= code.limit(); at += 4) {
                long address = section.address() + at;
                String symbol = elf.symbolAt(address);
                if (symbol != null) {
                    out.append('\n').append(String.format("%016x", address)).append(" <").append(symbol).append(">:\n");
                }
                out.append(line(code, at, address)).append('\n');
            }
        }
    }

    private String line(ByteBuffer code, int at, long address) {
        StringBuilder line = new StringBuilder(64);
        line.append(Long.toHexString(address)).append(":\t");
        for (int i = 0; i < 4; i++) {
            int b = code.get(at + i);
            line.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16)).append(' ');
        }
        return line.append('\t').append(Disassembler.disassemble(code.getInt(at), address, this::target)).toString();
    }

    private String target(long address) {
        String symbol = elf.describe(address);
        return symbol.isEmpty() ? Long.toHexString(address) : Long.toHexString(address) + " " + symbol;
    }
}
