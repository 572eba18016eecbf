package io.nestling.hv.rtas;

import io.nestling.runtime.device.console.Console;

/** Small services: the firmware's own console output, events (there are none), and what is politely declined. */
public final class MiscRtas {
    private static final int NO_EVENT = 1;

    private final Console console;

    /** With a console for display-character. */
    public MiscRtas(Console console) {
        this.console = console;
    }

    /** Adds the calls to a table. */
    public void register(RtasTable table) {
        table.register("display-character", 1, 1, this::display);
        table.register("check-exception", 6, 1, a -> NO_EVENT);
        table.register("set-indicator", 3, 1, a -> RtasTable.NOT_SUPPORTED);
        table.register("get-sensor-state", 2, 2, a -> RtasTable.NOT_SUPPORTED);
        table.register("ibm,get-system-parameter", 3, 1, a -> RtasTable.NOT_SUPPORTED);
        table.register("ibm,set-system-parameter", 2, 1, a -> RtasTable.NOT_SUPPORTED);
    }

    private int display(RtasArguments a) {
        console.put((int) a.input(0));
        console.endBurst();
        return RtasTable.SUCCESS;
    }
}
