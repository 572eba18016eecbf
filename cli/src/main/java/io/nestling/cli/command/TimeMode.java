package io.nestling.cli.command;

import io.nestling.runtime.time.Clock;
import io.nestling.runtime.time.RealClock;
import io.nestling.runtime.time.VirtualClock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What a guest's timebase follows.
 *
 * @param text  as the user wrote it
 * @param clock makes one
 */
record TimeMode(String text, Supplier<Clock> clock) {
    static final String LABEL = "real|virtual[,mips=N]";
    static final String DESCRIPTION = "real: the timebase follows the host; virtual: it follows retired instructions, so that runs repeat"
            + " exactly, N millions of them a second (default 1024). Default: ${DEFAULT-VALUE}.";

    private static final Pattern VIRTUAL = Pattern.compile("virtual(?:,mips=(\\d{1,7}))?");
    /** Millions of ticks a second. */
    private static final int TICKS = (int) (Clock.FREQUENCY / 1_000_000);

    /** Reads {@code real}, {@code virtual} and {@code virtual,mips=4096}. */
    static final class Converter implements ITypeConverter<TimeMode> {
        @Override
        public TimeMode convert(String text) {
            if (text.equals("real")) {
                return new TimeMode(text, RealClock::new);
            }
            Matcher m = VIRTUAL.matcher(text);
            if (!m.matches()) {
                throw new TypeConversionException("'" + text + "' is no such thing: choose real, virtual or virtual,mips=N");
            }
            if (m.group(1) == null) {
                return new TimeMode(text, VirtualClock::new);
            }
            int mips = Integer.parseInt(m.group(1));
            if (mips == 0 || mips % TICKS != 0) {
                throw new TypeConversionException("'" + text + "': there is a whole number of instructions to a tick: give a multiple of "
                        + TICKS + " as mips, such as 4096");
            }
            return new TimeMode(text, () -> new VirtualClock(mips / TICKS));
        }
    }
}
