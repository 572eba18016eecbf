package io.nestling.runtime.memory;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * JDK Flight Recorder event: a store changed decoded or translated code. As with all events, the class itself must be left
 * alone unless there is a recorder: the JVM takes tens of milliseconds to prepare it.
 */
@Name("io.nestling.Invalidation")
@Label("Invalidation")
@Description("Decoded and translated code of a frame was dropped because of a store")
@Category("Nestling")
@StackTrace(false)
final class InvalidationEvent extends Event {
    @Label("Frame")
    @Description("Number of the frame of RAM")
    int frame;

    static void record(int frame) {
        var event = new InvalidationEvent();
        event.frame = frame;
        event.commit();
    }
}
