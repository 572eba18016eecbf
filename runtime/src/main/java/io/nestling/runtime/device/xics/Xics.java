package io.nestling.runtime.device.xics;

import io.nestling.runtime.cpu.Vcpu;
import java.util.ArrayList;
import java.util.List;

/**
 * The XICS interrupt controller (PAPR, chapter "Interrupt Controller"): one presentation controller ({@link Server})
 * per vCPU and one source controller for all devices. A source offers an interrupt to its server; the server presents
 * the most favoured one and rejects the others, which are offered again when the server becomes able to take them.
 *
 * <p>Priorities: 0 is the most favoured, 0xff never interrupts. One lock guards all of it; devices raise sources from
 * any thread.
 */
public final class Xics {
    /** Interrupt number of an inter-processor interrupt. */
    public static final int IPI = 2;
    /** Number of the first device source. */
    public static final int FIRST_SOURCE = 0x1000;
    /** Priority of a masked source. */
    public static final int MASKED = 0xff;

    private static final int NUMBER_MASK = 0xffffff;

    /** Where a source sends its interrupts, as {@code ibm,get-xive} reports it. */
    public record Route(int server, int priority) {}

    private static final class Server {
        final Vcpu vcpu;
        /** Current processor priority: only interrupts more favoured are presented. */
        int cppr;
        /** Most favoured request register: priority of the inter-processor interrupt. */
        int mfrr = MASKED;
        /** Presented interrupt, or 0. */
        int pending;
        int pendingPriority = MASKED;

        Server(Vcpu vcpu) {
            this.vcpu = vcpu;
        }
    }

    private static final class Source {
        final int number;
        final boolean level;
        int server;
        int priority = MASKED;
        /** Priority to go back to at {@code ibm,int-on}. */
        int savedPriority = MASKED;
        /** Level sources: the state of the line. */
        boolean asserted;
        /** An interrupt waits to be offered: an edge not yet delivered, or one that a server rejected. */
        boolean waiting;
        /** Level sources: delivered and not yet ended. */
        boolean sent;

        Source(int number, boolean level) {
            this.number = number;
            this.level = level;
        }
    }

    private final List<Server> servers = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private long presented;

    /** Adds the presentation controller of a vCPU; server numbers are vCPU numbers, given in order. */
    public synchronized void addServer(Vcpu vcpu) {
        if (vcpu.id != servers.size()) {
            throw new IllegalArgumentException("server " + vcpu.id + " added out of order");
        }
        servers.add(new Server(vcpu));
    }

    /**
     * Adds a source.
     *
     * @param level true when it interrupts for as long as its line is up, false when each {@link #pulse} is one
     * @return its interrupt number
     */
    public synchronized int addSource(boolean level) {
        Source s = new Source(FIRST_SOURCE + sources.size(), level);
        sources.add(s);
        return s.number;
    }

    /** True for the number of a vCPU that has a presentation controller. */
    public synchronized boolean hasServer(long server) {
        return server >= 0 && server < servers.size();
    }

    /** How many presentation controllers there are. */
    public synchronized int servers() {
        return servers.size();
    }

    /** True for the number of a source. */
    public synchronized boolean hasSource(long number) {
        return number >= FIRST_SOURCE && number < FIRST_SOURCE + sources.size();
    }

    /** Interrupts presented to vCPUs so far. */
    public synchronized long presented() {
        return presented;
    }

    // ---- devices ------------------------------------------------------------------------------------------------

    /** An edge source interrupts once. */
    public synchronized void pulse(int number) {
        Source s = source(number);
        s.waiting = true;
        offer(s);
    }

    /** Sets the line of a level source. */
    public synchronized void setLevel(int number, boolean asserted) {
        Source s = source(number);
        s.asserted = asserted;
        offer(s);
    }

    // ---- presentation: hypercalls -------------------------------------------------------------------------------

    /** The XIRR without taking the interrupt: CPPR in the high byte, interrupt number in the rest. */
    public synchronized int poll(int server) {
        Server icp = servers.get(server);
        return icp.cppr << 24 | icp.pending;
    }

    /** The MFRR of a server. */
    public synchronized int mfrr(int server) {
        return servers.get(server).mfrr;
    }

    /** Takes the presented interrupt: its priority becomes the CPPR. The result is the XIRR as it was. */
    public synchronized int accept(int server) {
        Server icp = servers.get(server);
        int xirr = icp.cppr << 24 | icp.pending;
        if (icp.pending != 0) {
            icp.cppr = icp.pendingPriority;
            withdraw(icp);
        }
        return xirr;
    }

    /** Sets the CPPR. */
    public synchronized void setCppr(int server, int cppr) {
        setCppr(servers.get(server), cppr & 0xff);
    }

    /** Ends an interrupt: restores the CPPR of its XIRR, and lets its source interrupt again. */
    public synchronized void endOfInterrupt(int server, int xirr) {
        int number = xirr & NUMBER_MASK;
        if (hasSource(number)) {
            source(number).sent = false;
        }
        setCppr(servers.get(server), xirr >>> 24);
        if (hasSource(number)) {
            offer(source(number));
        }
    }

    /** Sets the MFRR: requests an inter-processor interrupt of that priority. */
    public synchronized void setMfrr(int server, int mfrr) {
        Server icp = servers.get(server);
        icp.mfrr = mfrr & 0xff;
        offerIpi(icp);
    }

    // ---- sources: firmware calls --------------------------------------------------------------------------------

    /** Server and priority of a source. */
    public synchronized Route route(int number) {
        Source s = source(number);
        return new Route(s.server, s.priority);
    }

    /** Routes a source. */
    public synchronized void setRoute(int number, int server, int priority) {
        Source s = source(number);
        s.server = server;
        s.priority = priority & 0xff;
        s.savedPriority = s.priority;
        offer(s);
    }

    /** Masks a source; its priority is remembered. */
    public synchronized void mask(int number) {
        Source s = source(number);
        if (s.priority != MASKED) {
            s.savedPriority = s.priority;
        }
        s.priority = MASKED;
    }

    /** Undoes {@link #mask}. */
    public synchronized void unmask(int number) {
        Source s = source(number);
        s.priority = s.savedPriority;
        offer(s);
    }

    // ---- the protocol between the two ---------------------------------------------------------------------------

    private Source source(int number) {
        return sources.get(number - FIRST_SOURCE);
    }

    /** Offers a source's interrupt to its server if it has one and may. */
    private void offer(Source s) {
        boolean wants = s.level ? s.asserted && !s.sent : s.waiting;
        if (!wants || s.priority == MASKED) {
            return;
        }
        Server icp = servers.get(s.server);
        if (s.priority >= icp.cppr || icp.pending != 0 && icp.pendingPriority <= s.priority) {
            return;
        }
        s.waiting = false;
        s.sent = s.level;
        present(icp, s.number, s.priority);
    }

    private void offerIpi(Server icp) {
        if (icp.mfrr < icp.cppr && (icp.pending == 0 || icp.mfrr < icp.pendingPriority)) {
            present(icp, IPI, icp.mfrr);
        }
    }

    private void present(Server icp, int number, int priority) {
        int rejected = icp.pending;
        icp.pending = number;
        icp.pendingPriority = priority;
        presented++;
        icp.vcpu.setExternalInterrupt(true);
        reject(rejected);
    }

    /** Gives an interrupt back to its source, to be offered again. The MFRR remembers an inter-processor interrupt. */
    private void reject(int number) {
        if (number >= FIRST_SOURCE) {
            Source s = source(number);
            s.sent = false;
            s.waiting = !s.level;
        }
    }

    private void withdraw(Server icp) {
        icp.pending = 0;
        icp.pendingPriority = MASKED;
        icp.vcpu.setExternalInterrupt(false);
    }

    private void setCppr(Server icp, int cppr) {
        icp.cppr = cppr;
        if (icp.pending != 0 && icp.pendingPriority >= cppr) {
            int rejected = icp.pending;
            withdraw(icp);
            reject(rejected);
        }
        offerIpi(icp);
        for (Source s : sources) {
            if (servers.get(s.server) == icp) {
                offer(s);
            }
        }
    }
}
