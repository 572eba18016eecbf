package io.nestling.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints instructions as text. */
@Command(name = "disasm", mixinStandardHelpOptions = true, description = "Disassembles a file or single instruction words.")
final class DisasmCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
