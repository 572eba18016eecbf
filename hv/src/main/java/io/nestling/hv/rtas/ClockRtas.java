package io.nestling.hv.rtas;

import io.nestling.hv.partition.Processor;
import io.nestling.runtime.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * The time-of-day clock: an instant at timebase 0, plus the timebase. With a fixed instant and a virtual timebase, runs
 * of a guest see equal dates.
 */
public final class ClockRtas {
    private static final long NANOS = 1_000_000_000;
    private static final int MIN_YEAR = 1970;
    private static final int MAX_YEAR = 2400;

    private final Instant origin;
    private long offsetSeconds;
    private long offsetNanos;

    /** A clock that showed {@code origin} at timebase 0. */
    public ClockRtas(Instant origin) {
        this.origin = origin;
    }

    /** Adds the calls to a table. */
    public void register(RtasTable table) {
        table.register("get-time-of-day", 0, 8, this::get);
        table.register("set-time-of-day", 7, 1, this::set);
    }

    private Instant sinceOrigin(Processor cpu) {
        // The platform's clock: what the guest added to its own timebase does not count.
        long tb = cpu.vcpu.timebase(cpu.vcpu.nip) - cpu.vcpu.tbOffset;
        return origin.plusSeconds(tb / Clock.FREQUENCY).plusNanos(tb % Clock.FREQUENCY * NANOS / Clock.FREQUENCY);
    }

    private int get(RtasArguments a) {
        Instant now = sinceOrigin(a.cpu()).plusSeconds(offsetSeconds).plusNanos(offsetNanos);
        LocalDateTime t = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
        a.output(1, t.getYear());
        a.output(2, t.getMonthValue());
        a.output(3, t.getDayOfMonth());
        a.output(4, t.getHour());
        a.output(5, t.getMinute());
        a.output(6, t.getSecond());
        a.output(7, t.getNano());
        return RtasTable.SUCCESS;
    }

    private int set(RtasArguments a) {
        for (int i = 0; i < 7; i++) {
            if (a.input(i) >= NANOS) {
                return RtasTable.PARAMETER_ERROR;
            }
        }
        if (a.input(0) < MIN_YEAR || a.input(0) > MAX_YEAR) {
            return RtasTable.PARAMETER_ERROR;
        }
        Instant wanted;
        try {
            wanted = LocalDateTime.of((int) a.input(0), (int) a.input(1), (int) a.input(2), (int) a.input(3),
                    (int) a.input(4), (int) a.input(5), (int) a.input(6)).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return RtasTable.PARAMETER_ERROR;
        }
        Instant base = sinceOrigin(a.cpu());
        offsetSeconds = wanted.getEpochSecond() - base.getEpochSecond();
        offsetNanos = wanted.getNano() - base.getNano();
        return RtasTable.SUCCESS;
    }
}
