package io.nestling.cli.command;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a regular expression and says in one line what is wrong with it. */
final class Patterns implements ITypeConverter<Pattern> {
    @Override
    public Pattern convert(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new TypeConversionException("'" + text + "' is not a regular expression (" + e.getDescription()
                    + " at character " + (e.getIndex() + 1) + "): put a backslash before signs that stand for themselves");
        }
    }
}
