package io.nestling.runtime.cpu;

import io.nestling.runtime.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long at a time a processor's thread did not get on with its guest in real time: the times between two looks at its
 * events, of which there are some thousands a second. Long ones are the JVM's pauses, other threads of the emulator that
 * had the host's processor or a lock, the host itself, and hypercalls that take long. Written by the vCPU's thread; read
 * from others, only about right.
 */
public final class Pauses {
    /** Lower ends of the classes, in milliseconds; what is shorter is not counted. */
    private static final int[] CLASSES = {1, 2, 5, 10, 20, 50};
    private static final long TICKS_PER_MILLISECOND = Clock.FREQUENCY / 1000;
    private static final long NEVER = Long.MAX_VALUE;

    private final long[] counts = new long[CLASSES.length];
    private long last = NEVER;
    private long longest;

    /** The thread has waited for something to do: what was before is no pause. */
    public void waited() {
        last = NEVER;
    }

    /** The thread looks at its events at a time of the timebase. */
    void look(long timebase) {
        long ticks = timebase - last;
        last = timebase;
        if (ticks >= TICKS_PER_MILLISECOND) {
            longest = Math.max(longest, ticks);
            int n = CLASSES.length - 1;
            while (ticks < CLASSES[n] * TICKS_PER_MILLISECOND) {
                n--;
            }
            counts[n]++;
        }
    }

    /** The histogram of several processors: how many of each class that occurred, by a name such as "5-10ms". */
    public static Map<String, Long> histogram(List<Pauses> all) {
        Map<String, Long> histogram = new LinkedHashMap<>();
        for (int i = 0; i < CLASSES.length; i++) {
            int n = i;
            long sum = all.stream().mapToLong(p -> p.counts[n]).sum();
            if (sum != 0) {
                histogram.put(n + 1 < CLASSES.length ? CLASSES[n] + "-" + CLASSES[n + 1] + "ms" : CLASSES[n] + "ms-or-longer", sum);
            }
        }
        return histogram;
    }

    /** The longest, in microseconds; 0 when none was counted. */
    public long longestMicros() {
        return longest * 1000 / TICKS_PER_MILLISECOND;
    }
}
