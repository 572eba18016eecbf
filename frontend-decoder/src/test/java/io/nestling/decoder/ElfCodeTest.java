package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfCodeTest {
    @TempDir
    Path directory;

    /** An ELF file with one executable section, one symbol table and three symbols, laid out by our own assembler. */
    private static byte[] elf(ByteOrder order) {
        int little = order == ByteOrder.LITTLE_ENDIAN ? 1 : 2;
        return Assembler.assemble("""
                        .byte   0x7f,'E','L','F',2,%d,1,0 ; .quad 0
                        .short  2,21 ; .long 1 ; .quad 0x10000 ; .quad 0 ; .quad sections ; .long 0 ; .short 64,0,0,64,4,3
                code:   li      r3,1
                        bl      code+12
                        b       code
                        blr
                code_end:
                symbols: .skip 24
                        .long   7 ; .byte 2,0 ; .short 1 ; .quad 0x10000 ; .quad 12
                        .long   13 ; .byte 2,0 ; .short 1 ; .quad 0x1000c ; .quad 4
                symbols_end:
                strings: .asciz "" ; .ascii ".text\0" ; .ascii "start\0" ; .ascii "leaf\0"
                        .balign 8
                sections: .skip 64
                        .long   1,1 ; .quad 4,0x10000,code,code_end-code ; .long 0,0 ; .quad 4,0
                        .long   0,2 ; .quad 0,0,symbols,symbols_end-symbols ; .long 3,0 ; .quad 8,24
                        .long   0,3 ; .quad 0,0,strings,sections-strings ; .long 0,0 ; .quad 1,0
                """.formatted(little), 0, order).code();
    }

    private String list(byte[] file) throws IOException {
        StringBuilder out = new StringBuilder();
        new Listing(ElfCode.read(Files.write(directory.resolve("file"), file))).writeTo(out);
        return out.toString();
    }

    @Test
    void listsCodeWithSymbolsInBothByteOrders() throws IOException {
        String expected = """

                Disassembly of section .text:

                0000000000010000 <start>:
                10000:\t01 00 60 38 \tli      r3,1
                10004:\t09 00 00 48 \tbl      1000c <leaf>
                10008:\tf8 ff ff 4b \tb       10000 <start>

                000000000001000c <leaf>:
                1000c:\t20 00 80 4e \tblr
                """;
        assertEquals(expected, list(elf(ByteOrder.LITTLE_ENDIAN)));
        assertEquals(expected.replace("01 00 60 38", "38 60 00 01").replace("09 00 00 48", "48 00 00 09")
                .replace("f8 ff ff 4b", "4b ff ff f8").replace("20 00 80 4e", "4e 80 00 20"), list(elf(ByteOrder.BIG_ENDIAN)));
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        byte[] arm = elf(ByteOrder.LITTLE_ENDIAN);
        arm[18] = (byte) 183;
        assertEquals("not an ELF file", assertThrows(IOException.class, () -> list(new byte[100])).getMessage());
        assertEquals("not an ELF file", assertThrows(IOException.class, () -> list(new byte[0])).getMessage());
        assertEquals("an ELF file for machine 183, not for 64-bit PowerPC", assertThrows(IOException.class, () -> list(arm)).getMessage());
    }

    @Test
    void damagedFilesAreReportedAndNothingElse() {
        Random random = new Random(5);
        byte[] good = elf(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 5000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int k = random.nextInt(4); k >= 0 && bad.length > 0; k--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                list(bad);
            } catch (IOException e) {
                // A message is all that may come of it; any other exception fails the test.
            }
        }
    }
}
