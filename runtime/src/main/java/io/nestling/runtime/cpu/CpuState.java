package io.nestling.runtime.cpu;

import io.nestling.runtime.fp.PendingStatus;
import java.util.stream.IntStream;
import org.agrona.UnsafeApi;

/**
 * The registers of one hardware thread, and nothing else. Everything a program, a debugger or a snapshot can see of a
 * thread is here; behaviour (translation, interrupts, time) is in {@link Vcpu}. Fields are public because every
 * semantics method and all emitted code touch them directly.
 */
public class CpuState {
    /** Marks a CR field that is a nibble. */
    public static final int NIBBLE = 16;
    /** Which bit of {@link #carries}, from the right: where the carry out of the low word goes. */
    private static final int CA32 = 32;

    private static final long[] GPR = offsets("r", 32);
    private static final long[] CRF = offsets("crf", 8);

    /**
     * General purpose registers. Fields, not an array: emitted code has each within reach of one instruction of the host.
     * By number they are {@link #gpr(int)}.
     */
    public long r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20, r21, r22, r23, r24, r25,
            r26, r27, r28, r29, r30, r31;
    /**
     * Condition register fields, each in one of two forms: the result of a three-way comparison (-1, 0 or 1), whose SO
     * bit is XER[SO]; or {@link #NIBBLE} plus the nibble LT GT EQ SO. Comparisons are many and are mostly asked for one
     * bit, which is found in the first form without making the nibble.
     */
    public int crf0 = NIBBLE, crf1 = NIBBLE, crf2 = NIBBLE, crf3 = NIBBLE, crf4 = NIBBLE, crf5 = NIBBLE, crf6 = NIBBLE, crf7 = NIBBLE;
    /**
     * Vector-scalar registers: VSR n is doublewords {@code 2n} (doubleword 0, most significant; FPR n for n below 32)
     * and {@code 2n+1}. VR n is VSR 32+n.
     */
    public final long[] vsr = new long[128];
    /** Special purpose registers by SPR number, except those with a field of their own. */
    public final long[] spr = new long[1024];

    /** Address of the instruction to run next. */
    public long nip;
    /** Machine state register; change it through {@link Vcpu#setMsr} only. */
    public long msr;
    /** Link register. */
    public long lr;
    /** Count register. */
    public long ctr;
    /** XER bits, each 0 or 1; this one is changed through {@link #setSo} only. */
    public int so;
    /** XER[OV]. */
    public int ov;
    /** XER[OV32]. */
    public int ov32;
    /** XER[CA]. */
    public int ca;
    /** Bit {@link #CA32} of it is XER[CA32], the others mean nothing: a sum leaves its operands, xored with each other and itself. */
    public long carries;
    /** XER bits 57..63 (string length). */
    public int xerCount;
    /**
     * Floating-point status and control register, 64 bits wide; FR, FI and FPRF may be pending, see {@link #fpscr()} and
     * {@link PendingStatus}.
     */
    public long fpscr;
    /** The operation whose FR, FI and FPRF are still to be found. */
    public int pendingKind;
    /** FPCC that a comparison after it gave, marked; 0 if there was none. */
    public int pendingCompare;
    /** First operand of the pending operation. */
    public double pendingX;
    /** Second operand, or addend, as it was added. */
    public double pendingY;
    /** Multiplier of a multiply-add. */
    public double pendingZ;
    /** Vector status and control register: NJ is bit 16 (value), SAT bit 0. */
    public int vscr;
    /** Target address register (SPR 815). */
    public long tar;

    /** True while a reservation is held (Book II, 1.7.2.1). */
    public boolean reserved;
    /** Host address of the reserved storage. */
    public long reserveAddress;
    /** Doubleword (or the low one of a quadword) as loaded with the reservation. */
    public long reserveValue;
    /** High doubleword of a quadword reservation. */
    public long reserveValue2;
    /** What {@code Reservations} had counted when the reservation was made. */
    public int reserveCount;
    /** Bytes reserved: 1, 2, 4, 8 or 16. */
    public int reserveSize;

    /** Where the fields of registers lie in the object, by number. */
    private static long[] offsets(String prefix, int count) {
        return IntStream.range(0, count).mapToLong(n -> UnsafeApi.objectFieldOffset(CpuState.class, prefix + n)).toArray();
    }

    /** GPR {@code n}, 0..31. */
    public final long gpr(int n) {
        return UnsafeApi.getLong(this, GPR[n & 31]);
    }

    /** Sets GPR {@code n}, 0..31. */
    public final void setGpr(int n, long v) {
        UnsafeApi.putLong(this, GPR[n & 31], v);
    }

    /** Copies all GPRs to an array. */
    public final void getGprs(long[] to, int at) {
        for (int n = 0; n < 32; n++) {
            to[at + n] = gpr(n);
        }
    }

    /** Sets all GPRs from an array. */
    public final void setGprs(long[] from, int at) {
        for (int n = 0; n < 32; n++) {
            setGpr(n, from[at + n]);
        }
    }

    /** CR field {@code n}, 0..7, in either form. */
    private int crf(int n) {
        return UnsafeApi.getInt(this, CRF[n & 7]);
    }

    private void setCrf(int n, int v) {
        UnsafeApi.putInt(this, CRF[n & 7], v);
    }

    /** The FPSCR as software sees it. */
    public final long fpscr() {
        PendingStatus.settle(this);
        return fpscr;
    }

    /** Sets all of the FPSCR. */
    public final void setFpscr(long v) {
        PendingStatus.drop(this);
        fpscr = v;
    }

    /** XER[CA32]. */
    public final int ca32() {
        return (int) (carries >>> CA32) & 1;
    }

    /** XER as an mfxer reads it. */
    public final long xer() {
        return (long) so << 31 | (long) ov << 30 | (long) ca << 29 | (long) ov32 << 19 | (long) ca32() << 18 | xerCount;
    }

    /** Sets all of XER that is defined; other bits are dropped. */
    public final void setXer(long v) {
        setSo((int) (v >>> 31) & 1);
        ov = (int) (v >>> 30) & 1;
        ca = (int) (v >>> 29) & 1;
        ov32 = (int) (v >>> 19) & 1;
        carries = v >>> 18 << CA32;
        xerCount = (int) v & 0x7f;
    }

    /** Sets XER[SO] to 0 or 1; the SO bits of CR fields stay. */
    public final void setSo(int v) {
        if (v != so) {
            for (int n = 0; n < 8; n++) {
                setCrf(n, NIBBLE | crField(n));
            }
            so = v;
        }
    }

    /** The nibble of a field in either form. */
    public static int nibble(int field, int so) {
        return field >= NIBBLE ? field & 15 : (field < 0 ? 8 : field > 0 ? 4 : 2) | so;
    }

    /** The condition register: CR0 in the most significant nibble. */
    public final int cr() {
        int v = 0;
        for (int n = 0; n < 8; n++) {
            v = v << 4 | crField(n);
        }
        return v;
    }

    /** Sets the condition register. */
    public final void setCr(int v) {
        for (int n = 0; n < 8; n++) {
            setCr(n, v >>> (28 - 4 * n) & 15);
        }
    }

    /** CR bit {@code n}, 0..31. */
    public final boolean crBit(int n) {
        return (crField(n >> 2) << (n & 3) & 8) != 0;
    }

    /** Puts a nibble (LT GT EQ SO) into CR field {@code n}, 0..7. */
    public final void setCr(int n, int nibble) {
        setCrf(n, NIBBLE | nibble);
    }

    /** CR field {@code n}, 0..7, as a nibble. */
    public final int crField(int n) {
        return nibble(crf(n), so);
    }

    /** CR field {@code n} from a signed comparison, and SO. */
    public final void compare(int n, long a, long b) {
        setCrf(n, Long.compare(a, b));
    }

    /** CR0 as a record form sets it: signed compare with 0, and SO. The value must suit the mode (see {@code Vcpu}). */
    public final void setCr0(long v) {
        crf0 = Long.compare(v, 0);
    }
}
