package io.nestling.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nestling.runtime.memory.CodePages;
import io.nestling.runtime.memory.Ram;
import io.nestling.runtime.memory.Reservations;
import io.nestling.runtime.mmu.Mmu;
import io.nestling.runtime.time.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MailboxTest {
    private final Ram ram = new Ram(1 << 16);
    private final CodePages pages = new CodePages(ram);

    private Vcpu vcpu(int id) {
        return new Vcpu(id, new Mmu(ram, pages), new VirtualClock());
    }

    @AfterEach
    void close() {
        ram.close();
    }

    @Test
    void workForASleeperIsDoneAtOnceAndForARunnerByItself() {
        Vcpu owner = vcpu(0);
        Vcpu sender = vcpu(1);
        boolean[] done = new boolean[1];
        owner.mailbox.post(() -> done[0] = true, sender.mailbox);
        assertTrue(done[0]);
        sender.mailbox.settle();

        owner.mailbox.enter();
        owner.attention = false;
        done[0] = false;
        owner.mailbox.post(() -> done[0] = true, sender.mailbox);
        assertFalse(done[0]);
        assertTrue(owner.attention, "it is told to look");
        owner.checkEvents();
        assertTrue(done[0]);
        sender.mailbox.settle();

        done[0] = false;
        owner.mailbox.post(() -> done[0] = true, sender.mailbox);
        owner.mailbox.leave();
        assertTrue(done[0], "who goes to sleep leaves nothing undone");
    }

    /** All ask all the others, again and again, and each waits for its answers: nobody waits for ever. */
    @Test
    void allAskAllOthers() throws Exception {
        int count = 4;
        int rounds = 2000;
        List<Vcpu> vcpus = new ArrayList<>();
        int[] served = new int[count];
        for (int i = 0; i < count; i++) {
            vcpus.add(vcpu(i));
        }
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (Vcpu c : vcpus) {
            threads.add(Thread.ofPlatform().start(() -> {
                c.thread = Thread.currentThread();
                c.mailbox.enter();
                int[] answers = new int[count];
                for (int n = 0; n < rounds; n++) {
                    for (Vcpu other : vcpus) {
                        other.mailbox.post(() -> {
                            // Only one thread at a time may touch what belongs to the other.
                            served[other.id]++;
                            answers[other.id]++;
                        }, c.mailbox);
                    }
                    c.mailbox.settle();
                    for (int answer : answers) {
                        if (answer != n + 1) {
                            wrong.incrementAndGet();
                        }
                    }
                    if (n % 100 == c.id) {
                        c.mailbox.leave();
                        Thread.yield();
                        c.mailbox.enter();
                    }
                }
                c.mailbox.leave();
            }));
        }
        for (Thread t : threads) {
            t.join();
        }
        assertEquals(0, wrong.get());
        for (int n : served) {
            assertEquals(count * rounds, n);
        }
    }

    @Test
    void doorbellsReachTheCoreOnly() {
        Vcpu a = vcpu(0);
        Vcpu b = vcpu(1);
        a.setCore(List.of(a, b));
        b.setCore(List.of(a, b));
        a.ringDoorbell(1);
        assertFalse(a.interruptPending());
        assertTrue(b.interruptPending());
        b.setMsr(b.msr | Msr.EE);
        b.checkEvents();
        assertEquals(Interrupts.DOORBELL, b.nip);
        a.ringDoorbell(5);
        assertFalse(a.interruptPending());
    }

    @Test
    void countsOfAtomicStores() {
        Reservations r = new Reservations();
        int mine = r.count(0x1000);
        assertTrue(r.begin(0x1000, mine));
        assertFalse(r.begin(0x1000, r.count(0x1000)), "while another's store is under way");
        r.end(0x1000, false);
        assertTrue(r.begin(0x1000, mine), "nothing was stored");
        r.end(0x1000, true);
        assertFalse(r.begin(0x1000, mine));
        mine = r.count(0x1000);
        r.stored(0x107f);
        assertFalse(r.begin(0x1000, mine), "the same granule");
    }
}
