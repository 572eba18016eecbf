package io.nestling.runtime.memory;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** JDK Flight Recorder event: a store changed decoded or translated code. */
@Name("io.nestling.Invalidation")
@Label("Invalidation")
@Description("Decoded and translated code of a frame was dropped because of a store")
@Category("Nestling")
@StackTrace(false)
final class InvalidationEvent extends Event {
    @Label("Frame")
    @Description("Number of the frame of RAM")
    int frame;
}
