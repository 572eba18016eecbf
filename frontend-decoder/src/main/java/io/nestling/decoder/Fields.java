package io.nestling.decoder;

/**
 * Extracts the fields of an instruction word, named and numbered as in Power ISA 3.0B, Book I, 1.6 "Instruction
 * Formats". Bit 0 is the most significant bit. Register numbers are plain (0..31 or, for VSX, 0..63); immediates are
 * sign- or zero-extended as the book says.
 */
public final class Fields {
    private Fields() {}

    /** Bits {@code first..last} (book numbering) as an unsigned number. */
    public static int bits(int w, int first, int last) {
        return (w >>> (31 - last)) & ((1 << (last - first + 1)) - 1);
    }

    /** RT, RS, FRT, FRS, VRT, VRS, BO, TO: bits 6..10. */
    public static int rt(int w) {
        return (w >>> 21) & 31;
    }

    /** RA, FRA, VRA, BI: bits 11..15. */
    public static int ra(int w) {
        return (w >>> 16) & 31;
    }

    /** RB, FRB, VRB, SH: bits 16..20. */
    public static int rb(int w) {
        return (w >>> 11) & 31;
    }

    /** RC, FRC, VRC, MB: bits 21..25. */
    public static int rc(int w) {
        return (w >>> 6) & 31;
    }

    /** Rc (record) bit of most forms: bit 31. */
    public static boolean recordBit(int w) {
        return (w & 1) != 0;
    }

    /** OE bit of XO forms: bit 21. */
    public static boolean oe(int w) {
        return (w & 0x400) != 0;
    }

    /** SI or D: bits 16..31, sign-extended. */
    public static long si(int w) {
        return (short) w;
    }

    /** UI: bits 16..31, zero-extended. */
    public static long ui(int w) {
        return w & 0xffffL;
    }

    /** DS || 0b00, sign-extended. */
    public static long ds(int w) {
        return (short) (w & 0xfffc);
    }

    /** DQ || 0b0000, sign-extended. */
    public static long dq(int w) {
        return (short) (w & 0xfff0);
    }

    /** LI || 0b00 of I form, sign-extended. */
    public static long li(int w) {
        return (w << 6) >> 6 & ~3;
    }

    /** BD || 0b00 of B form, sign-extended. */
    public static long bd(int w) {
        return (short) (w & 0xfffc);
    }

    /** BF: CR field number, bits 6..8. */
    public static int bf(int w) {
        return (w >>> 23) & 7;
    }

    /** BFA: CR field number, bits 11..13. */
    public static int bfa(int w) {
        return (w >>> 18) & 7;
    }

    /** SH of MD and XS forms: sh[5] || sh[0:4], 0..63. */
    public static int sh6(int w) {
        return (w >>> 11) & 31 | (w << 4) & 32;
    }

    /** MB or ME of MD form, 0..63. */
    public static int mb6(int w) {
        return (w >>> 6) & 31 | w & 32;
    }

    /** ME of M form: bits 26..30. */
    public static int me(int w) {
        return (w >>> 1) & 31;
    }

    /** SPR number with its halves put in order, 0..1023. */
    public static int spr(int w) {
        return (w >>> 16) & 31 | (w >>> 6) & 0x3e0;
    }

    /** FXM of mtcrf and kin: bits 12..19. */
    public static int fxm(int w) {
        return (w >>> 12) & 0xff;
    }

    /** XT or XS of XX forms: TX || T, 0..63. */
    public static int xt(int w) {
        return (w >>> 21) & 31 | (w << 5) & 32;
    }

    /** XA of XX forms: AX || A, 0..63. */
    public static int xa(int w) {
        return (w >>> 16) & 31 | (w << 3) & 32;
    }

    /** XB of XX forms: BX || B, 0..63. */
    public static int xb(int w) {
        return (w >>> 11) & 31 | (w << 4) & 32;
    }

    /** XC of XX4 form: CX || C, 0..63. */
    public static int xc(int w) {
        return (w >>> 6) & 31 | (w << 2) & 32;
    }

    /** XT or XS of DQ form (lxv, stxv): bit 28 || bits 6..10, 0..63. */
    public static int xtDq(int w) {
        return (w >>> 21) & 31 | (w << 2) & 32;
    }
}
