package io.nestling.runtime.debug;

import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;

/** The registers that two runs are compared by, as an array of doublewords with names. */
public final class Registers {
    private static final int[] SPRS = {Spr.SRR0, Spr.SRR1, Spr.DAR, Spr.DSISR, Spr.SPRG0, Spr.SPRG0 + 1, Spr.SPRG0 + 2,
        Spr.SPRG0 + 3, Spr.HSPRG0, Spr.HSRR0, Spr.HSRR1, Spr.PIDR, Spr.LPCR, Spr.AMR, Spr.IAMR, Spr.FSCR};
    private static final String[] SPR_NAMES = {"srr0", "srr1", "dar", "dsisr", "sprg0", "sprg1", "sprg2", "sprg3",
        "hsprg0", "hsrr0", "hsrr1", "pidr", "lpcr", "amr", "iamr", "fscr"};
    private static final String[] OTHERS = {"nip", "msr", "cr", "xer", "lr", "ctr", "tar", "fpscr", "vscr", "retired"};
    private static final int OTHER = 32;
    private static final int SPR = OTHER + OTHERS.length;
    private static final int VSR = SPR + SPRS.length;

    /** How many there are, below 256. */
    public static final int COUNT = VSR + 128;

    private Registers() {}

    /** Copies a thread's registers. */
    public static long[] of(Vcpu c) {
        long[] r = new long[COUNT];
        c.getGprs(r, 0);
        r[OTHER] = c.nip;
        r[OTHER + 1] = c.msr;
        r[OTHER + 2] = c.cr() & 0xffffffffL;
        r[OTHER + 3] = c.xer();
        r[OTHER + 4] = c.lr;
        r[OTHER + 5] = c.ctr;
        r[OTHER + 6] = c.tar;
        r[OTHER + 7] = c.fpscr();
        r[OTHER + 8] = c.vscr & 0xffffffffL;
        r[OTHER + 9] = c.retired(c.nip);
        for (int i = 0; i < SPRS.length; i++) {
            r[SPR + i] = c.spr[SPRS[i]];
        }
        System.arraycopy(c.vsr, 0, r, VSR, 128);
        return r;
    }

    /** The name of the register at an index: {@code r0}, {@code nip}, {@code vs63.1}. */
    public static String name(int i) {
        if (i < OTHER) {
            return "r" + i;
        }
        if (i < SPR) {
            return OTHERS[i - OTHER];
        }
        if (i < VSR) {
            return SPR_NAMES[i - SPR];
        }
        return "vs" + (i - VSR) / 2 + "." + (i - VSR) % 2;
    }

    /** Both states side by side: those that differ, marked, and the integer registers. */
    public static String sideBySide(String leftName, long[] left, String rightName, long[] right) {
        StringBuilder b = new StringBuilder(String.format("   %-8s %-16s  %-16s%n", "", leftName, rightName));
        for (int i = 0; i < COUNT; i++) {
            boolean differs = left[i] != right[i];
            if (differs || i < SPR) {
                b.append(String.format(" %s %-8s %016x  %016x%n", differs ? "*" : " ", name(i), left[i], right[i]));
            }
        }
        return b.toString();
    }
}
