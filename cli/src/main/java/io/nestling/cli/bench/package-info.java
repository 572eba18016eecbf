/**
 * Benchmarks of whole guests: the same kernel, initramfs and program on Nestling and on a peer in turn. Every measured
 * emulator is a process of its own, started as users start it.
 */
package io.nestling.cli.bench;
