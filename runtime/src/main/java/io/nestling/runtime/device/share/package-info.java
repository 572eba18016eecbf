/**
 * Folders of the host for guests: a 9P2000.L server ({@link io.nestling.runtime.device.share.P9Server}) over a folder that it
 * cannot leave ({@link io.nestling.runtime.device.share.HostFolder}), behind a virtio device.
 */
package io.nestling.runtime.device.share;
