/**
 * Networks without privileges: a user-mode Ethernet segment with a gateway that translates the guest's TCP and UDP into
 * sockets of the host. {@link io.nestling.runtime.device.net.Network} is what a network card talks to,
 * {@link io.nestling.runtime.device.net.Port} is what a network asks of the card.
 */
package io.nestling.runtime.device.net;
