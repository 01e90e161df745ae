#!/bin/sh
# Installs a package of Debian or Ubuntu, redis-server unless another is named, without starting it as a service.
#
# Without systemd, RUNLEVEL=1 is enough. systemd asks policy-rc.d instead; one that is there already stays as it is.
policy=/usr/sbin/policy-rc.d
if [ -d /run/systemd/system ] && [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update || echo 'some package lists could not be read; trying with those that could'
apt-get install -y --no-install-recommends "${1:-redis-server}"
