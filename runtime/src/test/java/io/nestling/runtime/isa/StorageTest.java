package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.memory.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
    private static final long A = 0x2000;
    private static final int X = TestCpu.word(0);

    private final TestCpu t = new TestCpu();
    private final Vcpu c = t.c;

    @AfterEach
    void close() {
        t.close();
    }

    private void address(long ea) {
        c.setGpr(4, ea);
        c.setGpr(5, 0);
    }

    private long host(long ea) {
        return t.ram.base() + ea;
    }

    // ---- plain accesses ------------------------------------------------------------------------------------------

    @Test
    void byteOrders() {
        address(A);
        c.setGpr(3, 0x0102030405060708L);
        LoadStore.stdx(c, X);
        assertEquals(0x0102030405060708L, HostMemory.getDouble(host(A)));
        LoadStore.lhbrx(c, X);
        assertEquals(0x0807, c.gpr(3));
        t.littleEndian(false);
        LoadStore.lwzx(c, X);
        assertEquals(0x08070605L, c.gpr(3));
        LoadStore.lwbrx(c, X);
        assertEquals(0x05060708L, c.gpr(3));
    }

    @Test
    void updateFormsWriteTheBaseAfterTheAccess() {
        address(A);
        // ldu 3,8(4)
        LoadStore.ldu(c, 58 << 26 | 3 << 21 | 4 << 16 | 8 | 1);
        assertEquals(A + 8, c.gpr(4));
        c.setGpr(4, 1L << 40);
        c.setGpr(3, 77);
        Assertions.assertThrows(GuestFault.class, () -> LoadStore.ldu(c, 58 << 26 | 3 << 21 | 4 << 16 | 8 | 1));
        assertEquals(77, c.gpr(3));
        assertEquals(1L << 40, c.gpr(4));
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> LoadStore.lwzu(c, 33 << 26 | 4 << 21 | 4 << 16));
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> LoadStore.stwu(c, 37 << 26 | 4 << 21));
    }

    @Test
    void thirtyTwoBitModeWrapsAddresses() {
        t.mode32();
        c.setGpr(4, 0xffffffff00000000L);
        c.setGpr(5, A);
        HostMemory.putWord(host(A), 0xdeadbeef);
        LoadStore.lwzx(c, X);
        assertEquals(0xdeadbeefL, c.gpr(3));
    }

    @Test
    void quadwordsKeepTheEvenRegisterMostSignificant() {
        int lq = 56 << 26 | 6 << 21 | 4 << 16;
        int stq = 62 << 26 | 6 << 21 | 4 << 16 | 2;
        address(A);
        c.setGpr(6, 0x1111);
        c.setGpr(7, 0x2222);
        MultipleAccess.stq(c, stq);
        assertEquals(0x2222, HostMemory.getDouble(host(A)), "little-endian: low half first");
        assertEquals(0x1111, HostMemory.getDouble(host(A + 8)));
        t.littleEndian(false);
        MultipleAccess.lq(c, lq);
        assertEquals(Long.reverseBytes(0x2222), c.gpr(6));
        assertEquals(Long.reverseBytes(0x1111), c.gpr(7));
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> MultipleAccess.lq(c, lq | 1 << 21));
    }

    @Test
    void multipleAndStringsNeedBigEndian() {
        address(A);
        t.assertFault(Interrupts.ALIGNMENT, () -> MultipleAccess.lmw(c, 46 << 26 | 30 << 21 | 4 << 16));
        assertEquals(A, c.spr[Spr.DAR]);
        t.littleEndian(false);
        for (int i = 0; i < 8; i++) {
            HostMemory.putByte(host(A + i), i + 1);
        }
        MultipleAccess.lmw(c, 46 << 26 | 30 << 21 | 4 << 16);
        assertEquals(0x01020304, c.gpr(30));
        assertEquals(0x05060708, c.gpr(31));
        c.setGpr(0, -1);
        MultipleAccess.lswi(c, TestCpu.word(31, 4, 6, 0));
        assertEquals(0x01020304, c.gpr(31));
        assertEquals(0x05060000, c.gpr(0), "registers wrap and the rest of the last one is zero");
        MultipleAccess.stswi(c, TestCpu.word(31, 4, 3, 0));
        assertEquals(0x04030201L, HostMemory.getWord(host(A)));
        c.xerCount = 0;
        MultipleAccess.lswx(c, TestCpu.word(10, 4, 5, 0));
        c.xerCount = 40;
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> MultipleAccess.lswx(c, TestCpu.word(28, 4, 5, 0)));
    }

    @Test
    void blocksAreZeroedFromTheirBoundary() {
        for (long ea = A - 8; ea < A + 136; ea += 8) {
            HostMemory.putDouble(host(ea), -1);
        }
        address(A + 77);
        Cache.dcbz(c, X);
        for (long ea = A; ea < A + 128; ea += 8) {
            assertEquals(0, HostMemory.getDouble(host(ea)));
        }
        assertEquals(-1, HostMemory.getDouble(host(A - 8)));
        assertEquals(-1, HostMemory.getDouble(host(A + 128)));
    }

    @Test
    void copyNeedsAlignmentAndPasteFails() {
        address(A);
        c.setSo(1);
        Cache.copy(c, X);
        Cache.paste_(c, X);
        assertEquals(1, c.crField(0));
        address(A + 64);
        t.assertFault(Interrupts.ALIGNMENT, () -> Cache.copy(c, X));
    }

    // ---- reservations --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storeConditionalSucceedsOnceInEitherByteOrder(boolean little) {
        t.littleEndian(little);
        address(A);
        HostMemory.putDouble(host(A), 0x1122334455667788L);
        Atomic.lharx(c, X);
        assertEquals(little ? 0x7788 : 0x8877, c.gpr(3));
        c.setGpr(3, 0xabcd);
        Atomic.sthcx_(c, X);
        assertEquals(2, c.crField(0));
        assertEquals(little ? 0x112233445566abcdL : 0x112233445566cdabL, HostMemory.getDouble(host(A)));
        Atomic.sthcx_(c, X);
        assertEquals(0, c.crField(0), "the reservation is used up");
    }

    @Test
    void reservationsAreLost() {
        address(A);
        c.setSo(1);
        Atomic.lwarx(c, X);
        HostMemory.putWord(host(A), 5);
        Atomic.stwcx_(c, X);
        assertEquals(1, c.crField(0), "the storage has changed");
        Atomic.lwarx(c, X);
        Atomic.stdcx_(c, X);
        assertEquals(1, c.crField(0), "another size");
        assertFalse(c.reserved);
        Atomic.lwarx(c, X);
        address(A + 4);
        Atomic.stwcx_(c, X);
        assertEquals(1, c.crField(0), "another address");
        Atomic.lwarx(c, X);
        Interrupts.deliver(c, Interrupts.DECREMENTER, 0);
        assertFalse(c.reserved, "an interrupt");
    }

    @Test
    void unalignedReservationsInterrupt() {
        address(A + 2);
        t.assertFault(Interrupts.ALIGNMENT, () -> Atomic.lwarx(c, X));
        assertFalse(c.reserved);
        address(A + 1);
        Atomic.lbarx(c, X);
        c.setGpr(3, 9);
        Atomic.stbcx_(c, X);
        assertEquals(2, c.crField(0));
        assertEquals(0x0900, HostMemory.getWord(host(A)));
    }

    @Test
    void quadwordReservation() {
        int x = TestCpu.word(6, 4, 5, 0);
        address(A);
        HostMemory.putDouble(host(A), 1);
        HostMemory.putDouble(host(A + 8), 2);
        Atomic.lqarx(c, x);
        assertEquals(2, c.gpr(6));
        assertEquals(1, c.gpr(7));
        c.setGpr(6, 20);
        c.setGpr(7, 10);
        Atomic.stqcx_(c, x);
        assertEquals(2, c.crField(0));
        assertEquals(10, HostMemory.getDouble(host(A)));
        assertEquals(20, HostMemory.getDouble(host(A + 8)));
        Atomic.lqarx(c, x);
        HostMemory.putDouble(host(A + 8), 3);
        Atomic.stqcx_(c, x);
        assertEquals(0, c.crField(0), "the second half changed");
        assertEquals(10, HostMemory.getDouble(host(A)));
    }

    // ---- atomic memory operations --------------------------------------------------------------------------------

    private long atomic(int function, long memory, long operand, long second) {
        address(A);
        HostMemory.putWord(host(A), memory);
        c.setGpr(7, operand);
        c.setGpr(8, second);
        AtomicMemory.lwat(c, TestCpu.word(6, 4, function, 0));
        return HostMemory.getWord(host(A));
    }

    @Test
    void atomicFunctions() {
        assertEquals(0, atomic(0, 0xffffffffL, 1, 0));
        assertEquals(0xffffffffL, c.gpr(6));
        assertEquals(0xffffffffL, atomic(4, 0xffffffffL, 1, 0), "maximum unsigned");
        assertEquals(1, atomic(5, 0xffffffffL, 1, 0), "maximum signed");
        assertEquals(7, atomic(8, 3, 7, 0), "swap");
        assertEquals(9, atomic(16, 3, 7, 9), "compare and swap not equal");
        assertEquals(7, atomic(16, 7, 7, 9));
        HostMemory.putWord(host(A + 4), 4);
        assertEquals(4, atomic(24, 3, 0, 0), "increment bounded");
        assertEquals(3, c.gpr(6));
        assertEquals(4, atomic(24, 4, 0, 0));
        assertEquals(0x80000000L, c.gpr(6));
        t.assertFault(Interrupts.DATA_STORAGE, () -> AtomicMemory.lwat(c, TestCpu.word(6, 4, 9, 0)));
        assertEquals(4, c.spr[Spr.DSISR]);
        address(A + 28);
        t.assertFault(Interrupts.ALIGNMENT, () -> AtomicMemory.lwat(c, TestCpu.word(6, 4, 24, 0)));
    }

    @Test
    void storeTwinNeedsEqualHalves() {
        address(A);
        HostMemory.putDouble(host(A), 5);
        HostMemory.putDouble(host(A + 8), 5);
        c.setGpr(6, 6);
        AtomicMemory.stdat(c, TestCpu.word(6, 4, 24, 0));
        assertEquals(6, HostMemory.getDouble(host(A)));
        assertEquals(6, HostMemory.getDouble(host(A + 8)));
        HostMemory.putDouble(host(A), 7);
        AtomicMemory.stdat(c, TestCpu.word(6, 4, 24, 0));
        assertEquals(7, HostMemory.getDouble(host(A)));
        assertTrue(HostMemory.getDouble(host(A + 8)) == 6);
    }
}
