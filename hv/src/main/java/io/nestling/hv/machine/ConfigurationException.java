package io.nestling.hv.machine;

/** A machine that cannot be built as asked; the message is one line for a user and says what to change. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    private final String setting;

    /**
     * With the setting at fault.
     *
     * @param setting as the command line names it, without dashes: {@code kernel}, {@code initrd}, {@code memory},
     *     {@code append}
     */
    public ConfigurationException(String setting, String message) {
        super(message);
        this.setting = setting;
    }

    /** The setting at fault. */
    public String setting() {
        return setting;
    }
}
