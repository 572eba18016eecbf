package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.fp.Fpscr;
import org.junit.jupiter.api.Test;

/** Floating-point instructions: storage formats, enabled exceptions, and the FPSCR's own instructions. */
class FloatInstructionTest {
    private static final long ONE = 0x3ff0000000000000L;
    private static final long JUNK = 0x1234_5678_9abc_def0L;

    /** Registers 3 (T), 4 (A), 5 (B), 6 (C). */
    private static int word(int low) {
        return 63 << 26 | 3 << 21 | 4 << 16 | 5 << 11 | 6 << 6 | low;
    }

    @Test
    void singlesChangeFormatByBits() {
        try (TestCpu t = new TestCpu()) {
            int w = word(0) & ~0xffff;
            t.c.setGpr(4, 0x100);
            long[][] pairs = {
                {0x00000001, 0x36a0000000000000L}, {0x807fffff, 0xb80fffffc0000000L}, {0x7f800001, 0x7ff0000020000000L},
                {0xffc01234, 0xfff8024680000000L}, {0x3f800000, ONE}, {0x80000000, 1L << 63}, {0x7f7fffff, 0x47efffffe0000000L},
            };
            for (long[] p : pairs) {
                t.c.mmu.storeWord(0x100, p[0] & 0xffffffffL);
                FloatLoadStore.lfs(t.c, w);
                assertEquals(Long.toHexString(p[1]), Long.toHexString(t.c.vsr[6]));
                assertEquals(0, t.c.vsr[7]);
                FloatLoadStore.stfsu(t.c, w | 8);
                assertEquals(p[0] & 0xffffffffL, t.c.mmu.loadWord(0x108));
                assertEquals(0x108, t.c.gpr(4));
                t.c.setGpr(4, 0x100);
            }
            t.c.vsr[6] = 0x3690000000000000L;
            FloatLoadStore.stfs(t.c, w);
            assertEquals(0, t.c.mmu.loadWord(0x100)); // too small for any single
        }
    }

    @Test
    void pairsFollowTheByteOrder() {
        try (TestCpu t = new TestCpu()) {
            int w = 57 << 26 | 4 << 21 | 4 << 16;
            t.c.setGpr(4, 0x100);
            t.c.mmu.storeDouble(0x100, 1);
            t.c.mmu.storeDouble(0x108, 2);
            FloatLoadStore.lfdp(t.c, w);
            assertEquals(2, t.c.vsr[8]);
            assertEquals(1, t.c.vsr[10]);
            FloatLoadStore.stfdp(t.c, w);
            assertEquals(1, t.c.mmu.loadDouble(0x100));
            t.littleEndian(false);
            t.c.mmu.storeDouble(0x100, 1);
            t.c.mmu.storeDouble(0x108, 2);
            FloatLoadStore.lfdp(t.c, w);
            assertEquals(1, t.c.vsr[8]);
            assertEquals(2, t.c.vsr[10]);
            t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> FloatLoadStore.lfdp(t.c, w | 1 << 21));
        }
    }

    @Test
    void anEnabledInvalidOperationKeepsTheTarget() {
        try (TestCpu t = new TestCpu()) {
            t.c.setFpscr(Fpscr.VE);
            t.c.vsr[6] = JUNK;
            t.c.vsr[8] = 0x7ff4000000000000L;
            t.c.vsr[10] = ONE;
            FloatArith.fadd(t.c, word(1));
            assertEquals(JUNK, t.c.vsr[6]);
            assertEquals(Fpscr.VE | Fpscr.VXSNAN | Fpscr.VX | Fpscr.FEX | Fpscr.FX, t.c.fpscr());
            assertEquals(0xe, t.c.crField(1));
            t.c.setFpscr(Fpscr.VE);
            t.c.setMsr(t.c.msr | Msr.FE0);
            t.assertProgram(Vcpu.PROGRAM_FP, () -> FloatArith.fadd(t.c, word(0)));
        }
    }

    @Test
    void anEnabledInexactExceptionDeliversTheResult() {
        try (TestCpu t = new TestCpu()) {
            t.c.setFpscr(Fpscr.XE);
            t.c.setMsr(t.c.msr | Msr.FE1);
            t.c.vsr[8] = ONE;
            t.c.vsr[10] = 0x3c00000000000000L;
            assertThrows(GuestFault.class, () -> FloatArith.fadd(t.c, word(0)));
            assertEquals(Interrupts.PROGRAM, t.c.fault.vector);
            assertEquals(ONE, t.c.vsr[6]);
            assertEquals(Fpscr.XE | Fpscr.XX | Fpscr.FI | Fpscr.FEX | Fpscr.FX | Fpscr.NORMAL, t.c.fpscr());
        }
    }

    @Test
    void anEnabledExceptionInOneElementKeepsTheWholeVector() {
        try (TestCpu t = new TestCpu()) {
            t.c.setFpscr(Fpscr.ZE);
            int w = 60 << 26 | 3 << 21 | 4 << 16 | 5 << 11;
            t.c.vsr[6] = JUNK;
            t.c.vsr[7] = JUNK;
            t.c.vsr[8] = ONE;
            t.c.vsr[9] = ONE;
            t.c.vsr[10] = ONE;
            t.c.vsr[11] = 0;
            VsxVectorArith.xvdivdp(t.c, w);
            assertEquals(JUNK, t.c.vsr[6]);
            assertEquals(JUNK, t.c.vsr[7]);
            assertEquals(Fpscr.ZE | Fpscr.ZX | Fpscr.FEX | Fpscr.FX, t.c.fpscr());
        }
    }

    @Test
    void fpscrInstructions() {
        try (TestCpu t = new TestCpu()) {
            // mtfsf of everything (L=1): reserved bits stay 0, VX and FEX follow from the others.
            t.c.vsr[10] = -1;
            FpscrMoves.mtfsf(t.c, 63 << 26 | 1 << 25 | 5 << 11);
            assertEquals(Fpscr.DEFINED, t.c.fpscr());
            // mcrfs of field 1 (UX ZX XX VXSNAN) clears it.
            FpscrMoves.mcrfs(t.c, 63 << 26 | 2 << 23 | 1 << 18);
            assertEquals(15, t.c.crField(2));
            assertEquals(0, t.c.fpscr() & (Fpscr.UX | Fpscr.ZX | Fpscr.XX | Fpscr.VXSNAN));
            t.c.setFpscr(0);
            // mtfsb1 of an exception bit (VXSOFT, bit 53) sets FX and VX.
            FpscrMoves.mtfsb1(t.c, 63 << 26 | 21 << 21);
            assertEquals(Fpscr.VXSOFT | Fpscr.VX | Fpscr.FX, t.c.fpscr());
            // mtfsfi 7,2 and mffscrni 1: the rounding mode; the old one is returned.
            FpscrMoves.mtfsfi(t.c, 63 << 26 | 7 << 23 | 2 << 12);
            FpscrMoves.mffscrni(t.c, 63 << 26 | 3 << 21 | 1 << 11);
            assertEquals(2, t.c.vsr[6]);
            assertEquals(1, t.c.fpscr() & Fpscr.RN);
            // mtfsfi 7,5,1: the decimal rounding mode.
            FpscrMoves.mtfsfi(t.c, 63 << 26 | 7 << 23 | 1 << 16 | 5 << 12);
            assertEquals(5, t.c.fpscr() >>> 32);
        }
    }

    @Test
    void negatedMultiplyAddRoundsFirst() {
        try (TestCpu t = new TestCpu()) {
            // 1 * 1 + 2^-63 toward plus infinity is above 1, and then negated.
            t.c.setFpscr(2);
            t.c.vsr[8] = ONE;
            t.c.vsr[12] = ONE;
            t.c.vsr[10] = 0x3c00000000000000L;
            FloatArith.fnmadd(t.c, word(0));
            assertEquals(Double.doubleToRawLongBits(-Math.nextUp(1.0)), t.c.vsr[6]);
        }
    }

    @Test
    void nonJavaModeFlushesDenormals() {
        try (TestCpu t = new TestCpu()) {
            int w = 4 << 26 | 3 << 21 | 4 << 16 | 5 << 11;
            t.c.vsr[72] = 0x00000001_80000001L;
            t.c.vsr[74] = 0x00000000_80000000L;
            VmxFloat.vaddfp(t.c, w);
            assertEquals(0x00000001_80000001L, t.c.vsr[70]);
            t.c.vscr = 1 << 16;
            VmxFloat.vaddfp(t.c, w);
            assertEquals(0x00000000_80000000L, t.c.vsr[70]);
        }
    }
}
