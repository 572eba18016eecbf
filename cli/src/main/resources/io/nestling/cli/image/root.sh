#!/bin/sh
# First process of a guest with a disk: loads drivers, mounts the root file system, and hands over to the init there.
# Kernel parameters: root=DEVICE (default /dev/vda) and init=PROGRAM, as everywhere.

/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
for bus in pci virtio; do
    for device in /sys/bus/$bus/devices/*/modalias; do
        [ -e "$device" ] && read -r alias <"$device" && modprobe -q "$alias"
    done
done
root=/dev/vda
init=/sbin/init
install=
for word in $(cat /proc/cmdline); do
    case $word in
    root=*) root=${word#root=} ;;
    init=*) init=${word#init=} ;;
    nestling.install) install=yes ;;
    esac
done
modprobe -q ext4
if ! mount -t ext4 "$root" /mnt; then
    echo "nestling: $root cannot be mounted: a shell to look around; poweroff -f ends"
    exec sh
fi
mount --move /dev /mnt/dev
mount --move /proc /mnt/proc
mount --move /sys /mnt/sys
if [ -z "$install" ]; then
    exec switch_root /mnt "$init"
fi

# The second stage of a build: packages come and results go through folders of the host.
modprobe -q 9pnet_virtio
modprobe -q 9p
mkdir -p /mnt/run/packages /mnt/run/results
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,ro packages /mnt/run/packages &&
    mount -t 9p -o trans=virtio,version=9p2000.L results /mnt/run/results &&
    chroot /mnt /run/packages/install.sh
echo "nestling: install ended with status $?"
umount /mnt/run/packages /mnt/run/results
for directory in dev proc sys; do
    mount --move "/mnt/$directory" "/$directory"
done
umount /mnt
poweroff -f
