package io.nestling.runtime.mmu;

/** Accesses to guest real addresses that are not RAM. */
public interface MmioBus {
    /** A bus without devices. */
    MmioBus NONE = new MmioBus() {
        @Override
        public boolean claims(long gra) {
            return false;
        }

        @Override
        public long load(long gra, int size, boolean bigEndian) {
            return -1;
        }

        @Override
        public void store(long gra, int size, long v, boolean bigEndian) {}
    };

    /** True when a device answers at this address. */
    boolean claims(long gra);

    /** Loads {@code size} bytes (1, 2, 4, 8) as a vCPU in this byte order would, zero-extended. */
    long load(long gra, int size, boolean bigEndian);

    /** Stores the low {@code size} bytes of {@code v}. */
    void store(long gra, int size, long v, boolean bigEndian);
}
