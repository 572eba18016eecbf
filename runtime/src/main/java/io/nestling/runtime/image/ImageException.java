package io.nestling.runtime.image;

/** An image that cannot be used; the message says in one sentence what was found and what to do about it. */
public final class ImageException extends Exception {
    private static final long serialVersionUID = 1;

    /** With a one-line message fit for a user. */
    public ImageException(String message) {
        super(message);
    }
}
