package io.nestling.runtime.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Facility;
import io.nestling.runtime.cpu.GuestFault;
import io.nestling.runtime.cpu.Interrupts;
import io.nestling.runtime.cpu.Msr;
import io.nestling.runtime.cpu.Register;
import io.nestling.runtime.cpu.Register.Port;
import io.nestling.runtime.cpu.Register.Right;
import io.nestling.runtime.cpu.RegisterTable;
import io.nestling.runtime.cpu.Spr;
import io.nestling.runtime.cpu.Vcpu;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SprAccessTest {
    private static final long PC = 0x1000;

    private final TestCpu t = new TestCpu();
    private final Vcpu c = t.c;

    @AfterEach
    void close() {
        t.close();
    }

    private long read(int number) {
        SprAccess.mfspr(c, TestCpu.spr(number), PC);
        return c.gpr(3);
    }

    private void write(int number, long v) {
        c.setGpr(3, v);
        SprAccess.mtspr(c, TestCpu.spr(number), PC);
    }

    /** None, privileged or illegal: what an access does, with every facility on. */
    private String outcome(boolean store, int number) {
        c.spr[Spr.FSCR] = -1;
        c.spr[Spr.HFSCR] = -1;
        c.spr[Spr.MMCR0] = 2L << 18;
        try {
            if (store) {
                write(number, 0);
            } else {
                read(number);
            }
            return "done";
        } catch (GuestFault f) {
            return f.vector != Interrupts.PROGRAM ? "vector " + Integer.toHexString(f.vector)
                    : f.srr1 == Vcpu.PROGRAM_PRIVILEGED ? "privileged" : "illegal";
        }
    }

    private static String expected(int number, Right right, boolean store, int state) {
        if (number >= 128 && number <= 131) {
            return "vector f60";
        }
        if (right == Right.NONE) {
            if (number >= 808 && number <= 811) {
                return "done";
            }
            if ((number & 16) != 0) {
                return state == 0 ? "privileged" : "done";
            }
            boolean never = number == 0 || !store && number >= 4 && number <= 6;
            return state == 0 || never ? "illegal" : "done";
        }
        int needed = right.ordinal() - Right.PROBLEM.ordinal();
        return state >= needed ? "done" : "privileged";
    }

    /** All 1024 numbers, both directions, problem, privileged and hypervisor state. */
    @Test
    void accessMatrix() {
        for (int number = 0; number < 1024; number++) {
            Port port = RegisterTable.port(number);
            for (int state = 0; state < 3; state++) {
                for (boolean store : new boolean[] {false, true}) {
                    c.spr[Spr.LPCR] = 0;
                    c.setMsr(Msr.SF);
                    if (state == 0) {
                        t.problemState();
                    } else if (state == 2) {
                        t.hypervisorState();
                    }
                    Right right = port == null ? Right.NONE : store ? port.write() : port.read();
                    assertEquals(expected(number, right, store, state), outcome(store, number),
                            (store ? "mtspr " : "mfspr ") + number + " in state " + state);
                }
            }
        }
    }

    @Test
    void undefinedNumbersLeaveTheTargetAlone() {
        c.setGpr(3, 99);
        assertEquals(99, read(1000));
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> read(4));
        write(4, 1);
    }

    @Test
    void fixedPointAndBranchRegisters() {
        write(Spr.XER, -1);
        assertEquals(0xe00c007fL, read(Spr.XER));
        write(Spr.LR, 7);
        assertEquals(7, c.lr);
        write(Spr.VRSAVE, -1);
        assertEquals(0xffffffffL, read(Spr.VRSAVE));
        write(Spr.SPRG0 + 3, 12);
        t.problemState();
        assertEquals(12, read(Spr.SPRG3_USER));
        t.assertProgram(Vcpu.PROGRAM_PRIVILEGED, () -> read(Spr.SPRG0));
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> write(Spr.SPRG3_USER, 0));
    }

    @Test
    void keysAreWrittenUnderTheMaskOfTheState() {
        c.spr[Spr.AMOR] = 0xff00;
        write(Spr.UAMOR, -1);
        assertEquals(0xff00, c.spr[Spr.UAMOR]);
        write(Spr.AMR, 0x1234);
        assertEquals(0x1200, read(Spr.AMR_USER));
        c.spr[Spr.UAMOR] = 0x0f00;
        t.problemState();
        write(Spr.AMR_USER, -1);
        assertEquals(0x1f00, read(Spr.AMR_USER));
    }

    @Test
    void timeRegisters() {
        c.retiredBias = 1 << 20;
        long tb = read(Spr.TB);
        assertEquals(c.timebase(PC), tb);
        assertEquals(tb >>> 32, read(Spr.TBU));
        write(Spr.DEC, 0xffffffffL);
        assertEquals(0xffffffffL, read(Spr.DEC), "32 bits wide, not sign-extended");
        t.hypervisorState();
        write(Spr.TBU40, 0x123456789a000000L);
        assertEquals(0x123456789a000000L | tb & 0xffffff, read(Spr.TB));
        assertEquals(0xffffffffL, read(Spr.DEC), "the decrementer does not follow the timebase");
        write(Spr.LPCR, RegisterTable.LPCR_LD);
        write(Spr.DEC, -1);
        assertEquals(-1, read(Spr.DEC), "the large decrementer is sign-extended");
        write(Spr.PURR, 1000);
        assertEquals(1000, read(Spr.PURR));
        SprAccess.mfspr(c, TestCpu.spr(Spr.PURR), PC + 80);
        assertEquals(1010, c.gpr(3), "two instructions a tick");
    }

    @Test
    void facilitiesGateTheirRegisters() {
        t.problemState();
        c.spr[Spr.FSCR] = 0;
        t.assertFault(Interrupts.FACILITY_UNAVAILABLE, () -> read(Spr.DSCR_USER));
        assertEquals((long) Facility.DSCR << 56, c.spr[Spr.FSCR]);
        c.spr[Spr.FSCR] = 1L << Facility.DSCR;
        write(Spr.DSCR_USER, 5);
        assertEquals(5, c.spr[Spr.DSCR]);
        t.assertFault(Interrupts.FACILITY_UNAVAILABLE, () -> write(Spr.TAR, 0));
        t.assertFault(Interrupts.FACILITY_UNAVAILABLE, () -> read(Spr.TFHAR));
        c.spr[Spr.MMCR0] = 0;
        read(771);
        t.assertProgram(Vcpu.PROGRAM_ILLEGAL, () -> write(771, 0));
        c.spr[Spr.MMCR0] = 1L << 18;
        t.assertFault(Interrupts.FACILITY_UNAVAILABLE, () -> read(771));
        c.spr[Spr.MMCR0] = 2L << 18;
        write(779, -1);
        assertEquals(0x84080080L, c.spr[Spr.MMCR0], "problem state changes its own bits only");
    }

    @Test
    void halvesAndSetResetViews() {
        write(Spr.PPR, -1);
        assertEquals(0x001c000000000000L, read(Spr.PPR));
        write(Spr.PPR32, 8L << 16);
        assertEquals(0x0008000000000000L, read(Spr.PPR));
        c.spr[Spr.FSCR] = -1;
        write(Spr.BESCR, 0x0f);
        write(800, 0xf0);
        assertEquals(0xff, read(Spr.BESCR));
        write(803, 0);
        write(802, 0x0f);
        assertEquals(0xf0, read(Spr.BESCR));
        write(801, 0x80000000L);
        assertEquals(0x80000000000000f0L, read(Spr.BESCR));
    }

    @Test
    void rowsAreUniqueAndPlacesDoNotOverlap() {
        Set<String> names = new HashSet<>();
        Set<Integer> elements = new HashSet<>();
        Set<Integer> state = new HashSet<>();
        for (Register r : RegisterTable.registers()) {
            assertTrue(names.add(r.name()), r.name());
            assertTrue(r.element() < 0 || elements.add(r.element()), r.name());
            assertTrue(r.guestState() < 0 || state.add(r.guestState()), r.name());
            assertEquals(r.bits() == 128, r.low() != null, r.name());
        }
        assertTrue(RegisterTable.plain(Spr.SRR0));
        assertThrows(UnsupportedOperationException.class, () -> RegisterTable.registers().clear());
    }
}
