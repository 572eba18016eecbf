package io.nestling.hv.papr;

import io.nestling.runtime.image.DeviceTree;
import java.util.List;

/** Hypercalls that belong together. */
public interface HcallFamily {
    /** Adds them to a table. */
    void register(HcallTable table);

    /** Names of the function sets this family makes up, for {@code /rtas/ibm,hypertas-functions}. */
    default List<String> functionSets() {
        return List.of();
    }

    /** Tells the guest what else it must know to use them. */
    default void describe(DeviceTree tree) {}
}
