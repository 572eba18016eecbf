package io.nestling.hv.machine;

import io.nestling.hv.partition.Ending;

/**
 * What became of a run.
 *
 * @param ending how it ended
 * @param reason what the guest said when it died, or an empty text
 * @param instructions guest instructions retired, all processors together
 */
public record Outcome(Ending ending, String reason, long instructions) {}
