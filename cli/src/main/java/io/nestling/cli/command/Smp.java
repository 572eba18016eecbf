package io.nestling.cli.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How many processors a guest gets.
 *
 * @param processors in all
 * @param threads of each core
 */
record Smp(int processors, int threads) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final Pattern THREADS = Pattern.compile("threads=(\\d{1,4})");

    /** Reads {@code 4} and {@code 8,threads=4}; which numbers make sense, the machine says. */
    static final class Converter implements ITypeConverter<Smp> {
        @Override
        public Smp convert(String text) {
            String[] parts = text.split(",", -1);
            if (!NUMBER.matcher(parts[0]).matches()) {
                throw new TypeConversionException("'" + text + "' does not begin with a number of processors: write one such as 4");
            }
            int threads = 1;
            for (int i = 1; i < parts.length; i++) {
                Matcher m = THREADS.matcher(parts[i]);
                if (!m.matches()) {
                    throw new TypeConversionException("'" + parts[i] + "' is not known here: write N or N,threads=T, such as 8,threads=4");
                }
                threads = Integer.parseInt(m.group(1));
            }
            return new Smp(Integer.parseInt(parts[0]), threads);
        }
    }
}
