#!/bin/sh
# First process of a Nestling guest: mounts what every Linux has, then becomes busybox init.

/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
hostname nestling
# Drivers of the devices that are there: first those of buses, then those of what is on them.
for bus in pci virtio; do
    for device in /sys/bus/$bus/devices/*/modalias; do
        [ -e "$device" ] && read -r alias <"$device" && modprobe -q "$alias"
    done
done
exec init
