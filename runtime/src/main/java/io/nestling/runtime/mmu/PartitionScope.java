package io.nestling.runtime.mmu;

/**
 * The second stage of translation: from a guest's real addresses (GRA) to host real addresses (HRA, offsets in the
 * machine's RAM). For L1 it is the identity over its RAM; for a nested guest it walks its hypervisor's tables.
 */
public interface PartitionScope {
    /**
     * Translates one guest real address.
     *
     * @param gra guest real address; any value is allowed
     * @param access the kind of access, which must be permitted
     * @param result receives {@link Translation#hra}, {@link Translation#shift} and the permissions, or on failure
     *     {@link Translation#fault}
     * @return true when translated
     */
    boolean translate(long gra, Access access, Translation result);
}
