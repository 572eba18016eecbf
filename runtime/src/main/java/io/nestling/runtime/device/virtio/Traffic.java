package io.nestling.runtime.device.virtio;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What has passed between a driver and its device since the machine was built. Counted by any thread. */
final class Traffic {
    /** Notifications by the driver. */
    final LongAdder kicks = new LongAdder();
    /** Chains of buffers that the device has given back. */
    final LongAdder requests = new LongAdder();
    /** Bytes read from their buffers. */
    final LongAdder bytesFromGuest = new LongAdder();
    /** Bytes written to them. */
    final LongAdder bytesToGuest = new LongAdder();
    /** Interrupts that the driver had not asked to be spared. */
    final LongAdder interrupts = new LongAdder();

    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("kicks", kicks.sum());
        counts.put("requests", requests.sum());
        counts.put("bytes-from-guest", bytesFromGuest.sum());
        counts.put("bytes-to-guest", bytesToGuest.sum());
        counts.put("interrupts", interrupts.sum());
        return counts;
    }
}
