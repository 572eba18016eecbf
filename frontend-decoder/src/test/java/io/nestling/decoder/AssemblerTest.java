package io.nestling.decoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    private static final long ADDRESS = 0x1000;

    @Test
    void disassembledTextAssemblesToTheSameWord() {
        Random random = new Random(4);
        List<String> wrong = new ArrayList<>();
        for (Insn row : Isa.rows()) {
            for (Form form : row.forms()) {
                for (int i = 0; i < 40; i++) {
                    checkRoundTrip(Encodings.random(row, form, random), wrong);
                }
            }
        }
        for (int i = 0; i < 100_000; i++) {
            checkRoundTrip(random.nextInt(), wrong);
        }
        assertEquals(List.of(), wrong.subList(0, Math.min(20, wrong.size())));
    }

    private static void checkRoundTrip(int word, List<String> wrong) {
        String text = Disassembler.disassemble(word, ADDRESS);
        if (text.startsWith(".long")) {
            return;
        }
        try {
            int again = Assembler.word(text, ADDRESS);
            boolean same = again == word || hasSeveralEncodings(word) && Disassembler.disassemble(again, ADDRESS).equals(text);
            if (!same) {
                wrong.add(String.format("%08x -> %s -> %08x", word, text, again));
            }
        } catch (AssemblyException e) {
            wrong.add(String.format("%08x -> %s -> %s", word, text, e.getMessage()));
        }
    }

    /** Texts leave out ignored bits, the old hint bits of branches, and the stream of dssall. */
    private static boolean hasSeveralEncodings(int word) {
        Insn row = Isa.row(Decoder.decode(word));
        return (word & row.ignored()) != 0 || row.op() == Op.BC || row.op() == Op.DSS;
    }

    @Test
    void labelsExpressionsAndDirectives() {
        Assembler.Program program = Assembler.assemble("""
                # a loop, and data behind it
                        .set    COUNT, 5
                start:  li      r3,COUNT*2
                        lis     r4,data@ha
                        addi    r4,r4,data@l
                        mtctr   r3
                1:      lbz     r5,0(r4) ; addi r4,r4,1
                        cmpwi   cr7,r5,'z'
                        beq     cr7,2f
                        bdnz    1b
                2:      blr
                        .align  3
                data:   .quad   start
                        .long   end - data
                        .ascii  "a\\n"
                        .byte   1,2
                end:
                """, 0x18000, ByteOrder.BIG_ENDIAN);
        assertEquals(0x18028, program.symbols().get("data"));
        assertEquals(0x18000 + program.code().length, program.symbols().get("end"));
        int[] words = {0x3860000a, 0x3c800002, 0x38848028, 0x7c6903a6, 0x88a40000, 0x38840001, 0x2f85007a, 0x419e0008, 0x4200fff0,
            0x4e800020, 0, 0x18000, 16, 0x610a0102};
        for (int i = 0; i < words.length; i++) {
            assertEquals(Integer.toHexString(words[i]), Integer.toHexString(java.nio.ByteBuffer.wrap(program.code()).getInt(4 * i)), "word " + i);
        }
    }

    @Test
    void littleEndianSwapsInstructionsAndNumbersButNotStrings() {
        assertArrayEquals(new byte[] {0x20, 0, (byte) 0x80, 0x4e, 4, 3, 2, 1, 'o', 'k'},
                Assembler.assemble("blr; .long 0x01020304; .ascii \"ok\"", 0));
    }

    @Test
    void mnemonicsOnlyTheAssemblerKnows() {
        assertEquals(0x3863ffff, Assembler.word("subi r3,r3,1", 0));
        assertEquals(0x7c641850, Assembler.word("sub r3,r3,r4", 0));
        assertEquals(0x38610010, Assembler.word("la r3,16(r1)", 0));
        assertEquals(0x3c60ffff, Assembler.word("lis r3,0xffff", 0));
    }

    @Test
    void mistakesAreNamedWithTheirLine() {
        for (String bad : List.of("frobnicate r1", "addi r1,r2", "addi r1,r2,40000", "ld r3,2(r4)", "lwz r3,4", "b nowhere", "li r32,0",
                "b 1f", ".long 1/0", ".ascii nothing", ".quux", "lbzu r3,0(r0)", "addi r1,r2,3)", "a: a:", ".skip -1", ".long 0xg")) {
            AssemblyException e = assertThrows(AssemblyException.class, () -> Assembler.assemble("nop\n" + bad, 0), bad);
            assertTrue(e.getMessage().startsWith("line 2: "), e.getMessage());
        }
    }
}
