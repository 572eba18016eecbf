package io.nestling.runtime.interp;

/**
 * Where the semantics of a row are: the static method to call.
 *
 * @param owner simple name of the class in {@code io.nestling.runtime.isa}
 * @param method its method
 * @param state type of the first parameter, below {@code io/nestling/runtime/}
 * @param needsAddress the method takes the instruction's address too
 */
public record Semantics(String owner, String method, String state, boolean needsAddress) {
    /** The semantics of a row, or null when it has none. */
    public static Semantics of(int row) {
        return GeneratedIndex.of(row);
    }

    /** Descriptor of the method when it is an ordinary instruction. */
    public String descriptor() {
        return "(Lio/nestling/runtime/" + state + ";I" + (needsAddress ? "J" : "") + ")V";
    }
}
