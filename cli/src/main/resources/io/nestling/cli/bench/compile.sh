#!/bin/busybox sh
# Compiles kernel files, jobs=N of the kernel's command line at a time: one line per object with its checksum. As first
# process of a guest it powers off in the end.

/bin/busybox mount -t proc proc /proc
export PATH=/usr/bin:/bin
echo "nestling: userspace reached"
cd /work
compile() {
    name=$1
    shift
    busybox gunzip -c "$name.i.gz" >"$name.i"
    powerpc64le-linux-gnu-gcc-12 "$@" -c "$name.i" -o "$name.o" || echo "compile failed: $name"
    sum=$(busybox sha256sum "$name.o")
    echo "compiled $name ${sum%% *}"
    busybox rm "$name.i"
}
if [ "${jobs:-1}" -gt 1 ]; then
    # As make does it: a pipe holds a token for each job that may run.
    busybox mkfifo /tmp/tokens
    exec 3<>/tmp/tokens
    for token in $(busybox seq "$jobs"); do echo "$token" >&3; done
    while read -r name options; do
        read -r token <&3
        # shellcheck disable=SC2086  # the options are words
        { compile "$name" $options; echo "$token" >&3; } &
    done <list
    wait
else
    while read -r name options; do
        # shellcheck disable=SC2086  # the options are words
        compile "$name" $options
    done <list
fi
echo "compile done"
# The first process may not end; any other one leaves the rest to whoever started it.
if [ $$ -eq 1 ]; then exec busybox poweroff -f; fi
