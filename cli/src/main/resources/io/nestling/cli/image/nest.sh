#!/bin/sh
# First process of every level of a nest: mounts the disk that all levels share and starts the next level, or does what the
# deepest level is for. From the kernel's command line:
#   nestling.level=N    which level this is; the first if it does not say
#   nestling.levels=N   the deepest one
#   nestling.memory=N   MB for the next level, all that can be spared if it does not say
#   nestling.run=FILE   at the deepest level: a program of the second disk, to run in the tree of that disk, where it
#                       may write as far as memory goes

/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
export PATH=/bin

value() {
    for word in $(cat /proc/cmdline); do
        case $word in "$1"=*) echo "${word#*=}"; return ;; esac
    done
    echo "$2"
}
kilobytes() { sed -n "s/^$1: *\([0-9]*\) kB/\1/p" "${2:-/proc/meminfo}" | head -n 1; }
say() { read -r up idle </proc/uptime; echo "nestling: level $level $* ($up s)"; }
load() {
    while read -r module; do
        insmod "$1/modules/$module.ko" || say "cannot load $module"
    done <"$1/modules/order"
}
finish() { say "powers off"; poweroff -f; sleep 60; }

level=$(value nestling.level 1)
levels=$(value nestling.levels 1)
page=$(kilobytes KernelPageSize /proc/self/smaps)
say "reached user space: $(uname -r), $page kB pages, $(kilobytes MemTotal) kB, $(grep -c ^processor /proc/cpuinfo) cpus"

load ""
mount -t erofs -o ro /dev/vda /nest || { say "failed: no disk"; finish; }

if [ "$level" -ge "$levels" ]; then
    run=$(value nestling.run "")
    if [ -n "$run" ]; then
        load /nest/tree
        mount -t tmpfs tmpfs /tmp
        mkdir -p /tmp/lower /tmp/upper /tmp/work /tmp/tree
        mount -t erofs -o ro /dev/vdb /tmp/lower || say "failed: no second disk"
        mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/tree
        mount -t devtmpfs devtmpfs /tmp/tree/dev
        chroot /tmp/tree "$run" || say "failed: $run gave status $?"
    fi
    finish
fi

load /nest
[ -c /dev/kvm ] || mknod /dev/kvm c 10 232
spare=$(((($(kilobytes MemAvailable) / 1024) - 64) / 256 * 256))
memory=$(value nestling.memory "$spare")
set -- -M "pseries,x-vof=on,ic-mode=xics,cap-nested-hv=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off$(
    [ "$page" = 4 ] && echo ,cap-hpt-max-page-size=4096)" \
    -accel kvm -cpu host -m "$memory" -nographic -nodefaults -serial stdio -no-reboot \
    -kernel /nest/vmlinux -initrd /nest/initrd.cpio \
    -drive file=/dev/vda,if=none,id=nest,format=raw,readonly=on -device virtio-blk-pci,drive=nest
[ -b /dev/vdb ] && set -- "$@" -drive file=/dev/vdb,if=none,id=tree,format=raw,readonly=on -device virtio-blk-pci,drive=tree
words=
for word in $(cat /proc/cmdline); do
    case $word in nestling.level=*) ;; *) words="$words$word " ;; esac
done
say "starts level $((level + 1)) with $memory MB"
/nest/qemu/ld64.so.2 --library-path /nest/qemu /nest/qemu/qemu-system-ppc64 -L /nest/qemu "$@" \
    -append "${words}nestling.level=$((level + 1))" </dev/null || say "failed: level $((level + 1)) ended with status $?"
finish
