package io.nestling.decoder;

/** Says what is wrong with a line of assembler source. */
public final class AssemblyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    AssemblyException(String message) {
        super(message);
    }

    AssemblyException(int line, String text, AssemblyException cause) {
        super("line " + line + ": " + cause.getMessage() + ": " + text.trim(), cause);
    }
}
