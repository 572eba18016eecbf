package io.nestling.hv.nested;

/** The interfaces by which a guest may run guests of its own. */
public enum NestedApi {
    /** None: the guest is no hypervisor. */
    NONE,
    /** H_ENTER_NESTED, as Linux knows it since 4.20. */
    V1
}
