package io.nestling.tests.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A batch of cases laid out in memory: code slots and state records. The same image runs under the oracle, as a static ELF64
 * program (OpenPOWER ELF V2 ABI) of either byte order, and on an engine of ours.
 *
 * <p>Under the oracle the program loads all registers from a record, jumps into the case's slot through TAR, and the
 * branch at the slot's end leads to code that stores all registers back into the record; a signal handler notes how a
 * case that faulted ended and goes on with the next one. One GPR, chosen per case, holds the record's address
 * throughout; everything else belongs to the case. At the end the records are written to standard output.
 */
public final class OracleProgram {
    static final long TEXT = 0x100000;
    static final long CODE = 0x110000;
    static final long DATA = 0x1f0000;
    private static final long ACTIONS = 0x1fe000;
    private static final long CURRENT = 0x1ff000;
    /** 256 bytes below a page boundary, so that windows of even records straddle it. */
    static final long RECORDS = 0x1fff00;
    /** Most cases in one program. */
    public static final int LIMIT = 4096;

    private static final int SC = 0x44000002;
    private static final int SYS_EXIT = 1;
    private static final int SYS_WRITE = 4;
    private static final int SYS_RT_SIGACTION = 173;
    private static final int SYS_SIGALTSTACK = 185;
    private static final int[] SIGNALS = {4, 5, 7, 8, 11};
    private static final long SA_ONSTACK_NODEFER = 0x48000000L;
    private static final int SPR_XER = 1;
    private static final int SPR_LR = 8;
    private static final int SPR_CTR = 9;
    private static final int SPR_VRSAVE = 256;
    private static final int SPR_TAR = 815;

    /** Where a signal's ucontext holds r0, and indices from there. */
    private static final int CONTEXT_GPR = 232;
    private static final int CONTEXT_LR = 36;
    private static final int CONTEXT_FPSCR = 48 + 32;

    private final List<OracleCase> cases;
    private final ByteOrder order;
    private final int slotBytes;
    private final ByteBuffer text;
    private final ByteBuffer data;
    private final long[] saver = new long[32];

    /** Lays out at most {@link #LIMIT} cases, to run in this byte order. */
    public OracleProgram(List<OracleCase> cases, ByteOrder order) {
        if (cases.size() > LIMIT) {
            throw new IllegalArgumentException(cases.size() + " cases in one program");
        }
        this.cases = cases;
        this.order = order;
        int words = 1;
        for (OracleCase c : cases) {
            words = Math.max(words, c.words().length);
        }
        slotBytes = 4 * (words + 1);
        if ((long) slotBytes * cases.size() > DATA - CODE) {
            throw new IllegalArgumentException("code of " + cases.size() + " cases does not fit");
        }
        text = ByteBuffer.allocate((int) (CODE - TEXT) + slotBytes * cases.size()).order(order);
        data = ByteBuffer.allocate((int) (RECORDS - DATA) + State.STRIDE * (cases.size() + 1))
                .order(order);
        emit();
    }

    /** The cases, in order. */
    public List<OracleCase> cases() {
        return cases;
    }

    /** The byte order of instructions and data. */
    public ByteOrder order() {
        return order;
    }

    /** Address of a case's first instruction. */
    public long code(int i) {
        return CODE + (long) slotBytes * i;
    }

    /** Address of a case's record; its memory window comes first. */
    public long record(int i) {
        return RECORDS + (long) State.STRIDE * i;
    }

    /** Code bytes, from {@link #TEXT}. */
    ByteBuffer text() {
        return text;
    }

    /** Data bytes, from {@link #DATA}. */
    ByteBuffer data() {
        return data;
    }

    /** Where a case with this base register goes when it is through. */
    long saver(int base) {
        return saver[base];
    }

    /** A case's registers before it starts. */
    public State initial(int i) {
        State s = cases.get(i).initial(record(i), code(i));
        s.gpr[cases.get(i).base()] = record(i);
        s.tar = code(i);
        return s;
    }

    // ---- emission -----------------------------------------------------------------------------------------------

    private void emit() {
        long[] loader = new long[32];
        // The entry point jumps over the routines, whose addresses the set-up code needs.
        int entry = text.position();
        text.putInt(0);
        long dispatch = here();
        set(CURRENT, 5);
        word(std(4, 0, 5));
        word(ld(3, State.LOADER, 4));
        word(mtspr(SPR_CTR, 3));
        word(0x4e800420); // bctr
        long handler = here();
        emitHandler();
        branch(dispatch);
        long finish = here();
        emitFinish();
        for (int b = 1; b < 32; b++) {
            loader[b] = here();
            emitLoader(b);
            saver[b] = here();
            emitSaver(b);
            branch(dispatch);
        }
        long start = here();
        text.putInt(entry, 18 << 26 | (int) (start - TEXT - entry) & 0x03fffffc);
        emitStart(handler);
        branch(dispatch);
        if (here() > CODE) {
            throw new IllegalStateException("routines overlap the cases");
        }

        for (int i = 0; i < cases.size(); i++) {
            OracleCase c = cases.get(i);
            text.position((int) (code(i) - TEXT));
            for (int w : c.words()) {
                word(w);
            }
            branch(saver[c.base()]);
            int at = (int) (record(i) - DATA);
            initial(i).put(data, at);
            data.putLong(at + State.LOADER, loader[c.base()]);
        }
        data.putLong((int) (record(cases.size()) - DATA) + State.LOADER, finish);
    }

    private void emitStart(long handler) {
        int at = (int) (ACTIONS - DATA);
        data.putLong(at, handler);
        data.putLong(at + 8, SA_ONSTACK_NODEFER);
        // stack_t: address, flags, size
        data.putLong(at + 32, DATA);
        data.putLong(at + 48, 0xc000);
        set(ACTIONS + 32, 3);
        word(addi(4, 0, 0));
        syscall(SYS_SIGALTSTACK);
        for (int signal : SIGNALS) {
            word(addi(3, 0, signal));
            set(ACTIONS, 4);
            word(addi(5, 0, 0));
            word(addi(6, 0, 8));
            syscall(SYS_RT_SIGACTION);
        }
        set(RECORDS, 4);
    }

    /**
     * The signal handler: stores all registers into the current record, and then those that signal delivery itself has
     * changed from the context it was given, so that a fault shows what the instruction left behind. It never returns.
     */
    private void emitHandler() {
        set(CURRENT, 4);
        word(ld(4, 0, 4));
        word(std(3, State.STATUS, 4));
        emitSaver(4);
        for (int i = 0; i < 32; i++) {
            word(ld(6, CONTEXT_GPR + 8 * i, 5));
            word(std(6, State.GPR + 8 * i - State.STRIDE, 4));
        }
        word(ld(6, CONTEXT_GPR + 8 * CONTEXT_LR, 5));
        word(std(6, State.LR - State.STRIDE, 4));
        word(ld(6, CONTEXT_GPR + 8 * CONTEXT_FPSCR, 5));
        word(std(6, State.FPSCR - State.STRIDE, 4));
    }

    private void emitFinish() {
        // r30 = address, r31 = bytes left
        set(RECORDS, 30);
        set((long) State.STRIDE * cases.size(), 31);
        long loop = here();
        word(addi(3, 0, 1));
        word(mr(4, 30));
        word(mr(5, 31));
        syscall(SYS_WRITE);
        word(31 << 26 | 30 << 21 | 3 << 16 | 30 << 11 | 266 << 1); // add r30,r3,r30
        word(31 << 26 | 31 << 21 | 3 << 16 | 31 << 11 | 40 << 1); // subf r31,r3,r31
        word(11 << 26 | 1 << 21 | 31 << 16); // cmpdi r31,0
        word(16 << 26 | 12 << 21 | 1 << 16 | (int) (loop - here()) & 0xfffc); // bgt loop
        word(addi(3, 0, 0));
        syscall(SYS_EXIT);
    }

    /** Loads everything from the record at r4, keeps its address in {@code b}, and goes to the case. */
    private void emitLoader(int b) {
        int t = b == 3 ? 5 : 3;
        word(mr(b, 4));
        word(lxv(32, State.VSCR, b));
        word(4 << 26 | 1604); // mtvscr v0
        word(50 << 26 | b << 16 | State.FPSCR); // lfd f0
        word(63 << 26 | 1 << 25 | 0xff << 17 | 711 << 1); // mtfsf 255,f0,1
        for (int i = 0; i < 64; i++) {
            word(lxv(i, State.VSR + 16 * i, b));
        }
        word(ld(t, State.CR, b));
        word(31 << 26 | t << 21 | 0xff << 12 | 144 << 1); // mtcrf 255
        loadSpr(t, b, State.XER, SPR_XER);
        loadSpr(t, b, State.LR, SPR_LR);
        loadSpr(t, b, State.CTR, SPR_CTR);
        loadSpr(t, b, State.VRSAVE, SPR_VRSAVE);
        loadSpr(t, b, State.TAR, SPR_TAR);
        for (int i = 0; i < 32; i++) {
            if (i != b) {
                word(ld(i, State.GPR + 8 * i, b));
            }
        }
        word(19 << 26 | 20 << 21 | 560 << 1); // bctar
    }

    /** Stores everything into the record at {@code b}, and leaves the next record's address in r4. */
    private void emitSaver(int b) {
        int t = b == 3 ? 5 : 3;
        for (int i = 0; i < 32; i++) {
            word(std(i, State.GPR + 8 * i, b));
        }
        word(31 << 26 | t << 21 | 19 << 1); // mfcr
        word(std(t, State.CR, b));
        saveSpr(t, b, State.XER, SPR_XER);
        saveSpr(t, b, State.LR, SPR_LR);
        saveSpr(t, b, State.CTR, SPR_CTR);
        saveSpr(t, b, State.VRSAVE, SPR_VRSAVE);
        saveSpr(t, b, State.TAR, SPR_TAR);
        for (int i = 0; i < 64; i++) {
            word(stxv(i, State.VSR + 16 * i, b));
        }
        word(63 << 26 | 583 << 1); // mffs f0
        word(54 << 26 | b << 16 | State.FPSCR); // stfd f0
        word(4 << 26 | 1540); // mfvscr v0
        word(stxv(32, State.VSCR, b));
        word(addi(4, b, State.STRIDE));
    }

    private void loadSpr(int t, int b, int offset, int spr) {
        word(ld(t, offset, b));
        word(mtspr(spr, t));
    }

    private void saveSpr(int t, int b, int offset, int spr) {
        word(31 << 26 | t << 21 | (spr & 31) << 16 | spr >> 5 << 11 | 339 << 1);
        word(std(t, offset, b));
    }

    private void syscall(int number) {
        word(addi(0, 0, number));
        word(SC);
    }

    private void branch(long target) {
        word(18 << 26 | (int) (target - here()) & 0x03fffffc);
    }

    /** Sets a register to a positive 31-bit number. */
    private void set(long v, int rt) {
        word(15 << 26 | rt << 21 | (int) (v >>> 16) & 0x7fff);
        word(24 << 26 | rt << 21 | rt << 16 | (int) v & 0xffff);
    }

    private long here() {
        return TEXT + text.position();
    }

    private void word(int w) {
        text.putInt(w);
    }

    private static int addi(int rt, int ra, int si) {
        return 14 << 26 | rt << 21 | ra << 16 | si & 0xffff;
    }

    private static int mr(int ra, int rs) {
        return 31 << 26 | rs << 21 | ra << 16 | rs << 11 | 444 << 1;
    }

    private static int ld(int rt, int offset, int ra) {
        return 58 << 26 | rt << 21 | ra << 16 | offset & 0xfffc;
    }

    private static int std(int rs, int offset, int ra) {
        return 62 << 26 | rs << 21 | ra << 16 | offset & 0xfffc;
    }

    private static int lxv(int xt, int offset, int ra) {
        return 61 << 26 | (xt & 31) << 21 | ra << 16 | offset | xt >> 5 << 3 | 1;
    }

    private static int stxv(int xs, int offset, int ra) {
        return 61 << 26 | (xs & 31) << 21 | ra << 16 | offset | xs >> 5 << 3 | 5;
    }

    private static int mtspr(int spr, int rs) {
        return 31 << 26 | rs << 21 | (spr & 31) << 16 | spr >> 5 << 11 | 467 << 1;
    }

    // ---- ELF ----------------------------------------------------------------------------------------------------

    /** Writes the program as an executable file. */
    void writeElf(Path file) throws IOException {
        int page = 0x10000;
        int textOffset = page;
        int dataOffset = textOffset + (text.capacity() + page - 1) / page * page;
        ByteBuffer h = ByteBuffer.allocate(page).order(order);
        h.put(new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1, 0});
        h.position(16);
        h.putShort((short) 2).putShort((short) 21).putInt(1); // executable, PPC64
        h.putLong(TEXT).putLong(64).putLong(0);
        h.putInt(2); // ABI version 2
        h.putShort((short) 64).putShort((short) 56).putShort((short) 2);
        h.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        segment(h, 5, textOffset, TEXT, text.capacity(), page);
        segment(h, 6, dataOffset, DATA, data.capacity(), page);
        h.position(0);
        text.position(0);
        data.position(0);
        try (var out = Files.newByteChannel(file, java.util.Set.of(java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.TRUNCATE_EXISTING, java.nio.file.StandardOpenOption.WRITE),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")))) {
            out.write(h);
            out.write(text);
            out.position(dataOffset);
            out.write(data);
        }
    }

    private static void segment(ByteBuffer h, int flags, int offset, long address, int size, int align) {
        h.putInt(1).putInt(flags).putLong(offset).putLong(address).putLong(address);
        h.putLong(size).putLong(size).putLong(align);
    }
}
