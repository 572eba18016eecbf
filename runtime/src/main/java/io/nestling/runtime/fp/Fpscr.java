package io.nestling.runtime.fp;

import io.nestling.runtime.cpu.CpuState;

/**
 * Bits of the floating-point status and control register and the rules that tie them together (Power ISA 3.0B, Book I,
 * 4.2.2, 4.4 and 7.4). Non-IEEE mode (NI) may be set and read but has no effect, as on POWER9.
 */
public final class Fpscr {
    private Fpscr() {}

    /** Rounding mode, two bits: nearest even, toward zero, toward +infinity, toward -infinity. */
    public static final long RN = 3;
    public static final long NI = 1L << 2;
    public static final long XE = 1L << 3;
    public static final long ZE = 1L << 4;
    public static final long UE = 1L << 5;
    public static final long OE = 1L << 6;
    public static final long VE = 1L << 7;
    public static final long VXCVI = 1L << 8;
    public static final long VXSQRT = 1L << 9;
    public static final long VXSOFT = 1L << 10;
    /** Condition half of FPRF: less, greater, equal, unordered. */
    public static final long FPCC = 15L << 12;
    /** Result flags: class bit C and FPCC. */
    public static final long FPRF = 31L << 12;
    public static final long FI = 1L << 17;
    public static final long FR = 1L << 18;
    public static final long VXVC = 1L << 19;
    public static final long VXIMZ = 1L << 20;
    public static final long VXZDZ = 1L << 21;
    public static final long VXIDI = 1L << 22;
    public static final long VXISI = 1L << 23;
    public static final long VXSNAN = 1L << 24;
    public static final long XX = 1L << 25;
    public static final long ZX = 1L << 26;
    public static final long UX = 1L << 27;
    public static final long OX = 1L << 28;
    public static final long VX = 1L << 29;
    public static final long FEX = 1L << 30;
    public static final long FX = 1L << 31;
    /** Decimal rounding mode, three bits. */
    public static final long DRN = 7L << 32;

    /** VE, OE, UE, ZE, XE. */
    public static final long ENABLES = VE | OE | UE | ZE | XE;
    /** All causes of an invalid operation. */
    public static final long ALL_VX = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI;
    /** All bits whose change from 0 to 1 sets FX. */
    public static final long EXCEPTIONS = ALL_VX | OX | UX | ZX | XX;
    /** If any of these is set, the host's arithmetic cannot be used as it is. */
    public static final long NOT_PLAIN = RN | ENABLES;
    /** Bits that software may set: all but the reserved ones. */
    public static final long DEFINED = 0xffff_f7ffL | DRN;

    /** Distance between an exception bit (VX, OX, UX, ZX, XX) and its enable bit. */
    private static final int ENABLE_DISTANCE = 22;

    // FPRF values.
    public static final long QUIET_NAN = 0x11L << 12;
    /** Of decimals only. */
    public static final long SIGNALLING_NAN = 0x01L << 12;
    public static final long INFINITY = 0x05L << 12;
    public static final long NORMAL = 0x04L << 12;
    public static final long DENORMAL = 0x14L << 12;
    public static final long ZERO = 0x02L << 12;

    /** FPRF of a double. */
    public static long classOf(long bits) {
        int e = (int) (bits >>> 52) & 0x7ff;
        // One unsigned comparison separates the normal numbers, for which GT (4) or LT (8) is set by sign.
        return Integer.compareUnsigned(e - 1, 0x7fe) < 0 ? NORMAL << (bits >>> 63) : classOfSpecial(bits, e);
    }

    private static long classOfSpecial(long bits, int e) {
        boolean fraction = bits << 12 != 0;
        boolean negative = bits < 0;
        if (e == 0x7ff) {
            return fraction ? QUIET_NAN : signed(INFINITY, negative);
        }
        return signed(fraction ? DENORMAL : ZERO, negative);
    }

    /** The FPRF value of the same class with the given sign; classes are given as positive. */
    public static long signed(long fprf, boolean negative) {
        if (!negative) {
            return fprf;
        }
        // Zero has C as its sign, the other classes change GT to LT.
        return fprf == ZERO ? 0x12L << 12 : fprf ^ 0xcL << 12;
    }

    /** Sets exception bits, FX if one of them is new, and the summary bits VX and FEX. */
    public static long raise(long fpscr, long flags) {
        long fresh = flags & EXCEPTIONS & ~fpscr;
        return summarize(fpscr | flags | (fresh != 0 ? FX : 0));
    }

    /** Recomputes VX and FEX. */
    public static long summarize(long fpscr) {
        long f = fpscr & ~(VX | FEX);
        if ((f & ALL_VX) != 0) {
            f |= VX;
        }
        return enabled(f, f) ? f | FEX : f;
    }

    /** True if one of the exceptions (VX as a summary) in {@code flags} is enabled in {@code fpscr}. */
    private static boolean enabled(long fpscr, long flags) {
        return (flags >>> ENABLE_DISTANCE & fpscr & ENABLES) != 0;
    }

    /**
     * Completes a scalar operation.
     *
     * @param flags exceptions raised, FR and FI
     * @param fprf class of the result
     * @return false if an enabled exception keeps the target from being written
     */
    public static boolean commitScalar(CpuState s, long flags, long fprf) {
        boolean write = !suppressed(s.fpscr, flags);
        if (!write) {
            PendingStatus.settle(s);
        }
        PendingStatus.drop(s);
        long f = s.fpscr & ~(FR | FI);
        if (write) {
            f = f & ~FPRF | fprf;
        }
        s.fpscr = raise(f, flags);
        return write;
    }

    /** True if the flags hold an enabled invalid-operation or zero-divide exception. */
    public static boolean suppressed(long fpscr, long flags) {
        return (fpscr & VE) != 0 && (flags & ALL_VX) != 0 || (fpscr & ZE) != 0 && (flags & ZX) != 0;
    }

    /**
     * Completes a vector operation: FR, FI and FPRF stay, and any enabled exception in any element keeps the whole target
     * from being written (7.4).
     *
     * @return false if the target must not be written
     */
    public static boolean commitVector(CpuState s, long flags) {
        long f = flags & EXCEPTIONS;
        if ((f & ALL_VX) != 0) {
            f |= VX;
        }
        s.fpscr = raise(s.fpscr, f);
        return !enabled(s.fpscr, f);
    }
}
