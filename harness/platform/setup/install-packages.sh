#!/bin/sh
# Installs Debian packages: install-packages.sh PACKAGES SERVICES (each one argument, words separated by spaces).
# Services that they bring are neither started now (policy-rc.d, /usr/share/doc/sysv-rc/README.policy-rc.d) nor at the
# next boot. Must run as root.
set -eu
packages=$1
services=$2
export DEBIAN_FRONTEND=noninteractive
# Of a minimal system: that questions are not asked before unpacking, and nobody is asked any.
export DEBCONF_NOWARNINGS=yes

policy=/usr/sbin/policy-rc.d
mark='# vpdmn-conformance set-up: start no service'
# A file with our mark was left by a set-up that was killed.
if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" > "$policy"
  chmod 755 "$policy"
fi

# Another apt may be at work, such as the daily updates: wait for it, but not for ever.
apt() {
  apt-get --quiet=2 -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"
}

apt update
# Words on purpose: each package is an argument.
# shellcheck disable=SC2086
apt install --yes --no-install-recommends $packages

for service in $services; do
  if command -v systemctl > /dev/null; then
    systemctl disable --quiet "$service.service"
    # A socket would start it again at the first knock.
    if systemctl cat "$service.socket" > /dev/null 2>&1; then systemctl disable --quiet "$service.socket"; fi
  elif command -v update-rc.d > /dev/null; then
    update-rc.d "$service" disable
  fi
done
