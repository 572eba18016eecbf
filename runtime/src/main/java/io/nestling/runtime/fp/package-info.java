/**
 * Binary floating-point arithmetic, independent of instructions: {@link io.nestling.runtime.fp.SoftFloat} is the exact
 * reference for all formats and rounding modes, {@link io.nestling.runtime.fp.FastFloat} the shortcut through the host's
 * arithmetic, and {@link io.nestling.runtime.fp.Fpscr} the status register both report to.
 */
package io.nestling.runtime.fp;
