package io.nestling.hv.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import jdk.jfr.FlightRecorder;

/**
 * Who ran how long, and why each exit to level 0 happened, by guest and by level. The rows of all levels add up to the
 * machine's totals.
 *
 * <p>Level 0 runs every nested guest on behalf of its own guest, whatever their depth, so it infers the tree: a guest that
 * makes H_ENTER_NESTED asks for one of its own to run, its hypervisor passes the wish on, and the guest that is then entered
 * for the first time is the child of the deepest one that asks.
 *
 * <p>Each processor's figures are written by its own thread, and read by others only about right while it runs.
 */
public final class NestLedger {
    /** Guests told apart; those an adversary makes beyond are counted with the last. */
    private static final int MAX_GUESTS = 4096;
    /** Vectors in steps of 0x20. */
    private static final int CAUSES = 128;
    private static final int SYSTEM_CALL = 0xc00;

    /** One guest. */
    private static final class Node {
        final int number;
        final int level;
        final Node parent;

        Node(int number, Node parent) {
            this.number = number;
            this.parent = parent;
            level = parent == null ? 1 : parent.level + 1;
        }
    }

    /** What one guest did on one processor. */
    private static final class Account {
        long instructions;
        long nanoseconds;
        long entries;
        final long[] exits = new long[CAUSES];
        boolean asks;
    }

    /** One processor. */
    private static final class Clerk {
        Node node;
        Account account;
        Account[] accounts = new Account[2];
        long retired;
        long time = System.nanoTime();
        long outside;
        int vector;

        Account of(Node node) {
            if (node.number >= accounts.length) {
                accounts = Arrays.copyOf(accounts, Math.max(node.number + 1, 2 * accounts.length));
            }
            Account a = accounts[node.number];
            if (a == null) {
                a = new Account();
                accounts[node.number] = a;
            }
            return a;
        }
    }

    private final List<Node> nodes = new ArrayList<>();
    /** By shadow LPID. */
    private volatile Node[] known = new Node[8];
    private final Clerk[] clerks;
    private final IntToLongFunction retired;

    /**
     * For a machine with that many processors, all of which run its own guest.
     *
     * @param lpid shadow LPID of that guest
     * @param retired instructions a processor has retired
     */
    public NestLedger(int processors, int lpid, IntToLongFunction retired) {
        this.retired = retired;
        Node root = new Node(0, null);
        nodes.add(root);
        know(lpid, root);
        clerks = new Clerk[processors];
        for (int i = 0; i < processors; i++) {
            Clerk clerk = new Clerk();
            clerk.node = root;
            clerk.account = clerk.of(root);
            clerks[i] = clerk;
        }
    }

    private void know(int lpid, Node node) {
        Node[] all = known;
        if (lpid >= all.length) {
            all = Arrays.copyOf(all, Math.max(lpid + 1, 2 * all.length));
        }
        all[lpid] = node;
        known = all;
    }

    // ---- what happens -------------------------------------------------------------------------------------------

    /** Level 0 hands a processor to its engine: what passes from now is the guest's time. */
    public void enter(int processor) {
        Clerk c = clerks[processor];
        long now = System.nanoTime();
        c.outside += now - c.time;
        c.time = now;
    }

    /** The engine hands it back, for a reason told by an interrupt vector, or 0. */
    public void exit(int processor, int vector) {
        Clerk c = clerks[processor];
        long now = System.nanoTime();
        c.account.nanoseconds += now - c.time;
        c.time = now;
        c.account.exits[vector >>> 5 & CAUSES - 1]++;
        c.vector = vector;
    }

    /** The guest that a processor runs makes H_ENTER_NESTED, and will be answered by its hypervisor. */
    public void asks(int processor) {
        clerks[processor].account.asks = true;
    }

    /**
     * A processor goes on in another guest.
     *
     * @param lpid      shadow LPID of that guest
     * @param hypercall number of the one by which the guest before was left, if it was for one
     */
    public void runs(int processor, int lpid, long retiredNow, long hypercall) {
        Clerk c = clerks[processor];
        long instructions = retiredNow - c.retired;
        c.account.instructions += instructions;
        c.retired = retiredNow;
        Node[] all = known;
        Node node = lpid < all.length ? all[lpid] : null;
        if (node == null) {
            node = meet(c, lpid);
        }
        if (FlightRecorder.isInitialized() && WorldSwitchEvent.wanted()) {
            record(c, node, instructions, hypercall);
        }
        c.node = node;
        c.account = c.of(node);
        c.account.entries++;
        c.account.asks = false;
    }

    private static void record(Clerk c, Node to, long instructions, long hypercall) {
        var event = new WorldSwitchEvent();
        event.from = c.node.level;
        event.to = to.level;
        event.vector = c.vector;
        event.hypercall = c.vector == SYSTEM_CALL ? hypercall : 0;
        event.instructions = instructions;
        event.commit();
    }

    private synchronized Node meet(Clerk c, int lpid) {
        Node parent = nodes.getFirst();
        for (Node n : nodes) {
            if (n.number < c.accounts.length && c.accounts[n.number] != null && c.accounts[n.number].asks
                    && n.level > parent.level) {
                parent = n;
            }
        }
        Node node = nodes.getLast();
        if (nodes.size() < MAX_GUESTS) {
            node = new Node(nodes.size(), parent);
            nodes.add(node);
        }
        know(lpid, node);
        return node;
    }

    /** The guest with that shadow LPID has ended; the number may come to mean another one. */
    public synchronized void ended(int lpid) {
        if (lpid < known.length) {
            know(lpid, null);
        }
    }

    // ---- what it comes to ---------------------------------------------------------------------------------------

    /** One level, or one guest: all its processors together. */
    private static final class Sum {
        long instructions;
        long nanoseconds;
        long entries;
        long exits;
        final long[] causes = new long[CAUSES];
    }

    private void add(Sum sum, Node node) {
        for (int p = 0; p < clerks.length; p++) {
            Clerk c = clerks[p];
            if (node.number >= c.accounts.length || c.accounts[node.number] == null) {
                continue;
            }
            Account a = c.accounts[node.number];
            sum.instructions += a.instructions + (c.account == a ? retired.applyAsLong(p) - c.retired : 0);
            sum.nanoseconds += a.nanoseconds;
            sum.entries += a.entries;
            for (int i = 0; i < CAUSES; i++) {
                sum.causes[i] += a.exits[i];
                sum.exits += a.exits[i];
            }
        }
    }

    /**
     * Figures by level: {@code LEVEL.instructions}, {@code LEVEL.time} (host microseconds), {@code LEVEL.entries}, {@code
     * LEVEL.exits} and {@code LEVEL.exits.VECTOR} (0 for reasons of the emulator's own). Level 0 has time only: its own work, and idling.
     */
    public synchronized Map<String, Long> byLevel() {
        Map<Integer, Sum> levels = new TreeMap<>();
        for (Node n : nodes) {
            add(levels.computeIfAbsent(n.level, k -> new Sum()), n);
        }
        Map<String, Long> figures = new java.util.LinkedHashMap<>();
        long outside = 0;
        for (Clerk c : clerks) {
            outside += c.outside;
        }
        figures.put("0.time", outside / 1000);
        levels.forEach((level, sum) -> {
            figures.put(level + ".instructions", sum.instructions);
            figures.put(level + ".time", sum.nanoseconds / 1000);
            figures.put(level + ".entries", sum.entries);
            figures.put(level + ".exits", sum.exits);
            for (int i = 0; i < CAUSES; i++) {
                if (sum.causes[i] != 0) {
                    figures.put(String.format(Locale.ROOT, "%d.exits.0x%03x", level, i << 5), sum.causes[i]);
                }
            }
        });
        return figures;
    }

    /** The tree of guests, a line each, children indented below their hypervisor. */
    public synchronized List<String> tree() {
        List<String> lines = new ArrayList<>();
        describe(nodes.getFirst(), lines);
        return lines;
    }

    private void describe(Node node, List<String> lines) {
        Sum sum = new Sum();
        add(sum, node);
        lines.add(String.format(Locale.ROOT, "%sL%d guest %d: %,d instructions, %.2f s, %,d exits", "  ".repeat(node.level - 1),
                node.level, node.number, sum.instructions, sum.nanoseconds / 1e9, sum.exits));
        for (Node child : nodes) {
            if (child.parent == node) {
                describe(child, lines);
            }
        }
    }
}
