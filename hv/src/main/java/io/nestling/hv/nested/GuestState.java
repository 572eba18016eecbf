package io.nestling.hv.nested;

import io.nestling.runtime.cpu.RegisterTable;
import io.nestling.runtime.cpu.Spr;

/**
 * The structures in which a hypervisor hands a guest's registers to H_ENTER_NESTED and gets them back: {@code
 * hv_guest_state} and {@code pt_regs}. Both are arrays of doublewords in the hypervisor's byte order; the constants here are
 * indices into them.
 */
final class GuestState {
    private GuestState() {}

    /** The newest version of the state; each begins with the one before. */
    static final int VERSION = 2;

    static final int STATE_VERSION = 0;
    /** Two words: LPID, and the hypervisor's name of the vCPU. */
    static final int LPID_AND_TOKEN = 1;
    static final int LPCR = 2;
    static final int DPDES = 5;
    static final int HFSCR = 6;
    static final int TB_OFFSET = 7;
    static final int DAWRX0 = 9;
    static final int CIABR = 10;
    static final int HDEC_EXPIRY = 11;
    static final int PURR = 12;
    static final int SPURR = 13;
    static final int IC = 14;
    static final int VTB = 15;
    static final int HDAR = 16;
    static final int HDSISR = 17;
    static final int HEIR = 18;
    static final int ASDR = 19;
    static final int PIDR = 26;

    static final int GPR = 0;
    static final int NIP = 32;
    static final int MSR = 33;
    static final int CTR = 35;
    static final int LINK = 36;
    static final int XER = 37;
    static final int CCR = 38;
    /** Doublewords of pt_regs. */
    static final int REGS = 44;

    /** Registers that are copied as they are, by SPR number. */
    static final int[] PLAIN_SPRS = {Spr.SRR0, Spr.SRR1, Spr.SPRG0, Spr.SPRG0 + 1, Spr.SPRG0 + 2, Spr.SPRG0 + 3, Spr.CFAR, Spr.PPR};
    /** Where each of them is in the state. */
    static final int[] PLAIN = new int[PLAIN_SPRS.length];

    static {
        for (int i = 0; i < PLAIN.length; i++) {
            PLAIN[i] = index(PLAIN_SPRS[i]);
        }
    }

    /** Where the state has a register, by its SPR number. */
    static int index(int spr) {
        return RegisterTable.port(spr).register().guestState() / 8;
    }

    /** Doublewords of a version of the state, or 0 for one that does not exist. */
    static int size(long version) {
        return version == 1 ? 29 : version == 2 ? 31 : 0;
    }
}
