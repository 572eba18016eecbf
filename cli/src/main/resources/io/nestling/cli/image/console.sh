#!/bin/sh
# What runs on the console of a Nestling guest. Kernel parameter nestling.run="COMMAND" runs COMMAND and powers off;
# without it a shell starts, and leaving that shell powers off.

. /etc/profile
echo "nestling: userspace reached: $(uname -s) $(uname -r) $(uname -m)"

run=$(sed -n 's/.*nestling\.run="\([^"]*\)".*/\1/p; t; s/.*nestling\.run=\([^ ]*\).*/\1/p' /proc/cmdline)
if [ -n "$run" ]; then
    sh -c ". /etc/profile; $run"
    echo "nestling: run ended with status $?"
else
    grep -E '^(cpu|MMU|machine|platform)' /proc/cpuinfo
    echo "Type poweroff to end."
    sh -l
fi
poweroff
