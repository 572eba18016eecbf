package io.nestling.runtime.isa;

import static io.nestling.decoder.Fields.oe;
import static io.nestling.decoder.Fields.ra;
import static io.nestling.decoder.Fields.rb;
import static io.nestling.decoder.Fields.rc;
import static io.nestling.decoder.Fields.recordBit;
import static io.nestling.decoder.Fields.rt;
import static io.nestling.decoder.Fields.si;

import io.nestling.runtime.cpu.Vcpu;

/**
 * Fixed-point arithmetic (Power ISA 3.0B, Book I, 3.3.9). One method per row of the instruction table, named after it;
 * OE and Rc are bits of the word. CA and OV describe 64 bits in 64-bit mode and 32 in 32-bit mode; CA32 and OV32
 * always describe 32.
 */
public final class FixedArith {
    private FixedArith() {}

    /** Any of OE and Rc. */
    private static final int OE_OR_RC = 0x401;

    // ---- results and flags --------------------------------------------------------------------------------------

    /** Writes {@code a + b + carryIn}; OV from the operands, CR0 from the result. */
    private static void sum(Vcpu c, int w, long a, long b, int carryIn) {
        long r = a + b + carryIn;
        c.setGpr(rt(w), r);
        if ((w & OE_OR_RC) != 0) {
            sumFlags(c, w, a, b, r);
        }
    }

    /** As {@link #sum}, and sets CA and CA32. */
    private static void sumCarrying(Vcpu c, int w, long a, long b, int carryIn) {
        long r = a + b + carryIn;
        c.setGpr(rt(w), r);
        carry(c, a, b, r);
        if ((w & OE_OR_RC) != 0) {
            sumFlags(c, w, a, b, r);
        }
    }

    private static void carry(Vcpu c, long a, long b, long r) {
        c.carries = a ^ b ^ r;
        c.ca = c.eaMask == -1 ? carryOut(a, b, r) : c.ca32();
    }

    /** Carry out of bit 0 of {@code r = a + b + carry}. */
    public static int carryOut(long a, long b, long r) {
        return (int) ((a & b | (a | b) & ~r) >>> 63);
    }

    private static void sumFlags(Vcpu c, int w, long a, long b, long r) {
        if (oe(w)) {
            long v = (a ^ r) & (b ^ r);
            overflow(c, (int) (v >>> 63), (int) v >>> 31);
        }
        if (recordBit(w)) {
            c.recordCr0(r);
        }
    }

    private static void overflow(Vcpu c, int ov64, int ov32) {
        c.ov = c.eaMask == -1 ? ov64 : ov32;
        c.ov32 = ov32;
        c.setSo(c.so | c.ov);
    }

    /** Writes the result of a multiplication or division, whose OV and OV32 are the same in both modes. */
    private static void product(Vcpu c, int w, long r, boolean overflow) {
        c.setGpr(rt(w), r);
        if (oe(w)) {
            int v = overflow ? 1 : 0;
            c.ov = v;
            c.ov32 = v;
            c.setSo(c.so | v);
        }
        if (recordBit(w)) {
            c.recordCr0(r);
        }
    }

    /** Writes a result that has Rc at most. */
    private static void plain(Vcpu c, int w, long r) {
        c.setGpr(rt(w), r);
        if (recordBit(w)) {
            c.recordCr0(r);
        }
    }

    private static long orZero(Vcpu c, int ra) {
        return ra == 0 ? 0 : c.gpr(ra);
    }

    // ---- addition and subtraction -------------------------------------------------------------------------------

    public static void addi(Vcpu c, int w) {
        c.setGpr(rt(w), orZero(c, ra(w)) + si(w));
    }

    public static void addis(Vcpu c, int w) {
        c.setGpr(rt(w), orZero(c, ra(w)) + (si(w) << 16));
    }

    /** D is d0 (bits 16..25), d1 (11..15), d2 (31). */
    public static void addpcis(Vcpu c, int w, long pc) {
        int d = (short) (w & 0xffc0 | w >>> 15 & 0x3e | w & 1);
        c.setGpr(rt(w), c.ea(pc + 4) + ((long) d << 16));
    }

    public static void add(Vcpu c, int w) {
        sum(c, w, c.gpr(ra(w)), c.gpr(rb(w)), 0);
    }

    public static void subf(Vcpu c, int w) {
        sum(c, w, ~c.gpr(ra(w)), c.gpr(rb(w)), 1);
    }

    public static void neg(Vcpu c, int w) {
        sum(c, w, ~c.gpr(ra(w)), 0, 1);
    }

    public static void addic(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = si(w);
        long r = a + b;
        c.setGpr(rt(w), r);
        carry(c, a, b, r);
    }

    public static void addic_(Vcpu c, int w) {
        addic(c, w);
        c.recordCr0(c.gpr(rt(w)));
    }

    public static void subfic(Vcpu c, int w) {
        long a = ~c.gpr(ra(w));
        long b = si(w);
        long r = a + b + 1;
        c.setGpr(rt(w), r);
        carry(c, a, b, r);
    }

    public static void addc(Vcpu c, int w) {
        sumCarrying(c, w, c.gpr(ra(w)), c.gpr(rb(w)), 0);
    }

    public static void subfc(Vcpu c, int w) {
        sumCarrying(c, w, ~c.gpr(ra(w)), c.gpr(rb(w)), 1);
    }

    public static void adde(Vcpu c, int w) {
        sumCarrying(c, w, c.gpr(ra(w)), c.gpr(rb(w)), c.ca);
    }

    public static void subfe(Vcpu c, int w) {
        sumCarrying(c, w, ~c.gpr(ra(w)), c.gpr(rb(w)), c.ca);
    }

    public static void addme(Vcpu c, int w) {
        sumCarrying(c, w, c.gpr(ra(w)), -1, c.ca);
    }

    public static void subfme(Vcpu c, int w) {
        sumCarrying(c, w, ~c.gpr(ra(w)), -1, c.ca);
    }

    public static void addze(Vcpu c, int w) {
        sumCarrying(c, w, c.gpr(ra(w)), 0, c.ca);
    }

    public static void subfze(Vcpu c, int w) {
        sumCarrying(c, w, ~c.gpr(ra(w)), 0, c.ca);
    }

    /** Carries through OV instead of CA; CY values other than 0 are reserved. SO is not changed. */
    public static void addex(Vcpu c, int w) {
        if ((w & 0x600) != 0) {
            throw c.illegal();
        }
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        long r = a + b + c.ov;
        c.setGpr(rt(w), r);
        c.ov32 = (int) ((a ^ b ^ r) >>> 32) & 1;
        c.ov = c.eaMask == -1 ? carryOut(a, b, r) : c.ov32;
    }

    /** BCD assist: a 6 in every nibble whose decimal carry out is 0 (Book I, 3.3.15). */
    public static void addg6s(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        long r = a + b;
        // Carry into bit 4(i+1) is the carry out of nibble i; the last one comes from the full adder.
        long carries = (a ^ b ^ r) >>> 4 & 0x0111111111111111L | (long) carryOut(a, b, r) << 60;
        c.setGpr(rt(w), (carries ^ 0x1111111111111111L) * 6);
    }

    // ---- multiplication -----------------------------------------------------------------------------------------

    public static void mulli(Vcpu c, int w) {
        c.setGpr(rt(w), c.gpr(ra(w)) * si(w));
    }

    public static void mullw(Vcpu c, int w) {
        long r = (long) (int) c.gpr(ra(w)) * (int) c.gpr(rb(w));
        product(c, w, r, r != (int) r);
    }

    public static void mulld(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        long r = a * b;
        if ((w & OE_OR_RC) == 0) {
            c.setGpr(rt(w), r);
        } else {
            product(c, w, r, Math.multiplyHigh(a, b) != r >> 63);
        }
    }

    /** RT bits 0..31 are undefined; zero here. */
    public static void mulhw(Vcpu c, int w) {
        plain(c, w, (long) (int) c.gpr(ra(w)) * (int) c.gpr(rb(w)) >>> 32);
    }

    /** RT bits 0..31 are undefined; zero here. */
    public static void mulhwu(Vcpu c, int w) {
        plain(c, w, (c.gpr(ra(w)) & 0xffffffffL) * (c.gpr(rb(w)) & 0xffffffffL) >>> 32);
    }

    public static void mulhd(Vcpu c, int w) {
        plain(c, w, Math.multiplyHigh(c.gpr(ra(w)), c.gpr(rb(w))));
    }

    public static void mulhdu(Vcpu c, int w) {
        plain(c, w, Math.unsignedMultiplyHigh(c.gpr(ra(w)), c.gpr(rb(w))));
    }

    public static void maddld(Vcpu c, int w) {
        c.setGpr(rt(w), c.gpr(ra(w)) * c.gpr(rb(w)) + c.gpr(rc(w)));
    }

    public static void maddhd(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        long addend = c.gpr(rc(w));
        long low = a * b;
        c.setGpr(rt(w), Math.multiplyHigh(a, b) + (addend >> 63) + carryOut(low, addend, low + addend));
    }

    public static void maddhdu(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        long addend = c.gpr(rc(w));
        long low = a * b;
        c.setGpr(rt(w), Math.unsignedMultiplyHigh(a, b) + carryOut(low, addend, low + addend));
    }

    // ---- division: results the book leaves undefined are the dividend, or 0 for the extended forms ---------------

    public static void divw(Vcpu c, int w) {
        int a = (int) c.gpr(ra(w));
        int b = (int) c.gpr(rb(w));
        boolean undefined = b == 0 || a == Integer.MIN_VALUE && b == -1;
        product(c, w, (undefined ? a : a / b) & 0xffffffffL, undefined);
    }

    public static void divwu(Vcpu c, int w) {
        int a = (int) c.gpr(ra(w));
        int b = (int) c.gpr(rb(w));
        product(c, w, (b == 0 ? a : Integer.divideUnsigned(a, b)) & 0xffffffffL, b == 0);
    }

    public static void divwe(Vcpu c, int w) {
        long a = c.gpr(ra(w)) << 32;
        int b = (int) c.gpr(rb(w));
        boolean undefined = b == 0 || a == Long.MIN_VALUE && b == -1;
        long r = undefined ? 0 : a / b;
        if (r != (int) r) {
            undefined = true;
            r = 0;
        }
        product(c, w, r, undefined);
    }

    public static void divweu(Vcpu c, int w) {
        long a = c.gpr(ra(w)) << 32;
        long b = c.gpr(rb(w)) & 0xffffffffL;
        long r = b == 0 ? 0 : Long.divideUnsigned(a, b);
        boolean undefined = b == 0 || r >>> 32 != 0;
        product(c, w, undefined ? 0 : r, undefined);
    }

    public static void divd(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        boolean undefined = b == 0 || a == Long.MIN_VALUE && b == -1;
        product(c, w, undefined ? a : a / b, undefined);
    }

    public static void divdu(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        product(c, w, b == 0 ? a : Long.divideUnsigned(a, b), b == 0);
    }

    /** Divides RA || 0 (128 bits, signed). */
    public static void divde(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        // The quotient is below 2^64 in magnitude only when |RA| < |RB|.
        long high = Math.abs(a);
        long divisor = Math.abs(b);
        boolean undefined = Long.compareUnsigned(high, divisor) >= 0;
        long r = 0;
        if (!undefined) {
            long magnitude = divideDouble(high, divisor);
            boolean negative = (a ^ b) < 0;
            r = negative ? -magnitude : magnitude;
            undefined = r != 0 && r < 0 != negative;
        }
        product(c, w, undefined ? 0 : r, undefined);
    }

    /** Divides RA || 0 (128 bits, unsigned). */
    public static void divdeu(Vcpu c, int w) {
        long a = c.gpr(ra(w));
        long b = c.gpr(rb(w));
        boolean undefined = Long.compareUnsigned(a, b) >= 0;
        product(c, w, undefined ? 0 : divideDouble(a, b), undefined);
    }

    /** Quotient of {@code high * 2^64} by {@code divisor}, unsigned, where high is below the divisor. */
    private static long divideDouble(long high, long divisor) {
        // Schoolbook division with 32-bit digits and a normalized divisor.
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long d1 = d >>> 32;
        long d0 = d & 0xffffffffL;
        long n = high << shift;
        long q1 = digit(n, d1, d0);
        long rest = (n << 32) - q1 * d;
        return q1 << 32 | digit(rest, d1, d0);
    }

    /** The next 32-bit digit of {@code n * 2^32 / d}. */
    private static long digit(long n, long d1, long d0) {
        long q = Long.divideUnsigned(n, d1);
        long r = n - q * d1;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * d0, r << 32) > 0) {
            q--;
            r += d1;
            if (r >>> 32 != 0) {
                break;
            }
        }
        return q;
    }

    public static void modsw(Vcpu c, int w) {
        int a = (int) c.gpr(ra(w));
        int b = (int) c.gpr(rb(w));
        c.setGpr(rt(w), b == 0 || b == -1 ? 0 : a % b);
    }

    public static void moduw(Vcpu c, int w) {
        int a = (int) c.gpr(ra(w));
        int b = (int) c.gpr(rb(w));
        c.setGpr(rt(w), b == 0 ? 0 : Integer.remainderUnsigned(a, b) & 0xffffffffL);
    }

    public static void modsd(Vcpu c, int w) {
        long b = c.gpr(rb(w));
        c.setGpr(rt(w), b == 0 || b == -1 ? 0 : c.gpr(ra(w)) % b);
    }

    public static void modud(Vcpu c, int w) {
        long b = c.gpr(rb(w));
        c.setGpr(rt(w), b == 0 ? 0 : Long.remainderUnsigned(c.gpr(ra(w)), b));
    }

    // ---- random numbers -----------------------------------------------------------------------------------------

    /** L (bits 14..15): 0 a 32-bit number, 1 and 2 a 64-bit one, 3 is reserved and gives the error value. */
    public static void darn(Vcpu c, int w) {
        int l = w >>> 16 & 3;
        c.setGpr(rt(w), l == 3 ? -1 : l == 0 ? c.random() & 0xffffffffL : c.random());
    }
}
