package io.nestling.runtime.cpu;

/** SPR numbers used by name in the code (Power ISA 3.0B, Book III, figure "SPR encodings"). */
public final class Spr {
    private Spr() {}

    public static final int XER = 1;
    public static final int DSCR_USER = 3;
    public static final int LR = 8;
    public static final int CTR = 9;
    public static final int AMR_USER = 13;
    public static final int DSCR = 17;
    public static final int DSISR = 18;
    public static final int DAR = 19;
    public static final int DEC = 22;
    public static final int SRR0 = 26;
    public static final int SRR1 = 27;
    public static final int CFAR = 28;
    public static final int AMR = 29;
    public static final int PIDR = 48;
    public static final int IAMR = 61;
    public static final int TFHAR = 128;
    public static final int CTRL_READ = 136;
    public static final int CTRL = 152;
    public static final int FSCR = 153;
    public static final int UAMOR = 157;
    public static final int PSPB = 159;
    public static final int DPDES = 176;
    public static final int DAWR0 = 180;
    public static final int CIABR = 187;
    public static final int DAWRX0 = 188;
    public static final int HFSCR = 190;
    public static final int VRSAVE = 256;
    public static final int TB = 268;
    public static final int TBU = 269;
    public static final int SPRG0 = 272;
    public static final int SPRG3_USER = 259;
    public static final int TBL_WRITE = 284;
    public static final int TBU_WRITE = 285;
    public static final int TBU40 = 286;
    public static final int PVR = 287;
    public static final int HSPRG0 = 304;
    public static final int HSPRG1 = 305;
    public static final int HDSISR = 306;
    public static final int HDAR = 307;
    public static final int SPURR = 308;
    public static final int PURR = 309;
    public static final int HDEC = 310;
    public static final int HRMOR = 313;
    public static final int HSRR0 = 314;
    public static final int HSRR1 = 315;
    public static final int LPCR = 318;
    public static final int LPIDR = 319;
    public static final int HEIR = 339;
    public static final int AMOR = 349;
    public static final int PTCR = 464;
    public static final int TAR = 815;
    public static final int ASDR = 816;
    public static final int PSSCR_SUPERVISOR = 823;
    public static final int PSSCR = 855;
    public static final int IC = 848;
    public static final int VTB = 849;
    public static final int PPR = 896;
    public static final int PPR32 = 898;
    public static final int PIR = 1023;
}
