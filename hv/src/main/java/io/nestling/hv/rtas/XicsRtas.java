package io.nestling.hv.rtas;

import io.nestling.runtime.device.xics.Xics;

/** Routing and masking of interrupt sources (PAPR, "XICS RTAS calls"). */
public final class XicsRtas {
    private final Xics xics;

    /** For one interrupt controller. */
    public XicsRtas(Xics xics) {
        this.xics = xics;
    }

    /** Adds the calls to a table. */
    public void register(RtasTable table) {
        table.register("ibm,set-xive", 3, 1, this::setRoute);
        table.register("ibm,get-xive", 1, 3, this::getRoute);
        table.register("ibm,int-off", 1, 1, this::mask);
        table.register("ibm,int-on", 1, 1, this::unmask);
    }

    /** Inputs: source, server, priority. */
    private int setRoute(RtasArguments a) {
        if (!xics.hasSource(a.input(0)) || !xics.hasServer(a.input(1)) || a.input(2) > Xics.MASKED) {
            return RtasTable.PARAMETER_ERROR;
        }
        xics.setRoute((int) a.input(0), (int) a.input(1), (int) a.input(2));
        return RtasTable.SUCCESS;
    }

    private int getRoute(RtasArguments a) {
        if (!xics.hasSource(a.input(0))) {
            return RtasTable.PARAMETER_ERROR;
        }
        Xics.Route route = xics.route((int) a.input(0));
        a.output(1, route.server());
        a.output(2, route.priority());
        return RtasTable.SUCCESS;
    }

    private int mask(RtasArguments a) {
        if (!xics.hasSource(a.input(0))) {
            return RtasTable.PARAMETER_ERROR;
        }
        xics.mask((int) a.input(0));
        return RtasTable.SUCCESS;
    }

    private int unmask(RtasArguments a) {
        if (!xics.hasSource(a.input(0))) {
            return RtasTable.PARAMETER_ERROR;
        }
        xics.unmask((int) a.input(0));
        return RtasTable.SUCCESS;
    }
}
