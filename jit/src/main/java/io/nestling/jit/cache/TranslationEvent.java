package io.nestling.jit.cache;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * JDK Flight Recorder event: a region was translated. The class is not to be touched unless there is a recorder: the JVM
 * takes tens of milliseconds to prepare it.
 */
@Name("io.nestling.Translation")
@Label("Translation")
@Description("A region of guest code was translated and compiled")
@Category("Nestling")
@StackTrace(false)
final class TranslationEvent extends Event {
    @Label("Frame")
    @Description("Number of the frame of RAM")
    int frame;

    @Label("Slot")
    @Description("Where in the frame the region starts, in instructions")
    int slot;

    @Label("Hot")
    boolean hot;

    @Label("Instructions")
    int instructions;

    @Label("Size")
    @DataAmount
    int size;

    static TranslationEvent begun() {
        var event = new TranslationEvent();
        event.begin();
        return event;
    }
}
