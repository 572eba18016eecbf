#!/bin/sh
# Second stage of a Debian image, run inside the guest: has dpkg install every package and sets the system up.
# The host has written beside this script: base and rest (names of package files), mirror and suite.

set -e
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
export DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true
packages=/run/packages
results=/run/results
dpkg="dpkg --force-depends --force-unsafe-io --no-pager"

# Services are started by the first boot, not now.
mkdir -p /usr/sbin
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

cd $packages
$dpkg --install $(cat base)
$dpkg --install $(cat rest)
dpkg --configure -a
rm /usr/sbin/policy-rc.d

echo debian >/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 debian\n' >/etc/hosts
echo '/dev/vda / ext4 errors=remount-ro 0 1' >/etc/fstab
echo "deb $(cat mirror) $(cat suite) main" >/etc/apt/sources.list
rm -f /etc/resolv.conf
echo 'nameserver 10.0.2.3' >/etc/resolv.conf
printf '[Match]\nType=ether\n\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=no\n' >/etc/systemd/network/80-ethernet.network
systemctl enable systemd-networkd.service
# A guest without a network is not to wait for one, and one that is emulated has better things to do at first than these.
systemctl mask systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer \
    fstrim.timer dpkg-db-backup.timer e2scrub_reap.service

# On a busy host a guest is slow, and what takes long is not broken.
mkdir -p /etc/systemd/system.conf.d
printf '[Manager]\nDefaultTimeoutStartSec=15min\nDefaultTimeoutStopSec=5min\nDefaultDeviceTimeoutSec=15min\n' \
    >/etc/systemd/system.conf.d/patience.conf

# The console is the owner's; from the network only the key made here opens.
passwd -d root
mkdir -p -m 700 /root/.ssh
ssh-keygen -q -t ed25519 -N '' -C nestling -f /tmp/key
cp /tmp/key.pub /root/.ssh/authorized_keys
cp /tmp/key $results/ssh-key
rm /tmp/key /tmp/key.pub

depmod -a "$(uname -r)"
rm -f /var/log/*.log /var/log/apt/* /etc/machine-id
: >/etc/machine-id
sync
