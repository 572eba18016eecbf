package io.nestling.cli.command;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The units users write: sizes with K, M, G, T (powers of 1,024) and times with ms, s, m, h. */
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([KMGT]?)(?:I?B)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(MS|S|M|H|)");

    private Sizes() {}

    /** Reads {@code 2G} as 2,147,483,648. */
    static final class Bytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            Matcher m = SIZE.matcher(text.toUpperCase(Locale.ROOT));
            if (!m.matches()) {
                throw new TypeConversionException("'" + text + "' is not a size: write a number with K, M or G, such as 512M or 2G");
            }
            int shift = 10 * " KMGT".indexOf(m.group(2).isEmpty() ? " " : m.group(2));
            long number = Long.parseLong(m.group(1));
            if (number > Long.MAX_VALUE >> shift) {
                throw new TypeConversionException("'" + text + "' is more than any host has: write a size such as 512M or 2G");
            }
            return number << shift;
        }
    }

    /** Reads an effective address, {@code 0xc000000000001000}. */
    static final class Address implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return Long.parseUnsignedLong(text.toLowerCase(Locale.ROOT).replaceFirst("^0x", ""), 16) & -4L;
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not an address: write a hexadecimal number such as 0xc000000000001000");
            }
        }
    }

    /** Reads {@code 120s}, {@code 2m}, {@code 1.5h}, {@code 500ms}; a bare number counts seconds. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher m = TIME.matcher(text.toUpperCase(Locale.ROOT));
            if (!m.matches()) {
                throw new TypeConversionException("'" + text + "' is not a time: write a number with ms, s, m or h, such as 120s");
            }
            double millis = Double.parseDouble(m.group(1)) * switch (m.group(2)) {
                case "MS" -> 1;
                case "M" -> 60_000;
                case "H" -> 3_600_000;
                default -> 1_000;
            };
            if (millis < 1) {
                throw new TypeConversionException("'" + text + "' is no time at all: write one such as 120s");
            }
            return Duration.ofMillis((long) millis);
        }
    }

    /** The size as users would write it. */
    static String text(long bytes) {
        String units = "KMGT";
        for (int i = units.length(); i > 0; i--) {
            if (bytes >= 1L << 10 * i && bytes % (1L << 10 * i) == 0) {
                return (bytes >> 10 * i) + units.substring(i - 1, i);
            }
        }
        return bytes >= 1 << 20 ? (bytes >> 20) + "M" : Long.toString(bytes);
    }
}
