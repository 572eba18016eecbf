package io.nestling.hv.ledger;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * JDK Flight Recorder event: a processor goes on in another guest. Off unless asked for, as there are many. Not even this
 * class is to be touched unless there is a recorder: the JVM takes tens of milliseconds to prepare it.
 */
@Name("io.nestling.WorldSwitch")
@Label("World switch")
@Description("A processor goes on in another guest")
@Category("Nestling")
@Enabled(false)
@StackTrace(false)
final class WorldSwitchEvent extends Event {
    private static final WorldSwitchEvent ANY = new WorldSwitchEvent();

    @Label("From level")
    int from;

    @Label("To level")
    int to;

    @Label("Vector")
    @Description("Interrupt vector by which the guest before was left")
    int vector;

    @Label("Hypercall")
    @Description("For a hypercall, its number")
    long hypercall;

    @Label("Instructions")
    @Description("What the guest before has executed since the last switch")
    long instructions;

    /** Whether anybody records them. */
    static boolean wanted() {
        return ANY.isEnabled();
    }
}
