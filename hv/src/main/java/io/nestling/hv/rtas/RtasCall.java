package io.nestling.hv.rtas;

/** One firmware call. */
@FunctionalInterface
public interface RtasCall {
    /** Does it; the result is the status, the first output word. */
    int call(RtasArguments a);
}
