package io.nestling.runtime.device.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The addresses of the user-mode network, 10.0.2.0/24 by custom. IPv4 addresses are ints, first byte highest.
 */
final class Subnet {
    static final int NETWORK = 0x0a000200;
    static final int MASK = 0xffffff00;
    static final int BROADCAST = NETWORK | 0xff;
    /** Router, DHCP server, and the host's own loopback address. */
    static final int GATEWAY = NETWORK | 2;
    /** Name server: the host's. */
    static final int NAME_SERVER = NETWORK | 3;
    /** What the DHCP server gives the guest. */
    static final int GUEST = NETWORK | 15;

    private Subnet() {}

    static boolean contains(int address) {
        return (address & MASK) == NETWORK;
    }

    /** True for the addresses that the network itself answers for. */
    static boolean isOurs(int address) {
        return address == GATEWAY || address == NAME_SERVER;
    }

    /** True for addresses that a guest may send from. */
    static boolean mayBeGuest(int address) {
        return contains(address) && !isOurs(address) && address != NETWORK && address != BROADCAST;
    }

    /** True for addresses beyond the gateway that one host can have: no loopback, no multicast, not "this network" (RFC 6890). */
    static boolean isUnicast(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    /** The hardware address of an address of ours: locally administered, and made of it. */
    static void hardwareAddress(int address, byte[] to, int at) {
        Wire.put16(to, at, 0x0200);
        Wire.put32(to, at + 2, address);
    }

    static Inet4Address toInet(int address) {
        byte[] b = new byte[4];
        Wire.put32(b, 0, address);
        try {
            return (Inet4Address) InetAddress.getByAddress(b);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }

    static int fromInet(Inet4Address address) {
        return Wire.get32(address.getAddress(), 0);
    }
}
