package io.nestling.cli.command;

import java.nio.ByteBuffer;

/** Guests of a few instructions: a kernel file made of words. */
final class TinyGuest {
    /** Counts down a loop, looks at a few special registers, prints "ok" through H_PUT_TERM_CHAR, and then prints whatever is typed. */
    static final int[] ECHO = {
        0x3d000004, // lis    r8,4
        0x7d0903a6, // mtctr  r8
        0x42000000, // bdnz   .
        0x7d3f42a6, // mfpvr  r9
        0x7d3043a6, // mtsprg 0,r9
        0x7d2c42a6, // mftb   r9
        0x7d3603a6, // mtdec  r9
        0x38600058, // li     r3,0x58
        0x38800000, // li     r4,0
        0x38a00003, // li     r5,3
        0x3cc06f6b, // lis    r6,'ok'
        0x60c60a00, // ori    r6,r6,'\n' << 8
        0x78c607c6, // sldi   r6,r6,32
        0x44000022, // sc     1
        0x38600054, // li     r3,0x54           loop: H_GET_TERM_CHAR gives r4 bytes in r5 and r6
        0x38800000, // li     r4,0
        0x44000022, // sc     1
        0x2c240000, // cmpdi  r4,0
        0x4182fff0, // beq    loop
        0x7cc73378, // mr     r7,r6
        0x7ca62b78, // mr     r6,r5
        0x7c852378, // mr     r5,r4
        0x38800000, // li     r4,0
        0x38600058, // li     r3,0x58           H_PUT_TERM_CHAR takes r5 bytes in r6 and r7
        0x44000022, // sc     1
        0x4bffffd4, // b      loop
    };

    private static final int HEADERS = 64 + 56;
    private static final int LOAD_ADDRESS = 0x10000;

    private TinyGuest() {}

    /** The program as a big-endian ELF executable with one segment. */
    static byte[] elf(int... program) {
        int length = 4 * program.length;
        var file = ByteBuffer.allocate(HEADERS + length);
        file.putInt(0x7f454c46).put((byte) 2).put((byte) 2).put((byte) 1).position(16);
        // Executable, 64-bit Power, version; entry; program headers behind this one, no sections; sizes.
        file.putShort((short) 2).putShort((short) 21).putInt(1).putLong(LOAD_ADDRESS).putLong(64).putLong(0).putInt(2)
                .putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
        // Loadable, all permissions; place in the file, in memory; sizes; alignment.
        file.putInt(1).putInt(7).putLong(HEADERS).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS).putLong(length)
                .putLong(length).putLong(LOAD_ADDRESS);
        for (int word : program) {
            file.putInt(word);
        }
        return file.array();
    }
}
