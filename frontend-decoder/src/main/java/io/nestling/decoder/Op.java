package io.nestling.decoder;

/**
 * The numbers of the rows of the instruction table, by base mnemonic. Generated from {@code power-isa.decode};
 * do not edit (docs/instruction-table.md says how to regenerate).
 */
public final class Op {
    /** The word is no instruction. */
    public static final int ILLEGAL = 0;

    // Book I, 2.4 Branch Instructions
    public static final int B = 1;
    public static final int BC = 2;
    public static final int BCLR = 3;
    public static final int BCCTR = 4;
    public static final int BCTAR = 5;

    // Book I, 2.5 Condition Register Instructions
    public static final int CRAND = 6;
    public static final int CRNAND = 7;
    public static final int CROR = 8;
    public static final int CRXOR = 9;
    public static final int CRNOR = 10;
    public static final int CREQV = 11;
    public static final int CRANDC = 12;
    public static final int CRORC = 13;
    public static final int MCRF = 14;

    // Book I, 2.6 System Call Instructions
    public static final int SC = 15;
    public static final int SCV = 16;

    // Book I, 3.3.2 Fixed-Point Load Instructions
    public static final int LBZ = 17;
    public static final int LBZU = 18;
    public static final int LBZX = 19;
    public static final int LBZUX = 20;
    public static final int LHZ = 21;
    public static final int LHZU = 22;
    public static final int LHZX = 23;
    public static final int LHZUX = 24;
    public static final int LHA = 25;
    public static final int LHAU = 26;
    public static final int LHAX = 27;
    public static final int LHAUX = 28;
    public static final int LWZ = 29;
    public static final int LWZU = 30;
    public static final int LWZX = 31;
    public static final int LWZUX = 32;
    public static final int LWA = 33;
    public static final int LWAX = 34;
    public static final int LWAUX = 35;
    public static final int LD = 36;
    public static final int LDU = 37;
    public static final int LDX = 38;
    public static final int LDUX = 39;

    // Book I, 3.3.3 Fixed-Point Store Instructions
    public static final int STB = 40;
    public static final int STBU = 41;
    public static final int STBX = 42;
    public static final int STBUX = 43;
    public static final int STH = 44;
    public static final int STHU = 45;
    public static final int STHX = 46;
    public static final int STHUX = 47;
    public static final int STW = 48;
    public static final int STWU = 49;
    public static final int STWX = 50;
    public static final int STWUX = 51;
    public static final int STD = 52;
    public static final int STDU = 53;
    public static final int STDX = 54;
    public static final int STDUX = 55;

    // Book I, 3.3.4 Fixed-Point Load and Store Quadword Instructions
    public static final int LQ = 56;
    public static final int STQ = 57;

    // Book I, 3.3.5 Fixed-Point Load and Store with Byte Reversal Instructions
    public static final int LHBRX = 58;
    public static final int LWBRX = 59;
    public static final int LDBRX = 60;
    public static final int STHBRX = 61;
    public static final int STWBRX = 62;
    public static final int STDBRX = 63;

    // Book I, 3.3.6 Fixed-Point Load and Store Multiple Instructions
    public static final int LMW = 64;
    public static final int STMW = 65;

    // Book I, 3.3.7 Fixed-Point Move Assist Instructions
    public static final int LSWI = 66;
    public static final int LSWX = 67;
    public static final int STSWI = 68;
    public static final int STSWX = 69;

    // Book I, 3.3.9 Fixed-Point Arithmetic Instructions
    public static final int ADDI = 70;
    public static final int ADDIS = 71;
    public static final int ADDPCIS = 72;
    public static final int ADD = 73;
    public static final int ADDIC = 74;
    public static final int ADDIC_ = 75;
    public static final int SUBF = 76;
    public static final int SUBFIC = 77;
    public static final int ADDC = 78;
    public static final int SUBFC = 79;
    public static final int ADDE = 80;
    public static final int SUBFE = 81;
    public static final int ADDME = 82;
    public static final int ADDEX = 83;
    public static final int SUBFME = 84;
    public static final int ADDZE = 85;
    public static final int SUBFZE = 86;
    public static final int NEG = 87;
    public static final int MULLI = 88;
    public static final int MULHW = 89;
    public static final int MULLW = 90;
    public static final int MULHWU = 91;
    public static final int DIVW = 92;
    public static final int DIVWU = 93;
    public static final int DIVWE = 94;
    public static final int DIVWEU = 95;
    public static final int MODSW = 96;
    public static final int MODUW = 97;
    public static final int DARN = 98;
    public static final int MULLD = 99;
    public static final int MULHD = 100;
    public static final int MULHDU = 101;
    public static final int MADDHD = 102;
    public static final int MADDHDU = 103;
    public static final int MADDLD = 104;
    public static final int DIVD = 105;
    public static final int DIVDU = 106;
    public static final int DIVDE = 107;
    public static final int DIVDEU = 108;
    public static final int MODSD = 109;
    public static final int MODUD = 110;

    // Book I, 3.3.10 Fixed-Point Compare Instructions
    public static final int CMPI = 111;
    public static final int CMP = 112;
    public static final int CMPLI = 113;
    public static final int CMPL = 114;
    public static final int CMPRB = 115;
    public static final int CMPEQB = 116;

    // Book I, 3.3.11 Fixed-Point Trap Instructions
    public static final int TWI = 117;
    public static final int TW = 118;
    public static final int TDI = 119;
    public static final int TD = 120;
    public static final int ISEL = 121;

    // Book I, 3.3.13 Fixed-Point Logical Instructions
    public static final int ANDI_ = 122;
    public static final int ANDIS_ = 123;
    public static final int ORI = 124;
    public static final int ORIS = 125;
    public static final int XORI = 126;
    public static final int XORIS = 127;
    public static final int AND = 128;
    public static final int XOR = 129;
    public static final int NAND = 130;
    public static final int OR = 131;
    public static final int NOR = 132;
    public static final int ANDC = 133;
    public static final int EQV = 134;
    public static final int ORC = 135;
    public static final int EXTSB = 136;
    public static final int EXTSH = 137;
    public static final int CMPB = 138;
    public static final int CNTLZW = 139;
    public static final int CNTTZW = 140;
    public static final int POPCNTB = 141;
    public static final int POPCNTW = 142;
    public static final int PRTYD = 143;
    public static final int PRTYW = 144;
    public static final int EXTSW = 145;
    public static final int POPCNTD = 146;
    public static final int CNTLZD = 147;
    public static final int CNTTZD = 148;
    public static final int BPERMD = 149;

    // Book I, 3.3.14 Fixed-Point Rotate and Shift Instructions
    public static final int RLWINM = 150;
    public static final int RLWNM = 151;
    public static final int RLWIMI = 152;
    public static final int RLDICL = 153;
    public static final int RLDICR = 154;
    public static final int RLDIC = 155;
    public static final int RLDCL = 156;
    public static final int RLDCR = 157;
    public static final int RLDIMI = 158;
    public static final int SLW = 159;
    public static final int SRW = 160;
    public static final int SRAWI = 161;
    public static final int SRAW = 162;
    public static final int SLD = 163;
    public static final int SRD = 164;
    public static final int SRADI = 165;
    public static final int SRAD = 166;
    public static final int EXTSWSLI = 167;

    // Book I, 3.3.15 Binary Coded Decimal (BCD) Assist Instructions
    public static final int CDTBCD = 168;
    public static final int CBCDTD = 169;
    public static final int ADDG6S = 170;

    // Book I, 3.3.16 Move To/From Vector-Scalar Register Instructions
    public static final int MFVSRD = 171;
    public static final int MFVSRLD = 172;
    public static final int MFVSRWZ = 173;
    public static final int MTVSRD = 174;
    public static final int MTVSRWA = 175;
    public static final int MTVSRWZ = 176;
    public static final int MTVSRDD = 177;
    public static final int MTVSRWS = 178;

    // Book I, 3.3.17 Move To/From System Register Instructions
    public static final int MTSPR = 179;
    public static final int MFSPR = 180;
    public static final int MCRXRX = 181;
    public static final int MTOCRF = 182;
    public static final int MTCRF = 183;
    public static final int MFOCRF = 184;
    public static final int MFCR = 185;
    public static final int SETB = 186;

    // Book I, 4.6.2 Floating-Point Load Instructions
    public static final int LFS = 187;
    public static final int LFSU = 188;
    public static final int LFSX = 189;
    public static final int LFSUX = 190;
    public static final int LFD = 191;
    public static final int LFDU = 192;
    public static final int LFDX = 193;
    public static final int LFDUX = 194;
    public static final int LFIWAX = 195;
    public static final int LFIWZX = 196;

    // Book I, 4.6.3 Floating-Point Store Instructions
    public static final int STFS = 197;
    public static final int STFSU = 198;
    public static final int STFSX = 199;
    public static final int STFSUX = 200;
    public static final int STFD = 201;
    public static final int STFDU = 202;
    public static final int STFDX = 203;
    public static final int STFDUX = 204;
    public static final int STFIWX = 205;

    // Book I, 4.6.4 Floating-Point Load and Store Double Pair Instructions
    public static final int LFDP = 206;
    public static final int LFDPX = 207;
    public static final int STFDP = 208;
    public static final int STFDPX = 209;

    // Book I, 4.6.5 Floating-Point Move Instructions
    public static final int FMR = 210;
    public static final int FNEG = 211;
    public static final int FABS = 212;
    public static final int FCPSGN = 213;
    public static final int FNABS = 214;
    public static final int FMRGEW = 215;
    public static final int FMRGOW = 216;

    // Book I, 4.6.6 Floating-Point Arithmetic Instructions
    public static final int FADD = 217;
    public static final int FADDS = 218;
    public static final int FSUB = 219;
    public static final int FSUBS = 220;
    public static final int FMUL = 221;
    public static final int FMULS = 222;
    public static final int FDIV = 223;
    public static final int FDIVS = 224;
    public static final int FSQRT = 225;
    public static final int FSQRTS = 226;
    public static final int FRE = 227;
    public static final int FRES = 228;
    public static final int FRSQRTE = 229;
    public static final int FRSQRTES = 230;
    public static final int FTDIV = 231;
    public static final int FTSQRT = 232;
    public static final int FMADD = 233;
    public static final int FMADDS = 234;
    public static final int FMSUB = 235;
    public static final int FMSUBS = 236;
    public static final int FNMADD = 237;
    public static final int FNMADDS = 238;
    public static final int FNMSUB = 239;
    public static final int FNMSUBS = 240;

    // Book I, 4.6.7 Floating-Point Rounding and Conversion Instructions
    public static final int FRSP = 241;
    public static final int FCTID = 242;
    public static final int FCTIDZ = 243;
    public static final int FCTIDU = 244;
    public static final int FCTIDUZ = 245;
    public static final int FCTIW = 246;
    public static final int FCTIWZ = 247;
    public static final int FCTIWU = 248;
    public static final int FCTIWUZ = 249;
    public static final int FCFID = 250;
    public static final int FCFIDU = 251;
    public static final int FCFIDS = 252;
    public static final int FCFIDUS = 253;
    public static final int FRIN = 254;
    public static final int FRIZ = 255;
    public static final int FRIP = 256;
    public static final int FRIM = 257;

    // Book I, 4.6.8 Floating-Point Compare and Select Instructions
    public static final int FCMPU = 258;
    public static final int FCMPO = 259;
    public static final int FSEL = 260;

    // Book I, 4.6.10 Floating-Point Status and Control Register Instructions
    public static final int MFFS = 261;
    public static final int MFFSCE = 262;
    public static final int MFFSCDRN = 263;
    public static final int MFFSCDRNI = 264;
    public static final int MFFSCRN = 265;
    public static final int MFFSCRNI = 266;
    public static final int MFFSL = 267;
    public static final int MCRFS = 268;
    public static final int MTFSFI = 269;
    public static final int MTFSF = 270;
    public static final int MTFSB0 = 271;
    public static final int MTFSB1 = 272;

    // Book I, 5.6.1 DFP Arithmetic Instructions
    public static final int DADD = 273;
    public static final int DADDQ = 274;
    public static final int DSUB = 275;
    public static final int DSUBQ = 276;
    public static final int DMUL = 277;
    public static final int DMULQ = 278;
    public static final int DDIV = 279;
    public static final int DDIVQ = 280;

    // Book I, 5.6.2 DFP Compare Instructions
    public static final int DCMPU = 281;
    public static final int DCMPUQ = 282;
    public static final int DCMPO = 283;
    public static final int DCMPOQ = 284;

    // Book I, 5.6.3 DFP Test Instructions
    public static final int DTSTDC = 285;
    public static final int DTSTDCQ = 286;
    public static final int DTSTDG = 287;
    public static final int DTSTDGQ = 288;
    public static final int DTSTEX = 289;
    public static final int DTSTEXQ = 290;
    public static final int DTSTSF = 291;
    public static final int DTSTSFQ = 292;
    public static final int DTSTSFI = 293;
    public static final int DTSTSFIQ = 294;

    // Book I, 5.6.4 DFP Quantum Adjustment Instructions
    public static final int DQUAI = 295;
    public static final int DQUAIQ = 296;
    public static final int DQUA = 297;
    public static final int DQUAQ = 298;
    public static final int DRRND = 299;
    public static final int DRRNDQ = 300;
    public static final int DRINTX = 301;
    public static final int DRINTXQ = 302;
    public static final int DRINTN = 303;
    public static final int DRINTNQ = 304;

    // Book I, 5.6.5 DFP Conversion Instructions
    public static final int DCTDP = 305;
    public static final int DCTQPQ = 306;
    public static final int DRSP = 307;
    public static final int DRDPQ = 308;
    public static final int DCFFIX = 309;
    public static final int DCFFIXQ = 310;
    public static final int DCTFIX = 311;
    public static final int DCTFIXQ = 312;

    // Book I, 5.6.6 DFP Format Instructions
    public static final int DDEDPD = 313;
    public static final int DDEDPDQ = 314;
    public static final int DENBCD = 315;
    public static final int DENBCDQ = 316;
    public static final int DXEX = 317;
    public static final int DXEXQ = 318;
    public static final int DIEX = 319;
    public static final int DIEXQ = 320;
    public static final int DSCLI = 321;
    public static final int DSCLIQ = 322;
    public static final int DSCRI = 323;
    public static final int DSCRIQ = 324;

    // Book I, 6.7.2 Vector Load Instructions
    public static final int LVEBX = 325;
    public static final int LVEHX = 326;
    public static final int LVEWX = 327;
    public static final int LVX = 328;
    public static final int LVXL = 329;

    // Book I, 6.7.3 Vector Store Instructions
    public static final int STVEBX = 330;
    public static final int STVEHX = 331;
    public static final int STVEWX = 332;
    public static final int STVX = 333;
    public static final int STVXL = 334;

    // Book I, 6.7.4 Vector Alignment Support Instructions
    public static final int LVSL = 335;
    public static final int LVSR = 336;

    // Book I, 6.8.1 Vector Pack and Unpack Instructions
    public static final int VPKPX = 337;
    public static final int VPKSHSS = 338;
    public static final int VPKSWSS = 339;
    public static final int VPKSHUS = 340;
    public static final int VPKSWUS = 341;
    public static final int VPKSDSS = 342;
    public static final int VPKSDUS = 343;
    public static final int VPKUHUM = 344;
    public static final int VPKUHUS = 345;
    public static final int VPKUWUM = 346;
    public static final int VPKUWUS = 347;
    public static final int VPKUDUM = 348;
    public static final int VPKUDUS = 349;
    public static final int VUPKHPX = 350;
    public static final int VUPKLPX = 351;
    public static final int VUPKHSB = 352;
    public static final int VUPKLSB = 353;
    public static final int VUPKHSH = 354;
    public static final int VUPKLSH = 355;
    public static final int VUPKHSW = 356;
    public static final int VUPKLSW = 357;

    // Book I, 6.8.2 Vector Merge Instructions
    public static final int VMRGHB = 358;
    public static final int VMRGLB = 359;
    public static final int VMRGHH = 360;
    public static final int VMRGLH = 361;
    public static final int VMRGHW = 362;
    public static final int VMRGLW = 363;
    public static final int VMRGEW = 364;
    public static final int VMRGOW = 365;

    // Book I, 6.8.3 Vector Splat Instructions
    public static final int VSPLTB = 366;
    public static final int VSPLTH = 367;
    public static final int VSPLTW = 368;
    public static final int VSPLTISB = 369;
    public static final int VSPLTISH = 370;
    public static final int VSPLTISW = 371;

    // Book I, 6.8.4 Vector Permute and Select Instructions
    public static final int VPERM = 372;
    public static final int VPERMR = 373;
    public static final int VSEL = 374;

    // Book I, 6.8.6 Vector Shift Instructions
    public static final int VSL = 375;
    public static final int VSLDOI = 376;
    public static final int VSLO = 377;
    public static final int VSLV = 378;
    public static final int VSR = 379;
    public static final int VSRO = 380;
    public static final int VSRV = 381;

    // Book I, 6.8.7 Vector Extract Element Instructions
    public static final int VEXTRACTUB = 382;
    public static final int VEXTRACTUH = 383;
    public static final int VEXTRACTUW = 384;
    public static final int VEXTRACTD = 385;

    // Book I, 6.8.8 Vector Insert Element Instructions
    public static final int VINSERTB = 386;
    public static final int VINSERTH = 387;
    public static final int VINSERTW = 388;
    public static final int VINSERTD = 389;

    // Book I, 6.9.1.1 Vector Integer Add Instructions
    public static final int VADDCUW = 390;
    public static final int VADDSBS = 391;
    public static final int VADDSHS = 392;
    public static final int VADDSWS = 393;
    public static final int VADDUBM = 394;
    public static final int VADDUHM = 395;
    public static final int VADDUWM = 396;
    public static final int VADDUDM = 397;
    public static final int VADDUBS = 398;
    public static final int VADDUHS = 399;
    public static final int VADDUWS = 400;
    public static final int VADDUQM = 401;
    public static final int VADDEUQM = 402;
    public static final int VADDCUQ = 403;
    public static final int VADDECUQ = 404;

    // Book I, 6.9.1.2 Vector Integer Subtract Instructions
    public static final int VSUBCUW = 405;
    public static final int VSUBSBS = 406;
    public static final int VSUBSHS = 407;
    public static final int VSUBSWS = 408;
    public static final int VSUBUBM = 409;
    public static final int VSUBUHM = 410;
    public static final int VSUBUWM = 411;
    public static final int VSUBUDM = 412;
    public static final int VSUBUBS = 413;
    public static final int VSUBUHS = 414;
    public static final int VSUBUWS = 415;
    public static final int VSUBUQM = 416;
    public static final int VSUBEUQM = 417;
    public static final int VSUBCUQ = 418;
    public static final int VSUBECUQ = 419;

    // Book I, 6.9.1.3 Vector Integer Multiply Instructions
    public static final int VMULESB = 420;
    public static final int VMULOSB = 421;
    public static final int VMULEUB = 422;
    public static final int VMULOUB = 423;
    public static final int VMULESH = 424;
    public static final int VMULOSH = 425;
    public static final int VMULEUH = 426;
    public static final int VMULOUH = 427;
    public static final int VMULESW = 428;
    public static final int VMULOSW = 429;
    public static final int VMULEUW = 430;
    public static final int VMULOUW = 431;
    public static final int VMULUWM = 432;

    // Book I, 6.9.1.4 Vector Integer Multiply-Add/Sum Instructions
    public static final int VMHADDSHS = 433;
    public static final int VMHRADDSHS = 434;
    public static final int VMLADDUHM = 435;
    public static final int VMSUMUBM = 436;
    public static final int VMSUMMBM = 437;
    public static final int VMSUMSHM = 438;
    public static final int VMSUMSHS = 439;
    public static final int VMSUMUHM = 440;
    public static final int VMSUMUHS = 441;
    public static final int VMSUMUDM = 442;

    // Book I, 6.9.1.5 Vector Integer Sum-Across Instructions
    public static final int VSUMSWS = 443;
    public static final int VSUM2SWS = 444;
    public static final int VSUM4SBS = 445;
    public static final int VSUM4SHS = 446;
    public static final int VSUM4UBS = 447;

    // Book I, 6.9.1.6 Vector Integer Negate Instructions
    public static final int VNEGW = 448;
    public static final int VNEGD = 449;

    // Book I, 6.9.1.7 Vector Extend Sign Instructions
    public static final int VEXTSB2W = 450;
    public static final int VEXTSB2D = 451;
    public static final int VEXTSH2W = 452;
    public static final int VEXTSH2D = 453;
    public static final int VEXTSW2D = 454;

    // Book I, 6.9.1.8 Vector Integer Average Instructions
    public static final int VAVGSB = 455;
    public static final int VAVGSH = 456;
    public static final int VAVGSW = 457;
    public static final int VAVGUB = 458;
    public static final int VAVGUH = 459;
    public static final int VAVGUW = 460;

    // Book I, 6.9.1.9 Vector Integer Absolute Difference Instructions
    public static final int VABSDUB = 461;
    public static final int VABSDUH = 462;
    public static final int VABSDUW = 463;

    // Book I, 6.9.1.10 Vector Integer Maximum and Minimum Instructions
    public static final int VMAXSB = 464;
    public static final int VMAXSH = 465;
    public static final int VMAXSW = 466;
    public static final int VMAXSD = 467;
    public static final int VMAXUB = 468;
    public static final int VMAXUH = 469;
    public static final int VMAXUW = 470;
    public static final int VMAXUD = 471;
    public static final int VMINSB = 472;
    public static final int VMINSH = 473;
    public static final int VMINSW = 474;
    public static final int VMINSD = 475;
    public static final int VMINUB = 476;
    public static final int VMINUH = 477;
    public static final int VMINUW = 478;
    public static final int VMINUD = 479;

    // Book I, 6.9.2 Vector Integer Compare Instructions
    public static final int VCMPEQUB = 480;
    public static final int VCMPEQUH = 481;
    public static final int VCMPEQUW = 482;
    public static final int VCMPEQUD = 483;
    public static final int VCMPGTSB = 484;
    public static final int VCMPGTSH = 485;
    public static final int VCMPGTSW = 486;
    public static final int VCMPGTSD = 487;
    public static final int VCMPGTUB = 488;
    public static final int VCMPGTUH = 489;
    public static final int VCMPGTUW = 490;
    public static final int VCMPGTUD = 491;
    public static final int VCMPNEB = 492;
    public static final int VCMPNEH = 493;
    public static final int VCMPNEW = 494;
    public static final int VCMPNEZB = 495;
    public static final int VCMPNEZH = 496;
    public static final int VCMPNEZW = 497;

    // Book I, 6.9.3 Vector Logical Instructions
    public static final int VAND = 498;
    public static final int VANDC = 499;
    public static final int VEQV = 500;
    public static final int VNAND = 501;
    public static final int VORC = 502;
    public static final int VNOR = 503;
    public static final int VOR = 504;
    public static final int VXOR = 505;

    // Book I, 6.9.4 Vector Parity Byte Instructions
    public static final int VPRTYBW = 506;
    public static final int VPRTYBD = 507;
    public static final int VPRTYBQ = 508;

    // Book I, 6.9.5 Vector Integer Rotate and Shift Instructions
    public static final int VRLB = 509;
    public static final int VRLH = 510;
    public static final int VRLW = 511;
    public static final int VRLD = 512;
    public static final int VSLB = 513;
    public static final int VSLH = 514;
    public static final int VSLW = 515;
    public static final int VSLD = 516;
    public static final int VSRB = 517;
    public static final int VSRH = 518;
    public static final int VSRW = 519;
    public static final int VSRD = 520;
    public static final int VSRAB = 521;
    public static final int VSRAH = 522;
    public static final int VSRAW = 523;
    public static final int VSRAD = 524;
    public static final int VRLWNM = 525;
    public static final int VRLWMI = 526;
    public static final int VRLDNM = 527;
    public static final int VRLDMI = 528;

    // Book I, 6.10.1 Vector Floating-Point Arithmetic Instructions
    public static final int VADDFP = 529;
    public static final int VSUBFP = 530;
    public static final int VMADDFP = 531;
    public static final int VNMSUBFP = 532;

    // Book I, 6.10.2 Vector Floating-Point Maximum and Minimum Instructions
    public static final int VMAXFP = 533;
    public static final int VMINFP = 534;

    // Book I, 6.10.3 Vector Floating-Point Rounding and Conversion Instructions
    public static final int VCTSXS = 535;
    public static final int VCTUXS = 536;
    public static final int VCFSX = 537;
    public static final int VCFUX = 538;
    public static final int VRFIM = 539;
    public static final int VRFIN = 540;
    public static final int VRFIP = 541;
    public static final int VRFIZ = 542;

    // Book I, 6.10.4 Vector Floating-Point Compare Instructions
    public static final int VCMPBFP = 543;
    public static final int VCMPEQFP = 544;
    public static final int VCMPGEFP = 545;
    public static final int VCMPGTFP = 546;

    // Book I, 6.10.5 Vector Floating-Point Estimate Instructions
    public static final int VEXPTEFP = 547;
    public static final int VLOGEFP = 548;
    public static final int VREFP = 549;
    public static final int VRSQRTEFP = 550;

    // Book I, 6.11.1 Vector AES Instructions
    public static final int VCIPHER = 551;
    public static final int VCIPHERLAST = 552;
    public static final int VNCIPHER = 553;
    public static final int VNCIPHERLAST = 554;
    public static final int VSBOX = 555;

    // Book I, 6.11.2 Vector SHA-256 and SHA-512 Sigma Instructions
    public static final int VSHASIGMAD = 556;
    public static final int VSHASIGMAW = 557;

    // Book I, 6.11.3 Vector Binary Polynomial Multiplication Instructions
    public static final int VPMSUMB = 558;
    public static final int VPMSUMD = 559;
    public static final int VPMSUMH = 560;
    public static final int VPMSUMW = 561;

    // Book I, 6.11.4 Vector Permute and Exclusive-OR Instruction
    public static final int VPERMXOR = 562;

    // Book I, 6.12 Vector Gather Instruction
    public static final int VGBBD = 563;

    // Book I, 6.13 Vector Count Leading and Trailing Zeros Instructions
    public static final int VCLZB = 564;
    public static final int VCLZH = 565;
    public static final int VCLZW = 566;
    public static final int VCLZD = 567;
    public static final int VCTZB = 568;
    public static final int VCTZH = 569;
    public static final int VCTZW = 570;
    public static final int VCTZD = 571;
    public static final int VCLZLSBB = 572;
    public static final int VCTZLSBB = 573;

    // Book I, 6.13.3 Vector Extract Element Instructions
    public static final int VEXTUBLX = 574;
    public static final int VEXTUBRX = 575;
    public static final int VEXTUHLX = 576;
    public static final int VEXTUHRX = 577;
    public static final int VEXTUWLX = 578;
    public static final int VEXTUWRX = 579;

    // Book I, 6.14 Vector Population Count Instructions
    public static final int VPOPCNTB = 580;
    public static final int VPOPCNTD = 581;
    public static final int VPOPCNTH = 582;
    public static final int VPOPCNTW = 583;

    // Book I, 6.15 Vector Bit Permute Instructions
    public static final int VBPERMQ = 584;
    public static final int VBPERMD = 585;

    // Book I, 6.17 Decimal Integer Instructions
    public static final int BCDADD_ = 586;
    public static final int BCDSUB_ = 587;
    public static final int BCDCFN_ = 588;
    public static final int BCDCFZ_ = 589;
    public static final int BCDCTN_ = 590;
    public static final int BCDCTZ_ = 591;
    public static final int BCDCFSQ_ = 592;
    public static final int BCDCTSQ_ = 593;
    public static final int BCDCPSGN_ = 594;
    public static final int BCDSETSGN_ = 595;
    public static final int BCDS_ = 596;
    public static final int BCDUS_ = 597;
    public static final int BCDSR_ = 598;
    public static final int BCDTRUNC_ = 599;
    public static final int BCDUTRUNC_ = 600;
    public static final int VMUL10CUQ = 601;
    public static final int VMUL10UQ = 602;
    public static final int VMUL10ECUQ = 603;
    public static final int VMUL10EUQ = 604;

    // Book I, 6.18 Vector Status and Control Register Instructions
    public static final int MTVSCR = 605;
    public static final int MFVSCR = 606;

    // Book I, 7.6.1.1 VSX Storage Access Instructions
    public static final int LXSD = 607;
    public static final int LXSDX = 608;
    public static final int LXSIBZX = 609;
    public static final int LXSIHZX = 610;
    public static final int LXSIWAX = 611;
    public static final int LXSIWZX = 612;
    public static final int LXSSP = 613;
    public static final int LXSSPX = 614;
    public static final int LXV = 615;
    public static final int LXVB16X = 616;
    public static final int LXVD2X = 617;
    public static final int LXVDSX = 618;
    public static final int LXVH8X = 619;
    public static final int LXVL = 620;
    public static final int LXVLL = 621;
    public static final int LXVW4X = 622;
    public static final int LXVWSX = 623;
    public static final int LXVX = 624;
    public static final int STXSD = 625;
    public static final int STXSDX = 626;
    public static final int STXSIBX = 627;
    public static final int STXSIHX = 628;
    public static final int STXSIWX = 629;
    public static final int STXSSP = 630;
    public static final int STXSSPX = 631;
    public static final int STXV = 632;
    public static final int STXVB16X = 633;
    public static final int STXVD2X = 634;
    public static final int STXVH8X = 635;
    public static final int STXVL = 636;
    public static final int STXVLL = 637;
    public static final int STXVW4X = 638;
    public static final int STXVX = 639;

    // Book I, 7.6.1.2 VSX Binary Floating-Point Sign Manipulation Instructions
    public static final int XSABSDP = 640;
    public static final int XSABSQP = 641;
    public static final int XSCPSGNDP = 642;
    public static final int XSCPSGNQP = 643;
    public static final int XSNABSDP = 644;
    public static final int XSNABSQP = 645;
    public static final int XSNEGDP = 646;
    public static final int XSNEGQP = 647;
    public static final int XVABSDP = 648;
    public static final int XVABSSP = 649;
    public static final int XVCPSGNDP = 650;
    public static final int XVCPSGNSP = 651;
    public static final int XVNABSDP = 652;
    public static final int XVNABSSP = 653;
    public static final int XVNEGDP = 654;
    public static final int XVNEGSP = 655;

    // Book I, 7.6.1.3 VSX Binary Floating-Point Arithmetic Instructions
    public static final int XSADDDP = 656;
    public static final int XSADDSP = 657;
    public static final int XSADDQP = 658;
    public static final int XSDIVDP = 659;
    public static final int XSDIVQP = 660;
    public static final int XSDIVSP = 661;
    public static final int XSMULDP = 662;
    public static final int XSMULQP = 663;
    public static final int XSMULSP = 664;
    public static final int XSREDP = 665;
    public static final int XSRESP = 666;
    public static final int XSRSQRTEDP = 667;
    public static final int XSRSQRTESP = 668;
    public static final int XSSQRTDP = 669;
    public static final int XSSQRTQP = 670;
    public static final int XSSQRTSP = 671;
    public static final int XSSUBDP = 672;
    public static final int XSSUBQP = 673;
    public static final int XSSUBSP = 674;
    public static final int XSTDIVDP = 675;
    public static final int XSTSQRTDP = 676;
    public static final int XVADDDP = 677;
    public static final int XVADDSP = 678;
    public static final int XVDIVDP = 679;
    public static final int XVDIVSP = 680;
    public static final int XVMULDP = 681;
    public static final int XVMULSP = 682;
    public static final int XVREDP = 683;
    public static final int XVRESP = 684;
    public static final int XVRSQRTEDP = 685;
    public static final int XVRSQRTESP = 686;
    public static final int XVSQRTDP = 687;
    public static final int XVSQRTSP = 688;
    public static final int XVSUBDP = 689;
    public static final int XVSUBSP = 690;
    public static final int XVTDIVDP = 691;
    public static final int XVTDIVSP = 692;
    public static final int XVTSQRTDP = 693;
    public static final int XVTSQRTSP = 694;
    public static final int XSMADDADP = 695;
    public static final int XSMADDASP = 696;
    public static final int XSMADDMDP = 697;
    public static final int XSMADDMSP = 698;
    public static final int XSMADDQP = 699;
    public static final int XSMSUBADP = 700;
    public static final int XSMSUBASP = 701;
    public static final int XSMSUBMDP = 702;
    public static final int XSMSUBMSP = 703;
    public static final int XSMSUBQP = 704;
    public static final int XSNMADDADP = 705;
    public static final int XSNMADDASP = 706;
    public static final int XSNMADDMDP = 707;
    public static final int XSNMADDMSP = 708;
    public static final int XSNMADDQP = 709;
    public static final int XSNMSUBADP = 710;
    public static final int XSNMSUBASP = 711;
    public static final int XSNMSUBMDP = 712;
    public static final int XSNMSUBMSP = 713;
    public static final int XSNMSUBQP = 714;
    public static final int XVMADDADP = 715;
    public static final int XVMADDASP = 716;
    public static final int XVMADDMDP = 717;
    public static final int XVMADDMSP = 718;
    public static final int XVMSUBADP = 719;
    public static final int XVMSUBASP = 720;
    public static final int XVMSUBMDP = 721;
    public static final int XVMSUBMSP = 722;
    public static final int XVNMADDADP = 723;
    public static final int XVNMADDASP = 724;
    public static final int XVNMADDMDP = 725;
    public static final int XVNMADDMSP = 726;
    public static final int XVNMSUBADP = 727;
    public static final int XVNMSUBASP = 728;
    public static final int XVNMSUBMDP = 729;
    public static final int XVNMSUBMSP = 730;

    // Book I, 7.6.1.4 VSX Binary Floating-Point Compare Instructions
    public static final int XSCMPEQDP = 731;
    public static final int XSCMPGEDP = 732;
    public static final int XSCMPGTDP = 733;
    public static final int XSCMPEXPDP = 734;
    public static final int XSCMPEXPQP = 735;
    public static final int XSCMPODP = 736;
    public static final int XSCMPOQP = 737;
    public static final int XSCMPUDP = 738;
    public static final int XSCMPUQP = 739;
    public static final int XVCMPEQDP = 740;
    public static final int XVCMPEQSP = 741;
    public static final int XVCMPGEDP = 742;
    public static final int XVCMPGESP = 743;
    public static final int XVCMPGTDP = 744;
    public static final int XVCMPGTSP = 745;

    // Book I, 7.6.1.5 VSX FP-FP Conversion Instructions
    public static final int XSCVDPSP = 746;
    public static final int XSCVDPSPN = 747;
    public static final int XSCVDPQP = 748;
    public static final int XSCVQPDP = 749;
    public static final int XSCVSPDP = 750;
    public static final int XSCVSPDPN = 751;
    public static final int XSCVDPHP = 752;
    public static final int XSCVHPDP = 753;
    public static final int XVCVDPSP = 754;
    public static final int XVCVSPDP = 755;
    public static final int XVCVHPSP = 756;
    public static final int XVCVSPHP = 757;

    // Book I, 7.6.1.6 VSX FP-Integer Conversion Instructions
    public static final int XSCVDPSXDS = 758;
    public static final int XSCVDPSXWS = 759;
    public static final int XSCVDPUXDS = 760;
    public static final int XSCVDPUXWS = 761;
    public static final int XSCVQPSDZ = 762;
    public static final int XSCVQPSWZ = 763;
    public static final int XSCVQPUDZ = 764;
    public static final int XSCVQPUWZ = 765;
    public static final int XVCVDPSXDS = 766;
    public static final int XVCVDPSXWS = 767;
    public static final int XVCVDPUXDS = 768;
    public static final int XVCVDPUXWS = 769;
    public static final int XVCVSPSXDS = 770;
    public static final int XVCVSPSXWS = 771;
    public static final int XVCVSPUXDS = 772;
    public static final int XVCVSPUXWS = 773;

    // Book I, 7.6.1.7 VSX Integer-FP Conversion Instructions
    public static final int XSCVSDQP = 774;
    public static final int XSCVSXDDP = 775;
    public static final int XSCVSXDSP = 776;
    public static final int XSCVUDQP = 777;
    public static final int XSCVUXDDP = 778;
    public static final int XSCVUXDSP = 779;
    public static final int XVCVSXDDP = 780;
    public static final int XVCVSXDSP = 781;
    public static final int XVCVSXWDP = 782;
    public static final int XVCVSXWSP = 783;
    public static final int XVCVUXDDP = 784;
    public static final int XVCVUXDSP = 785;
    public static final int XVCVUXWDP = 786;
    public static final int XVCVUXWSP = 787;

    // Book I, 7.6.1.8 VSX Round to Floating-Point Integer Instructions
    public static final int XSRDPI = 788;
    public static final int XSRDPIC = 789;
    public static final int XSRDPIM = 790;
    public static final int XSRDPIP = 791;
    public static final int XSRDPIZ = 792;
    public static final int XSRQPI = 793;
    public static final int XSRQPXP = 794;
    public static final int XSRSP = 795;
    public static final int XVRDPI = 796;
    public static final int XVRDPIC = 797;
    public static final int XVRDPIM = 798;
    public static final int XVRDPIP = 799;
    public static final int XVRDPIZ = 800;
    public static final int XVRSPI = 801;
    public static final int XVRSPIC = 802;
    public static final int XVRSPIM = 803;
    public static final int XVRSPIP = 804;
    public static final int XVRSPIZ = 805;

    // Book I, 7.6.1.9 VSX Maximum and Minimum Instructions
    public static final int XSMAXCDP = 806;
    public static final int XSMAXDP = 807;
    public static final int XSMAXJDP = 808;
    public static final int XSMINCDP = 809;
    public static final int XSMINDP = 810;
    public static final int XSMINJDP = 811;
    public static final int XVMAXDP = 812;
    public static final int XVMAXSP = 813;
    public static final int XVMINDP = 814;
    public static final int XVMINSP = 815;

    // Book I, 7.6.1.10 VSX Extract, Insert Exponent/Significand and Test Data Class Instructions
    public static final int XSIEXPDP = 816;
    public static final int XSIEXPQP = 817;
    public static final int XSTSTDCDP = 818;
    public static final int XSTSTDCQP = 819;
    public static final int XSTSTDCSP = 820;
    public static final int XSXEXPDP = 821;
    public static final int XSXEXPQP = 822;
    public static final int XSXSIGDP = 823;
    public static final int XSXSIGQP = 824;
    public static final int XVIEXPDP = 825;
    public static final int XVIEXPSP = 826;
    public static final int XVTSTDCDP = 827;
    public static final int XVTSTDCSP = 828;
    public static final int XVXEXPDP = 829;
    public static final int XVXEXPSP = 830;
    public static final int XVXSIGDP = 831;
    public static final int XVXSIGSP = 832;

    // Book I, 7.6.1.11 VSX Vector Byte-Reverse, Logical, Merge, Permute, Splat and Element Instructions
    public static final int XXBRD = 833;
    public static final int XXBRH = 834;
    public static final int XXBRQ = 835;
    public static final int XXBRW = 836;
    public static final int XXEXTRACTUW = 837;
    public static final int XXINSERTW = 838;
    public static final int XXLAND = 839;
    public static final int XXLANDC = 840;
    public static final int XXLEQV = 841;
    public static final int XXLNAND = 842;
    public static final int XXLORC = 843;
    public static final int XXLNOR = 844;
    public static final int XXLOR = 845;
    public static final int XXLXOR = 846;
    public static final int XXMRGHW = 847;
    public static final int XXMRGLW = 848;
    public static final int XXPERM = 849;
    public static final int XXPERMDI = 850;
    public static final int XXPERMR = 851;
    public static final int XXSEL = 852;
    public static final int XXSLDWI = 853;
    public static final int XXSPLTIB = 854;
    public static final int XXSPLTW = 855;

    // Book II, 4.3 Cache Management Instructions
    public static final int ICBI = 856;
    public static final int ICBT = 857;
    public static final int DCBT = 858;
    public static final int DCBTST = 859;
    public static final int DCBZ = 860;
    public static final int DCBST = 861;
    public static final int DCBF = 862;

    // Book II, 4.4 Copy-Paste Facility
    public static final int COPY = 863;
    public static final int PASTE_ = 864;
    public static final int CPABORT = 865;

    // Book II, 4.5 Atomic Memory Operations
    public static final int LWAT = 866;
    public static final int LDAT = 867;
    public static final int STWAT = 868;
    public static final int STDAT = 869;

    // Book II, 4.6 Synchronization Instructions
    public static final int ISYNC = 870;
    public static final int LBARX = 871;
    public static final int LHARX = 872;
    public static final int LWARX = 873;
    public static final int STBCX_ = 874;
    public static final int STHCX_ = 875;
    public static final int STWCX_ = 876;
    public static final int LDARX = 877;
    public static final int STDCX_ = 878;
    public static final int LQARX = 879;
    public static final int STQCX_ = 880;
    public static final int SYNC = 881;
    public static final int EIEIO = 882;
    public static final int WAIT = 883;

    // Book II, 5.5 Transactional Memory Instructions
    public static final int TBEGIN_ = 884;
    public static final int TEND_ = 885;
    public static final int TABORT_ = 886;
    public static final int TABORTWC_ = 887;
    public static final int TABORTWCI_ = 888;
    public static final int TABORTDC_ = 889;
    public static final int TABORTDCI_ = 890;
    public static final int TSR_ = 891;
    public static final int TCHECK = 892;

    // Book II, 6.1 Time Base Instructions
    public static final int MFTB = 893;

    // Book II, 7.2 Event-Based Branch Instructions
    public static final int RFEBB = 894;

    // Book II, 8.2 Branch History Rolling Buffer Instructions
    public static final int CLRBHRB = 895;
    public static final int MFBHRBE = 896;

    // Book III, 3.3.1 System Linkage Instructions
    public static final int RFSCV = 897;
    public static final int RFID = 898;
    public static final int HRFID = 899;
    public static final int STOP = 900;

    // Book III, 4.4.1 Fixed-Point Storage Access Caching Inhibited Instructions
    public static final int LBZCIX = 901;
    public static final int LHZCIX = 902;
    public static final int LWZCIX = 903;
    public static final int LDCIX = 904;
    public static final int STBCIX = 905;
    public static final int STHCIX = 906;
    public static final int STWCIX = 907;
    public static final int STDCIX = 908;

    // Book III, 4.4.3 Move To/From System Register Instructions
    public static final int MTMSR = 909;
    public static final int MTMSRD = 910;
    public static final int MFMSR = 911;

    // Book III, 4.4.4 Transactional Memory Privileged Instructions
    public static final int TRECLAIM_ = 912;
    public static final int TRECHKPT_ = 913;

    // Book III, 5.9.3 SLB and TLB Management Instructions
    public static final int SLBIE = 914;
    public static final int SLBIEG = 915;
    public static final int SLBIA = 916;
    public static final int SLBIAG = 917;
    public static final int SLBMTE = 918;
    public static final int SLBMFEV = 919;
    public static final int SLBMFEE = 920;
    public static final int SLBFEE_ = 921;
    public static final int SLBSYNC = 922;
    public static final int TLBIE = 923;
    public static final int TLBIEL = 924;
    public static final int TLBSYNC = 925;

    // Book III, 10.3 Processor Control Instructions
    public static final int MSGSND = 926;
    public static final int MSGCLR = 927;
    public static final int MSGSYNC = 928;
    public static final int MSGSNDP = 929;
    public static final int MSGCLRP = 930;

    // Before v2.03: vector data streams, which POWER9 executes as no-operations and Linux still issues
    public static final int DST = 931;
    public static final int DSTST = 932;
    public static final int DSS = 933;

    /** One more than the highest row number. */
    public static final int COUNT = 934;

    private Op() {}
}
