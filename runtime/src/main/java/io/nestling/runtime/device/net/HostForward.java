package io.nestling.runtime.device.net;

import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * A port of the host whose TCP connections go to the guest.
 *
 * @param host  where the host listens
 * @param guest IPv4 address that the connections go to
 * @param port  TCP port of the guest
 */
public record HostForward(InetSocketAddress host, Inet4Address guest, int port) {}
