package io.nestling.cli;

import io.nestling.cli.command.NestlingCommand;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry of the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        System.out.flush();
        // Not a return: the thread that reads standard input may be blocked for ever.
        System.exit(code);
    }

    /** Runs one command and gives its {@link ExitCode}; no exception leaves it. */
    public static int run(String... args) {
        try {
            return commandLine(args.length == 0 ? "" : args[0]).execute(args);
        } catch (Throwable e) {
            return internal(e);
        }
    }

    /** The parser with the command that is called, or else with all; errors are one line each. */
    private static CommandLine commandLine(String called) {
        var line = NestlingCommand.parser(called);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, _) -> usage(e));
        line.setExecutionExceptionHandler((e, _, _) -> {
            if (e instanceof UserError) {
                Messages.say(e.getMessage());
                trace(e);
                return ExitCode.USAGE;
            }
            return internal(e);
        });
        return line;
    }

    private static int usage(ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        var text = new StringBuilder(Messages.oneLine(e.getMessage()));
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
            text.append("; did you mean ").append(String.join(" or ", unmatched.getSuggestions())).append('?');
        }
        Messages.say(text + " (see " + name + " --help)");
        return ExitCode.USAGE;
    }

    private static int internal(Throwable e) {
        String what = e instanceof OutOfMemoryError ? "the Java heap is full (set NESTLING_JAVA_OPTS=-Xmx1g)" : e.toString();
        Messages.say("internal error: " + what + "; please report it with the output of the same command under NESTLING_DEBUG=1");
        trace(e);
        return ExitCode.INTERNAL;
    }

    private static void trace(Throwable e) {
        if (System.getenv("NESTLING_DEBUG") != null) {
            e.printStackTrace();
        }
    }
}
