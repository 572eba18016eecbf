package io.nestling.tests.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The registers a program can see, and a window of memory: what one oracle case starts from and what it ends with. Its
 * binary form is one record of an {@link OracleProgram}.
 */
public final class State {
    /** Bytes of memory each case owns; the window straddles a 4 KiB page boundary in every other record. */
    public static final int WINDOW = 512;
    /** Bytes from one record to the next. */
    public static final int STRIDE = 2048;

    static final int GPR = WINDOW;
    static final int VSR = GPR + 32 * 8;
    static final int VSCR = VSR + 64 * 16;
    static final int CR = VSCR + 16;
    static final int XER = CR + 8;
    static final int LR = XER + 8;
    static final int CTR = LR + 8;
    static final int FPSCR = CTR + 8;
    static final int VRSAVE = FPSCR + 8;
    static final int TAR = VRSAVE + 8;
    static final int LOADER = TAR + 8;
    static final int STATUS = LOADER + 8;

    /** XER bits that are defined: SO OV CA OV32 CA32 and the string length. */
    public static final long XER_DEFINED = 0xe00c007fL;

    /** General purpose registers. */
    public final long[] gpr = new long[32];
    /** Vector-scalar registers as in {@code CpuState}: doubleword 0 of VSR n at {@code 2n}. */
    public final long[] vsr = new long[128];
    /** The memory window. */
    public final byte[] window = new byte[WINDOW];
    /** Condition register. */
    public int cr;
    /** XER, defined bits. */
    public long xer;
    /** Link register. */
    public long lr;
    /** Count register. */
    public long ctr;
    /** FPSCR, 64 bits. */
    public long fpscr;
    /** VSCR, low word. */
    public int vscr;
    /** VRSAVE, 32 bits. */
    public int vrsave;
    /** Target address register. */
    public long tar;
    /** How the case ended. */
    public Ending ending = Ending.COMPLETE;

    /** How a case ended: by running through, or by an interrupt in the terms a user program sees. */
    public enum Ending {
        /** All instructions ran. */
        COMPLETE,
        /** Illegal or privileged instruction (SIGILL). */
        ILLEGAL,
        /** Trap instruction (SIGTRAP). */
        TRAP,
        /** Alignment (SIGBUS). */
        ALIGNMENT,
        /** Enabled floating-point exception (SIGFPE). */
        FLOATING,
        /** Storage (SIGSEGV). */
        STORAGE,
        /** Anything else, a bug of the harness or of the engine. */
        OTHER
    }

    /** A deep copy. */
    public State copy() {
        State s = new State();
        System.arraycopy(gpr, 0, s.gpr, 0, 32);
        System.arraycopy(vsr, 0, s.vsr, 0, 128);
        System.arraycopy(window, 0, s.window, 0, WINDOW);
        s.cr = cr;
        s.xer = xer;
        s.lr = lr;
        s.ctr = ctr;
        s.fpscr = fpscr;
        s.vscr = vscr;
        s.vrsave = vrsave;
        s.tar = tar;
        s.ending = ending;
        return s;
    }

    /** Writes this state at {@code at} of a buffer, in its byte order. */
    void put(ByteBuffer b, int at) {
        b.put(at, window);
        // A quadword's more significant half comes last in little-endian storage.
        int high = b.order() == ByteOrder.LITTLE_ENDIAN ? 8 : 0;
        for (int i = 0; i < 32; i++) {
            b.putLong(at + GPR + 8 * i, gpr[i]);
        }
        for (int i = 0; i < 64; i++) {
            b.putLong(at + VSR + 16 * i + 8 - high, vsr[2 * i + 1]);
            b.putLong(at + VSR + 16 * i + high, vsr[2 * i]);
        }
        b.putLong(at + VSCR + 8 - high, vscr & 0xffffffffL);
        b.putLong(at + VSCR + high, 0);
        b.putLong(at + CR, cr & 0xffffffffL);
        b.putLong(at + XER, xer);
        b.putLong(at + LR, lr);
        b.putLong(at + CTR, ctr);
        b.putLong(at + FPSCR, fpscr);
        b.putLong(at + VRSAVE, vrsave & 0xffffffffL);
        b.putLong(at + TAR, tar);
        b.putLong(at + STATUS, 0);
    }

    /** Reads a state as the oracle left it. */
    static State get(ByteBuffer b, int at) {
        State s = new State();
        b.get(at, s.window);
        int high = b.order() == ByteOrder.LITTLE_ENDIAN ? 8 : 0;
        for (int i = 0; i < 32; i++) {
            s.gpr[i] = b.getLong(at + GPR + 8 * i);
        }
        for (int i = 0; i < 64; i++) {
            s.vsr[2 * i + 1] = b.getLong(at + VSR + 16 * i + 8 - high);
            s.vsr[2 * i] = b.getLong(at + VSR + 16 * i + high);
        }
        s.vscr = (int) b.getLong(at + VSCR + 8 - high);
        s.cr = (int) b.getLong(at + CR);
        s.xer = b.getLong(at + XER) & XER_DEFINED;
        s.lr = b.getLong(at + LR);
        s.ctr = b.getLong(at + CTR);
        s.fpscr = b.getLong(at + FPSCR);
        s.vrsave = (int) b.getLong(at + VRSAVE);
        s.tar = b.getLong(at + TAR);
        s.ending = switch ((int) b.getLong(at + STATUS)) {
            case 0 -> Ending.COMPLETE;
            case 4 -> Ending.ILLEGAL;
            case 5 -> Ending.TRAP;
            case 7 -> Ending.ALIGNMENT;
            case 8 -> Ending.FLOATING;
            case 11 -> Ending.STORAGE;
            default -> Ending.OTHER;
        };
        return s;
    }

    /** All registers as named numbers, in a fixed order; a VSR counts as two. */
    void forEach(Visitor v) {
        for (int i = 0; i < 32; i++) {
            v.register("r" + i, gpr[i]);
        }
        v.register("cr", cr & 0xffffffffL);
        v.register("xer", xer);
        v.register("lr", lr);
        v.register("ctr", ctr);
        v.register("tar", tar);
        v.register("fpscr", fpscr);
        v.register("vscr", vscr & 0xffffffffL);
        v.register("vrsave", vrsave & 0xffffffffL);
        for (int i = 0; i < 64; i++) {
            v.register("vs" + i + ".0", vsr[2 * i]);
            v.register("vs" + i + ".1", vsr[2 * i + 1]);
        }
    }

    /** Receives registers. */
    @FunctionalInterface
    interface Visitor {
        /** One register and its value. */
        void register(String name, long value);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof State s && ending == s.ending && Arrays.equals(gpr, s.gpr) && Arrays.equals(vsr, s.vsr)
                && Arrays.equals(window, s.window) && cr == s.cr && xer == s.xer && lr == s.lr && ctr == s.ctr
                && fpscr == s.fpscr && vscr == s.vscr && vrsave == s.vrsave && tar == s.tar;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(gpr) * 31 + Arrays.hashCode(vsr);
    }
}
