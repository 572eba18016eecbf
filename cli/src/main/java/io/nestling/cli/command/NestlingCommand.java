package io.nestling.cli.command;

import io.nestling.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code nestling} itself, which only has subcommands. */
@Command(name = "nestling", description = "A POWER9 full-system emulator.", mixinStandardHelpOptions = true,
        versionProvider = NestlingCommand.Version.class, synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the guest powered off, or --expect matched", "2:usage or bad configuration", "3:guest panic",
            "4:timeout", "5:internal error", "6:the guest ended without the expected text"})
public final class NestlingCommand implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(BootCommand.class, NestCommand.class, BenchCommand.class, DisasmCommand.class,
            ImageCommand.class, CompletionCommand.class, TrainCommand.class, HelpCommand.class);

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }

    /**
     * The parser with the command that is called, or with all where that is none of them or help on others. Picocli looks
     * through a command with all its options when it is added, which takes a tenth of a second for all of them.
     *
     * @param called name of a command, perhaps
     */
    public static CommandLine parser(String called) {
        var line = new CommandLine(new NestlingCommand());
        List<Class<?>> one = COMMANDS.stream().filter(c -> c != HelpCommand.class && c.getAnnotation(Command.class).name().equals(called))
                .toList();
        for (Class<?> command : one.isEmpty() ? COMMANDS : one) {
            line.addSubcommand(command);
        }
        return line;
    }

    /** The version that Maven gave the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            var properties = new Properties();
            try (InputStream in = NestlingCommand.class.getResourceAsStream("/io/nestling/cli/nestling.properties")) {
                properties.load(in);
            }
            return new String[] {"nestling " + properties.getProperty("version")};
        }
    }
}
