#!/bin/sh
# First process of a Nestling guest. Kernel parameter nestling.run="COMMAND" runs COMMAND and powers off; without it a
# shell starts on the console, and leaving that shell powers off.

/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
hostname nestling
. /etc/profile

# busybox poweroff, halt and reboot ask the first process by signal.
trap 'poweroff -f' USR2
trap 'halt -f' USR1
trap 'reboot -f' TERM

echo "nestling: userspace reached: $(uname -s) $(uname -r) $(uname -m)"

run=$(sed -n 's/.*nestling\.run="\([^"]*\)".*/\1/p; t; s/.*nestling\.run=\([^ ]*\).*/\1/p' /proc/cmdline)
if [ -n "$run" ]; then
    setsid sh -c "$run" </dev/null &
    wait $!
    echo "nestling: run ended with status $?"
    poweroff -f
fi

grep -E '^(cpu|MMU|machine|platform)' /proc/cpuinfo
echo "Type poweroff to end; Ctrl-a h shows the keys of the emulator."
setsid cttyhack sh -l </dev/console >/dev/console 2>&1 &
wait $!
poweroff -f
