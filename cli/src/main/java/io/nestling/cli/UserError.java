package io.nestling.cli;

/** Something the user can mend. The message is one line that names the option, its value and the way out. */
public final class UserError extends RuntimeException {
    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
