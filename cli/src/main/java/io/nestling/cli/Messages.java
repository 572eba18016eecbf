package io.nestling.cli;

/** Nestling's own words: standard error only, one prefixed line each, so that standard output is the guest's alone. */
public final class Messages {
    private Messages() {}

    /** Prints one line. Control characters that came with a file name or from a tool are shown as {@code ?}. */
    public static void say(String text) {
        System.err.println("nestling: " + oneLine(text));
        System.err.flush();
    }

    /** The text as one printable line. */
    public static String oneLine(String text) {
        var line = new StringBuilder();
        for (char c : text.strip().toCharArray()) {
            line.append(c == '\n' || c == '\t' ? ' ' : Character.isISOControl(c) ? '?' : c);
        }
        return line.toString();
    }
}
