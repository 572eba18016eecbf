package io.nestling.hv.papr;

/** Hypercall return codes (PAPR, "Hypervisor Call Return Code Values"). */
public final class Status {
    private Status() {}

    public static final long SUCCESS = 0;
    public static final long NOT_AVAILABLE = 3;
    public static final long HARDWARE = -1;
    public static final long FUNCTION = -2;
    public static final long PRIVILEGE = -3;
    public static final long PARAMETER = -4;
    public static final long NOT_FOUND = -7;
    public static final long RESOURCE = -16;
    public static final long P2 = -55;
    public static final long P3 = -56;
    public static final long P4 = -57;
    public static final long P5 = -58;
    private static final long UNSUPPORTED_FLAG = -256;

    /**
     * The code for unsupported bits in a flags argument.
     *
     * @param bits those bits; not 0
     */
    public static long unsupportedFlag(long bits) {
        return UNSUPPORTED_FLAG - Long.numberOfLeadingZeros(bits);
    }
}
