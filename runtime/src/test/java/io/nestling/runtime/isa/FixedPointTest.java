package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Declets;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FixedPointTest {
    private static final int OE = 0x400;
    private static final int RC = 1;

    private final TestCpu t = new TestCpu();
    private final Vcpu c = t.c;

    @AfterEach
    void close() {
        t.close();
    }

    private void operands(long a, long b) {
        c.setGpr(4, a);
        c.setGpr(5, b);
    }

    /** SO OV OV32 CA CA32 as five digits. */
    private String flags() {
        return "" + c.so + c.ov + c.ov32 + c.ca + c.ca32();
    }

    @Test
    void carryAndOverflowHaveA64BitAndA32BitForm() {
        operands(0x7fffffffffffffffL, 1);
        FixedArith.add(c, TestCpu.word(OE | RC));
        assertEquals("11000", flags());
        assertEquals(9, c.crField(0), "negative, summary overflow");
        c.setSo(0);
        operands(0x7fffffff, 1);
        FixedArith.addc(c, TestCpu.word(OE | RC));
        assertEquals("00100", flags());
        assertEquals(4, c.crField(0));
        operands(0xffffffffL, 1);
        FixedArith.addc(c, TestCpu.word(OE));
        assertEquals("00001", flags());
        operands(-1, 1);
        FixedArith.addc(c, TestCpu.word(OE | RC));
        assertEquals("00011", flags());
        assertEquals(2, c.crField(0));
    }

    @Test
    void in32BitModeCarryOverflowAndCr0DescribeTheLowWord() {
        t.mode32();
        operands(0x7fffffff, 1);
        FixedArith.addc(c, TestCpu.word(OE | RC));
        assertEquals("11100", flags());
        assertEquals(9, c.crField(0));
        assertEquals(0x80000000L, c.gpr(3), "the register is 64 bits wide all the same");
        c.setSo(0);
        operands(0xffffffffL, 1);
        FixedArith.addc(c, TestCpu.word(OE | RC));
        assertEquals("00011", flags());
        assertEquals(2, c.crField(0));
    }

    @Test
    void carryChains() {
        c.ca = 1;
        operands(-1, 0);
        FixedArith.adde(c, TestCpu.word(0));
        assertEquals(0, c.gpr(3));
        assertEquals("00011", flags());
        FixedArith.subfme(c, TestCpu.word(0));
        assertEquals(0, c.gpr(3), "0 - 1 + 1");
        assertEquals("00011", flags());
        c.ca = 0;
        FixedArith.subfze(c, TestCpu.word(0));
        assertEquals(0, c.gpr(3));
        assertEquals("00000", flags());
        c.ca = 1;
        operands(5, 5);
        FixedArith.subfe(c, TestCpu.word(0));
        assertEquals(0, c.gpr(3));
        assertEquals("00011", flags());
    }

    @Test
    void negOverflowsOnlyForTheMostNegativeNumber() {
        operands(Long.MIN_VALUE, 0);
        FixedArith.neg(c, TestCpu.word(OE));
        assertEquals("11000", flags());
        c.setSo(0);
        operands(0x80000000L, 0);
        FixedArith.neg(c, TestCpu.word(OE));
        assertEquals("00100", flags());
    }

    @Test
    void addexCarriesThroughOverflowAndLeavesSummaryAlone() {
        c.ov = 1;
        operands(-1, 0);
        FixedArith.addex(c, TestCpu.word(170 << 1));
        assertEquals(0, c.gpr(3));
        assertEquals("01100", flags());
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> FixedArith.addex(c, TestCpu.word(170 << 1 | 0x200)));
    }

    @Test
    void divisionsWithoutAResultSetOverflow() {
        operands(Long.MIN_VALUE, -1);
        FixedArith.divd(c, TestCpu.word(OE));
        assertEquals("11100", flags());
        c.setSo(0);
        operands(7, 0);
        FixedArith.divdu(c, TestCpu.word(OE));
        assertEquals("11100", flags());
        operands(7, 2);
        FixedArith.divdu(c, TestCpu.word(OE));
        assertEquals("10000", flags(), "SO is sticky");
        operands(0x80000000L, -1);
        FixedArith.modsw(c, TestCpu.word(0));
        assertEquals(0, c.gpr(3));
    }

    @Test
    void extendedDivisionAgreesWithBigIntegers() {
        Random random = new Random(1);
        for (int i = 0; i < 20000; i++) {
            long b = random.nextLong() >> random.nextInt(64);
            long a = random.nextLong() >> random.nextInt(64);
            if (b != 0 && random.nextBoolean()) {
                a %= b;
            }
            operands(a, b);
            BigInteger quotient = b == 0 ? null
                    : BigInteger.valueOf(a).shiftLeft(64).divide(BigInteger.valueOf(b));
            boolean fits = quotient != null && quotient.bitLength() <= 63;
            FixedArith.divde(c, TestCpu.word(OE));
            assertEquals(fits ? quotient.longValue() : 0, c.gpr(3), "divde " + a + " " + b);
            assertEquals(fits ? 0 : 1, c.ov);
            quotient = b == 0 ? null : unsigned(a).shiftLeft(64).divide(unsigned(b));
            fits = quotient != null && quotient.bitLength() <= 64;
            FixedArith.divdeu(c, TestCpu.word(OE));
            assertEquals(fits ? quotient.longValue() : 0, c.gpr(3), "divdeu " + a + " " + b);
            assertEquals(fits ? 0 : 1, c.ov);
        }
    }

    @Test
    void multiplyAddHighAgreesWithBigIntegers() {
        Random random = new Random(2);
        for (int i = 0; i < 10000; i++) {
            operands(random.nextLong(), random.nextLong() >> random.nextInt(64));
            c.setGpr(6, random.nextLong() >> random.nextInt(64));
            BigInteger signed = BigInteger.valueOf(c.gpr(4)).multiply(BigInteger.valueOf(c.gpr(5)))
                    .add(BigInteger.valueOf(c.gpr(6)));
            FixedArith.maddhd(c, TestCpu.word(6 << 6));
            assertEquals(signed.shiftRight(64).longValue(), c.gpr(3));
            FixedArith.maddhdu(c, TestCpu.word(6 << 6));
            assertEquals(unsigned(c.gpr(4)).multiply(unsigned(c.gpr(5))).add(unsigned(c.gpr(6))).shiftRight(64)
                    .longValue(), c.gpr(3));
        }
    }

    private static BigInteger unsigned(long v) {
        return new BigInteger(Long.toUnsignedString(v));
    }

    @Test
    void addpcisCountsFromTheNextInstruction() {
        FixedArith.addpcis(c, 19 << 26 | 3 << 21 | 0x1f << 16 | 0xffc0 | 2 << 1 | 1, 0x20000);
        assertEquals(0x20004 - 0x10000, c.gpr(3));
    }

    @Test
    void rotateMasksWrapThroughTheHighWord() {
        c.setGpr(3, 0x12345678L);
        // rlwinm 4,3,0,28,3
        Rotate.rlwinm(c, 21 << 26 | 3 << 21 | 4 << 16 | 28 << 6 | 3 << 1);
        assertEquals(0x1234567810000008L, c.gpr(4));
        // rlwinm 4,3,4,0,31
        Rotate.rlwinm(c, 21 << 26 | 3 << 21 | 4 << 16 | 4 << 11 | 31 << 1);
        assertEquals(0x23456781L, c.gpr(4));
    }

    @Test
    void algebraicShiftsCarryLostOnesOfNegativeNumbers() {
        c.setGpr(3, -8);
        c.setGpr(5, 3);
        Rotate.srad(c, TestCpu.word(0));
        assertEquals("00000", flags());
        c.setGpr(5, 4);
        Rotate.srad(c, TestCpu.word(0));
        assertEquals("00011", flags());
        c.setGpr(5, 64);
        Rotate.srad(c, TestCpu.word(0));
        assertEquals(-1, c.gpr(4));
        assertEquals("00011", flags());
        c.setGpr(3, 0xffffffffL);
        c.setGpr(5, 32);
        Rotate.sraw(c, TestCpu.word(0));
        assertEquals(-1, c.gpr(4));
        assertEquals("00011", flags());
        c.setGpr(3, 0x7fffffff);
        Rotate.sraw(c, TestCpu.word(0));
        assertEquals(0, c.gpr(4));
        assertEquals("00000", flags());
        c.setGpr(5, 64);
        Rotate.slw(c, TestCpu.word(0));
        assertEquals(0x7fffffff, c.gpr(4), "only six bits of the count matter to a word");
    }

    @Test
    void comparesAndSelections() {
        c.setSo(1);
        operands(0xffffffff00000001L, 2);
        Compare.cmp(c, 31 << 26 | 7 << 23 | 1 << 21 | 4 << 16 | 5 << 11);
        assertEquals(9, c.crField(7));
        Compare.cmpl(c, 31 << 26 | 6 << 23 | 1 << 21 | 4 << 16 | 5 << 11);
        assertEquals(5, c.crField(6));
        Compare.cmp(c, 31 << 26 | 5 << 23 | 4 << 16 | 5 << 11);
        assertEquals(9, c.crField(5));
        Compare.setb(c, 31 << 26 | 3 << 21 | 6 << 18);
        assertEquals(1, c.gpr(3));
        operands('m', 0x7a6d615aL);
        Compare.cmpeqb(c, 31 << 26 | 4 << 16 | 5 << 11);
        assertEquals(4, c.crField(0));
        operands('m', 0x7a6e615aL);
        Compare.cmpeqb(c, 31 << 26 | 4 << 16 | 5 << 11);
        assertEquals(0, c.crField(0));
        operands('m', 0x7a615a41L);
        Compare.cmprb(c, 31 << 26 | 4 << 16 | 5 << 11);
        assertEquals(0, c.crField(0));
        Compare.cmprb(c, 31 << 26 | 1 << 21 | 4 << 16 | 5 << 11);
        assertEquals(4, c.crField(0));
    }

    @Test
    void byteOperations() {
        c.setGpr(3, 0x0102030405060700L);
        c.setGpr(5, 0x0100030005000780L);
        FixedLogic.cmpb(c, TestCpu.word(0));
        assertEquals(0xff00ff00ff00ff00L, c.gpr(4));
        c.setGpr(3, 0x3f00ff40_00000001L);
        c.setGpr(5, 0x8000000000000001L);
        FixedLogic.bpermd(c, TestCpu.word(0));
        assertEquals(0b1100_1110, c.gpr(4));
    }

    @Test
    void conditionRegisterFields() {
        c.setCr(0x12345678);
        c.setGpr(3, 0xffffffffL);
        CrLogical.mtcrf(c, 31 << 26 | 3 << 21 | 0xa1 << 12);
        assertEquals(0xf2f4567f, c.cr());
        CrLogical.mfocrf(c, 31 << 26 | 3 << 21 | 1 << 20 | 0x08 << 12);
        assertEquals(0x00005000, c.gpr(3));
        CrLogical.crxor(c, 19 << 26 | 31 << 21 | 0 << 16 | 3 << 11);
        assertEquals(0xf2f4567e, c.cr());
        c.setXer(0x60040000L);
        CrLogical.mcrxrx(c, 31 << 26);
        assertEquals(0b1011, c.crField(0));
    }

    @Test
    void decletsRoundTrip() {
        for (int n = 0; n < 1000; n++) {
            int bcd = n / 100 << 8 | n / 10 % 10 << 4 | n % 10;
            assertEquals(bcd, Declets.toBcd(Declets.fromBcd(bcd)));
        }
        assertEquals(0x0ff, Declets.fromBcd(0x999), "redundant encodings are not produced");
        assertEquals(0x00a, Declets.fromBcd(0x080));
        assertEquals(0x999, Declets.toBcd(0x3ff), "but understood");
    }

    @Test
    void trapsCompareWordsOrDoublewords() {
        operands(0x100000000L, 0);
        Trap.tw(c, 31 << 26 | 8 << 21 | 4 << 16 | 5 << 11);
        t.assertProgram(Vcpu.PROGRAM_TRAP, () -> Trap.td(c, 31 << 26 | 8 << 21 | 4 << 16 | 5 << 11));
        operands(0xffffffffL, 0);
        t.assertProgram(Vcpu.PROGRAM_TRAP, () -> Trap.tw(c, 31 << 26 | 1 << 21 | 4 << 16 | 5 << 11));
    }
}
