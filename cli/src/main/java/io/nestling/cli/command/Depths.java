package io.nestling.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A list of how many levels: reads {@code 3}, {@code 1,2,5} and {@code 1..5}. */
final class Depths implements ITypeConverter<List<Integer>> {
    private static final int DEEPEST = 64;

    @Override
    public List<Integer> convert(String text) {
        var depths = new ArrayList<Integer>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("\\.\\.", -1);
            int from = depth(text, ends[0]);
            int to = ends.length == 2 ? depth(text, ends[1]) : from;
            if (ends.length > 2 || to < from) {
                throw wrong(text);
            }
            for (int depth = from; depth <= to; depth++) {
                depths.add(depth);
            }
        }
        return depths.stream().distinct().toList();
    }

    private static int depth(String text, String number) {
        if (!number.matches("\\d{1,2}") || Integer.parseInt(number) < 1 || Integer.parseInt(number) > DEEPEST) {
            throw wrong(text);
        }
        return Integer.parseInt(number);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is not a number of levels: write 3, or 1,2,5, or 1..5; at most " + DEEPEST);
    }
}
