package io.nestling.runtime.isa;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.HostMemory;
import io.nestling.runtime.mmu.Access;
import java.lang.invoke.VarHandle;

/**
 * Cache management, copy-paste and storage ordering (Power ISA 3.0B, Book II, 4.3, 4.4 and 4.6). There is no cache: what
 * remains is the checks, the zeroing, and fences. Stores drop stale decoded code by themselves, so {@code icbi} and
 * {@code isync} have nothing left to do.
 */
public final class Cache {
    private Cache() {}

    /** Bytes in a cache block, and the operand size of copy and paste. */
    private static final int BLOCK = 128;

    public static void dcbz(Vcpu c, int w) {
        zero(c.mmu.hostAddress(Ea.indexed(c, w), Access.WRITE));
    }

    /** Zeroes the block around a host address: frames are aligned alike in guest and host, so blocks are too. */
    public static void zero(long address) {
        long host = address & -BLOCK;
        for (int i = 0; i < BLOCK; i += 8) {
            HostMemory.putDouble(host + i, 0);
        }
    }

    private static void touch(Vcpu c, int w) {
        c.mmu.probe(Ea.indexed(c, w), 1, Access.READ);
    }

    public static void dcbf(Vcpu c, int w) {
        touch(c, w);
    }

    public static void dcbst(Vcpu c, int w) {
        touch(c, w);
    }

    public static void icbi(Vcpu c, int w) {
        touch(c, w);
    }

    // Hints never fault.

    public static void dcbt(Vcpu c, int w) {}

    public static void dst(Vcpu c, int w) {}

    public static void dstst(Vcpu c, int w) {}

    public static void dss(Vcpu c, int w) {}

    public static void dcbtst(Vcpu c, int w) {}

    public static void icbt(Vcpu c, int w) {}

    // ---- copy and paste: there is no accelerator to paste to, so paste. reports failure --------------------------

    private static void block(Vcpu c, int w, Access access) {
        long ea = Ea.indexed(c, w);
        if ((ea & BLOCK - 1) != 0) {
            throw c.alignment(ea);
        }
        c.mmu.probe(ea, BLOCK, access);
    }

    public static void copy(Vcpu c, int w) {
        block(c, w, Access.READ);
    }

    public static void paste_(Vcpu c, int w) {
        block(c, w, Access.WRITE);
        c.setCr(0, c.so);
    }

    public static void cpabort(Vcpu c, int w) {}

    // ---- ordering -----------------------------------------------------------------------------------------------

    /**
     * L (bits 9..10): 1 is lwsync, which orders all but a store before a load; others are full barriers. 2 is ptesync,
     * which also waits for this thread's invalidations.
     */
    public static void sync(Vcpu c, int w) {
        int l = w >>> 21 & 3;
        if (l == 1) {
            VarHandle.acquireFence();
            VarHandle.releaseFence();
        } else {
            VarHandle.fullFence();
        }
        if (l == 2) {
            c.mailbox.settle();
        }
    }

    public static void eieio(Vcpu c, int w) {
        VarHandle.fullFence();
    }

    /** What has become of this vCPU's code is seen from here on: translated code must be looked up anew. */
    public static void isync(Vcpu c, int w) {
        VarHandle.acquireFence();
        long invalidations = c.mmu.codePages().invalidations();
        if (c.seenInvalidations != invalidations) {
            c.seenInvalidations = invalidations;
            c.codeWritten = true;
        }
        if (c.fetchesMoved) {
            c.fetchesMoved = false;
            c.codeWritten = true;
        }
    }

    /** Waiting is allowed to end at once. */
    public static void wait(Vcpu c, int w) {}
}
