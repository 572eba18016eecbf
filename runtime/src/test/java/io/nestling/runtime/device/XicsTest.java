package io.nestling.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.cpu.Vcpu;
import io.nestling.runtime.device.xics.Xics;
import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.time.VirtualClock;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class XicsTest {
    private final Ram ram = new Ram(1 << 16);
    private final CodePages codePages = new CodePages(ram);
    private final Vcpu cpu0 = new Vcpu(0, new Mmu(ram, codePages), new VirtualClock());
    private final Vcpu cpu1 = new Vcpu(1, new Mmu(ram, codePages), new VirtualClock());
    private final Xics xics = new Xics();
    private final int edge;
    private final int level;

    XicsTest() {
        xics.addServer(cpu0);
        xics.addServer(cpu1);
        edge = xics.addSource(false);
        level = xics.addSource(true);
    }

    @AfterEach
    void close() {
        ram.close();
    }

    private static int xirr(int cppr, int number) {
        return cppr << 24 | number;
    }

    @Test
    void edgeInterruptsOnce() {
        xics.setRoute(edge, 0, 5);
        xics.setCppr(0, 0xff);
        xics.pulse(edge);
        assertTrue(cpu0.externalInterrupt);
        assertEquals(xirr(0xff, edge), xics.accept(0));
        assertFalse(cpu0.externalInterrupt);
        assertEquals(xirr(5, 0), xics.poll(0));
        xics.endOfInterrupt(0, xirr(0xff, edge));
        assertEquals(xirr(0xff, 0), xics.accept(0));
        assertEquals(xirr(0xff, 0), xics.poll(0), "a spurious accept leaves the priority alone");
    }

    @Test
    void edgeWhileMaskedIsKept() {
        xics.setCppr(0, 0xff);
        xics.pulse(edge);
        assertFalse(cpu0.externalInterrupt);
        xics.setRoute(edge, 0, 5);
        assertTrue(cpu0.externalInterrupt);
        xics.accept(0);
        xics.mask(edge);
        xics.endOfInterrupt(0, xirr(0xff, edge));
        xics.pulse(edge);
        assertFalse(cpu0.externalInterrupt);
        xics.unmask(edge);
        assertEquals(xirr(0xff, edge), xics.accept(0));
    }

    @Test
    void levelInterruptsUntilItsLineFalls() {
        xics.setRoute(level, 0, 5);
        xics.setCppr(0, 0xff);
        xics.setLevel(level, true);
        for (int i = 0; i < 3; i++) {
            assertEquals(xirr(0xff, level), xics.accept(0));
            assertFalse(cpu0.externalInterrupt, "not again before its end");
            xics.endOfInterrupt(0, xirr(0xff, level));
            assertTrue(cpu0.externalInterrupt);
        }
        xics.accept(0);
        xics.setLevel(level, false);
        xics.endOfInterrupt(0, xirr(0xff, level));
        assertFalse(cpu0.externalInterrupt);
    }

    @Test
    void moreFavouredPreemptsAndTheOtherComesBack() {
        xics.setRoute(edge, 0, 7);
        xics.setRoute(level, 0, 3);
        xics.setCppr(0, 0xff);
        xics.pulse(edge);
        xics.setLevel(level, true);
        assertEquals(xirr(0xff, level), xics.accept(0));
        assertFalse(cpu0.externalInterrupt, "priority 7 waits behind 3");
        xics.setLevel(level, false);
        xics.endOfInterrupt(0, xirr(0xff, level));
        assertEquals(xirr(0xff, edge), xics.accept(0));
    }

    @Test
    void raisingThePriorityRejectsWhatIsPresented() {
        xics.setRoute(edge, 0, 5);
        xics.setCppr(0, 0xff);
        xics.pulse(edge);
        xics.setCppr(0, 5);
        assertFalse(cpu0.externalInterrupt);
        xics.setCppr(0, 6);
        assertEquals(xirr(6, edge), xics.accept(0));
    }

    @Test
    void interProcessorInterrupts() {
        xics.setCppr(1, 0xff);
        xics.setMfrr(1, 4);
        assertFalse(cpu0.externalInterrupt);
        assertTrue(cpu1.externalInterrupt);
        assertEquals(xirr(0xff, Xics.IPI), xics.accept(1));
        xics.setMfrr(1, 0xff);
        xics.endOfInterrupt(1, xirr(0xff, Xics.IPI));
        assertFalse(cpu1.externalInterrupt);
        xics.setMfrr(1, 4);
        xics.accept(1);
        xics.endOfInterrupt(1, xirr(0xff, Xics.IPI));
        assertTrue(cpu1.externalInterrupt, "an MFRR that was not cleared interrupts again");
    }

    @Test
    void aRejectedIpiIsRememberedByTheMfrr() {
        xics.setRoute(edge, 0, 2);
        xics.setCppr(0, 0xff);
        xics.setMfrr(0, 4);
        xics.pulse(edge);
        assertEquals(xirr(0xff, edge), xics.accept(0));
        xics.endOfInterrupt(0, xirr(0xff, edge));
        assertEquals(xirr(0xff, Xics.IPI), xics.accept(0));
    }

    /** Whatever is done to it, no interrupt is lost: once all is open, every requested one is presented. */
    @Test
    void nothingIsLost() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 2_000; round++) {
            xics.setRoute(edge, random.nextInt(2), 5);
            xics.setRoute(level, random.nextInt(2), 6);
            for (int step = 0; step < 20; step++) {
                int server = random.nextInt(2);
                switch (random.nextInt(6)) {
                    case 0 -> xics.setCppr(server, random.nextInt(256));
                    case 1 -> xics.setMfrr(server, random.nextInt(256));
                    case 2 -> xics.mask(random.nextBoolean() ? edge : level);
                    case 3 -> xics.unmask(random.nextBoolean() ? edge : level);
                    case 4 -> xics.setLevel(level, random.nextBoolean());
                    default -> xics.setRoute(edge, server, random.nextInt(256));
                }
            }
            xics.setMfrr(0, 0xff);
            xics.setMfrr(1, 0xff);
            xics.setRoute(edge, 0, 5);
            xics.setRoute(level, 0, 6);
            xics.setLevel(level, true);
            xics.pulse(edge);
            assertEquals(1, drain(edge), "round " + round);
            xics.setLevel(level, true);
            assertEquals(1, drain(level), "round " + round);
            xics.setLevel(level, false);
            drain(0);
        }
    }

    /** Takes everything that is presented to either server; the level line falls when its interrupt is taken. */
    private int drain(int counted) {
        int n = 0;
        for (int server = 0; server < 2; server++) {
            xics.setCppr(server, 0xff);
            int x;
            while (((x = xics.accept(server)) & 0xffffff) != 0) {
                if ((x & 0xffffff) == counted) {
                    n++;
                }
                if ((x & 0xffffff) == level) {
                    xics.setLevel(level, false);
                }
                xics.endOfInterrupt(server, 0xff << 24 | x & 0xffffff);
            }
            assertFalse((server == 0 ? cpu0 : cpu1).externalInterrupt);
        }
        return n;
    }
}
